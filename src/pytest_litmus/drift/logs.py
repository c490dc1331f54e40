"""Logs: files of calls, each record by the reader that knows it; what none knows is counted."""

from __future__ import annotations

import csv
import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.readers import langfuse, otlp, phoenix, plain, report
from pytest_litmus.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_litmus.drift.seen import Reader, Seen

_HEAD = 50
"""Records that are looked at to find the reader."""
_LONGEST_FIELD = 2**31 - 1
_OTHERS = (report.READER, otlp.READER, langfuse.READER, phoenix.READER)


@dataclass(slots=True)
class Log:
    """A file of calls, and what was met while it was read."""

    path: Path
    reader: Reader
    records: int = 0
    unknown: int = 0
    """Records and lines that the reader does not know."""
    first_unknown: int | None = None
    """The number of the first of them."""
    not_utf8: int = 0
    mapping: Mapping[str, str] = field(default_factory=dict)

    def seen(self) -> Iterator[Seen]:
        """The calls, in the file's order.

        Raises:
            ReportError: The file cannot be read, or was cut off; names the line.
        """
        for _, calls in self.read():
            yield from calls

    def read(self) -> Iterator[tuple[Mapping[str, Any], list[Seen]]]:
        """The records that the reader knows, each with its calls.

        Raises:
            ReportError: As of `seen`.
        """
        self.records = self.unknown = self.not_utf8 = 0
        self.first_unknown = None
        for place, record in enumerate(_records(self.path, self), 1):
            self.records += 1
            calls = self.reader.calls(record) if isinstance(record, dict) else None
            if calls is None:
                self.unknown += 1
                self.first_unknown = self.first_unknown or place
            else:
                yield record, calls


def records_of(path: Path) -> Iterator[Any]:
    """The records of a file of whatever format; None for a line that is none.

    Raises:
        ReportError: It cannot be read, or was cut off; names the line.
    """
    return _records(path, Log(path, plain.reader()))


def open_log(path: Path, mapping: Mapping[str, str] | None = None) -> Log:
    """A log by what is in it: a report's folder, or a file of a format that a reader knows.

    Args:
        path: The file, or the folder of a report.
        mapping: By field of a call, the key or path that holds it; for plain JSONL alone.

    Raises:
        ReportError: It cannot be read, or no reader knows it.
    """
    file = path
    if path.is_dir():
        from pytest_litmus.report.reading import read_report

        # These refuse other schemas, and calls of another run than the report's.
        stored = read_report(path)
        next(stored.lines())
        file = stored.calls_path
    elif path.name == "report.json":
        raise ReportError(f"{path} holds no calls: give the folder that it lies in")
    unread = Log(file, plain.reader(mapping))
    head = [one for one in itertools.islice(_records(file, unread), _HEAD) if isinstance(one, dict)]
    known = (*_OTHERS, plain.reader(mapping))
    for reader in known:
        if any(map(reader.knows, head)):
            return Log(file, reader, mapping=mapping or {})
    raise ReportError(_unknown(file, head, known))


def is_lines(path: Path) -> bool:
    """Whether a file holds one JSON object a line, as far as its first line shows."""
    with path.open("rb") as file:
        return _object(file.readline().decode("utf-8", "replace")) is not None


def last_line_is_whole(path: Path) -> bool:
    """Whether the last line ends, or is JSON: what a writer that was stopped leaves is neither."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        if not end:
            return True
        file.seek(end - 1)
        if file.read(1) == b"\n":
            return True
        return _object(_tail(file, end).decode("utf-8", "replace")) is not None


def _tail(file: Any, end: int) -> bytes:
    """What stands behind the last newline, read backwards so that a large file costs nothing."""
    read, at = b"", end
    while at and b"\n" not in read:
        step = min(1 << 16, at)
        at -= step
        file.seek(at)
        read = file.read(step) + read
    return read.rpartition(b"\n")[2]


def _unknown(path: Path, head: list[Any], known: Iterable[Reader]) -> str:
    names = ", ".join(reader.name for reader in known)
    if not head:
        return f"{path} holds no records; known are {names}"
    keys = ", ".join(list(head[0])[:8])
    return (
        f"{path} is of no known format (known are {names}); its first record has {keys}: say which "
        "holds what, as in `--map output=KEY --map input=KEY`"
    )


def _records(path: Path, log: Log) -> Iterator[Any]:
    """The records of a file; None for a line that is none."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if start[:4] == b"PAR1":
            yield from _parquet(path)
        elif start.lstrip()[:1] == b"[" or (start.lstrip()[:1] == b"{" and not is_lines(path)):
            yield from _document(path)
        elif start.lstrip()[:1] == b"{":
            yield from _lines(path, log)
        else:
            yield from _table(path)
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror or error}") from error


def _lines(path: Path, log: Log) -> Iterator[Any]:
    whole = last_line_is_whole(path)
    number = 0
    with path.open("rb") as file:
        for line in file:
            number += 1
            try:
                text = line.decode()
            except UnicodeDecodeError:
                log.not_utf8 += 1
                text = line.decode("utf-8", "replace")
            if text.strip() and (whole or line.endswith(b"\n")):
                yield _object(text)
    if not whole:
        raise ReportError(f"{path}:{number}: the file ends within this line: it was cut off")


def _object(text: str) -> Any:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _document(path: Path) -> Iterator[Any]:
    """Of one JSON value in many lines: its items, where it is an array or holds one as `data`."""
    try:
        read = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ReportError(f"{path}:{line}: not JSON, or it was cut off: {error}") from error
    if isinstance(read, dict):
        items = read.get("data", read.get("observations"))
        read = items if isinstance(items, list) else [read]
    yield from read


def _table(path: Path) -> Iterator[Any]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        try:
            for row in rows:
                if None in row.values():
                    raise ReportError(
                        f"{path}:{rows.line_num}: the row ends before its last column: cut off"
                    )
                yield {key: value for key, value in row.items() if value != ""}
        except csv.Error as error:
            raise ReportError(f"{path}:{rows.line_num}: not CSV: {error}") from error


def _parquet(path: Path) -> Iterator[Any]:
    try:
        import duckdb
    except ImportError as error:
        raise ReportError(
            f"{path} is Parquet, which DuckDB reads: pip install 'pytest-litmus[history]'"
        ) from error
    try:
        with duckdb.connect() as connection:
            rows = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [column[0] for column in rows.description]
            while batch := rows.fetchmany(1000):
                for row in batch:
                    yield dict(zip(names, row, strict=True))
    except duckdb.Error as error:
        raise ReportError(f"{path} cannot be read as Parquet: {error}") from error
