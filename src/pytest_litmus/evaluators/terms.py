"""Terms: the words of a text, each with its place, its stem and how much it carries.

Stems are made by a few endings, not by Porter's rules in full: they are compared, never shown.
Words that mean the same (`english.SAME`) have one stem.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from pytest_litmus.evaluators.english import FUNCTION_WORDS, IRREGULAR, NEGATIONS, OPPOSITES, SAME

_TERM = re.compile(
    r"\d+(?:[.,]\d+)*"
    # Scripts without spaces between words: a letter is a term.
    r"|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    r"|(?:[a-z]\.){2,}"
    # `isn't`, and `is n't` as treebanks write it.
    r"|[a-z]{0,6}n['\N{RIGHT SINGLE QUOTATION MARK}]t\b"
    r"|[^\W\d_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+\d*",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"([bdfgklmnprt])\1$")
_VOWELS = frozenset("aeiouy")
_RARE = 10_000
"""The rank of a word that is not among the common ones."""
_FLAT = 12
"""Ranks below this weigh alike."""


class Term(NamedTuple):
    """A word in a text."""

    text: str
    stem: str
    weight: float
    """How much it carries, in [0, 1]: nearly nothing for `the`, 1 for a name or a number."""
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Whether it says something by itself."""
        return self.weight >= _CONTENT


_new = tuple.__new__
_CONTENT = 0.2
_FUNCTION = 0.05


def terms(text: str) -> list[Term]:
    """The words and numbers of a text, in its order."""
    # A named tuple's own constructor takes twice as long, and evaluators spend theirs here.
    return [
        _new(Term, (match[0], *_known(match[0]), *match.span())) for match in _TERM.finditer(text)
    ]


@lru_cache(maxsize=20_000)
def _known(word: str) -> tuple[str, float]:
    lower = plain_letters(word)
    if lower[0].isdigit():
        return lower.replace(",", ""), 1.0
    stem = same_as(lower)
    little = lower in FUNCTION_WORDS or lower in NEGATIONS
    return stem, (_FUNCTION if little else weight_of(lower))


def plain_letters(word: str) -> str:
    """The word in lower case, without accents."""
    word = word.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    if word.isascii():
        return word.lower()
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in split if not unicodedata.combining(c)) or word


def same_as(word: str) -> str:
    """The stem of a word, or of the first of those that mean the same."""
    stem = stemmed(word)
    return _groups().get(stem, stem)


@lru_cache(maxsize=20_000)
def stemmed(word: str) -> str:
    """What the forms of a word have in common: `carries`, `carried`, `carrying` are `carri`."""
    word = _irregular().get(word, word).removesuffix(".")
    if len(word) < 4:
        return word
    return _without_e(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed", "ly"):
        left = word.removesuffix(ending)
        if left != word and len(left) >= 3 and not _VOWELS.isdisjoint(left):
            return left if ending == "ly" else _DOUBLED.sub(r"\1", left)
    return word


def _without_e(word: str) -> str:
    if word.endswith("y") and len(word) > 3:
        return word[:-1] + "i"
    return word.removesuffix("e") if len(word) > 3 else word


def weight_of(word: str) -> float:
    """How much a word carries, by its rank among common words (Zipf: idf grows as log rank)."""
    rank = min(_ranks().get(word, _RARE), _ranks().get(stemmed(word), _RARE))
    return math.log(max(rank, _FLAT) / _FLAT) / math.log(_RARE / _FLAT)


def opposite(stem: str) -> frozenset[str]:
    """The stems that contradict a stem."""
    return _opposites().get(stem, frozenset())


@cache
def _irregular() -> dict[str, str]:
    lines = [line.split() for line in IRREGULAR.split("\n") if line]
    return {form: line[0] for line in lines for form in line[1:]}


@cache
def _groups() -> dict[str, str]:
    groups: dict[str, str] = {}
    for line in filter(None, SAME.split("\n")):
        stems = [stemmed(word) for word in line.split()]
        first = next((groups[stem] for stem in stems if stem in groups), stems[0])
        groups |= dict.fromkeys(stems, first)
    return groups


@cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in filter(None, OPPOSITES.split("\n")):
        one, other = (same_as(word) for word in line.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {stem: frozenset(others) for stem, others in found.items()}


@cache
def _ranks() -> dict[str, int]:
    raw = Path(__file__).with_name("common_words.json").read_text(encoding="utf-8")
    ranks: dict[str, int] = {}
    for rank, word in enumerate(json.loads(raw)["words"].split()):
        ranks.setdefault(word, rank)
        ranks.setdefault(stemmed(word), rank)
    return ranks
