"""Parquet: the tables as files that many machines can lay into one folder or bucket.

A run is a file a table: `runs/month=2026-11/RUN.parquet`, `tests/month=2026-11/RUN.parquet`, and so
on, so that nobody has to agree with anybody on who writes what. The file of `runs` comes last:
where it is, all of the run is.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.history.layout import RUNS, TABLES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_litmus.history.layout import Table

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_DUCKDB: Mapping[str, str] = {"TEXT": "VARCHAR", "REAL": "DOUBLE", "INTEGER": "BIGINT"}


def write_parquet(connection: sqlite3.Connection, folder: Path) -> tuple[int, int]:
    """Write all runs of a history that the folder does not have yet.

    Returns:
        How many runs were written, and how many were there.

    Raises:
        ReportError: DuckDB is missing, or the folder cannot be written.
    """
    duckdb = _duckdb()
    written, there = 0, 0
    try:
        with duckdb.connect() as writer:
            for run_id, month in _runs(connection):
                places = {table.name: _place(folder, table, run_id, month) for table in TABLES}
                if places[RUNS.name].exists():
                    there += 1
                    continue
                for table in TABLES:
                    rows = _rows(connection, table, run_id)
                    _write(writer, table, rows, places[table.name])
                written += 1
    except (OSError, duckdb.Error) as error:
        raise ReportError(f"{folder} cannot be written: {error}") from error
    return written, there


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise ReportError("--parquet needs DuckDB: pip install 'pytest-litmus[history]'") from error
    return duckdb


def _runs(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for run_id, started_at in connection.execute("SELECT id, started_at FROM runs ORDER BY 2, 1"):
        yield run_id, started_at[:7]


def _place(folder: Path, table: Table, run_id: str, month: str) -> Path:
    """The run's file. An id that is no plain word must not lead out of the folder."""
    plain = _PLAIN.fullmatch(run_id)
    name = run_id if plain else hashlib.sha256(run_id.encode()).hexdigest()
    return folder / table.name / f"month={month}" / f"{name}.parquet"


def _rows(connection: sqlite3.Connection, table: Table, run_id: str) -> list[dict[str, Any]]:
    column = table.key[0]
    found = connection.execute(
        f"SELECT * FROM {table.name} WHERE {column} = ?",  # noqa: S608 - our own names
        (run_id,),
    )
    return [dict(row) for row in found]


def _write(writer: Any, table: Table, rows: Sequence[Mapping[str, Any]], place: Path) -> None:
    """One file, whole or not at all. DuckDB reads JSON faster than it takes rows one by one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".writing-") as name:
        lines, part = Path(name) / "rows.jsonl", Path(name) / "part"
        lines.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        columns = {name: _DUCKDB[kind] for name, kind in table.columns.items()}
        writer.execute(
            f"COPY (SELECT * FROM read_json({_quoted(lines)}, columns = {columns}, "  # noqa: S608
            f"format = 'newline_delimited')) TO {_quoted(part)} (FORMAT parquet, CODEC zstd)"
        )
        part.replace(place)


def _quoted(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"
