"""JSON-ready: any value as strict JSON can hold it, and back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Redact = Callable[[str], str]
"""A text in, the same text without its secrets out."""

DEEPEST = 60
"""Levels that are kept; programs send JSON that nests deeper than readers' stacks are."""


# The plain types first: to ask an abstract one takes ten times as long.
_MAPPINGS = (dict, Mapping)
_CONTAINERS = (dict, list, tuple, Mapping, Sequence, AbstractSet)
_BYTES = (bytes, bytearray, memoryview)
_AS_IT_IS = (type(None), bool)


def unchanged(text: str) -> str:
    """The `Redact` that hides nothing."""
    return text


def json_ready(value: Any, *, redact: Redact = unchanged, levels: int = DEEPEST) -> Any:
    """A copy that `json.dumps(..., allow_nan=False)` takes and any reader reads.

    NaN, infinities and integers past 64 bits become None, because they are nothing that was
    measured; half surrogates become U+FFFD; what JSON has no word for becomes text. Every text
    goes through `redact`, keys of objects excepted. A dataclass is an object of its fields.
    """
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is str:
        text = value if redact is unchanged else redact(value)
        return text if text.isascii() else _well_formed(text)
    if kind is dict:
        return _object(value, redact=redact, levels=levels)
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return _well_formed(redact(str(value)))
    if isinstance(value, _CONTAINERS) and not isinstance(value, _BYTES):
        return _container(value, redact=redact, levels=levels)
    if is_dataclass(kind):
        # Its fields as they are: `asdict` would copy them.
        fields = {name: getattr(value, name) for name in kind.__dataclass_fields__}
        return _object(fields, redact=redact, levels=levels)
    return _well_formed(redact(_text_of(value)))


def one_line(value: Mapping[str, Any]) -> str:
    """A JSON-ready object as one line of ASCII, without the line's end.

    ASCII, because a line cut anywhere stays decodable, and no terminal escape survives `cat`.
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def decimal_text(value: Decimal | None) -> str | None:
    """A decimal as text without an exponent where it is short; None for None and not-a-number."""
    if value is None or not value.is_finite():
        return None
    if not value:
        return "0"
    written = value.normalize()
    return f"{written:f}" if -20 < written.adjusted() < 20 else str(written)


def decimal_of(text: str | None) -> Decimal | None:
    """What `decimal_text` wrote.

    Raises:
        ArithmeticError: The text is no number.
    """
    return None if text is None else Decimal(text)


def moment_text(value: datetime | None) -> str | None:
    """A moment by ISO 8601, or None."""
    return None if value is None else value.isoformat()


def moment_of(text: str | None) -> datetime | None:
    """What `moment_text` wrote.

    Raises:
        ValueError: The text is no moment.
    """
    return None if text is None else datetime.fromisoformat(text)


def _number(value: float) -> float | int | None:
    if isinstance(value, int):
        return int(value) if value.bit_length() <= 64 else None
    return float(value) if math.isfinite(value) else None


def _well_formed(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _container(value: Any, *, redact: Redact, levels: int) -> Any:
    if levels == 0:
        return _too_deep(value)
    if isinstance(value, _MAPPINGS):
        return _object(value, redact=redact, levels=levels)
    # A set has no order of its own, and the report is the same for the same run.
    is_ordered = isinstance(value, (list, tuple)) or not isinstance(value, AbstractSet)
    items = value if is_ordered else sorted(value, key=repr)
    return [json_ready(item, redact=redact, levels=levels - 1) for item in items]


def _object(value: Mapping[Any, Any], *, redact: Redact, levels: int) -> Any:
    if levels == 0:
        return _too_deep(value)
    return {
        key if type(key) is str and key.isascii() else _well_formed(str(key)): (
            item if type(item) in _AS_IT_IS else json_ready(item, redact=redact, levels=levels - 1)
        )
        for key, item in value.items()
    }


def _too_deep(value: Any) -> str:
    return f"({type(value).__name__} nested deeper than {DEEPEST} levels)"


def _text_of(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a user's own __repr__, on the way to a report
        return f"<{type(value).__name__}>"
