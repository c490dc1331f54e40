"""Piecemeal: a secret that is told in pieces: by first letters, letters apart, halves apart.

How long a secret must be follows from chance: two letters of English are the same with 0.065
(https://en.wikipedia.org/wiki/Index_of_coincidence), so that seven in a row of a thousand words'
first letters are met in one text of some 100,000.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pytest_litmus.evaluators.disguises import folded, unfolded
from pytest_litmus.evaluators.said import lower_case
from pytest_litmus.evaluators.terms import weight_of

_LINES = re.compile(r"^[^\w\n]{0,12}([^\W_])", re.MULTILINE)
_SENTENCES = re.compile(r"(?:^|[.!?]\s{1,3})[^\w\n]{0,3}([^\W_])", re.MULTILINE)
_WORDS = re.compile(r"(?<![^\W_])([^\W_])")
_SINGLE = re.compile(r"(?<![^\W_])([^\W_])(?![^\W_])")
_NUMBERED = re.compile(r"(?<![^\W_])(?:letter |character )?\d{1,3}[.):](?=\s)", re.IGNORECASE)
_LEAST = 7
"""Letters from which on they are not met by chance in any order of a text."""
_ORDERS = (
    ("letters one by one", _SINGLE, 4),
    ("first letters of lines", _LINES, 5),
    ("first letters of sentences", _SENTENCES, 6),
    ("first letters", _WORDS, _LEAST),
)
"""Each with the letters from which on it is no chance: the fewer a text has, the fewer suffice."""
_STRIDES = (2, 3)
_LEAST_HALF = 3
_APART = 120
"""Characters between two halves, or before one, in which it is said what they are."""
_BEGINS = re.compile(
    r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|first (?:half|part|\w{1,9} (?:letters|characters)))"
    r"\b[^.\n]{0,20}$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:end(?:s|ing)?|finish(?:es)?|(?:last|second|other) (?:half|part)|"
    r"last \w{1,9} (?:letters|characters))\b[^.\n]{0,20}$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^[\"'`]{0,2}\s{0,3}(?:\+|&|\.\.|then|followed by|and then)", re.IGNORECASE)
_COMMON = 0.98


class Place(NamedTuple):
    """Where a secret is told, and how."""

    rule: str
    start: int
    end: int


def piecemeal(text: str, secret: str) -> Place | None:
    """The first way in which a text tells a secret in pieces."""
    needle = folded(secret)
    places = (*_by_letters(text, needle), *_in_halves(text, needle))
    return next(iter(places), None)


def _by_letters(text: str, needle: str) -> Iterator[Place]:
    for (rule, pattern, least), (bare, letters) in zip(_ORDERS, _letters(text), strict=True):
        if len(needle) >= least and needle in letters:
            starts = [match.start(1) for match in pattern.finditer(bare) for _ in folded(match[1])]
            at = letters.index(needle)
            yield Place(rule, starts[at], starts[at + len(needle) - 1] + 1)
    if len(needle) >= _LEAST:
        yield from _strided(text, needle)


@lru_cache(maxsize=4)
def _letters(text: str) -> tuple[tuple[str, str], ...]:
    """For each order of letters the text that they are taken from, and what they say together."""
    bare = _NUMBERED.sub(lambda match: " " * len(match[0]), text)
    return tuple((bare, folded("".join(pattern.findall(bare)))) for _, pattern, _ in _ORDERS)


def _strided(text: str, needle: str) -> Iterator[Place]:
    """Every second or third letter, whatever is between them."""
    whole = folded(text)
    for stride in _STRIDES:
        for first in range(stride):
            at = whole[first::stride].find(needle)
            if at >= 0:
                start = first + at * stride
                end = start + (len(needle) - 1) * stride + 1
                yield Place(f"every letter of {stride}", *unfolded(text, start, end))


def _in_halves(text: str, needle: str) -> Iterator[Place]:
    """Two parts apart that are all of it, or one of which it is said that it begins or ends so."""
    lower = lower_case(text)
    for size in range(_LEAST_HALF, len(needle) - _LEAST_HALF + 1):
        tail = needle[size:]
        for start, end in _alone(lower, needle[:size]):
            for then, last in _alone(lower, tail, end):
                if then - end <= _APART and _told_apart(lower, (start, end), (then, last)):
                    yield Place("halves", start, last)
    for size in range(max(_LEAST_HALF, (len(needle) + 1) // 2), len(needle)):
        yield from _told_as("beginning", _BEGINS, lower, needle[:size])
        yield from _told_as("end", _ENDS, lower, needle[-size:])


def _told_as(rule: str, said: re.Pattern[str], lower: str, part: str) -> Iterator[Place]:
    for start, end in _alone(lower, part):
        if said.search(lower[max(0, start - _APART) : start]):
            yield Place(rule, start, end)


def _alone(lower: str, part: str, since: int = 0) -> Iterator[tuple[int, int]]:
    """The first few places where a part stands by itself."""
    at = lower.find(part, since)
    for _ in range(8):
        if at < 0:
            return
        end = at + len(part)
        if not (lower[at - 1 : at].isalnum() or lower[end : end + 1].isalnum()):
            yield at, end
        at = lower.find(part, at + 1)


def _told_apart(lower: str, head: tuple[int, int], tail: tuple[int, int]) -> bool:
    """Whether two parts are parts of one thing, and not two words that people say anyway."""
    between = lower[head[1] : tail[0]]
    if _ENDS.search(between) or _JOINED.match(between):
        return True
    return all(weight_of(lower[start:end]) >= _COMMON for start, end in (head, tail)) and any(
        char.isalnum() for char in between
    )
