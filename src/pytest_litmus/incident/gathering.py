"""Gathering: all that an incident's post-mortem says, from two runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.compare.comparing import Comparison, compare
from pytest_litmus.errors import LitmusError
from pytest_litmus.incident.changes import Setting, TextChange, settings_of, text_changes
from pytest_litmus.incident.commits import Commits, commits_between
from pytest_litmus.incident.earlier import (
    Between,
    earlier_of,
    folder_of,
    refuse_wrong_order,
    runs_between,
)
from pytest_litmus.incident.figures import Group, groups_of
from pytest_litmus.incident.involved import Trail, chosen, count_by_model, tests_involved, trails
from pytest_litmus.incident.outcomes import Outcomes, outcomes_of
from pytest_litmus.incident.snapshot import Snapshot, Test, count, opened, revision_of
from pytest_litmus.incident.suspects import Suspect, suspects_of
from pytest_litmus.report.json_ready import json_ready
from pytest_litmus.report.reading import StoredReport, read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

SCHEMA_VERSION = "1.0"
"""MAJOR.MINOR of what `--json` prints; a minor only adds fields."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """A feature of inputs or outputs, as `litmus drift` tells it."""

    feature: str
    verdict: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A run on the way from the one that was well to the one that is not."""

    at: datetime | None
    name: str
    revision: str | None
    failing: int | None
    """Of the tests that fail newly; None where it ran none of them."""
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Two runs, and what is known of the way from one to the other."""

    before: Snapshot
    after: Snapshot
    since: str
    """As the user gave it."""
    before_path: Path
    comparison: Comparison
    outcomes: Outcomes
    suspects: tuple[Suspect, ...]
    settings: tuple[Setting, ...]
    commits: Commits | None
    texts: tuple[TextChange, ...]
    groups: tuple[Group, ...]
    moments: tuple[Moment, ...]
    trails: tuple[Trail, ...]
    calls_shown: int
    calls_involved: int
    involved_by_model: dict[str, int]
    drift: tuple[Drifted, ...] | None
    """None where it was not looked at; `notes` say why."""
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """1: something is worse; 3: something may be, and the numbers cannot tell; else 0."""
        came = self.outcomes
        worse = came.suffering or came.failing_added or came.new_breaches or came.lost
        if worse or self.comparison.outcome == "regression":
            return 1
        return 3 if self.comparison.outcome == "inconclusive" else 0

    def as_json(self) -> dict[str, Any]:
        """The facts, as `litmus incident --json` prints them."""
        sides = {"before": self.before, "after": self.after}
        told = {
            "schema_version": SCHEMA_VERSION,
            "exit_code": self.exit_code,
            **{name: _run(side) for name, side in sides.items()},
            "outcomes": asdict(self.outcomes),
            "new_breaches": [one.nodeid for one in self.outcomes.new_breaches],
            "comparison": self.comparison.as_json(),
            "suspects": [asdict(one) | {"lead": one.lead} for one in self.suspects],
            "settings": [asdict(one) for one in self.settings],
            "commits": asdict(self.commits) if self.commits else None,
            "prompts": [asdict(one) for one in self.texts],
            "groups": [asdict(one) for one in self.groups],
            "answered": {name: _answered(side) for name, side in sides.items()},
            "fingerprints": {name: _fingerprints(side) for name, side in sides.items()},
            "timeline": [asdict(one) for one in self.moments],
            "calls": {
                "shown": self.calls_shown,
                "involved": self.calls_involved,
                "by_model": self.involved_by_model,
                "tests": [asdict(one) for one in self.trails],
            },
            "drift": None if self.drift is None else [asdict(one) for one in self.drift],
            "notes": list(self.notes),
        }
        ready: dict[str, Any] = json_ready(told)
        return ready


def gathered(
    report: Path, since: str, *, runs: Path | None = None, most_calls: int = 20
) -> Incident:
    """What changed from an earlier run to a report.

    Args:
        report: The report of the incident.
        since: An earlier report's folder, a baseline's file, or a moment by ISO 8601.
        runs: The folder with the reports that a moment is looked up in, and the runs between.
        most_calls: Calls that are quoted.

    Raises:
        LitmusError: A report cannot be read, or the two cannot be compared.
    """
    stored = read_report(report)
    after = opened(stored, name=str(report))
    folder = folder_of(report) if runs is None else runs
    before, earlier, path = earlier_of(since, after, folder)
    refuse_wrong_order(before, after, since=str(path))
    if earlier is not None:
        count(before, earlier)
        # Its tests with their traces are the greater part of what is held.
        before.tests = {name: _without_trace(one) for name, one in before.tests.items()}
        earlier = StoredReport(earlier.path, {"run": earlier.report["run"]})
    comparison = compare(before.side, after.side)
    outcomes = outcomes_of(before, after, comparison)
    involved = tests_involved(outcomes)
    wanted, lines = set(chosen(involved, after, most=most_calls)), []
    count(after, stored, watch=lambda line: lines.append(line) if line["id"] in wanted else None)
    looks_between = runs is not None or not Path(since).exists()
    moments, unread = _moments(before, after, outcomes, folder, looks_between)
    drifted, why_not = _drift(earlier, stored)
    return Incident(
        before=before,
        after=after,
        since=since,
        before_path=path,
        comparison=comparison,
        outcomes=outcomes,
        suspects=suspects_of(before, after, outcomes),
        settings=settings_of(before, after),
        commits=_commits(stored.path.parent, before, after),
        texts=text_changes(before, after, outcomes.suffering),
        groups=groups_of(before, after),
        moments=moments,
        trails=tuple(trails(involved, lines, before, after)),
        calls_shown=len(lines),
        calls_involved=sum(len(after.tests[name].call_ids) for name in involved),
        involved_by_model=count_by_model(involved, after),
        drift=drifted,
        notes=(*before.notes, *after.notes, *comparison.notes, *_broken(before, after), *unread,
               *why_not),
    )  # fmt: skip


def _without_trace(test: Test) -> Test:
    return replace(test, trace=None, call_ids=())


def _broken(*runs: Snapshot) -> Iterable[str]:
    for run in runs:
        if run.broken_off:
            yield f"{run.name}: the run was broken off ({run.broken_off})"


def _commits(folder: Path, before: Snapshot, after: Snapshot) -> Commits | None:
    """By the repository that the report lies in, else by that of the working directory."""
    for place in (folder, Path()):
        found = commits_between(place, before.revision, after.revision)
        if found is not None:
            return found
    return None


def _moments(
    before: Snapshot, after: Snapshot, outcomes: Outcomes, folder: Path, looks: bool
) -> tuple[tuple[Moment, ...], list[str]]:
    """The two runs and those between; and what to say of reports that could not be read."""
    between, unreadable = runs_between(folder, before, after) if looks else ([], 0)
    names = outcomes.suffering
    moments = (
        Moment(before.started_at, before.name, before.revision, 0, len(names)),
        *(_moment(one, names) for one in between),
        Moment(after.started_at, after.name, after.revision, len(names), len(names)),
    )
    told = f"{unreadable} reports in {folder} could not be read and are not in the timeline"
    return moments, [told] if unreadable else []


def _moment(run: Between, names: Sequence[str]) -> Moment:
    came = [run.outcomes[name] for name in names if name in run.outcomes]
    decided = [one for one in came if one != "skipped"]
    failing = sum(one != "passed" for one in decided) if decided or not names else None
    return Moment(run.started_at, str(run.path), revision_of(run.run), failing, len(decided))


def _drift(
    before: StoredReport | None, after: StoredReport
) -> tuple[tuple[Drifted, ...] | None, list[str]]:
    """What `litmus drift` finds, what drifted first; else why it was not looked at."""
    if before is None or not before.calls_path.exists() or not after.calls_path.exists():
        return None, ["drift of inputs and outputs was not looked at: a side has no calls.jsonl"]
    from pytest_litmus.drift.comparing import compared
    from pytest_litmus.drift.logs import open_log
    from pytest_litmus.drift.profile import profiled

    try:
        old, new = (profiled(open_log(one.path.parent, {})) for one in (before, after))
    except LitmusError as error:
        return None, [f"drift of inputs and outputs was not looked at: {error}"]
    order = ("drift", "inconclusive", "no drift")
    found = sorted(compared(old, new).found, key=lambda one: order.index(one.verdict))
    return tuple(Drifted(one.name, one.verdict, one.explanation) for one in found), []


def _run(side: Snapshot) -> dict[str, Any]:
    return {
        "name": side.name,
        "started_at": side.started_at,
        "broken_off": side.broken_off,
        "run": dict(side.run),
    }


def _answered(side: Snapshot) -> list[dict[str, Any]]:
    return [{**who._asdict(), "calls": calls} for who, calls in side.answerers.most_common()]


def _fingerprints(side: Snapshot) -> list[dict[str, Any]]:
    return [
        {"provider": provider, "model": model, "fingerprint": fingerprint, "calls": calls}
        for (provider, model, fingerprint), calls in side.fingerprints.most_common()
    ]
