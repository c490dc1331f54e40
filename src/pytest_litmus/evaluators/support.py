"""Support: what speaks for and against a sentence in a context, in numbers that can be weighed.

Looked at is what people name when they say why a claim is not attributable to its source: words,
names, numbers and dates that the source lacks or has otherwise, a negation or an opposite, a
stronger claim (`only`, `always`), the speaker's own opinion (https://arxiv.org/abs/2105.00071,
section 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from pytest_litmus.evaluators.claims import Sentence
from pytest_litmus.evaluators.english import STRICT
from pytest_litmus.evaluators.kinds import kind_of
from pytest_litmus.evaluators.moments import Moment
from pytest_litmus.evaluators.naming import Run
from pytest_litmus.evaluators.passages import (
    FAMILY,
    PREFIX,
    Context,
    Passage,
    neighbours,
    passage_of,
)
from pytest_litmus.evaluators.quantities import Quantity
from pytest_litmus.evaluators.terms import Term, opposite

_LONG = 5
"""Where a run of missing words is as long as makes a difference."""
_BOUND = 16
"""Characters before a number in which its bound stands."""
_SLOTS = 50
"""Places of a pair of words that are looked at for what stands beside it."""


class Signs(NamedTuple):
    """How a sentence stands to its context; each is 0 for well borne out, except `agreeing`."""

    missing: float
    """The share of its content, by weight, that is not in the context."""
    replaced: float
    """Missing words in whose place, beside the same neighbours, the context has another."""
    other_names: float
    """Names of which a part is there, with another name beside it."""
    topic: float
    """A name that is not there, where the nearest sentence says `he`, `it` or `the film`."""
    other_kinds: float
    """Missing words where the nearest sentence has another of their kind: `actor`, not `dancer`."""
    unknown_words: float
    """The share of all its words that are not there, small ones as well."""
    new_pairs: float
    """The share of its neighbouring words that are not neighbours there."""
    longest_gap: float
    """Words that follow on each other and are not there, the longest run."""
    other_dates: float
    """Dates that the context has otherwise."""
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


class Numbers(NamedTuple):
    """The numbers of a sentence, by how its context has them."""

    agreeing: list[Quantity]
    other: list[Quantity]
    new: list[Quantity]
    elsewhere: list[Quantity]
    """The nearest sentence has another of its kind, another sentence has it."""


class Dates(NamedTuple):
    """The dates of a sentence, by how its context has them."""

    agreeing: list[Moment]
    other: list[Moment]
    new: list[Moment]


class Names(NamedTuple):
    """The names of a sentence that its context has not as they are."""

    new: list[Run]
    other: list[Run]
    """A part of each is there, beside another name."""
    topic: list[Run]
    """One at most: the context may mean it by `he`, `it` or `the film`."""


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
        return passage_of(self.sentence.text[self.sentence.said - self.sentence.start :])

    @cached_property
    def nearest(self) -> Passage:
        """The part of the context that has most of its words."""
        return self.by_meaning or self.context.nearest(
            term for term in self.claim.terms if term.content
        )

    @cached_property
    def numbers(self) -> Numbers:
        """Its numbers; those of dates and names are none."""
        found = Numbers([], [], [], [])
        if not self.claim.quantities:
            return found
        apart = _characters([*self.dates.agreeing, *self.dates.other]) | _numbers_of(self.claim)
        days = _characters(self.dates.new)
        for number in self.claim.quantities:
            # `one of them` and `first` count nothing, nor does the day of a month.
            little = number.kind in {"plain", "ordinal"} and (
                abs(number.value) <= 1 or number.start in days
            )
            if not little and number.start not in apart:
                self._compared(number, found).append(number)
        return found

    def _compared(self, number: Quantity, found: Numbers) -> list[Quantity]:
        units = frozenset(self.claim.units(number))
        for counted in (self.nearest.counted, self.context.whole.counted):
            same = _of_unit(number, units, counted)
            if same:
                return found.agreeing if any(_so(number, one) for one in same) else found.other
        near = self.nearest.near(number)
        if _follows(number, self.nearest):
            return found.agreeing
        if _follows(number, self.context.whole):
            alike = number.kind != "plain" and any(one.kind == number.kind for one in near)
            return found.elsewhere if alike else found.agreeing
        return found.other if near else found.new

    @cached_property
    def dates(self) -> Dates:
        """Its dates; of those that are new, the year is looked at as a number."""
        found = Dates([], [], [])
        for moment in self.claim.moments:
            for known in (self.nearest.moments, self.context.whole.moments):
                told = {moment.agrees(one) for one in known}
                if told & {True, False}:
                    (found.agreeing if True in told else found.other).append(moment)
                    break
            else:
                found.new.append(moment)
        return found

    @cached_property
    def names(self) -> Names:
        """Its names that the context lacks, where that writes names with capitals."""
        found = Names([], [], [])
        for run in self.claim.runs if self.context.cased else ():
            held = [term for term in run if self.context.whole.holds(term)]
            if not held:
                topic = self.nearest.refers and not found.topic
                (found.topic if topic else found.new).append(run)
            elif len(held) < len(run) and _beside_another(run, held, self.context.whole.terms):
                found.other.append(run)
        return found

    @cached_property
    def aside(self) -> frozenset[int]:
        """Where the words of its topic begin."""
        return frozenset(term.start for run in self.names.topic for term in run)

    @cached_property
    def content(self) -> list[tuple[Term, float]]:
        """Its words of content, with how far the context has each; wrong numbers apart."""
        right = _characters([*self.numbers.agreeing, *self.dates.agreeing])
        wrong = _characters([*self.numbers.other, *self.numbers.new, *self.dates.other])
        return [
            (term, 1.0 if term.start in right else self.context.whole.holds(term))
            for term in self.claim.terms
            if term.content and term.start not in wrong and term.start not in self.aside
        ]

    @cached_property
    def missing(self) -> list[Term]:
        """Its words of content that the context has not."""
        return [term for term, held in self.content if not held]

    @cached_property
    def replaced(self) -> list[str]:
        """Missing words in whose place the nearest part has another."""
        if not self.missing:
            return []
        places = {term.start for term in self.missing}
        slots = ((n, term) for n, term in enumerate(self.claim.terms) if term.start in places)
        return [term.text for place, term in slots if self._other_at(place)]

    def _other_at(self, place: int) -> bool:
        """Whether the two words before, or behind, have another beside them in the nearest part."""
        mine, near = self.claim.terms, self.nearest
        before = tuple(term.stem for term in mine[max(0, place - 2) : place])
        after = tuple(term.stem for term in mine[place + 1 : place + 3])
        slots = [at + 2 for at in near.pair_places.get(before, ())[:_SLOTS]]
        slots += [at - 1 for at in near.pair_places.get(after, ())[:_SLOTS] if at]
        return any(
            term.content and term.stem not in self.claim.stems
            for slot in slots
            for term in near.terms[slot : slot + 1]
        )

    @cached_property
    def other_kinds(self) -> list[str]:
        """Missing words where the nearest part has another of their kind, which it lacks."""
        if not self.missing:
            return []
        others = self.nearest.stems - self.claim.stems
        classes = frozenset().union(*(kind_of(stem).classes for stem in others))
        return [t.text for t in self.missing if not kind_of(t.stem).classes.isdisjoint(classes)]

    @cached_property
    def opposites(self) -> list[str]:
        """Words whose opposite is in the nearest part, and they are not."""
        stems = self.nearest.stems
        # `under 800` is no opposite of `over 790`.
        bounds = {
            place
            for one in self.claim.quantities
            if one.open_ended
            for place in range(one.start - _BOUND, one.start)
        }
        return [
            term.text
            for term in self.claim.terms
            if term.stem not in stems
            and term.start not in bounds
            and not _opposites(term.stem).isdisjoint(stems)
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
        if here == there:
            return []
        return [
            term.text
            for term in self.claim.terms
            if term.content and (term.stem[:PREFIX] in here) != (term.stem[:PREFIX] in there)
        ]

    @property
    def signs(self) -> Signs:
        """All of it in numbers."""
        claim, whole, aside = self.claim, self.context.whole, self.aside
        return Signs(
            missing=_missing(self.content),
            replaced=_upto(2, self.replaced),
            other_names=_upto(1, self.names.other),
            topic=_upto(1, self.names.topic),
            other_kinds=_upto(2, self.other_kinds),
            unknown_words=_share(
                [term.stem not in whole.stems for term in claim.terms if term.start not in aside]
            ),
            new_pairs=_share([pair not in whole.pairs for pair in neighbours(claim.terms)]),
            longest_gap=min(_longest_gap(self.content), _LONG) / _LONG,
            other_dates=_upto(1, self.dates.other),
            other_numbers=_upto(2, self.numbers.other),
            new_numbers=_upto(2, self.numbers.new),
            agreeing=_upto(2, self.numbers.agreeing),
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
            *(("other-date", text[one.start : one.end]) for one in self.dates.other),
            *(("other-number", text[one.start : one.end]) for one in self.numbers.other),
            *(("new-number", text[one.start : one.end]) for one in self.numbers.new),
            *(("new-name", self._new_in(run)) for run in (*self.names.other, *self.names.new)),
            *(("opposite", word) for word in self.opposites),
            *(("negation", word) for word in self.negated),
            *(("other-kind", word) for word in self.other_kinds),
            *(("stronger", word) for word in self.stronger),
        ]
        told = {word for _, word in found}
        found += [("new-word", term.text) for term in self.missing if term.text not in told]
        found += [("new-name", self._new_in(run)) for run in self.names.topic]
        return found or [(self._manner, "")]

    def _new_in(self, run: Run) -> str:
        """The words of a name that the context has not."""
        new = [term for term in run if not self.context.whole.holds(term)]
        return self.claim.text[new[0].start : new[-1].end]

    @property
    def _manner(self) -> str:
        if self.sentence.kind == "question":
            return "question"
        return "own-view" if self.claim.first_person else "loose"


@lru_cache(maxsize=20_000)
def _opposites(stem: str) -> frozenset[str]:
    return opposite(stem) | kind_of(stem).opposites


def _of_unit(
    number: Quantity, units: frozenset[str], counted: Mapping[str, Sequence[Quantity]]
) -> list[Quantity]:
    """The numbers that count most of the same things as one does."""
    shared = Counter(
        one for unit in units for one in counted.get(unit, ()) if number.comparable(one)
    )
    most = max(shared.values(), default=0)
    return [one for one, count in shared.items() if count == most]


def _follows(number: Quantity, passage: Passage) -> bool:
    near = passage.near(number)
    # `more than 5` is about the number next to 5, not about any that is larger.
    return any(_so(number, one) for one in (near[:1] if number.open_ended else near))


def _so(number: Quantity, source: Quantity) -> bool:
    """Whether it follows; of two bounds that face each other, that of the source is not heard.

    `under 800` is so where the source has `over 790`: people write so of 791.
    """
    if number.follows_from(source):
        return True
    return number.open_ended and source.open_ended and number.low <= source.value <= number.high


def _numbers_of(claim: Passage) -> set[int]:
    """Where numbers begin that are part of a name (`Boeing 767`); a year is none."""
    return {
        term.start
        for run in claim.runs
        for term in run
        if term.text[0].isdigit() and len(term.text) != len("1998")
    }


def _beside_another(run: Run, held: Sequence[Term], words: Sequence[Term]) -> bool:
    """Whether the part of a name that a text has always stands beside another name there."""
    mine, known = {term.stem for term in run}, {term.stem for term in held}
    step = 1 if run[0] in held else -1
    found = [n for n, term in enumerate(words) if term.stem in known and term.text[0].isupper()]
    beside = [words[n + step] for n in found if 0 <= n + step < len(words)]
    others = [term for term in beside if term.text[0].isupper() and term.stem not in mine]
    return bool(found) and len(others) == len(found)


def _characters(numbers: Iterable[Quantity | Moment]) -> set[int]:
    return {place for one in numbers for place in range(one.start, one.end)}


def _strict(term: Term) -> bool:
    word = term.text.lower()
    return word in STRICT or (len(word) > 4 and word.endswith("est"))


def _missing(content: Sequence[tuple[Term, float]]) -> float:
    weight = sum(term.weight for term, _ in content)
    return 1 - sum(term.weight * held for term, held in content) / weight if weight else 0.0


def _longest_gap(content: Sequence[tuple[Term, float]]) -> int:
    """Words that follow on each other and are not there, the longest run."""
    longest = run = 0
    for _, held in content:
        run = 0 if held >= FAMILY else run + 1
        longest = max(longest, run)
    return longest


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def _upto(most: int, found: Sequence[object]) -> float:
    return min(most, len(found)) / most
