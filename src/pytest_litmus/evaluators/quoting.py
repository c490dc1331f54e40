"""Quoting: a part of an output in one line of an explanation, safe to print."""

from __future__ import annotations

_SHOWN = 80


def quoted(text: str) -> str:
    """The text in quotes, its end cut where it is long.

    Control characters, terminal escapes and turned writing directions are written as escapes: what
    a model said must not move the cursor of who reads a failure.
    """
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")
