from __future__ import annotations

import json

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.report.reading import read_report

REPORT = {"schema_version": "1.0", "run": {"id": "r1", "versions": {}}, "tests": []}
HEADER = '{"kind": "header", "schema_version": "1.0", "run_id": "r1"}\n'


@pytest.fixture
def folder(tmp_path):
    """A folder with a report, and with calls of one's choice."""

    def made(calls: str | None = HEADER, **changed):
        (tmp_path / "report.json").write_text(json.dumps(REPORT | changed))
        if calls is not None:
            (tmp_path / "calls.jsonl").write_text(calls)
        return tmp_path

    return made


def test_a_folder_and_the_file_in_it_are_the_same_report(folder):
    path = folder()

    assert read_report(path) == read_report(path / "report.json")
    assert list(read_report(path).lines()) == [json.loads(HEADER)]
    assert list(read_report(path).calls()) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"schema_version": "2.0"}, "has schema 2.0, and this version reads 1.x"),
        ({"schema_version": 1}, "is no report of pytest-litmus"),
        ({"tests": None}, "is no report of pytest-litmus"),
    ],
)
def test_a_report_of_another_kind_is_refused(folder, changed, told):
    with pytest.raises(ReportError, match=told):
        read_report(folder(**changed))


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000])
def test_a_file_that_is_no_report_is_refused(tmp_path, text):
    (tmp_path / "report.json").write_text(text)

    with pytest.raises(ReportError, match=r"report\.json"):
        read_report(tmp_path)


def test_a_folder_without_a_report_is_refused(tmp_path):
    with pytest.raises(ReportError, match="cannot be read: No such file"):
        read_report(tmp_path)


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        (None, "calls.jsonl cannot be read: No such file"),
        ("", "calls.jsonl is empty"),
        (HEADER + '{"kind": "ca', "calls.jsonl:2: the file ends within this line: it was cut off"),
        (HEADER + "{\n", "calls.jsonl:2: not JSON"),
        (HEADER + "[]\n", "calls.jsonl:2: not an object"),
        (HEADER.replace("r1", "r2"), "calls.jsonl:1: of run r2, not of r1"),
    ],
)
def test_calls_that_cannot_be_read_name_their_line(folder, calls, told):
    with pytest.raises(ReportError, match=told):
        list(read_report(folder(calls)).lines())
