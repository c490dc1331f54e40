"""Rows: a data file to the rows of a case, each an item.

CSV (UTF-8, with a head), JSONL (an object a line) and YAML (a list of mappings). A column `id`
names the items; without it they are numbered from 1.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_litmus.suites import located
from pytest_litmus.suites.language import Row
from pytest_litmus.suites.located import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNFIT = re.compile(r"[\s\[\]:]+")


def read(path: Path, root: Path) -> tuple[Row, ...]:
    """The rows of a data file.

    Args:
        path: The file; its ending says what it is.
        root: The folder that it has to lie in: what it holds is sent to a model.

    Raises:
        Mistake: It cannot be read, or two rows have one id; names the file and its line.
    """
    if not path.resolve().is_relative_to(root.resolve()):
        raise Mistake(f"data: {path} lies outside of {root}")
    readers = {".csv": _csv, ".jsonl": _jsonl, ".yaml": _yaml, ".yml": _yaml}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Mistake(f"data: {path.name}: known endings are {', '.join(readers)}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Mistake(f"data: {path.name}: not UTF-8: {error.reason}") from error
    except OSError as error:
        raise Mistake(f"data: {path.name} cannot be read: {error.strerror}") from error
    rows = tuple(_row(number, values) for number, values in enumerate(reader(path, text), 1))
    _refuse_useless(path, rows)
    return rows


def _row(number: int, values: dict[str, Any]) -> Row:
    given = str(values.get("id") or "").strip()
    return Row(id=_UNFIT.sub("-", given) or str(number), values=values)


def _refuse_useless(path: Path, rows: tuple[Row, ...]) -> None:
    if not rows:
        raise Mistake(f"data: {path.name} has no rows")
    (most, times), *_ = Counter(row.id for row in rows).most_common(1)
    if times > 1:
        raise Mistake(f"data: {path.name}: {times} rows have the id {most}")


def _csv(path: Path, text: str) -> Iterator[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                raise Mistake(
                    f"data: {path.name}:{reader.line_num}: more or fewer cells than heads"
                )
            yield row
    except csv.Error as error:
        raise Mistake(f"data: {path.name}:{reader.line_num}: {error}") from error


def _jsonl(path: Path, text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Mistake(f"data: {path.name}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise Mistake(f"data: {path.name}:{number}: has to be an object")
        yield row


def _yaml(path: Path, text: str) -> Iterator[dict[str, Any]]:
    try:
        document = located.parse(text)
    except Mistake as mistake:
        raise Mistake(f"data: {path.name}:{mistake.line}: {mistake.message}") from mistake
    if not isinstance(document.value, list):
        raise Mistake(f"data: {path.name}:1: has to be a list of mappings")
    for number, row in enumerate(document.value):
        if not isinstance(row, dict):
            raise Mistake(f"data: {path.name}:{document.line_of((number,))}: has to be a mapping")
        yield row
