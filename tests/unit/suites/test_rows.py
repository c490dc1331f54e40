from __future__ import annotations

import pytest

from pytest_litmus.suites import rows
from pytest_litmus.suites.located import Mistake


@pytest.fixture
def read(tmp_path):
    def from_text(name: str, text: str | bytes):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return rows.read(path, tmp_path)

    return from_text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", 'id,q\na,"x, y"\n,z\n'),
        ("r.csv", b'\xef\xbb\xbfid,q\r\na,"x, y"\r\n,z\r\n'),
        ("r.jsonl", '{"id": "a", "q": "x, y"}\n\n{"q": "z"}\n'),
        ("r.yaml", "- {id: a, q: 'x, y'}\n- {q: z}\n"),
    ],
)
def test_rows_are_named_by_their_id_or_their_number(read, name, text):
    read_rows = read(name, text)

    assert [row.id for row in read_rows] == ["a", "2"]
    assert [row.values["q"] for row in read_rows] == ["x, y", "z"]


def test_an_id_becomes_one_that_a_node_id_can_hold(read):
    (row,) = read("r.jsonl", '{"id": "New York [1]: x"}\n')

    assert row.id == "New-York-1-x"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("r.txt", "x", "r.txt: known endings are .csv, .jsonl, .yaml, .yml"),
        ("r.csv", "", "r.csv has no rows"),
        ("r.csv", "a,b\n1\n", "r.csv:2: more or fewer cells than heads"),
        ("r.csv", "id\na\na\n", "r.csv: 2 rows have the id a"),
        ("r.jsonl", '{"a": 1}\n[1]\n', "r.jsonl:2: has to be an object"),
        ("r.jsonl", "{\n", "r.jsonl:1: not JSON"),
        ("r.yaml", "a: 1\n", "r.yaml:1: has to be a list of mappings"),
        ("r.yaml", "- {a: 1}\n- 2\n", "r.yaml:2: has to be a mapping"),
        ("r.csv", b"\xff", "r.csv: not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_rows_says_why(read, name, text, told):
    with pytest.raises(Mistake) as refused:
        read(name, text)

    assert told in refused.value.message


def test_a_link_that_leads_out_of_the_project_is_not_followed(tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (tmp_path / "project/r.csv").symlink_to(tmp_path / "secret.csv")

    with pytest.raises(Mistake, match="lies outside"):
        rows.read(tmp_path / "project/r.csv", tmp_path / "project")
