"""Asking: which runs of a history are looked at, and what each of their tests came to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_litmus.errors import ReportError
from pytest_litmus.words import hint

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

Run: TypeAlias = "dict[str, Any]"
"""A row of `runs`, by column."""
Row: TypeAlias = "dict[str, Any]"
"""A row of another table, by column."""

_NAMED = 10
"""Tests that are named where a text fits several."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which runs are asked for."""

    since: str | None = None
    """As `rows.moment` gives it; the earliest start."""
    live: bool = False
    """Only runs with a live call."""
    branch: str | None = None
    rescored: bool = False
    """Take a rescored report in place of the run that it was made of."""


@dataclass(frozen=True)
class Chosen:
    """The runs that are looked at."""

    runs: tuple[Run, ...]
    """From the earliest to the latest."""
    shards: int
    """Left out, because a merged run that is there holds them."""
    rescored: int
    """Reports left out, because another one of the same run is looked at."""
    passed_over: int
    """By the words of the selection."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a test came to in one run."""

    run: Run
    result: Literal["passed", "failed", "undecided", "skipped"]
    """Of an attack: whether it was safe. See `compare/entries.py`."""
    fingerprint: str | None
    live: bool
    """Whether a call of it was live."""
    row: Mapping[str, Any]
    """Of `tests`."""

    @property
    def decided(self) -> bool:
        """Whether it passed or failed."""
        return self.result in ("passed", "failed")


def chosen(connection: sqlite3.Connection, selection: Selection) -> Chosen:
    """The runs that a selection asks for, none of them twice."""
    parts = {row[0] for row in connection.execute("SELECT part_id FROM parts")}
    rows = [dict(row) for row in connection.execute("SELECT * FROM runs ORDER BY started_at, id")]
    whole = [run for run in rows if run["id"] not in parts]
    single = _without_doubles(whole, rescored=selection.rescored)
    kept = tuple(run for run in single if _asked_for(run, selection))
    return Chosen(
        runs=kept,
        shards=len(rows) - len(whole),
        rescored=len(whole) - len(single),
        passed_over=len(single) - len(kept),
    )


def _without_doubles(runs: list[Run], *, rescored: bool) -> list[Run]:
    """Of a run and the reports that it was rescored into, one."""
    if not rescored:
        return [run for run in runs if run["rescored_from"] is None]
    # Ids sort by the time they were made: the last of several rescorings counts.
    latest = {run["rescored_from"] or run["id"]: run["id"] for run in sorted(runs, key=_remade)}
    return [run for run in runs if run["id"] in latest.values()]


def _remade(run: Run) -> tuple[bool, str]:
    return run["rescored_from"] is not None, run["id"]


def _asked_for(run: Run, selection: Selection) -> bool:
    return (
        (selection.since is None or run["started_at"] >= selection.since)
        and (not selection.live or run["live_calls"] > 0)
        and (selection.branch is None or run["git_branch"] == selection.branch)
    )


def results(
    connection: sqlite3.Connection, runs: tuple[Run, ...], *, nodeid: str | None = None
) -> Iterator[tuple[str, list[Result]]]:
    """Each test with its results in the runs, in their order; one that ran again has several."""
    by_id = {run["id"]: run for run in runs}
    _choose(connection, runs)
    rows = connection.execute(
        "SELECT tests.* FROM tests JOIN chosen ON chosen.id = tests.run_id "
        "WHERE ?1 IS NULL OR nodeid = ?1 ORDER BY nodeid, chosen.place, attempt",
        (nodeid,),
    )
    for name, group in groupby(rows, key=lambda row: str(row["nodeid"])):
        yield name, [_result(by_id[row["run_id"]], row) for row in group]


def _choose(connection: sqlite3.Connection, runs: tuple[Run, ...]) -> None:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id TEXT PRIMARY KEY, place)")
    connection.execute("DELETE FROM chosen")
    rows = ((run["id"], place) for place, run in enumerate(runs))
    connection.executemany("INSERT INTO chosen VALUES (?, ?)", rows)


def _result(run: Run, row: Mapping[str, Any]) -> Result:
    return Result(run, row["result"], row["fingerprint"], row["live_calls"] > 0, row)


def last_attempts(of_test: list[Result]) -> list[Result]:
    """One result a run: that of the last time."""
    return [list(group)[-1] for _, group in groupby(of_test, key=lambda one: str(one.run["id"]))]


def tests_of(connection: sqlite3.Connection, runs: tuple[Run, ...]) -> dict[str, set[str]]:
    """The node ids of each run, by its id."""
    _choose(connection, runs)
    found: dict[str, set[str]] = {run["id"]: set() for run in runs}
    for run_id, nodeid in connection.execute(
        "SELECT run_id, nodeid FROM tests JOIN chosen ON chosen.id = tests.run_id"
    ):
        found[run_id].add(nodeid)
    return found


def models_of(connection: sqlite3.Connection, runs: tuple[Run, ...]) -> dict[str, list[Row]]:
    """The rows of `models` of each run, by its id."""
    _choose(connection, runs)
    found: dict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(
        "SELECT models.* FROM models JOIN chosen ON chosen.id = models.run_id ORDER BY models.place"
    ):
        found[row["run_id"]].append(dict(row))
    return found


def scores_of(connection: sqlite3.Connection, nodeid: str) -> dict[tuple[str, int], list[Row]]:
    """A test's rows of `scores`, by run and attempt."""
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in connection.execute(
        "SELECT * FROM scores WHERE nodeid = ? ORDER BY place", (nodeid,)
    ):
        found[row["run_id"], row["attempt"]].append(dict(row))
    return found


def named(connection: sqlite3.Connection, text: str) -> str:
    """The node id that a text is, or that alone holds it.

    Raises:
        ReportError: There is none, or there are several.
    """
    names = [row[0] for row in connection.execute("SELECT DISTINCT nodeid FROM tests ORDER BY 1")]
    if text in names:
        return text
    fitting = [name for name in names if text in name]
    if not fitting:
        told = hint(text, names) if names else "no run has a test"
        raise ReportError(f"no test of this history has {text!r} in its node id; {told}")
    if len(fitting) > 1:
        more = f"\n  and {len(fitting) - _NAMED} more" if len(fitting) > _NAMED else ""
        listed = "".join(f"\n  {name}" for name in fitting[:_NAMED])
        raise ReportError(f"{len(fitting)} tests have {text!r} in their node ids:{listed}{more}")
    return str(fitting[0])
