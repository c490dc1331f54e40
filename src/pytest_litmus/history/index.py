"""Index: the SQLite file of a history, and how runs get into it: whole, once, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.history.layout import APPLICATION, RUNS, SCHEMA, TABLES, VERSION
from pytest_litmus.history.rows import rows_of
from pytest_litmus.report.reading import read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_litmus.history.rows import Rows

_PATIENCE_S = 30.0
"""How long another process that is indexing is waited for."""


@dataclass(frozen=True)
class Indexed:
    """What became of the reports that were found."""

    new: int
    known: int
    """Read before, or copies of runs that are there."""
    unreadable: tuple[str, ...]
    """Which file, and why; a line each."""


@contextmanager
def opened(path: Path, *, to_write: bool) -> Iterator[sqlite3.Connection]:
    """The history in a file, which is made if it is written to.

    Raises:
        ReportError: It is not there, is no history, is of a newer layout, or SQLite gives up on it
            (a full disk, a lock that stays).
    """
    if not to_write and not path.exists():
        raise ReportError(
            f"there is no history in {path}: index reports with litmus history DIR, or name "
            "another file with --db"
        )
    try:
        connection = _connected(path, to_write=to_write)
        try:
            _refuse_others(connection, path, to_write=to_write)
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ReportError(f"{path}: SQLite says: {error}") from error


def index(connection: sqlite3.Connection, reports: Iterable[Path]) -> Indexed:
    """Add the runs that are not there yet, each in a transaction of its own.

    Args:
        connection: Of `opened`.
        reports: Paths of `report.json`, resolved.
    """
    seen = dict[str, tuple[int, int]]()
    for path, mtime_ns, size in connection.execute("SELECT path, mtime_ns, size FROM files"):
        seen[path] = mtime_ns, size
    new, known, unreadable = 0, 0, list[str]()
    for path in reports:
        try:
            status = path.stat()
            file = (str(path), status.st_mtime_ns, status.st_size)
            if seen.get(file[0]) == file[1:]:
                known += 1
                continue
            added = _add(connection, rows_of(read_report(path)), file)
        except OSError as error:
            unreadable.append(f"{path} cannot be read: {error.strerror}")
        except ReportError as error:
            unreadable.append(str(error))
        else:
            new, known = new + added, known + (not added)
    return Indexed(new, known, tuple(unreadable))


def _connected(path: Path, *, to_write: bool) -> sqlite3.Connection:
    mode = "rwc" if to_write else "ro"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    # Without isolation_level, the module begins no transaction of its own accord.
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _refuse_others(connection: sqlite3.Connection, path: Path, *, to_write: bool) -> None:
    if to_write:
        with _transaction(connection):
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in SCHEMA:
                    connection.execute(statement)
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise ReportError(f"{path} is a database of something else: name another file with --db")
    if version > VERSION:
        raise ReportError(
            f"{path} has layout {version}, and this version knows {VERSION}: use a newer "
            "pytest-litmus, or index the reports into another file with --db"
        )


def _add(connection: sqlite3.Connection, rows: Rows, file: tuple[str, int, int]) -> bool:
    """Whether the run is new."""
    run_id = rows[RUNS.name][0][0]
    with _transaction(connection):
        there: Any = connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone()
        if there is None:
            for table in TABLES:
                connection.executemany(table.insertion, rows[table.name])
        connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (*file, run_id))
    return there is None


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
