"""Fixing: how long tests stayed broken, and which are broken still, since which revision.

A spell begins with the first run in which a test fails and ends with the next in which it passes.
Runs in which it was skipped or could not be decided neither begin nor end one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from pytest_litmus.history.asking import last_attempts
from pytest_litmus.report.attacks import SEVERITIES
from pytest_litmus.suites.finding import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_litmus.history.asking import Result, Run


@dataclass(frozen=True, kw_only=True)
class Spell:
    """A test that failed for a time."""

    nodeid: str
    severity: str | None
    began: Run
    """The first run in which it failed."""
    good: Run | None
    """The last run before in which it passed; None where none is known."""
    is_whole: bool
    """Whether its beginning was seen: it did not fail in the first run of all already."""
    fixed: Run | None
    """The first run after in which it passed; None while it fails."""
    hours: float
    """From the first failing run to the first passing one, or to the last run of all."""
    runs: int
    """In which it failed."""
    last_failed: Run
    changed: bool
    """Whether the test itself was changed in the meantime."""
    known: bool
    """Whether the project knows of it: a breach in its baseline, or a case in quarantine."""


@dataclass(frozen=True)
class Fixing:
    """All spells."""

    fixed: tuple[Spell, ...]
    """From the earliest to the latest."""
    open: tuple[Spell, ...]
    """The most severe first, of these the latest first."""
    median_hours: float | None
    """Of whole spells that were fixed: longer ones may be among the open ones. None of none."""
    median_runs: float | None


def fixing(tests: Iterable[tuple[str, list[Result]]], runs: Sequence[Run]) -> Fixing:
    """The spells of all tests, by their results in the order of time.

    Args:
        tests: Each test's results.
        runs: All that are looked at, in the order of time.
    """
    found = [spell for nodeid, of_test in tests for spell in _spells(nodeid, of_test, runs)]
    fixed = sorted((one for one in found if one.fixed), key=lambda one: one.began["started_at"])
    whole = [one for one in fixed if one.is_whole]
    return Fixing(
        fixed=tuple(fixed),
        open=tuple(_ranked(one for one in found if not one.fixed)),
        median_hours=median([one.hours for one in whole]) if whole else None,
        median_runs=median([one.runs for one in whole]) if whole else None,
    )


def _ranked(spells: Iterable[Spell]) -> list[Spell]:
    order = dict(zip(SEVERITIES, range(len(SEVERITIES)), strict=True))
    latest = sorted(spells, key=lambda one: str(one.began["started_at"]), reverse=True)
    return sorted(latest, key=lambda one: (one.known, order.get(one.severity or "", len(order))))


def _spells(nodeid: str, of_test: list[Result], runs: Sequence[Run]) -> Iterator[Spell]:
    good: Run | None = None
    failing: list[Result] = []
    for one in last_attempts(of_test):
        if one.result == "failed":
            failing.append(one)
        elif one.result == "passed":
            if failing:
                yield _spell(nodeid, failing, good=good, fixed=one, runs=runs)
            good, failing = one.run, []
    if failing:
        yield _spell(nodeid, failing, good=good, fixed=None, runs=runs)


def _spell(
    nodeid: str,
    failing: Sequence[Result],
    *,
    good: Run | None,
    fixed: Result | None,
    runs: Sequence[Run],
) -> Spell:
    first, last = failing[0], failing[-1]
    prints = {one.fingerprint for one in (*failing, *([fixed] if fixed else []))}
    return Spell(
        nodeid=nodeid,
        severity=last.row["severity"],
        began=first.run,
        good=good,
        is_whole=first.run["id"] != runs[0]["id"],
        fixed=fixed.run if fixed else None,
        hours=hours_between(first.run, fixed.run if fixed else runs[-1]),
        runs=len(failing),
        last_failed=last.run,
        changed=len(prints - {None}) > 1,
        known=last.row["finding_status"] in EXPECTED,
    )


def hours_between(run: Run, later: Run) -> float:
    """From the start of one run to that of a later one."""
    began, ended = (datetime.fromisoformat(one["started_at"]) for one in (run, later))
    return (ended - began).total_seconds() / 3600
