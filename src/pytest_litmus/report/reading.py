"""Reading: a stored report, for all that decides, compares or adds up runs after they are over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report.build import SCHEMA_VERSION
from pytest_litmus.report.call_json import call_from_json
from pytest_litmus.report.records import TestRecord
from pytest_litmus.report.writing import CALLS, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_litmus.wire.calls import Call

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading a document raises that is not as its schema has it."""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report's folder, or its `report.json`."""

    path: Path
    """Of `report.json`."""
    report: dict[str, Any]
    """As `report.schema.json` describes it."""

    @property
    def tests(self) -> list[dict[str, Any]]:
        """The tests, each as the report has it."""
        tests: list[dict[str, Any]] = self.report["tests"]
        return tests

    @property
    def calls_path(self) -> Path:
        """Its `calls.jsonl`, which may be missing where only `report.json` was kept."""
        return self.path.with_name(CALLS)

    def calls(self) -> Iterator[tuple[str, Call]]:
        """The calls one after the other, each with its test's node id.

        Raises:
            ReportError: The file is missing, cut off, or of another run; names the line.
        """
        for line in self.lines():
            if line.get("kind") == "call":
                try:
                    yield line["test"], call_from_json(line)
                except UNREADABLE as error:
                    told = f"call {line.get('id')} is not as its schema has it: {error!r}"
                    raise ReportError(f"{self.calls_path}: {told}") from error

    def records(self) -> list[TestRecord]:
        """The tests with their calls, as they were built into the report.

        Raises:
            ReportError: As of `calls`; or the two files do not tell of the same tests.
        """
        owners = _owners(self.tests)
        given: list[list[dict[str, Any]]] = [[] for _ in self.tests]
        for line in self.whole_lines():
            if line.get("kind") == "call":
                place = owners.get(line.get("id"), owners.get(line.get("test")))
                if place is None:
                    raise ReportError(
                        f"{self.calls_path} has a call of {line.get('test')}, which {self.path} "
                        "does not know"
                    )
                given[place].append(line)
        try:
            pairs = zip(self.tests, given, strict=True)
            return [TestRecord.from_json({**test, "calls": calls}) for test, calls in pairs]
        except UNREADABLE as error:
            raise ReportError(f"{self.path} is not as its schema has it: {error!r}") from error

    def whole_lines(self) -> Iterator[dict[str, Any]]:
        """As `lines`, and refuses a file without its end.

        Raises:
            ReportError: As of `calls`; or lines are missing.
        """
        count, end = 0, None
        for line in self.lines():
            count += line.get("kind") == "call"
            end = line if line.get("kind") == "end" else end
            yield line
        if end is None or end.get("calls") != count:
            told = "it has no end" if end is None else f"its end tells of {end.get('calls')}"
            raise ReportError(f"{self.calls_path} was cut off: {count} calls, and {told}")

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines of `calls.jsonl` as they are, the header first.

        Raises:
            ReportError: As of `calls`.
        """
        yield from lines_of(self.calls_path, self.report["run"]["id"])


def _owners(tests: Iterable[Mapping[str, Any]]) -> dict[Any, int]:
    """By id of a call, and by node id, the test's place; of one that ran again, the last time."""
    owners: dict[Any, int] = {}
    for place, test in enumerate(tests):
        owners[test["nodeid"]] = place
        spans = [test["trace"]]
        while spans:
            span = spans.pop()
            spans += span["children"]
            if span["call"]:
                owners[span["call"]] = place
    return owners


def read_report(path: Path) -> StoredReport:
    """A stored report.

    Args:
        path: The folder of `--llm-report`, or the `report.json` in it.

    Raises:
        ReportError: It cannot be read, is no report, or is of a newer schema than this version
            reads.
    """
    file = path / REPORT if path.is_dir() else path
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{file} is not JSON, or was cut off: {error}") from error
    _refuse_others(file, report)
    return StoredReport(file, report)


def lines_of(path: Path, run_id: str) -> Iterator[dict[str, Any]]:
    """The lines of a file that lies beside `report.json`, as they are.

    Raises:
        ReportError: It is missing, cut off within a line, or of another run; names the line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            yield from _lines(path, file, run_id)
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{path} is not UTF-8: {error.reason}") from error


def _refuse_others(file: Path, report: Any) -> None:
    version = report.get("schema_version") if isinstance(report, dict) else None
    if not isinstance(version, str) or not isinstance(report.get("tests"), list):
        raise ReportError(f"{file} is no report of pytest-litmus: no schema_version and tests")
    major, ours = version.partition(".")[0], SCHEMA_VERSION.partition(".")[0]
    if major != ours:
        raise ReportError(
            f"{file} has schema {version}, and this version reads {ours}.x: use the pytest-litmus "
            f"that wrote it ({report.get('run', {}).get('versions', {}).get('pytest-litmus', '?')})"
        )


def _lines(path: Path, file: Any, run_id: str) -> Iterator[dict[str, Any]]:
    number = 0
    for number, text in enumerate(file, 1):
        if not text.endswith("\n"):
            raise ReportError(f"{path}:{number}: the file ends within this line: it was cut off")
        try:
            line = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ReportError(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(line, dict):
            raise ReportError(f"{path}:{number}: not an object")
        if line.get("kind") == "header" and line.get("run_id") != run_id:
            raise ReportError(f"{path}:{number}: of run {line.get('run_id')}, not of {run_id}")
        yield line
    if not number:
        raise ReportError(f"{path} is empty")
