"""Looks into JSON that may be anything: a value of the asked kind, or nothing."""

from __future__ import annotations

import json
import math
from typing import Any

_MOST = 2**63


def parsed(data: bytes | str) -> Any:
    """The JSON that `data` spells, or None where it spells none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def record(value: Any) -> dict[str, Any]:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def records(value: Any) -> list[dict[str, Any]]:
    """The objects of a JSON array."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """The value when it is a string that is not empty, else None."""
    return value if isinstance(value, str) and value else None


def count(value: Any) -> int | None:
    """The value when it is a whole number from 0 on (`28.0` is one), else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value < _MOST or value != int(value):
        return None
    return int(value)


def first_count(*values: Any) -> int | None:
    """The first of the values that is a whole number, else None."""
    return next((found for value in values if (found := count(value)) is not None), None)


def number(value: Any) -> int | float | None:
    """The value when it is a finite number of ordinary size, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) < _MOST else None


def share(value: Any) -> float | None:
    """The value when it is a number in [0, 1], else None."""
    known = number(value)
    return float(known) if known is not None and 0 <= known <= 1 else None


def seconds(milliseconds: Any) -> float | None:
    """Milliseconds as seconds when they are a number from 0 on, else None."""
    known = number(milliseconds)
    return known / 1000 if known is not None and known >= 0 else None


def json_or_text(value: Any) -> Any:
    """What a string spells as JSON, else the string; other values as they are."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def as_text(value: Any) -> str | None:
    """The value as text: a string as it is, None as None, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def without_none(**fields: Any) -> dict[str, Any]:
    """The fields that are known."""
    return {name: value for name, value in fields.items() if value is not None}
