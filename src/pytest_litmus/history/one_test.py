"""One test: what it came to in each run, with its scores, its changes and its cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.history.asking import results, scores_of
from pytest_litmus.history.fixing import Fixing, fixing
from pytest_litmus.history.flaky import Flakiness, flakiness

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from pytest_litmus.history.asking import Result, Run


@dataclass(frozen=True)
class Event:
    """The test in one run."""

    result: Result
    scores: tuple[dict[str, Any], ...]
    """Rows of `scores`."""
    changed: bool
    """Whether its fingerprint is another than the time before."""


@dataclass(frozen=True)
class TestHistory:
    """All that is known of a test."""

    nodeid: str
    events: tuple[Event, ...]
    """From the earliest to the latest; one that ran again in a run has several of it."""
    flakiness: Flakiness
    fixing: Fixing


def history_of(connection: sqlite3.Connection, runs: tuple[Run, ...], nodeid: str) -> TestHistory:
    """The history of one test over the runs that have it."""
    of_test = [one for _, found in results(connection, runs, nodeid=nodeid) for one in found]
    named = [(nodeid, of_test)]
    return TestHistory(
        nodeid,
        tuple(_events(connection, nodeid, of_test)),
        flakiness(named),
        fixing(named, runs),
    )


def _events(connection: sqlite3.Connection, nodeid: str, of_test: list[Result]) -> Iterator[Event]:
    scores = scores_of(connection, nodeid)
    before: str | None = None
    for one in of_test:
        known = scores[one.run["id"], one.row["attempt"]]
        changed = None not in (before, one.fingerprint) and before != one.fingerprint
        yield Event(one, tuple(known), changed)
        before = one.fingerprint or before
