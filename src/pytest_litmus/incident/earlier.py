"""Earlier: the run that an incident is told against, by its path or by a moment after it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.incident.snapshot import Snapshot, moment, opened
from pytest_litmus.report.plain import counted
from pytest_litmus.report.reading import UNREADABLE, StoredReport, read_report
from pytest_litmus.report.writing import REPORT

if TYPE_CHECKING:
    from datetime import datetime

_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A stored run between the earlier one and that of the incident."""

    path: Path
    run: dict[str, Any]
    started_at: datetime
    outcomes: dict[str, str]
    """Of its tests by node id, as `compare.entries` names them."""


def earlier_of(
    since: str, later: Snapshot, folder: Path
) -> tuple[Snapshot, StoredReport | None, Path]:
    """The earlier run: its snapshot without calls, its report where it has one, and its path.

    Args:
        since: A report's folder, a baseline's file, or a moment by ISO 8601.
        later: The run of the incident.
        folder: Where to look for the last run before a moment, and before the incident.

    Raises:
        ReportError: There is no such run, or it cannot be read.
    """
    path = Path(since)
    if not path.exists():
        path = _last_before(_moment(since), folder, later)
    if path.suffix in _YAML:
        return _of_baseline(path), None, path
    stored = read_report(path)
    return opened(stored, name=str(path)), stored, path


def folder_of(report: Path) -> Path:
    """The folder that a report's folder lies in."""
    folder = report if report.is_dir() else report.parent
    return folder.resolve().parent


def runs_between(folder: Path, first: Snapshot, last: Snapshot) -> tuple[list[Between], int]:
    """The runs of a folder that began between two others, and how many could not be read."""
    from pytest_litmus.compare.entries import side_of

    found, unreadable = [], 0
    own = {first.run.get("id"), first.run.get("run"), last.run.get("id")}
    for path in _reports_in(folder):
        try:
            report = read_report(path).report
            run, began = report["run"], moment(report["run"]["started_at"])
            if run["id"] in own or not _is_between(began, first, last):
                continue
            entries = side_of(report, name="").entries
        except (ReportError, *UNREADABLE):
            unreadable += 1
            continue
        outcomes = {name: one.outcome for name, one in entries.items()}
        found.append(Between(path=path, run=run, started_at=began, outcomes=dict(outcomes)))
    return sorted(found, key=lambda one: one.started_at), unreadable


def refuse_wrong_order(before: Snapshot, after: Snapshot, *, since: str) -> None:
    """Refuse two that are the same run, the later one given as the earlier, or no test in common.

    Raises:
        ReportError: They are.
    """
    if after.run["id"] in (before.run.get("id"), before.run.get("run")):
        raise ReportError(
            f"{before.name} and {after.name} are the same run ({after.run['id']}): give an earlier "
            "one with --since"
        )
    if before.started_at and after.started_at and before.started_at > after.started_at:
        swapped = "" if before.name.endswith(_YAML) else (
            f": the other way round it is litmus incident {since} --since {after.name}"
        )  # fmt: skip
        raise ReportError(
            f"{before.name} is of {before.started_at:%Y-%m-%dT%H:%M:%SZ}, which is later than "
            f"{after.name} of {after.started_at:%Y-%m-%dT%H:%M:%SZ}{swapped}"
        )
    if not before.side.entries.keys() & after.side.entries.keys():
        raise ReportError(
            f"{before.name} ({counted(len(before.side.entries), 'test')}) and {after.name} "
            f"({counted(len(after.side.entries), 'test')}) have no test in common: give an earlier "
            "run of the same tests"
        )


def _is_between(began: datetime, first: Snapshot, last: Snapshot) -> bool:
    after_first = first.started_at is None or began >= first.started_at
    return after_first and (last.started_at is None or began <= last.started_at)


def _moment(since: str) -> datetime:
    try:
        return moment(since)
    except ValueError as error:
        raise ReportError(
            f"--since {since}: there is no such report or baseline, and it is no moment by ISO "
            "8601 such as 2026-11-24 or 2026-11-24T02:15Z"
        ) from error


def _last_before(when: datetime, folder: Path, later: Snapshot) -> Path:
    when = when if later.started_at is None else min(when, later.started_at)
    found: list[tuple[datetime, str]] = []
    others: list[tuple[datetime, str]] = []
    unreadable = 0
    for path in _reports_in(folder):
        try:
            run = read_report(path).report["run"]
            began = moment(run["started_at"])
            own = run["id"] == later.run["id"]
        except (ReportError, KeyError, TypeError, ValueError, AttributeError):
            unreadable += 1
            continue
        if not own:
            (found if began < when else others).append((began, str(path)))
    if found:
        return Path(max(found)[1])
    raise ReportError(_none_before(when, folder, others, unreadable))


def _none_before(
    when: datetime, folder: Path, others: list[tuple[datetime, str]], unreadable: int
) -> str:
    told = f"{folder} holds no other run that began before {when:%Y-%m-%dT%H:%M:%SZ}"
    if others:
        began, path = min(others)
        told += f": the earliest is {path} of {began:%Y-%m-%dT%H:%M:%SZ}"
    if unreadable:
        told += f"; {counted(unreadable, 'report')} there could not be read"
    return f"{told}. Name another folder with --runs DIR, or an earlier report with --since"


def _reports_in(folder: Path) -> list[Path]:
    """The folders with a report in them, by name.

    Raises:
        ReportError: The folder itself cannot be read.
    """
    try:
        return sorted(one for one in folder.iterdir() if (one / REPORT).is_file())
    except OSError as error:
        raise ReportError(f"--runs {folder} cannot be read: {error.strerror}") from error


def _of_baseline(path: Path) -> Snapshot:
    from pytest_litmus.compare import baseline

    side = baseline.side_at(path)
    found = baseline.read(path)
    blessed = dict(found.blessed) if found else {}
    return Snapshot(
        name=str(path),
        side=side,
        started_at=_moment_or_none(blessed.get("started_at")),
        run=blessed | {"git": {"revision": blessed.get("revision"), "dirty": None}},
        has_calls=False,
        notes=[
            f"{path} keeps no calls: prompts, parameters and errors of before are not known",
        ],
    )


def _moment_or_none(text: str | None) -> datetime | None:
    try:
        return moment(text) if text else None
    except ValueError:
        return None
