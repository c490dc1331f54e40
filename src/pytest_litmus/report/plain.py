"""Plain: text and numbers as a terminal can safely and shortly show them."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from pytest_litmus.verdicts import UNIT_WORDS

_KEPT_CONTROLS = "\n\t"

# Cc: escapes and C1; Cf: bidirectional overrides and zero widths; Cs, Co, Cn, Zl, Zp: no glyph.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# CI runners obey these in any line of a log: Azure Pipelines, TeamCity and older GitHub runners.
# `::command::` must begin a line, which the margin before each line of model text prevents.
_RUNNER_COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)")


def harmless(text: str) -> str:
    """Hostile text made safe to print: nothing in it moves a cursor or commands a CI runner.

    What has no glyph of its own is written as Python would escape it; line feeds and tabs stay.
    """
    visible = "".join(_visible(letter) for letter in text.replace("\r\n", "\n"))
    return _RUNNER_COMMAND.sub("# #", visible)


def ascii_line(text: str) -> str:
    """Hostile text as one line of ASCII."""
    line = " ".join(harmless(text).split())
    return line.encode("ascii", "backslashreplace").decode("ascii")


def cut_middle(text: str, *, longest: int) -> str:
    """A text of about `longest` characters at most: a long one loses its middle, and says so."""
    if len(text) <= longest:
        return text
    head, tail = longest * 2 // 3, longest - longest * 2 // 3
    cut = len(text) - head - tail
    return f"{text[:head]} [... {cut:,} characters cut ...] {text[-tail:]}"


def cut_lines(text: str, *, most: int) -> str:
    """A text of at most `most` lines and one that says how many were cut from its middle."""
    lines = text.split("\n")
    if len(lines) <= most:
        return text
    head, tail = most * 2 // 3, most - most * 2 // 3
    cut = f"[... {len(lines) - head - tail:,} lines cut ...]"
    return "\n".join([*lines[:head], cut, *lines[-tail:]])


def keep_end(text: str, *, longest: int) -> str:
    """A node id that fits: the end tells more than the folders it begins with."""
    return text if len(text) <= longest else f"...{text[len(text) - max(longest - 3, 0) :]}"


def keep_start(text: str, *, longest: int) -> str:
    """A line that fits, with dots where it was cut."""
    return text if len(text) <= longest else f"{text[: max(longest - 3, 0)]}..."


def number(value: float | None) -> str:
    """A count with commas, or `unknown`."""
    return "unknown" if value is None else f"{value:,}"


def counted(count: int, noun: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def duration(value: float | None) -> str:
    """Seconds to three digits: `0.021 s`, `2.90 s`, `4 min 10 s`; or `unknown`."""
    if value is None:
        return "unknown"
    if value >= 100:
        minutes, rest = divmod(round(value), 60)
        return f"{minutes:,} min {rest} s"
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def dollars(value: str | Decimal | None) -> str:
    """US dollars, small prices to two digits that say something; None is `unknown`, never 0."""
    if value is None:
        return "unknown"
    amount = Decimal(value)
    if amount and not -12 < amount.adjusted() < 12:
        return f"${amount:.2e}"
    if abs(amount) >= 1:
        return f"${amount:,.2f}"
    if not amount:
        return "$0"
    return f"${amount:.{max(4, 1 - amount.adjusted())}f}"


def days(value: float) -> str:
    """An age: hours below two days, else whole days."""
    return counted(round(value * 24), "hour") if value < 2 else counted(round(value), "day")


def measured(value: float | None, unit: str) -> str:
    """A score's value in its unit, or `not measured`."""
    if value is None or not math.isfinite(value):
        return "not measured"
    if unit == "USD":
        return dollars(str(value))
    return f"{value:.4g} {UNIT_WORDS.get(unit, unit.strip('{}'))}".rstrip()


def _visible(letter: str) -> str:
    if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in _INVISIBLE:
        return letter
    return letter.encode("unicode_escape").decode("ascii")
