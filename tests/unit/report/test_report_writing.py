from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.report.build import build
from pytest_litmus.report.call_json import call_as_json
from pytest_litmus.report.writing import CALLS, REPORT, CallsLog, ReportFolder, write_new
from tests.unit.report import given
from tests.unit.report.given import call, problems, record, report_of

TEST = "tests/test_refund.py::test_answer"


def line_of(each: Any, nodeid: str = TEST) -> dict[str, Any]:
    return call_as_json(each, nodeid=nodeid, content=False)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> ReportFolder:
    made = ReportFolder(tmp_path / "deep" / "llm-report")
    made.start()
    return made


def test_a_start_removes_the_earlier_report_and_nothing_else(folder):
    ours = ("report.json", "calls.jsonl", "calls-gw0.jsonl", "calls-gw11.jsonl")
    theirs = ("index.html", "notes.json", "recalls.jsonl", "calls.jsonl.gz")
    for name in ours + theirs:
        (folder.path / name).touch()

    folder.start()

    assert sorted(path.name for path in folder.path.iterdir()) == sorted(theirs)


def test_a_logged_call_is_on_disk_before_the_next_line_of_the_program(folder):
    log = folder.calls_log("gw0")

    log.append(line_of(call()))

    assert (folder.path / "calls-gw0.jsonl").read_bytes().endswith(b"}\n")


def test_threads_that_log_at_the_same_time_write_whole_lines(folder):
    log = folder.calls_log()
    threads = [
        threading.Thread(
            target=lambda n=n: [log.append(line_of(call(f"{n}-{i}"))) for i in range(20)]
        )
        for n in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({line["id"] for line in lines_of(log.path)}) == 160


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_process_loses_no_call_that_was_logged(tmp_path):
    program = (
        "import os, signal; from pathlib import Path\n"
        "from pytest_litmus.report.writing import CallsLog\n"
        f"log = CallsLog(Path({str(tmp_path / 'calls.jsonl')!r}))\n"
        "for number in range(50): log.append({'kind': 'call', 'id': str(number)})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    died = subprocess.run([sys.executable, "-c", program], check=False)

    assert died.returncode == -signal.SIGKILL
    assert [line["id"] for line in lines_of(tmp_path / "calls.jsonl")] == [
        str(n) for n in range(50)
    ]


def test_a_finished_folder_holds_the_report_and_the_calls_in_the_order_of_the_tests(folder):
    records = [
        record("tests/test_b.py::test_1", calls=(call("b2"), call("b1"))),
        record("tests/test_a.py::test_1", calls=(call("a1"),)),
    ]
    folder.calls_log("gw1").append(line_of(call("a1"), "tests/test_a.py::test_1"))
    report = report_of(*records)

    folder.finish(report, records)

    header, *calls, end = lines_of(folder.path / "calls.jsonl")
    assert header == {"kind": "header", "schema_version": "1.0", "run_id": "run-1"}
    assert [line["id"] for line in calls] == ["a1", "b2", "b1"]
    assert end == {"kind": "end", "run_id": "run-1", "calls": 3}
    written = json.loads(folder.report_path.read_text(encoding="ascii"))
    assert written == report
    assert problems(written) == []
    assert sorted(path.name for path in folder.path.iterdir()) == ["calls.jsonl", "report.json"]


def test_the_same_records_are_written_as_the_same_bytes_in_any_order(folder, tmp_path):
    records = [record(f"t.py::test_{n}", calls=(call(f"c{n}"),)) for n in range(5)]
    other = ReportFolder(tmp_path / "other")
    other.start()

    folder.finish(report_of(*records), records)
    other.finish(report_of(*reversed(records)), reversed(records))

    for name in ("report.json", "calls.jsonl"):
        assert (folder.path / name).read_bytes() == (other.path / name).read_bytes()


def test_content_is_written_only_of_the_tests_that_the_policy_names(folder):
    records = [
        record("t.py::test_bad", outcome="failed", calls=(call("bad"),)),
        record("t.py::test_good", calls=(call("good"),)),
    ]

    folder.finish(
        report_of(*records),
        records,
        content=lambda each: each.outcome == "failed",
        redact=lambda text: text.replace("laptop", "***"),
    )

    _, bad, good, _ = lines_of(folder.path / "calls.jsonl")
    assert "opened ***?" in json.dumps(bad["content"])
    assert "content" not in good


def test_without_a_policy_no_content_is_written(folder):
    folder.finish(report_of(record()), [record()])

    assert "laptop" not in (folder.path / "calls.jsonl").read_text(encoding="ascii")


def test_the_calls_of_a_worker_that_died_are_kept_under_a_test_with_an_error(folder):
    folder.calls_log("gw0").append(line_of(call("lost"), "tests/test_crash.py::test_boom"))

    records = folder.complete([record()])
    folder.finish(report_of(*records), records)

    lost = next(each for each in records if each.nodeid == "tests/test_crash.py::test_boom")
    assert (lost.outcome, lost.worker, lost.file) == ("error", "gw0", "tests/test_crash.py")
    assert lost.failure == (
        "worker died: gw0 ended before this test did; its calls are from its log"
    )
    assert lost.duration_s is None
    assert "lost" in [line.get("id") for line in lines_of(folder.path / "calls.jsonl")]
    assert not (folder.path / "calls-gw0.jsonl").exists()


def test_a_call_that_came_after_its_test_was_recorded_joins_it(folder):
    folder.calls_log().append(line_of(call("c1")))
    folder.calls_log().append(line_of(call("late")))

    (completed,) = folder.complete([record()])

    assert [each.id for each in completed.calls] == ["c1", "late"]
    assert completed.outcome == "passed"


def test_completing_twice_adds_nothing(folder):
    folder.calls_log("gw0").append(line_of(call("lost"), "t.py::test_boom"))

    once = folder.complete([record()])

    assert folder.complete(once) == once


@pytest.mark.parametrize(
    "damage",
    [
        b'{"kind":"call","id":"cut","attri',
        b"\xff\xfe\x00\n",
        b"[1, 2]\n",
        b"null\n",
        b'{"kind":"call","test":"t","attributes":7}\n',
        b'{"kind":"call"}\n',
        b"[" * 100_000 + b"\n",
        b'{"kind":"header"}\n',
        b"\n\n",
    ],
)
def test_a_damaged_line_costs_only_itself(folder, damage):
    log = folder.calls_log("gw0")
    log.append(line_of(call("whole")))
    with log.path.open("ab") as file:
        file.write(damage)

    (kept,) = folder.complete([])

    assert [each.id for each in kept.calls] == ["whole"]


def test_a_line_whose_cost_is_no_number_is_left_out(folder):
    folder.calls_log().append(line_of(call("bad")) | {"cost_usd": "cheap"})

    assert folder.complete([]) == []


def test_a_run_that_was_broken_off_in_its_one_process_keeps_the_calls_of_the_test(folder):
    folder.calls_log().append(line_of(call("paid")))

    (kept,) = folder.complete([])

    assert (kept.outcome, kept.worker) == ("error", "master")
    assert kept.failure == (
        "broken off: the run ended before this test did; its calls are from its log"
    )


def test_a_report_that_cannot_be_written_leaves_the_old_one_and_the_workers_logs(folder):
    folder.finish(report_of(record()), [record()])
    before = folder.report_path.read_bytes()
    folder.calls_log("gw0").append(line_of(call("c1")))
    unwritable = report_of(record()) | {"nan": float("nan")}

    with pytest.raises(ValueError, match="JSON compliant"):
        folder.finish(unwritable, [record()])

    assert folder.report_path.read_bytes() == before
    assert (folder.path / "calls-gw0.jsonl").exists()
    assert [path.name for path in folder.path.iterdir() if path.suffix == ".part"] == []


def test_a_test_that_ran_again_keeps_each_time(folder):
    first = record(outcome="failed", calls=(call("one"),))
    again = replace(
        first, outcome="passed", calls=(call("two"),), started_at=first.started_at.replace(hour=13)
    )

    folder.finish(report_of(again, first), [again, first])

    assert [line.get("id") for line in lines_of(folder.path / "calls.jsonl")[1:-1]] == [
        "one",
        "two",
    ]


def test_a_log_in_a_folder_that_is_gone_says_so(tmp_path):
    log = CallsLog(tmp_path / "gone" / "calls.jsonl")

    with pytest.raises(FileNotFoundError):
        log.append(line_of(call()))


def test_a_report_made_of_stored_ones_never_takes_another_s_place(tmp_path):
    records = [given.record()]
    report = build(records, given.run())
    write_new(tmp_path / "new", report, records)

    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [CALLS, REPORT]
    with pytest.raises(ReportError, match="new is there already: name a folder that is not"):
        write_new(tmp_path / "new", report, records)


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path):
    class Broken(list):
        def __iter__(self):
            raise OSError(28, "No space left on device")

    with pytest.raises(ReportError, match="new cannot be written: No space left"):
        write_new(tmp_path / "new", {"run": {"id": "a"}}, Broken())

    assert list(tmp_path.iterdir()) == []
