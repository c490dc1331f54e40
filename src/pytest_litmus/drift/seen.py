"""Seen: one call of a model as a log tells it, whatever wrote the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

_KEYS = ("content", "parts", "text", "message.content", "message", "messages", "choices")
"""What holds the text of a message, from the nearest on."""
_SIGNS = frozenset({*_KEYS, "role", "message.role"})
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """A call. None is what the log does not tell, which is never the same as zero or empty."""

    input: str | None = None
    """The last message of the user."""
    output: str | None = None
    finish: str | None = None
    tools: str | None = None
    """The names of the tools called, sorted, or `none`."""
    failed: bool | None = None
    latency_s: float | None = None
    input_tokens: float | None = None
    output_tokens: float | None = None
    model: str | None = None
    """The one that answered, else the one that was asked."""
    fingerprint: str | None = None


class Reader(NamedTuple):
    """How one format is read."""

    name: str
    knows: Callable[[Mapping[str, Any]], bool]
    """Whether a record is of this format."""
    calls: Callable[[Mapping[str, Any]], list[Seen] | None]
    """The calls of a model in a record, which may be none; None where it is of another format."""


def number(value: Any) -> float | None:
    """A number that is told as one or as text; None for all else."""
    if value is None or isinstance(value, bool) or value == "":
        return None
    try:
        read = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return read if 0 <= read < float("inf") else None


def word(value: Any) -> str | None:
    """A text that is not empty; None for all else."""
    return value if isinstance(value, str) and value else None


def tools_named(names: Iterable[Any]) -> str:
    """What `Seen.tools` holds."""
    return ", ".join(sorted({str(name) for name in names})) or "none"


def unpacked(value: Any) -> Any:
    """A value that some exports pack into text as JSON; itself where it is none."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def said_in(value: Any, roles: tuple[str, ...] = ()) -> str | None:
    """As `text_in`, of messages that may be packed into text; an answer that is JSON stays so."""
    read = unpacked(value)
    return text_in(read if not isinstance(value, str) or _is_message(read) else value, roles)


def text_in(value: Any, roles: tuple[str, ...] = ()) -> str | None:
    """The text of a message, of a list of them, or of its parts, as the usual formats nest them.

    Args:
        value: A text, or JSON values.
        roles: Of a list of messages, only the last of one of these roles counts.
    """
    if isinstance(value, Mapping) and not _is_message(value):
        return json.dumps(value, ensure_ascii=False, default=str)
    for _ in range(_DEEPEST):
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Mapping):
            value = _inner(value)
        elif isinstance(value, list):
            chosen = [one for one in value if _role(one) in roles] if roles else []
            if not chosen:
                return _joined(value)
            value = chosen[-1]
        else:
            return str(value)
    return None


def moment(value: Any) -> float | None:
    """A time in seconds: of ISO 8601, with a blank or `T`, taken for UTC where it names no zone."""
    if isinstance(value, datetime):
        read = value
    else:
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def between(start: Any, end: Any) -> float | None:
    """Seconds from one moment to another."""
    first, last = moment(start), moment(end)
    return None if first is None or last is None else number(last - first)


def _inner(value: Mapping[str, Any]) -> Any:
    for key in _KEYS:
        if value.get(key) is not None:
            return value[key]
    return None


def _is_message(value: Any) -> bool:
    """Whether it is a message, or holds messages, rather than what a program made up itself."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, Mapping) and not _SIGNS.isdisjoint(first)


def _role(value: Any) -> Any:
    return value.get("role", value.get("message.role")) if isinstance(value, Mapping) else None


def _joined(values: list[Any]) -> str | None:
    """The texts of parts; None where no part has any, as of tool calls."""
    texts = [one if isinstance(one, str) else _plain(one) for one in values]
    told = [text for text in texts if text is not None]
    return "\n".join(told) if told or not values else None


def _plain(value: Any) -> str | None:
    """The text of a part, or of a message that nests no deeper than one list."""
    for _ in range(_DEEPEST):
        if isinstance(value, list):
            value = "\n".join(text for one in value if isinstance(text := _of_part(one), str))
        if value is None or isinstance(value, str):
            return value
        value = _inner(value) if isinstance(value, Mapping) else None
    return None


def _of_part(value: Any) -> Any:
    return _inner(value) if isinstance(value, Mapping) else value
