"""Appending: cases added to a suite's file, whose own text stays as it is, letter by letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import SuiteError
from pytest_litmus.suites import located
from pytest_litmus.suites.language import error_of
from pytest_litmus.suites.writing import as_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_litmus.importing.cases import Made

_HEAD = """\
# Cases that `litmus import` made of logged calls. Each runs and is reported, and blocks nothing
# as long as it has `quarantined:`. To approve of one: read it, say in `expect:` what a right
# answer is, and delete its line `quarantined:`. <email> and the like stand for what was redacted.
"""
_NO_TARGET = "# target: module:function        (what is asked; or run it with --llm-target)\n"
_DASH = re.compile(r"^( *)-(?:\s|$)")


def new_suite(cases: Sequence[Made], *, quarantined: str, target: str | None) -> str:
    """The text of a file with these cases."""
    named = as_yaml({"target": target}) if target else _NO_TARGET
    return f"{_HEAD}{named}cases:\n{_entries(cases, quarantined, indent=2)}"


def appended(text: str, path: Path, cases: Sequence[Made], *, quarantined: str) -> str:
    """A suite's text with further cases at its end.

    Args:
        text: A suite that holds no mistakes.
        path: For messages.
        cases: To be added.
        quarantined: Why they block nothing yet.

    Raises:
        SuiteError: Nothing can be added behind its last line.
    """
    document = located.parse(text)
    indent = _indent(text, document)
    if indent is None or list(document.value)[-1] != "cases":
        line = document.line_of(("cases",))
        told = "cases can only be added to a list `cases:` of lines `- ...`, the file's last key"
        raise error_of(path, [located.Mistake(told, line=line)])
    gap = "\n" if text.endswith("\n") else "\n\n"
    made = f"{text}{gap}{_entries(cases, quarantined, indent=indent)}"
    _refuse_changed(document.value, made, path, [_whole(one, quarantined) for one in cases])
    return made


def _entries(cases: Sequence[Made], quarantined: str, *, indent: int) -> str:
    return "\n".join(
        _indented(f"# {one.to_do}\n{as_yaml([_whole(one, quarantined)])}", indent) for one in cases
    )


def _whole(made: Made, quarantined: str) -> dict[str, Any]:
    first = {"id": made.case["id"], "quarantined": quarantined}
    return first | {key: value for key, value in made.case.items() if key not in first}


def _indented(text: str, indent: int) -> str:
    lines = text.split("\n")
    return "\n".join(f"{' ' * indent}{line}" if line else line for line in lines)


def _indent(text: str, document: located.Document) -> int | None:
    """Blanks before the dash of the first case; None where it has no dash of its own."""
    lines = text.split("\n")
    first = document.line_of(("cases", 0))
    for line in reversed(lines[max(0, first - 2) : first]):
        if dash := _DASH.match(line):
            return len(dash[1])
    return None


def _refuse_changed(before: Any, text: str, path: Path, cases: list[dict[str, Any]]) -> None:
    """What was there has to be read as before, and what is new as it was meant."""
    try:
        after = located.parse(text).value
    except located.Mistake as mistake:
        raise error_of(path, [mistake]) from mistake
    if after != {**before, "cases": [*before["cases"], *cases]}:
        raise SuiteError(f"{path}: nothing can be added at its end without changing what it says")
