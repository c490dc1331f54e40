"""Matching: how a short expected answer stands in a longer given one, in numbers to be weighed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from pytest_litmus.evaluators.claims import sentences
from pytest_litmus.evaluators.english import NEGATIONS
from pytest_litmus.evaluators.quantities import Quantity, quantities
from pytest_litmus.evaluators.terms import Term, plain_letters, terms

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMANS = {word: float(value) for value, word in enumerate(_ROMAN.split(), 1) if len(word) > 1}
_ASIDE = (
    "sir dame dr mr mrs ms miss prof king queen prince princess president saint st jr sr mbe obe"
)
_TITLES = frozenset(_ASIDE.split())
_YET = frozenset(["only", "until", "till", "just", "before"])
"""Words that make a negation an assertion: `not only Paris`, `not until 1945`."""
_FAMILY = 5
"""Letters that two words of one family share."""
_NEAR = 0.8
"""What a word counts that is nearly the wanted one: of its family, or misspelt."""
_TYPO = 85.0
"""From which likeness on, of 100, two longer words are one misspelt (`Datta`, `Dutta`)."""
_TYPO_LENGTH = 5
_INITIAL = 0.5
_MIDDLE = 0.25
"""What a middle name or a title weighs beside the other names: answers leave them out."""
_SHORT = 10
"""Words of an answer that says no more than what was asked for."""
_BESIDE = 12
"""Characters to either side in which a number may stand in for another."""
_WIDTH = 8
"""Words by which an answer may spread a gold answer out."""
_LONGEST = 2_000
"""Characters of an expected answer that are looked for; it is meant to be short."""
_DIGITS = "0123456789"
_NOISE = 1e-9
_MOST = 50
"""Places of one word that are looked at."""
_HEDGE = re.compile(
    r"\b(?:could ?n[o']t find|(?:do|does) ?n[o']t (?:know|specify|provide|have (?:\w+ ){0,3}"
    r"(?:information|data|details|access))|no (?:definitive|specific|reliable) |un(?:able|known)|"
    r"not (?:sure|known|specified|available)|can ?not (?:find|provide|determine|answer))",
    re.IGNORECASE,
)


class Signs(NamedTuple):
    """How an expected answer stands in a given one; each in [0, 1]."""

    cover: float
    """The share of its words, by weight, that stand together in the answer."""
    whole: float
    """It stands there word by word."""
    other_number: float
    """Where one of its numbers should stand, another does."""
    head: float
    """Its last word of content stands there: of a name the family's."""
    precision: float
    """The share of the answer's words, by weight, that are its words."""
    early: float
    """1 in the first sentence, 1/2 in the second, ..."""
    denied: float
    """A negation stands before it, or it has one that the answer has not."""
    among: float
    """It is one of several that the answer leaves open: `Paris or London`."""
    hedged: float
    """Its sentence says before that one does not know."""


class Place(NamedTuple):
    """Where in the answer an expected answer stands best, and how."""

    signs: Signs
    start: int
    """In characters; equal to `end` where nothing of it stands there."""
    end: int


class _Hit(NamedTuple):
    at: int
    """Which word of the answer."""
    number: int
    """Which word of the expected answer it is."""
    quality: float
    """The same for all hits of one expected word."""


class Answer:
    """A given answer, read once for all that is expected."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.terms = terms(text)
        self.quantities = [*quantities(text), *_roman(self.terms)]

    def near(self, number: Quantity) -> list[Quantity]:
        """Its numbers of that size, or in that range; as many as are looked at."""
        start = bisect_left(self.by_size, min(number.low, number.value), key=_value)
        end = bisect_right(self.by_size, max(number.high, number.value), key=_value)
        return self.by_size[start:end][:_MOST]

    @cached_property
    def by_size(self) -> list[Quantity]:
        """Its numbers, the smallest first."""
        return sorted(self.quantities, key=_value)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each word stands, in words."""
        # A footnote's number may stick to a word: `Hale1`.
        return _grouped(
            (stem, number)
            for number, term in enumerate(self.terms)
            for stem in {term.stem, term.stem.rstrip(_DIGITS) or term.stem}
        )

    @cached_property
    def families(self) -> dict[str, list[int]]:
        """Where the words of each family stand."""
        return _grouped(
            (term.stem[:_FAMILY], number)
            for number, term in enumerate(self.terms)
            if len(term.stem) > _FAMILY
        )

    @cached_property
    def long_words(self) -> list[str]:
        """Words that can be misspelt and known again."""
        return [stem for stem in self.places if len(stem) >= _TYPO_LENGTH and stem.isalpha()]

    @cached_property
    def starts(self) -> list[int]:
        """Where its sentences begin, in characters."""
        return [one.start for one in sentences(self.text)]

    @cached_property
    def weight(self) -> float:
        """All that its words weigh."""
        return sum(term.weight for term in self.terms)

    def word_at(self, character: int) -> int:
        """Which word begins there, or next."""
        return min(bisect_left(self.begins, character), len(self.terms) - 1)

    @cached_property
    def begins(self) -> list[int]:
        """Where its words begin, in characters."""
        return [term.start for term in self.terms]


class Expected:
    """An expected answer, read: its words and what each of them weighs."""

    def __init__(self, text: str) -> None:
        self.terms = terms(text[:_LONGEST])
        self.quantities = [*quantities(text[:_LONGEST]), *_roman(self.terms)]
        self.weights = _weights(text, self.terms)

    @cached_property
    def numbers(self) -> dict[int, Quantity]:
        """The number that each character is part of."""
        return {at: one for one in self.quantities for at in range(one.start, one.end)}


@lru_cache(maxsize=1_024)
def expected(text: str) -> Expected:
    """An expected answer; kept, because it is held against many given ones."""
    return Expected(text)


def place(answer: Answer, want: Expected) -> Place:
    """Where an expected answer stands best in a given one."""
    found = sorted(
        _Hit(at, number, quality)
        for number, term in enumerate(want.terms)
        for at, quality in _places(answer, want, term)
    )
    hits = _window(found, len(want.terms) + _WIDTH, want.weights)
    held = {hit.number: hit.quality for hit in hits}
    start, end = (hits[0].at, hits[-1].at) if hits else (0, -1)
    span = answer.terms[start : end + 1]
    total = sum(want.weights) or 1.0
    signs = Signs(
        cover=sum(want.weights[number] * quality for number, quality in held.items()) / total,
        whole=float(_stands(answer, want)),
        other_number=float(bool(held) and _other_number(answer, want, span)),
        head=held.get(_head(want), 0.0),
        precision=_precision(answer, want, held),
        early=_early(answer, span),
        denied=float(bool(held) and _denied(answer.terms[max(0, start - 3) : end + 1], want)),
        among=float(bool(held) and _open(answer, start, end)),
        hedged=float(bool(span) and _hedged(answer, span)),
    )
    return Place(signs, *((span[0].start, span[-1].end) if span else (0, 0)))


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        found.setdefault(key, []).append(number)
    return found


def _value(number: Quantity) -> float:
    return number.value


def _roman(words: Sequence[Term]) -> list[Quantity]:
    """The numbers that are written as `Article II`; a word must be in capitals to be one."""
    return [
        Quantity(value, value, value, "plain", word.start, word.end)
        for word in words
        if word.text.isupper() and (value := _ROMANS.get(word.text.lower(), 0.0))
    ]


def _weights(text: str, words: Sequence[Term]) -> list[float]:
    """What each word of an expected answer weighs: less in the middle of a name, or in brackets."""
    name = 2 <= len(words) <= 5 and "," not in text and all(w.text[0].isupper() for w in words)
    return [
        word.weight
        * (_MIDDLE if name and 0 < number < len(words) - 1 else 1.0)
        * (_MIDDLE if len(words) > 1 and plain_letters(word.text) in _TITLES else 1.0)
        * (_MIDDLE if _bracketed(text, word) else 1.0)
        for number, word in enumerate(words)
    ]


def _bracketed(text: str, word: Term) -> bool:
    return word.start > 0 and text.rfind("(", 0, word.start) > text.rfind(")", 0, word.start)


def _places(answer: Answer, want: Expected, term: Term) -> Iterator[tuple[int, float]]:
    number = want.numbers.get(term.start)
    if number and number.value > 0:
        same = [one for one in answer.near(number) if _equal(one, number)]
        yield from ((answer.word_at(one.start), 1.0) for one in same)
        if same:
            return
    if term.stem in answer.places:
        yield from ((at, 1.0) for at in answer.places[term.stem][:_MOST])
    elif len(term.stem) > _FAMILY and (near := answer.families.get(term.stem[:_FAMILY])):
        yield from ((at, _NEAR) for at in near[:_MOST])
    elif len(term.stem) >= _TYPO_LENGTH and (typo := _misspelt(term.stem, answer.long_words)):
        yield from ((at, _NEAR) for at in answer.places[typo][:_MOST])
    elif term.text[0].isupper() and (at := answer.places.get(term.stem[0])):
        yield from ((place, _INITIAL) for place in at[:_MOST])


def _equal(given: Quantity, wanted: Quantity) -> bool:
    return given.comparable(wanted) and (
        given.value == wanted.value or (wanted.low <= given.value <= wanted.high)
    )


def _misspelt(stem: str, words: list[str]) -> str:
    from rapidfuzz import fuzz, process

    near = process.extractOne(stem, words, scorer=fuzz.ratio, score_cutoff=_TYPO)
    return str(near[0]) if near else ""


def _window(found: Sequence[_Hit], width: int, weights: Sequence[float]) -> Sequence[_Hit]:
    """The stretch of hits, no wider than so many words, that has most of the expected words."""
    inside: Counter[int] = Counter()
    weight = heaviest = 0.0
    first, best = 0, slice(0, 0)
    for last, hit in enumerate(found):
        weight += 0 if inside[hit.number] else weights[hit.number] * hit.quality
        inside[hit.number] += 1
        while hit.at - found[first].at >= width or inside[found[first].number] > 1:
            lost = found[first]
            first += 1
            inside[lost.number] -= 1
            weight -= 0 if inside[lost.number] else weights[lost.number] * lost.quality
        if weight > heaviest + _NOISE:
            heaviest, best = weight, slice(first, last + 1)
    return found[best]


def _stands(answer: Answer, want: Expected) -> bool:
    words = [term.stem for term in want.terms]
    if not words:
        return False
    starts = answer.places.get(words[0], [])
    stems = [term.stem for term in answer.terms]
    return any(stems[at : at + len(words)] == words for at in starts)


def _head(want: Expected) -> int:
    content = [n for n, term in enumerate(want.terms) if term.content and want.weights[n] > _MIDDLE]
    return content[-1] if content else len(want.terms) - 1


def _precision(answer: Answer, want: Expected, held: dict[int, float]) -> float:
    has = sum(want.terms[number].weight * quality for number, quality in held.items())
    return min(1.0, has / answer.weight) if answer.weight else 0.0


def _early(answer: Answer, span: Sequence[Term]) -> float:
    if not span:
        return 0.0
    return 1 / max(1, bisect_right(answer.starts, span[0].start))


def _other_number(answer: Answer, want: Expected, span: Sequence[Term]) -> bool:
    start, end = span[0].start - _BESIDE, span[-1].end + _BESIDE
    beside = [one for one in answer.quantities if start <= one.start < end]
    new = [one for one in beside if not any(_equal(one, wanted) for wanted in want.quantities)]
    lost = [one for one in want.quantities if not any(_equal(given, one) for given in beside)]
    return any(given.comparable(wanted) for given in new for wanted in lost)


def _hedged(answer: Answer, span: Sequence[Term]) -> bool:
    sentence = max(0, bisect_right(answer.starts, span[0].start) - 1)
    return bool(_HEDGE.search(answer.text, answer.starts[sentence], span[0].start))


def _denied(near: Sequence[Term], want: Expected) -> bool:
    words = [plain_letters(term.text) for term in near]
    denied = not NEGATIONS.isdisjoint(words) and _YET.isdisjoint(words)
    return denied != any(plain_letters(term.text) in NEGATIONS for term in want.terms)


def _open(answer: Answer, start: int, end: int) -> bool:
    """Whether a short answer names another thing beside it; `a statute or law` names one twice."""
    if len(answer.terms) > _SHORT:
        return False
    before, after = answer.terms[max(0, start - 2) : start], answer.terms[end + 1 : end + 3]
    pairs = ((before[-1:], before[:1]), (after[:1], after[1:]))
    return any(
        word and other and word[0].text.lower() == "or" and not other[0].text[0].islower()
        for word, other in pairs
    )
