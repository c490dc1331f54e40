"""Moments: the dates of a text that name a month, as far as each is told, with its bound.

`13 January 2015`, `Jan. 13th`, `after May 2018` and `2015-01-13`; English months.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pytest_litmus.evaluators.english import MONTH, month_of

_MONTH = rf"{MONTH}\b\.?"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})\b(?![.,]\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<![\d-])(?P<year>[12]\d{3})-(?P<digits>[01]\d)-(?P<day>[0-3]\d)(?![\d-])",
        rf"{_DAY}\s(?:of\s)?{_MONTH}(?:\s?,?\s{_YEAR})?",
        rf"\b{_MONTH}\s{_DAY}\b(?:(?:\s?,\s?|\s){_YEAR})?",
        rf"\b{_MONTH}(?:\s?,)?\s(?:of\s)?{_YEAR}",
    )
)
_SIGN = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|\d-\d", re.IGNORECASE)
"""What every date has, and most texts have not."""
_BOUND = re.compile(
    r"\b(?:(?P<after>after|later than|past|following)|(?P<before>before|earlier than|prior to)|"
    r"(?P<since>since|from|as early as)|(?P<until>by|until|till|as of|up to))"
    r"(?:\sthe)?(?:\s(?:end|start|beginning|middle)\sof)?\s$",
    re.IGNORECASE,
)
_LOOK_BACK = 32


class Moment(NamedTuple):
    """A date; 0 for what is not told."""

    year: int
    month: int
    day: int
    bound: str
    """`after`, `before`, `since`, `until`, or empty."""
    start: int
    end: int

    def agrees(self, other: Moment) -> bool | None:
        """Whether it is so where the other is; None where the other does not tell."""
        mine, theirs = self.fields, other.fields
        if self.bound and self.bound != other.bound:
            # `as of May` in a source is that day.
            return self._within(theirs)
        told = [(a, b) for a, b in zip(mine, theirs, strict=True) if a]
        if not any(b for _, b in told):
            return None
        if any(b and a != b for a, b in told):
            return False
        # A year that a source leaves out is the same one.
        return True if all(b for _, b in zip(mine[1:], theirs[1:], strict=True) if _) else None

    def _within(self, theirs: tuple[int, int, int]) -> bool | None:
        told = [(a, b) for a, b in zip(self.fields, theirs, strict=True) if a]
        if told and not told[0][1]:
            told = told[1:]
        if not told or not told[0][1]:
            return None
        mine = tuple(a for a, _ in told)
        known = tuple(b for _, b in told)
        if known == mine:
            return self.bound in {"since", "until"}
        if 0 in known and mine[: known.index(0)] == known[: known.index(0)]:
            return None
        return known > mine if self.bound in {"after", "since"} else known < mine

    @property
    def fields(self) -> tuple[int, int, int]:
        """Year, month, day."""
        return self.year, self.month, self.day


def moments(text: str) -> list[Moment]:
    """The dates of a text in its order, none within another."""
    found: list[Moment] = []

    def taken(match: re.Match[str]) -> str:
        one = _moment(text, match)
        if one:
            found.append(one)
        return " " * len(match[0])

    left = text if _SIGN.search(text) else ""
    for form in _FORMS:
        left = form.sub(taken, left)
    return sorted(found, key=lambda one: one.start)


def _moment(text: str, match: re.Match[str]) -> Moment | None:
    part = match.groupdict()
    name = part.get("month") or ""
    # In lower case and alone it is a verb.
    if name == "may" and not part.get("day") and not part.get("year"):
        return None
    month = int(part["digits"]) if part.get("digits") else month_of(name)
    day = int(part.get("day") or 0)
    if not (1 <= month <= 12 and day <= 31):
        return None
    start = match.start()
    bound = _BOUND.search(text, max(0, start - _LOOK_BACK), start)
    told = bound.lastgroup or "" if bound else ""
    return Moment(int(part.get("year") or 0), month, day, told, start, match.end())
