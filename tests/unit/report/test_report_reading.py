from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.report.build import build
from pytest_litmus.report.reading import read_report
from pytest_litmus.report.run import Run
from pytest_litmus.report.writing import ReportFolder
from tests.unit.report import given

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


def stored(tmp_path, *records, run=None):
    """A report that was written as a run writes it."""
    folder = ReportFolder(tmp_path)
    folder.start()
    folder.finish(build(records, run or given.run()), records, content=lambda _: True)
    return read_report(tmp_path)


def test_the_records_of_a_report_build_the_same_report_again(tmp_path):
    records = [
        given.record(verdicts=(given.similar(),), budgets=(given.budget(),), outcome="failed"),
        given.record("tests/test_b.py::test_b", calls=(given.call("c2"), given.call("c3"))),
        given.record("tests/test_c.py::test_c", calls=(), cassette=given.cassette()),
    ]
    report = stored(tmp_path, *records)

    assert report.records() == sorted(records, key=lambda one: one.nodeid)
    assert build(report.records(), Run.from_json(report.report["run"])) == report.report


def test_calls_of_a_test_that_ran_again_stay_with_the_time_that_made_them(tmp_path):
    first = given.record(calls=(given.call("c1"),))
    second = given.record(calls=(given.call("c2"),), started_at=given.NOON + timedelta(seconds=5))

    records = stored(tmp_path, first, second).records()

    assert [[call.id for call in record.calls] for record in records] == [["c1"], ["c2"]]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda lines: lines[:-1], "was cut off: 1 calls, and it has no end"),
        (lambda lines: [lines[0], lines[2]], "was cut off: 0 calls, and its end tells of 1"),
        (
            lambda lines: [
                line.replace("::test_answer", "::x").replace("c1", "c9") for line in lines
            ],
            "has a call of tests/test_refund.py::x, which",
        ),
        (
            lambda lines: [line.replace('"attempts"', '"tries"') for line in lines],
            "not as its schema",
        ),
    ],
)
def test_calls_that_are_not_all_there_or_of_another_run_are_refused(tmp_path, broken, told):
    report = stored(tmp_path, given.record())
    lines = report.calls_path.read_text().splitlines(keepends=True)
    report.calls_path.write_text("".join(broken(lines)))

    with pytest.raises(ReportError, match=told):
        report.records()
