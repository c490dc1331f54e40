"""Quantities: the numbers of a text, however they are spelled, as the range that they allow.

`1,000`, `1e3`, `one thousand` and `1 thousand` are one number; `more than 5` is everything above 5,
`about 100` is 90 to 110, `the 1980s` are ten years. English words and Latin digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from pytest_litmus.evaluators.said import lower_case

_UNITS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NTH = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
"""
_BY_TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
_ORDINALS = {word: value for value, word in enumerate(_NTH.split(), 1)} | {
    word.removesuffix("y") + "ieth": value for word, value in _BY_TENS.items()
}
_SMALL = (
    {word: value for value, word in enumerate(_UNITS.split())}
    | _BY_TENS
    | _ORDINALS
    | {"dozen": 12}
)
_SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_LETTERS = {"k", "m", "mn", "bn"}
"""Scales that stand right behind the digits: `5k`, not `5 m`."""
_LONG_SCALES = _SCALES.keys() - _LETTERS
_NUMBER_WORDS = {*_SMALL, *_LONG_SCALES, *(f"{scale}s" for scale in _LONG_SCALES)}


def _one_of(words: Iterable[str]) -> str:
    """A pattern of whole words that skips a text from first letter to first letter."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, reverse=True):
        by_letter.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"{letter}(?<![a-z]{letter})(?:{'|'.join(ends)})(?![a-z])"
        for letter, ends in by_letter.items()
    )


_NUMBER_WORD = re.compile(_one_of(_NUMBER_WORDS))
_AND = re.compile(r"\W{0,3}and\W{0,3}", re.IGNORECASE)
_NUMERAL = re.compile(
    # A number in a name (`COVID-19`, `F1`) is none of its own.
    r"(?<![^\W\d_])(?<![^\W\d_]-)(?<!\d)"
    r"(?P<sign>(?<![\w.,)])[-\N{MINUS SIGN}])?(?P<money>[$€£¥₹]\s?)?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<exponent>e[+-]?\d{1,3}(?!\w))?"
    r"(?P<tail>(?:st|nd|rd|th|s|'s|k|mn?|bn)(?![^\W_]))?",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"[\s-]{0,3}([a-z]+)", re.IGNORECASE)
_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_MONEY = re.compile(r"\s?(?:dollars?|euros?|pounds?|usd|eur|gbp|yen|rupees?)\b", re.IGNORECASE)

_BOUND = re.compile(
    r"(?:\b(?:"
    r"(?P<from>at least|a minimum of|minimum|no (?:less|fewer) than)|"
    r"(?P<to>at most|up to|no more than|a maximum of|maximum)|"
    r"(?P<above>more than|over|above|exceed(?:s|ed|ing)?|greater than|upwards? of|beyond|"
    r"past|(?:high|larg|old|long)er than|surpass(?:es|ed|ing)?)|"
    r"(?P<below>(?:less|fewer) than|under|below|(?:low|small|young|short)er than|nearly|"
    r"almost|just short of)|"
    r"(?P<since>since)|(?P<until>until|by)|(?P<after>after)|(?P<before>before|prior to)|"
    r"(?P<about>about|around|approximately|approx|roughly|circa|some|c|near|an estimated))|"
    r"(?P<more>>)|(?P<less><)|(?P<roughly>~))\W{0,3}$"
)
_IN_TIME = {"since": "from", "until": "to", "after": "above", "before": "below"}
"""Words that bound a year, and what they say of it."""
_CENTURY = re.compile(r"[\s-]centur(?:y|ies)\b", re.IGNORECASE)
_SEASON = re.compile(r"(?<!\d)([12]\d)\d\d[-\N{EN DASH}/]$")
"""What stands before the second year of `2018-19`."""
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
"""Between which four digits in a row are a year, as far as one can tell."""
_NEARLY = 0.1
"""How far `about` reaches, as a share: a convention of ours."""
_CLOSE = 3
"""Characters between two words of one number."""
_LOOK_BACK = 24
"""Characters before a number in which a word such as `more than` is looked for."""


class Quantity(NamedTuple):
    """A number in a text, and what it allows."""

    value: float
    low: float
    high: float
    kind: str
    """`plain`, `percent`, `money`, `year`, `ordinal`."""
    start: int
    end: int

    @property
    def open_ended(self) -> bool:
        """Whether it is a bound: `more than 5`."""
        return math.isinf(self.low) or math.isinf(self.high)

    @property
    def exact(self) -> bool:
        """Whether it allows itself alone."""
        return self.low == self.high

    def follows_from(self, other: Quantity) -> bool:
        """Whether this is so where the other is: `over 50` follows from 60, and from `about 60`."""
        if other.open_ended:
            return self.low <= other.low and other.high <= self.high
        return self.low <= other.value <= self.high or (
            self.exact and other.low <= self.value <= other.high
        )

    def comparable(self, other: Quantity) -> bool:
        """Whether one may speak of the other: both are years, both percentages, ...

        A plain number may be any of them (`4 July` and `July 4th`), but no small one is a year.
        """
        kinds = {self.kind, other.kind}
        if "year" in kinds and min(self.value, other.value) < _FIRST_YEAR:
            return False
        return len(kinds) == 1 or "plain" in kinds


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text in its order."""
    numerals = [_numeral(text, match) for match in _NUMERAL.finditer(text)]
    # The scale behind digits (`5 million`) is no number of its own.
    ends = {one.end for one in numerals}
    spelled = [one for one in _spelled(text) if one.end not in ends]
    found = [one for one in (*numerals, *spelled) if math.isfinite(one.value)]
    return sorted(found, key=lambda one: one.start)


def _numeral(text: str, match: re.Match[str]) -> Quantity:
    value = float(match["digits"].replace(",", "") + (match["exponent"] or ""))
    tail, end = (match["tail"] or "").lower(), match.end()
    if tail in _LETTERS:
        value *= _SCALES[tail]
    else:
        value, end = _scaled(text, value, end)
    kind, end = _kind(text, match, value, end)
    season = _SEASON.search(text, max(0, match.start() - 5), match.start())
    if season and kind == "plain" and re.fullmatch(r"\d\d", match["digits"]):
        value, kind = float(season[1] + match["digits"]), "year"
    value = -value if match["sign"] else value
    return _allowed(text, value, kind, match.start(), end, tail)


def _scaled(text: str, value: float, end: int) -> tuple[float, int]:
    word = _NEXT_WORD.match(text, end)
    if word and (scale := word[1].lower().removesuffix("s")) in _LONG_SCALES:
        return value * _SCALES[scale], word.end()
    return value, end


def _kind(text: str, match: re.Match[str], value: float, end: int) -> tuple[str, int]:
    if percent := _PERCENT.match(text, end):
        return "percent", percent.end()
    if match["money"]:
        return "money", end
    if money := _MONEY.match(text, end):
        return "money", money.end()
    tail = (match["tail"] or "").lower()
    if tail in {"st", "nd", "rd", "th"}:
        return "ordinal", end
    year = (
        len(match["digits"]) == 4
        and match["digits"].isdigit()
        and _FIRST_YEAR <= value <= _LAST_YEAR
    )
    return ("year" if year and end in (match.end(), match.end("digits")) else "plain"), end


def _allowed(text: str, value: float, kind: str, start: int, end: int, tail: str) -> Quantity:
    before = text[max(0, start - _LOOK_BACK) : start].lower()
    low = high = value
    if kind == "ordinal" and (century := _CENTURY.match(text, end)) and 10 <= value <= 22:
        low = value = 100 * (value - 1)
        kind, high, end = "year", low + 99, century.end()
    if tail in {"s", "'s"} and kind == "year":
        high = value + (99 if value % 100 == 0 else 9)
    bound = _BOUND.search(before)
    if bound:
        low, high = _bounded(bound.lastgroup or "", low, high, kind)
    return Quantity(value, low, high, kind, start, end)


def _bounded(word: str, low: float, high: float, kind: str) -> tuple[float, float]:
    if word in _IN_TIME:
        if kind != "year":
            # `grew by 5`, `after 43 reviews` bound no number.
            return low, high
        word = _IN_TIME[word]
    if word == "from":
        return low, math.inf
    if word in {"above", "more"}:
        return high + math.ulp(high), math.inf
    if word in {"below", "less"}:
        return -math.inf, low - math.ulp(low)
    if kind == "year":
        # `by 1990`, `about 1990`: of years people mean the year.
        return low, high
    if word == "to":
        return -math.inf, high
    return low - abs(low) * _NEARLY, high + abs(high) * _NEARLY


def _spelled(text: str) -> list[Quantity]:
    """The numbers in words: `twenty-three`, `one thousand two hundred and five`, `a million`."""
    found: list[Quantity] = []
    run: list[re.Match[str]] = []
    for word in _NUMBER_WORD.finditer(lower_case(text)):
        if run and not _goes_on(text, run[-1], word):
            found.append(_of_words(text, run))
            run = []
        run.append(word)
    return [*found, _of_words(text, run)] if run else found


def _goes_on(text: str, last: re.Match[str], word: re.Match[str]) -> bool:
    """Whether two words are of one number: `twenty-three`, `two hundred and five`."""
    if word.start() - last.end() <= _CLOSE:
        return True
    return last[0] in _SCALES and bool(_AND.fullmatch(text, last.end(), word.start()))


def _of_words(text: str, run: list[re.Match[str]]) -> Quantity:
    total = part = 0.0
    for lower in (word[0] for word in run):
        scale = _SCALES.get(lower.removesuffix("s"), 0.0)
        if lower in _SMALL:
            part += _SMALL[lower]
        elif scale == 100:
            part = (part or 1) * scale
        elif scale:
            total, part = total + (part or 1) * scale, 0.0
    last = run[-1]
    start, end = run[0].start(), last.end()
    percent = _PERCENT.match(text, end)
    money = None if percent else _MONEY.match(text, end)
    kind = "percent" if percent else "money" if money else "plain"
    if last[0] in _ORDINALS:
        kind = "ordinal"
    after = percent or money
    if len(run) == 1 and last[0].removesuffix("s") in _SCALES and last[0].endswith("s"):
        # `millions` of them.
        value = total + part
        return Quantity(value, value, value * 1_000 - 1, kind, start, end)
    return _allowed(text, total + part, kind, start, after.end() if after else end, "")
