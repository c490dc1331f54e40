"""Files: ratings as people and their tools write them, row by row, each with its place."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_DELIMITERS = (",", ";", "\t")
_LONGEST_FIELD = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or an object."""

    place: str
    """`ratings.csv:3`, or `ratings.json: item 3`."""
    fields: Mapping[str, Any]
    """By the names that stand in the file, in small letters."""

    def get(self, key: str) -> Any:
        """What stands under a name, or at a path such as `feedback.score`; None of none."""
        name = key.lower()
        if name in self.fields:
            return self.fields[name]
        first, *deeper = name.split(".")
        value = self.fields.get(first)
        for step in deeper:
            value = _small(value).get(step) if isinstance(value, dict) else None
        return value


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a CSV file (commas, semicolons or tabs), of JSONL, or of an array of JSON.

    Raises:
        ReportError: It cannot be read, or was cut off; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ReportError(f"{path}:{line}: not UTF-8: save it as `CSV UTF-8`") from error
    first = text.lstrip()[:1]
    if not first:
        raise ReportError(f"{path} is empty")
    read = {"{": _lines, "[": _items}.get(first, _table)
    yield from read(path, text)


def _lines(path: Path, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{path}:{number}"
            yield _row(place, _json(line, place, "a line is one object of JSON, whole"))


def _items(path: Path, text: str) -> Iterator[Row]:
    for number, item in enumerate(_json(text, str(path), "an array of objects of JSON, whole"), 1):
        yield _row(f"{path}: item {number}", item)


def _json(text: str, place: str, wanted: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{place}: {wanted}; this is not: {error}") from error


def _row(place: str, item: Any) -> Row:
    if not isinstance(item, dict):
        raise ReportError(f'{place}: a rating is an object such as {{"call": "c1", "rating": 1}}')
    return Row(place, _small(item))


def _small(item: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).strip().lower(): value for key, value in item.items()}


def _table(path: Path, text: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for fields in rows:
            # The reader counts to the row's last line, and a quoted comment may have several.
            within = sum(str(value).count("\n") for value in fields.values())
            place = f"{path}:{rows.line_num - within}"
            if None in fields:
                raise ReportError(f"{place}: the row has more columns than the first line names")
            if None in fields.values():
                raise ReportError(f"{place}: the row ends before its last column: cut off")
            yield Row(place, _small(fields))
    except csv.Error as error:
        raise ReportError(f"{path}:{rows.line_num}: not CSV: {error}") from error
