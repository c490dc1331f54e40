from __future__ import annotations

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.feedback.files import rows_of


@pytest.fixture
def rows(tmp_path):
    def read(text: str | bytes, name: str = "ratings.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return [(row.place.removeprefix(f"{tmp_path}/"), row.fields) for row in rows_of(path)]

    return read


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_with_the_mark_that_its_first_line_has(rows, mark):
    text = f"Call{mark} Rating \r\nc1{mark}up\r\n"

    assert rows(text) == [("ratings.csv:2", {"call": "c1", "rating": "up"})]


def test_a_table_of_a_spreadsheet_may_begin_with_its_mark_of_order(rows):
    assert rows("\ufeffcall,rating\nc1,up\n")[0][1] == {"call": "c1", "rating": "up"}


def test_a_row_has_the_line_on_which_it_begins(rows):
    text = 'call,comment\nc1,"one\ntwo\nthree"\n\nc2,\n'

    assert [place for place, _ in rows(text)] == ["ratings.csv:2", "ratings.csv:6"]


def test_lines_of_json_are_read_with_their_numbers(rows):
    text = '{"call": "c1"}\n\n{"Call": "c2"}'

    assert rows(text, "r.jsonl") == [("r.jsonl:1", {"call": "c1"}), ("r.jsonl:3", {"call": "c2"})]


def test_an_array_of_json_is_read_item_by_item(rows):
    text = '[\n {"call": "c1"},\n {"call": "c2"}\n]'

    assert [place for place, _ in rows(text, "r.json")] == ["r.json: item 1", "r.json: item 2"]


def test_what_stands_deeper_has_a_path(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text('{"feedback": {"Score": 1}, "a.b": 2}\n')

    (row,) = rows_of(path)

    assert (row.get("feedback.score"), row.get("a.b"), row.get("feedback.no")) == (1, 2, None)
    assert row.get("feedback.score.deeper") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("call,rating\nc1,up\nc2\n", ":3: the row ends before its last column: cut off"),
        ("call,rating\nc1,up,more\n", ":2: the row has more columns"),
        ('call,rating\nc1,"up\n', "not CSV"),
        ('{"call": "c1"}\n{"call": "c', ":2: a line is one object of JSON"),
        ('{"call": "c1"}\n[]\n', ":2: a rating is an object such as"),
        ('[{"call": "c1"}', "an array of objects of JSON"),
        ("[1]", ": item 1: a rating is an object such as"),
        ("[" * 100_000, "an array of objects of JSON"),
        (b"call,rating\nc1,up\nc\xfc,up\n", ":3: not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(rows, text, complaint):
    with pytest.raises(ReportError) as refusal:
        rows(text)

    assert complaint in str(refusal.value)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(ReportError, match=r"no\.csv cannot be read: No such file"):
        list(rows_of(tmp_path / "no.csv"))
