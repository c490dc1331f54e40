"""Passages: sentences of a claim or a context, read: their words, names, numbers and dates."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from pytest_litmus.evaluators.claims import sentences
from pytest_litmus.evaluators.english import FIRST_PERSON, NEGATIONS
from pytest_litmus.evaluators.kinds import kind_of
from pytest_litmus.evaluators.moments import Moment, moments
from pytest_litmus.evaluators.naming import Run, runs
from pytest_litmus.evaluators.quantities import Quantity, quantities
from pytest_litmus.evaluators.terms import Term, plain_letters, terms

PREFIX = 5
"""Letters that two words of one family share at least: `certify` and `certification`."""
FAMILY = 0.7
"""What a word of the same family counts, where the word itself is missing."""
_SAID = 0.4
"""What a word counts that another says as well: `performer` where the context has `actor`."""
_BOUNDS = frozenset(["more", "less", "fewer", "later", "longer", "only", "until", "just"])
_PRONOUNS = frozenset(["he", "she", "it", "they", "his", "her", "its", "their", "him", "them"])
_POINTING = frozenset(["the", "this", "these", "both"])
_REACH = 5
"""Words behind a negation among which the one is that it denies."""
_UNIT = 3
"""Words behind a number that may tell what it counts."""
_SEARCHED = 64
"""Sentences that a word may point to; a word that is in more of them points nowhere."""
_MOST = 100
"""Dates, and numbers that count one thing, that are looked at."""
_NEIGHBOURS = 4
"""Numbers to either side of one, by size, that it is compared with."""


@dataclass(frozen=True)
class Passage:
    """A sentence, read; or all of a context."""

    text: str
    terms: list[Term]
    parts: tuple[Passage, ...] = ()
    """The sentences of a context; places in all of it are those in its sentences."""

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Its numbers, by value; read when they are asked for, since most claims have none."""
        found = [one for part in self.parts for one in part.quantities]
        return sorted(found if self.parts else quantities(self.text), key=_value)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its words."""
        return frozenset(term.stem for term in self.terms)

    @cached_property
    def families(self) -> frozenset[str]:
        """The beginnings of its longer words."""
        return frozenset(stem[:PREFIX] for stem in self.stems if len(stem) > PREFIX)

    @cached_property
    def said(self) -> frozenset[str]:
        """What its words say as well."""
        return frozenset().union(*(kind_of(stem).said for stem in self.stems))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, ...]]:
        """Its neighbouring words."""
        return frozenset(neighbours(self.terms))

    @cached_property
    def pair_places(self) -> dict[tuple[str, ...], list[int]]:
        """Where the first of two neighbouring words stands, in words."""
        found: dict[tuple[str, ...], list[int]] = {}
        for place, pair in enumerate(neighbours(self.terms)):
            found.setdefault(pair, []).append(place)
        return found

    @cached_property
    def runs(self) -> list[Run]:
        """Its names."""
        return runs(self.text, self.terms)

    @cached_property
    def moments(self) -> list[Moment]:
        """Its dates."""
        found = [one for part in self.parts for one in part.moments]
        return found[:_MOST] if self.parts else moments(self.text)[:_MOST]

    @cached_property
    def denied(self) -> frozenset[str]:
        """The beginnings of the words that a negation stands before."""
        return frozenset(
            term.stem[:PREFIX]
            for place, word in enumerate(self.terms)
            if _negates(word.text) and not self._bounds(place + 1)
            for term in [t for t in self.terms[place + 1 : place + _REACH] if t.content][:1]
        )

    def _bounds(self, place: int) -> bool:
        """Whether a negation before a word is a bound, as in `no more than 5`, `not until 1945`."""
        return any(term.text.lower() in _BOUNDS for term in self.terms[place : place + 1])

    @cached_property
    def first_person(self) -> bool:
        """Whether its speaker tells of himself."""
        return any(term.text.lower() in FIRST_PERSON for term in self.terms)

    @cached_property
    def refers(self) -> bool:
        """Whether it speaks of something that was named before: `he`, `it`, `the film`."""
        words = [term.text.lower() for term in self.terms]
        return not _POINTING.isdisjoint(words[:1]) or not _PRONOUNS.isdisjoint(words)

    @cached_property
    def values(self) -> list[float]:
        """Those of its numbers."""
        return [one.value for one in self.quantities]

    @cached_property
    def counted(self) -> dict[str, list[Quantity]]:
        """What its numbers count, with those that count it; no more than are looked at."""
        found: defaultdict[str, list[Quantity]] = defaultdict(list)
        for part in self.parts or (self,):
            for one in part.quantities:
                for unit in part.units(one):
                    if len(found[unit]) < _MOST:
                        found[unit].append(one)
        return found

    def units(self, number: Quantity) -> list[str]:
        """What one of its numbers counts: the words of content behind it, or the one before."""
        place = bisect_left(self.terms, number.end, key=_start)
        after = [term.stem for term in self._joined(place, number.end) if _word(term)]
        place = bisect_left(self.terms, number.start, key=_start)
        return after or [term.stem for term in self.terms[max(0, place - 1) : place] if _word(term)]

    def _joined(self, place: int, end: int) -> Iterator[Term]:
        """The next few words, as long as no sign stands between."""
        for term in self.terms[place : place + _UNIT]:
            between = self.text[end : term.start]
            if not (between.isspace() or between == "-"):
                return
            yield term
            end = term.end

    def holds(self, term: Term) -> float:
        """1 for its word, less for one of the same family or one that says it too, else 0."""
        if term.stem in self.stems:
            return 1.0
        if len(term.stem) > PREFIX and term.stem[:PREFIX] in self.families:
            return FAMILY
        return _SAID if term.stem in self.said else 0.0

    def near(self, number: Quantity) -> list[Quantity]:
        """Its numbers of like kind that are next to one in size, nearest first."""
        place = bisect_left(self.values, number.value)
        close = self.quantities[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
        fit = (one for one in close if number.comparable(one))
        return sorted(fit, key=lambda one: abs(one.value - number.value))


@dataclass(frozen=True)
class Context:
    """What an answer must be borne out by."""

    whole: Passage

    @property
    def parts(self) -> tuple[Passage, ...]:
        """Its sentences."""
        return self.whole.parts

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """In which parts each word of content is."""
        found: dict[str, list[int]] = {}
        for number, part in enumerate(self.parts):
            for stem in {term.stem for term in part.terms if term.content}:
                found.setdefault(stem, []).append(number)
        return found

    @cached_property
    def cased(self) -> bool:
        """Whether it writes names with capitals."""
        return any(term.text[0].isupper() for term in self.whole.terms)

    def nearest(self, wanted: Iterable[Term]) -> Passage:
        """The part that has most of the words, by weight; an empty one if none has any."""
        hits: defaultdict[int, float] = defaultdict(float)
        for term in wanted:
            places = self.places.get(term.stem, [])
            if len(places) <= max(_SEARCHED, len(self.parts) // 2):
                for number in places[:_SEARCHED]:
                    hits[number] += term.weight
        return self.parts[max(hits, key=lambda n: (hits[n], -n))] if hits else _EMPTY


_EMPTY = Passage("", [])


@lru_cache(maxsize=64)
def context_of(*texts: str) -> Context:
    """The sentences of a context; the last few are kept, because tests repeat them."""
    parts = tuple(passage_of(one.text) for text in texts for one in sentences(text))
    whole = Passage("\n".join(texts), [term for part in parts for term in part.terms], parts)
    return Context(whole)


def passage_of(text: str) -> Passage:
    """A sentence, read."""
    return Passage(text, terms(text))


def neighbours(of: Sequence[Term]) -> Iterator[tuple[str, ...]]:
    """The stems of words that follow on each other."""
    return pairwise([term.stem for term in of])


@lru_cache(maxsize=20_000)
def _negates(word: str) -> bool:
    return plain_letters(word) in NEGATIONS


def _value(number: Quantity) -> float:
    return number.value


def _start(term: Term) -> int:
    return term.start


def _word(term: Term) -> bool:
    return term.content and not term.text[0].isdigit()
