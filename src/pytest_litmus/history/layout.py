"""Layout: the tables of a history, in SQLite and in Parquet alike, and the version of it.

It is a public format, told in `docs/history.md`: people query it with SQL of their own. A column
that is added raises `VERSION`; none goes or changes its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
"""Of the layout; SQLite's `user_version`."""
APPLICATION = 0x4C74_6D73
"""SQLite's `application_id` ("Ltms"), by which a history is known from other databases."""

Kind = Literal["TEXT", "REAL", "INTEGER"]


@dataclass(frozen=True)
class Table:
    """A table; NULL in a column means not known, and never zero."""

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The statement that makes it in SQLite."""
        lines = [f"{name} {kind}" for name, kind in self.columns.items()]
        key = f"PRIMARY KEY ({', '.join(self.key)})"
        return f"CREATE TABLE {self.name} ({', '.join([*lines, key])}) WITHOUT ROWID"

    @property
    def insertion(self) -> str:
        """The statement that adds a row."""
        return (
            f"INSERT INTO {self.name} ({', '.join(self.columns)}) "  # noqa: S608 - our own names
            f"VALUES ({', '.join('?' * len(self.columns))})"
        )


_COST: Mapping[str, Kind] = {
    "cost_usd": "TEXT",
    "cost_usd_float": "REAL",
    "unpriced_calls": "INTEGER",
}
_LIVE_COST: Mapping[str, Kind] = {"live_cost_usd": "TEXT", "live_cost_usd_float": "REAL"}
_VERDICTS = ("pass", "fail", "inconclusive", "error")

RUNS = Table(
    "runs",
    {
        "id": "TEXT",
        "started_at": "TEXT",
        "duration_s": "REAL",
        "exit_status": "INTEGER",
        "verdict": "TEXT",
        "reason": "TEXT",
        "tests": "INTEGER",
        "passed": "INTEGER",
        "failed": "INTEGER",
        "error": "INTEGER",
        "skipped": "INTEGER",
        "git_revision": "TEXT",
        "git_dirty": "INTEGER",
        "git_branch": "TEXT",
        "ci_system": "TEXT",
        "ci_name": "TEXT",
        "ci_id": "TEXT",
        "ci_url": "TEXT",
        "versions": "TEXT",
        "schema_version": "TEXT",
        "merged": "INTEGER",
        "rescored_from": "TEXT",
        "all_recorded": "INTEGER",
        "calls": "INTEGER",
        "live_calls": "INTEGER",
        "judge_calls": "INTEGER",
        "errors": "INTEGER",
        "latency_p50_s": "REAL",
        "latency_p95_s": "REAL",
        "input_tokens": "INTEGER",
        "output_tokens": "INTEGER",
        "calls_without_usage": "INTEGER",
        **_COST,
        **_LIVE_COST,
        "attacks_unsafe": "INTEGER",
        "attacks_of": "INTEGER",
        "attack_success_rate": "REAL",
        "over_refused": "INTEGER",
        "over_refused_of": "INTEGER",
        "over_refusal_rate": "REAL",
        **{f"quality_{name}": "INTEGER" for name in _VERDICTS},
        **{f"safety_{name}": "INTEGER" for name in _VERDICTS},
    },
    ("id",),
)

TESTS = Table(
    "tests",
    {
        "run_id": "TEXT",
        "nodeid": "TEXT",
        "attempt": "INTEGER",
        "outcome": "TEXT",
        "result": "TEXT",
        "fingerprint": "TEXT",
        "severity": "TEXT",
        "started_at": "TEXT",
        "duration_s": "REAL",
        "calls": "INTEGER",
        "live_calls": "INTEGER",
        **_COST,
        "finding_outcome": "TEXT",
        "finding_status": "TEXT",
        "benign": "INTEGER",
        "runs_passed": "INTEGER",
        "runs_of": "INTEGER",
    },
    ("run_id", "nodeid", "attempt"),
)

SCORES = Table(
    "scores",
    {
        "run_id": "TEXT",
        "nodeid": "TEXT",
        "attempt": "INTEGER",
        "place": "INTEGER",
        "name": "TEXT",
        "value": "REAL",
        "unit": "TEXT",
        "outcome": "TEXT",
        "at_least": "REAL",
        "at_most": "REAL",
    },
    ("run_id", "nodeid", "attempt", "place"),
)

MODELS = Table(
    "models",
    {
        "run_id": "TEXT",
        "place": "INTEGER",
        "provider": "TEXT",
        "model": "TEXT",
        "calls": "INTEGER",
        "live_calls": "INTEGER",
        "errors": "INTEGER",
        "latency_p50_s": "REAL",
        "latency_p95_s": "REAL",
        "input_tokens": "INTEGER",
        "output_tokens": "INTEGER",
        **_COST,
        **_LIVE_COST,
    },
    ("run_id", "place"),
)

PARTS = Table("parts", {"run_id": "TEXT", "part_id": "TEXT"}, ("run_id", "part_id"))

# In the order in which they are written: a run is there when all of it is.
TABLES = (PARTS, MODELS, SCORES, TESTS, RUNS)

# Of this machine only, so that it is in no Parquet: which file was read when.
_FILES = (
    "CREATE TABLE files (path TEXT PRIMARY KEY, mtime_ns INTEGER, size INTEGER, run_id TEXT) "
    "WITHOUT ROWID"
)
_COUNTED = (
    "CREATE VIEW counted_runs AS SELECT * FROM runs WHERE rescored_from IS NULL "
    "AND id NOT IN (SELECT part_id FROM parts)"
)
SCHEMA = (
    *(table.sql for table in TABLES),
    _FILES,
    _COUNTED,
    "CREATE INDEX tests_by_nodeid ON tests (nodeid)",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
