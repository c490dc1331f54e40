"""Escaping: what programs and models said, as Markdown that shows it and does nothing else.

Text of others stands in code spans and fenced blocks alone: there no link, image, HTML or mention
is rendered. A span's or a block's fence is longer than any run of backticks in it, so that it
cannot be left (CommonMark 0.31, 4.5 and 6.1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_litmus.report.plain import cut_lines, cut_middle, harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARGIN = "> "
"""Before each line of a quotation: CI runners obey `::command::` at the beginning of a line of a
log, blanks before it or not."""


def line_of(text: str) -> str:
    """A text in one line, its line feeds, tabs and what has no glyph as escapes."""
    return harmless(text).replace("\n", "\\n").replace("\t", "\\t")


def code(text: object, *, longest: int = 200) -> str:
    """A code span, fit for a cell of a table too.

    A bar is written as an escape: in a cell it would begin the next one, and Markdown's dialects
    disagree on how to prevent that.
    """
    said = cut_middle(line_of(str(text)), longest=longest).replace("|", "\\x7c")
    if not said.strip():
        return "(empty)"
    fence = "`" * (_longest_run(said) + 1)
    pad = " " if said[0] in "` " or said[-1] in "` " else ""
    return f"{fence}{pad}{said}{pad}{fence}"


def quoted(text: str, *, longest: int = 1_500, lines: int = 40) -> str:
    """A fenced block of what somebody said, cut where it is long."""
    safe = cut_lines(harmless(cut_middle(text, longest=longest)), most=lines)
    return fenced(f"{_MARGIN}{line}".rstrip() for line in safe.split("\n"))


def fenced(lines: Iterable[str], *, language: str = "text") -> str:
    """A fenced block of lines that are safe to print."""
    body = "\n".join(lines)
    fence = "`" * max(3, _longest_run(body) + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
