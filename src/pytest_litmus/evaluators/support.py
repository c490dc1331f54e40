"""Support: what speaks for and against a sentence in a context, in numbers that can be weighed.

Looked at is what people name when they say why a claim is not attributable to its source: words,
names and numbers that the source lacks, a negation or an opposite, a stronger claim (`only`,
`always`), the speaker's own opinion (https://arxiv.org/abs/2105.00071, section 3).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from pytest_litmus.evaluators.claims import Sentence, sentences
from pytest_litmus.evaluators.english import FIRST_PERSON, NEGATIONS, STRICT
from pytest_litmus.evaluators.quantities import Quantity, quantities
from pytest_litmus.evaluators.terms import Term, opposite, plain_letters, terms

_PREFIX = 5
"""Letters that two words of one family share at least: `certify` and `certification`."""
_BOUNDS = frozenset(["more", "less", "fewer", "later", "longer", "only", "until", "just"])
_REACH = 5
"""Words behind a negation among which the one is that it denies."""
_FAMILY = 0.7
"""What a word of the same family counts, where the word itself is missing."""
_SEARCHED = 64
"""Sentences that a word may point to; a word that is in more of them points nowhere."""
_NEIGHBOURS = 4
"""Numbers to either side of one, by size, that it is compared with."""
_LONG, _HEAVY = 5, 4.0
"""Where a run of missing words is as long, or weighs as much, as makes a difference."""


class Signs(NamedTuple):
    """How a sentence stands to its context; each is 0 for well borne out, except `agreeing`."""

    missing: float
    """The share of its content, by weight, that is not in the context."""
    missing_names: float
    """Capitalised words that are not there: none, one, more."""
    unknown_words: float
    """The share of all its words that are not there, small ones as well."""
    new_pairs: float
    """The share of its neighbouring words that are not neighbours there."""
    longest_gap: float
    """Words that follow on each other and are not there, the longest run."""
    heaviest_gap: float
    """Likewise, by weight."""
    other_numbers: float
    """Numbers that the context has otherwise."""
    new_numbers: float
    """Numbers where the context has none to compare with."""
    agreeing: float
    """Numbers that the context has, or that follow from it."""
    negated: float
    """It denies what the nearest sentence says, or says what that denies."""
    opposite: float
    """It has the opposite of a word of the nearest sentence."""
    stronger: float
    """`only`, `all`, superlatives that the nearest sentence lacks."""
    first_person: float
    """The speaker tells of himself."""
    question: float
    """It asks."""
    opening: float
    """The share that stands before what it says: `Yes, I think that`."""


@dataclass(frozen=True)
class Passage:
    """A sentence, read; or all of a context."""

    text: str
    terms: list[Term]
    quantities: list[Quantity]
    """By value."""

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its words."""
        return frozenset(term.stem for term in self.terms)

    @cached_property
    def families(self) -> frozenset[str]:
        """The beginnings of its longer words."""
        return frozenset(stem[:_PREFIX] for stem in self.stems if len(stem) > _PREFIX)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Its neighbouring words."""
        return frozenset(_pairs(self.terms))

    @cached_property
    def denied(self) -> frozenset[str]:
        """The beginnings of the words that a negation stands before."""
        return frozenset(
            term.stem[:_PREFIX]
            for place, word in enumerate(self.terms)
            if plain_letters(word.text) in NEGATIONS and not self._bounds(place + 1)
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
    def values(self) -> list[float]:
        """Those of its numbers."""
        return [one.value for one in self.quantities]

    def holds(self, term: Term) -> float:
        """1 for its word, less for one of the same family, else 0."""
        if term.stem in self.stems:
            return 1.0
        near = len(term.stem) > _PREFIX and term.stem[:_PREFIX] in self.families
        return _FAMILY if near else 0.0

    def near(self, number: Quantity) -> Iterator[Quantity]:
        """Its numbers of like kind that are next to one in size, nearest first."""
        place = bisect_left(self.values, number.value)
        close = self.quantities[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
        fit = (one for one in close if number.comparable(one))
        return iter(sorted(fit, key=lambda one: abs(one.value - number.value)))


@dataclass(frozen=True)
class Context:
    """What an answer must be borne out by."""

    whole: Passage
    parts: tuple[Passage, ...]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """In which parts each word of content is."""
        found: dict[str, list[int]] = {}
        for number, part in enumerate(self.parts):
            for term in part.terms:
                if term.content and number not in (known := found.setdefault(term.stem, []))[-1:]:
                    known.append(number)
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


_EMPTY = Passage("", [], [])


@lru_cache(maxsize=16)
def context_of(*texts: str) -> Context:
    """The sentences of a context; the last few are kept, because tests repeat them."""
    parts = tuple(_passage(one.text) for text in texts for one in sentences(text))
    numbers = sorted((one for part in parts for one in part.quantities), key=lambda q: q.value)
    whole = Passage("\n".join(texts), [term for part in parts for term in part.terms], numbers)
    return Context(whole, parts)


@dataclass(frozen=True)
class Finding:
    """How a sentence stands to a context, and what in it speaks against it."""

    sentence: Sentence
    context: Context
    by_meaning: Passage | None = None
    """The nearest part, where something other than words has found it."""

    @cached_property
    def claim(self) -> Passage:
        """What the sentence says, after its opening."""
        return _passage(self.sentence.text[self.sentence.said - self.sentence.start :])

    @cached_property
    def nearest(self) -> Passage:
        """The part of the context that has most of its words."""
        return self.by_meaning or self.context.nearest(
            term for term in self.claim.terms if term.content
        )

    @cached_property
    def numbers(self) -> dict[str, list[Quantity]]:
        """Its numbers: `agreeing` with the context, `other` than there, or `new`."""
        found: dict[str, list[Quantity]] = {"agreeing": [], "other": [], "new": []}
        for number in self.claim.quantities:
            # `one of them` and `first` count nothing.
            if not (number.kind in {"plain", "ordinal"} and abs(number.value) <= 1):
                found[_agreement(number, self.nearest, self.context.whole)].append(number)
        return found

    @cached_property
    def content(self) -> list[tuple[Term, float]]:
        """Its words of content, with how far the context has each; wrong numbers apart."""
        right = _characters(self.numbers["agreeing"])
        wrong = _characters([*self.numbers["other"], *self.numbers["new"]])
        return [
            (term, 1.0 if term.start in right else self.context.whole.holds(term))
            for term in self.claim.terms
            if term.content and term.start not in wrong
        ]

    @cached_property
    def names(self) -> list[str]:
        """Names that are not in the context, where that writes names with capitals."""
        return [
            term.text
            for term, held in self.content
            if not held and term.start and term.text[0].isupper() and self.context.cased
        ]

    @cached_property
    def opposites(self) -> list[str]:
        """Words whose opposite is in the nearest part, and they are not."""
        stems = self.nearest.stems
        return [
            term.text
            for term in self.claim.terms
            if term.stem not in stems and not opposite(term.stem).isdisjoint(stems)
        ]

    @cached_property
    def stronger(self) -> list[str]:
        """Words that claim more than the nearest part does."""
        stems = self.nearest.stems
        return [term.text for term in self.claim.terms if _strict(term) and term.stem not in stems]

    @cached_property
    def negated(self) -> list[str]:
        """Words that it denies and the nearest part does not, or the other way round."""
        here, there = self.claim.denied, self.nearest.denied
        return [
            term.text
            for term in self.claim.terms
            if term.content and (term.stem[:_PREFIX] in here) != (term.stem[:_PREFIX] in there)
        ]

    @property
    def signs(self) -> Signs:
        """All of it in numbers."""
        claim, whole = self.claim, self.context.whole
        gap, weight = _gaps(self.content)
        return Signs(
            missing=_missing(self.content),
            missing_names=_upto(2, self.names),
            unknown_words=_share(term.stem not in whole.stems for term in claim.terms),
            new_pairs=_share(pair not in whole.pairs for pair in _pairs(claim.terms)),
            longest_gap=min(gap, _LONG) / _LONG,
            heaviest_gap=min(weight, _HEAVY) / _HEAVY,
            other_numbers=_upto(2, self.numbers["other"]),
            new_numbers=_upto(2, self.numbers["new"]),
            agreeing=_upto(2, self.numbers["agreeing"]),
            negated=_upto(1, self.negated),
            opposite=_upto(1, self.opposites),
            stronger=_upto(2, self.stronger),
            first_person=float(claim.first_person and not whole.first_person),
            question=float(self.sentence.kind == "question"),
            opening=(self.sentence.said - self.sentence.start) / len(self.sentence.text),
        )

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Rule and text of what speaks against it, gravest first."""
        text = self.claim.text
        found = [
            *(("other-number", text[one.start : one.end]) for one in self.numbers["other"]),
            *(("new-number", text[one.start : one.end]) for one in self.numbers["new"]),
            *(("new-name", name) for name in self.names),
            *(("opposite", word) for word in self.opposites),
            *(("negation", word) for word in self.negated),
            *(("stronger", word) for word in self.stronger),
        ]
        told = {word for _, word in found}
        new = [term.text for term, held in self.content if not held and term.text not in told]
        found += [("new-word", word) for word in new]
        return found or [(self._manner, "")]

    @property
    def _manner(self) -> str:
        if self.sentence.kind == "question":
            return "question"
        return "own-view" if self.claim.first_person else "loose"


def _passage(text: str) -> Passage:
    return Passage(text, terms(text), sorted(quantities(text), key=lambda one: one.value))


def _agreement(number: Quantity, nearest: Passage, whole: Passage) -> str:
    if any(_follows(number, passage) for passage in (nearest, whole)):
        return "agreeing"
    return "other" if next(nearest.near(number), None) else "new"


def _follows(number: Quantity, passage: Passage) -> bool:
    near = passage.near(number)
    if number.open_ended:
        # `more than 5` is about the number next to 5, not about any that is larger.
        return any(number.follows_from(one) for one in [*near][:1])
    return any(number.follows_from(one) for one in near)


def _characters(numbers: Iterable[Quantity]) -> set[int]:
    return {place for one in numbers for place in range(one.start, one.end)}


def _strict(term: Term) -> bool:
    word = term.text.lower()
    return word in STRICT or (len(word) > 4 and word.endswith("est"))


def _missing(content: Sequence[tuple[Term, float]]) -> float:
    weight = sum(term.weight for term, _ in content)
    return 1 - sum(term.weight * held for term, held in content) / weight if weight else 0.0


def _gaps(content: Sequence[tuple[Term, float]]) -> tuple[int, float]:
    """The longest run of words that are not there, and the heaviest."""
    longest, heaviest = 0, 0.0
    run, weight = 0, 0.0
    for term, held in content:
        run, weight = (0, 0.0) if held >= _FAMILY else (run + 1, weight + term.weight)
        longest, heaviest = max(longest, run), max(heaviest, weight)
    return longest, heaviest


def _pairs(of: Sequence[Term]) -> Iterator[tuple[str, str]]:
    return pairwise(term.stem for term in of)


def _share(found: Iterable[bool]) -> float:
    every = list(found)
    return sum(every) / len(every) if every else 0.0


def _upto(most: int, found: Sequence[object]) -> float:
    return min(most, len(found)) / most
