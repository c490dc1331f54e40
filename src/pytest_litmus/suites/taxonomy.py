"""Taxonomy: the lists that cases map to, by id with its edition, and what suites cover of them.

OWASP's lists of 2025 and 2026 number differently (LLM06 is Excessive Agency in the one and
Unbounded Consumption in the other), so that an id without its edition says nothing. What cannot be
tested from outside is listed as not covered, with the reason, and never mapped by filler.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_litmus.suites.language import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a list."""

    id: str
    """With its edition: `LLM01:2026`, `ASI01:2026`, `AML.T0051.000`, `MS-2.7`."""
    title: str
    list: str
    """The list and its edition."""
    not_covered: str = ""
    """Why no test from outside can cover it; empty where one can."""


@cache
def entries() -> tuple[Entry, ...]:
    """All that cases may map to, list by list."""
    file = resources.files("pytest_litmus.suites") / "taxonomy.json"
    listed = json.loads(file.read_text(encoding="utf-8"))["entries"]
    return tuple(Entry(**one) for one in listed)


def coverage(suites: Sequence[Suite]) -> list[tuple[Entry, Counter[str]]]:
    """Each entry with its number of attack cases by suite."""
    counted: dict[str, Counter[str]] = {entry.id: Counter() for entry in entries()}
    for suite in suites:
        for case in suite.cases:
            for name in case.maps_to if not case.benign else ():
                counted.setdefault(name, Counter())[suite.name] += 1
    return [(entry, counted[entry.id]) for entry in entries()]


def coverage_lines(suites: Sequence[Suite]) -> Iterator[str]:
    """What suites cover, an entry a line, under the name of its list."""
    heading = ""
    for entry, counts in coverage(suites):
        if entry.list != heading:
            heading = entry.list
            yield heading
        yield f"  {entry.id:<14} {entry.title}: {_told(entry, counts)}"


def _told(entry: Entry, counts: Counter[str]) -> str:
    if entry.not_covered:
        return f"not covered: {entry.not_covered}"
    if not counts:
        return "no case"
    names = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return f"{counts.total()} cases ({names})"
