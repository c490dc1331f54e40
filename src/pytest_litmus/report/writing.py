"""Writing: the report's folder, filled while the run goes and completed when it ends.

While tests run, each process appends its calls to a file of its own (`calls.jsonl`, or
`calls-gw0.jsonl` for xdist's worker gw0), so that a run that is killed loses at most the line in
flight. At the end `report.json` appears whole, `calls.jsonl` is written again in the order of the
tests, and the workers' files go.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report.build import SCHEMA_VERSION, in_order
from pytest_litmus.report.call_json import call_as_json, call_from_json
from pytest_litmus.report.json_ready import one_line, unchanged
from pytest_litmus.report.records import TestRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_litmus.report.json_ready import Redact
    from pytest_litmus.wire.calls import Call

REPORT = "report.json"
CALLS = "calls.jsonl"
FEEDBACK = "feedback.jsonl"
"""What people said of a stored run; see `feedback.py`."""
_WORKERS_CALLS = "calls-*.jsonl"
_MASTER = "master"

ContentPolicy = Callable[[TestRecord], bool]
"""Whether the calls of a test are written with what was said."""


def no_content(record: TestRecord) -> bool:
    """The policy that writes no content; of no test."""
    return False


class CallsLog:
    """A file that one process appends its calls to while the tests run; threads may share it.

    It holds no open file, so there is nothing to close, and a fork carries nothing over.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def append(self, call: Mapping[str, Any]) -> None:
        """Add a call, as `call_as_json` gives it; it is with the operating system on return.

        Raises:
            OSError: The file cannot be written.
        """
        line = one_line(call).encode("ascii") + b"\n"
        with self._lock, self.path.open("ab") as log:
            log.write(line)


@dataclass(frozen=True)
class ReportFolder:
    """The folder of one run's report."""

    path: Path

    @property
    def report_path(self) -> Path:
        """Where `report.json` lies once the run is over."""
        return self.path / REPORT

    def calls_log(self, worker: str = _MASTER) -> CallsLog:
        """The log of a process: `master`, or the name of xdist's worker."""
        return CallsLog(self.path / (CALLS if worker == _MASTER else f"calls-{worker}.jsonl"))

    def start(self) -> None:
        """Make the folder, and remove an earlier run's report from it; other files stay.

        Raises:
            OSError: The folder cannot be made or written.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        fixed = (self.report_path, self.path / CALLS, self.path / FEEDBACK)
        for earlier in (*fixed, *self._workers_logs()):
            earlier.unlink(missing_ok=True)

    def complete(self, records: Iterable[TestRecord]) -> list[TestRecord]:
        """The records, and what the logs hold beyond them: calls of tests whose worker died.

        A logged call that no record knows joins its test's record. Where there is none, the test
        gets one with the outcome `error`: a call that was paid for is never lost.
        """
        known = in_order(records)
        seen = {call.id for record in known for call in record.calls}
        for log in (self.path / CALLS, *self._workers_logs()):
            for nodeid, calls in _unseen(log, seen).items():
                known = _with_calls(known, nodeid, calls, log=log)
        return in_order(known)

    def finish(
        self,
        report: Mapping[str, Any],
        records: Iterable[TestRecord],
        *,
        content: ContentPolicy = no_content,
        redact: Redact = unchanged,
    ) -> None:
        """Write `report.json` and the whole `calls.jsonl`, and remove the workers' logs.

        Args:
            report: What `build` made.
            records: What it was made of; `complete` them before.
            content: Which tests' calls are written with what was said.
            redact: Applied to every text of a call.

        Raises:
            OSError: A file cannot be written; then the workers' logs are still there.
        """
        ordered = self.complete(records)
        lines = _lines(ordered, str(report["run"]["id"]), content=content, redact=redact)
        _write(self.path / CALLS, (one_line(line) for line in lines))
        _write(self.report_path, [json.dumps(report, allow_nan=False, indent=1)])
        for log in self._workers_logs():
            log.unlink()

    def _workers_logs(self) -> list[Path]:
        return sorted(self.path.glob(_WORKERS_CALLS))


def refuse_taken(path: Path) -> None:
    """Refuse a folder for a new report that holds something.

    Raises:
        ReportError: It does, or is none.
        OSError: It cannot be listed.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ReportError(f"{path} is there already: name a folder that is not, or remove it")


def write_new(
    path: Path,
    report: Mapping[str, Any],
    records: Sequence[TestRecord],
    *,
    further: Mapping[str, str] | None = None,
) -> None:
    """Write a report that was made of stored ones: its folder appears whole, or not at all.

    Args:
        path: The folder, which is not there yet, or is empty.
        report: What `build` made.
        records: What it was made of. What they hold is written as it is: it was held back and
            redacted when the run wrote it.
        further: Texts of further files by their names, such as `FEEDBACK`.

    Raises:
        ReportError: The folder holds something, or cannot be written.
    """
    try:
        refuse_taken(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as name:
            part = Path(name) / path.name
            folder = ReportFolder(part)
            folder.start()
            folder.finish(report, records, content=lambda _: True)
            for file, text in (further or {}).items():
                _write(part / file, text.splitlines())
            part.replace(path)
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror or error}") from error


def _unseen(log: Path, seen: set[str]) -> dict[str, list[Call]]:
    """The calls of a log, by node id, that are not seen yet; cut and foreign lines are left out.

    A call that was tried again stands in it once a try; the last line tells of all tries.
    """
    latest: dict[str, tuple[str, Call]] = {}
    if log.is_file():
        with log.open(encoding="utf-8", errors="replace") as lines:
            named = (_call_of(text, seen) for text in lines)
            latest = {one[1].id: one for one in named if one}
    seen.update(latest)
    found: dict[str, list[Call]] = {}
    for nodeid, call in latest.values():
        found.setdefault(nodeid, []).append(call)
    return found


def _call_of(text: str, seen: set[str]) -> tuple[str, Call] | None:
    try:
        line = json.loads(text)
        # Nearly all calls of a run that ended well are seen: only the others are worth decoding.
        if line["kind"] != "call" or line["id"] in seen:
            return None
        return str(line["test"]), call_from_json(line)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def _with_calls(
    records: Sequence[TestRecord], nodeid: str, calls: Sequence[Call], *, log: Path
) -> list[TestRecord]:
    for place in reversed(range(len(records))):
        if records[place].nodeid == nodeid:
            record = records[place]
            joined = replace(record, calls=(*record.calls, *calls))
            return [*records[:place], joined, *records[place + 1 :]]
    return [*records, _lost_test(nodeid, calls, log=log)]


def _lost_test(nodeid: str, calls: Sequence[Call], *, log: Path) -> TestRecord:
    worker = log.stem.removeprefix("calls").removeprefix("-") or _MASTER
    ended = "broken off: the run ended" if worker == _MASTER else f"worker died: {worker} ended"
    return TestRecord(
        nodeid=nodeid,
        file=nodeid.partition("::")[0],
        line=None,
        outcome="error",
        started_at=datetime.fromtimestamp(log.stat().st_mtime, UTC),
        duration_s=None,
        calls=tuple(calls),
        verdicts=(),
        budgets=(),
        cassette=None,
        failure=f"{ended} before this test did; its calls are from its log",
        worker=worker,
    )


def _lines(
    records: Sequence[TestRecord], run_id: str, *, content: ContentPolicy, redact: Redact
) -> Iterator[dict[str, Any]]:
    yield {"kind": "header", "schema_version": SCHEMA_VERSION, "run_id": run_id}
    written = 0
    for record in records:
        said = content(record)
        for call in record.calls:
            yield call_as_json(call, nodeid=record.nodeid, content=said, redact=redact)
            written += 1
    yield {"kind": "end", "run_id": run_id, "calls": written}


def _write(path: Path, lines: Iterable[str]) -> None:
    """Replace a file at once: a reader sees the old one or the new one, and never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="ascii", newline="\n") as file:
            for line in lines:
                file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
