"""Repetition: where an output goes round in circles.

A loop is a run of words that follows itself (a tandem repeat), a run of characters inside a word,
or a sentence that comes back again and again. Tandem repeats are found by doubling: runs of 1, 2,
4, 8, ... words get a number each, and a run that keeps meeting itself at one distance is a loop
(Karp, Miller and Rosenberg 1972, https://doi.org/10.1145/800152.804905).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

_TOKEN = re.compile(
    # Languages that put no spaces between words are compared sign by sign.
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]+"
)
_CHARACTERS = re.compile(r"(\S{1,12}?)\1{11,}|(\s)\2{59,}")
"""A short piece twelve times without a space, or one space sixty times."""
_DRAWN = 100
"""Characters of a piece without letters and digits: rules and blanks of forms are shorter."""
_COUNTER = re.compile(r"^[ \t]{0,20}(?:\d{1,6}|[a-zA-Z])[.):][ \t]", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?\n。！？]+")  # noqa: RUF001 - these end sentences too
_LETTERS = re.compile(r"[^\W\d_]")

_LONGEST = 4_096
"""Words of a loop's unit; a longer one is found when it comes twice and its half comes once."""
_NO_WORD, _ONE_WORD, _FEW_WORDS, _SOME_WORDS, _LONG = 16, 6, 4, 3, 2
"""How often a unit must follow itself: numbers or signs, one word, some words, a sentence, a
paragraph. Tables have rows of numbers, rules and empty cells."""
_SENTENCE_WORDS, _LONG_WORDS = 7, 14
_SCATTERED = 4
"""How often a sentence must come in all, where other text is between."""
_SCATTERED_WORDS = 5
_SCATTERED_SHARE = 0.3
"""And how much of the text all such copies must be: choruses and templates come back too."""


class _Token(NamedTuple):
    start: int
    end: int
    word: bool


class _Loop(NamedTuple):
    """Copies of a unit: the first, and all of them."""

    rule: str
    start: int
    unit_end: int
    end: int
    copies: int


def repeats(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How much of an output is loops: characters in copies beyond the first, as a share of all.

    The value is in [0, 1); 0 where there is no loop. None where the output is empty.

    A loop is: one word six times in a row, two to six words four times, a sentence (seven words)
    three times, a paragraph (fourteen) twice, numbers or signs sixteen times; a piece of up to
    twelve characters twelve times without a space (a hundred characters where it has no letter),
    or sixty spaces or line ends; or sentences of five words that come four times with other text
    between, where their copies are three tenths of the text. Counters of lists, case and line
    breaks do not matter. The bounds are ours: below them stand lists, refrains and tables of
    ordinary answers.

    Blind spots: saying the same in other words; copies that differ in a word or a number; fewer
    numbers and signs in a row than wide tables and rules have. An answer that was asked to repeat
    something repeats it.
    """
    return decided(_score("repeats", text_of(said)), at_least=at_least, at_most=at_most)


def free_of_loops(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """Whether an output is free of loops; the value and its blind spots are those of `repeats`.

    Without a limit, 0 passes: no loop at all.
    """
    score = _score("free_of_loops", text_of(said))
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_most=0.0))


def distinct_n(
    said: Said,
    *,
    n: int = 2,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How many of an output's n-grams of words are different ones, as a share of all, in [0, 1].

    1 where none comes twice; near 0 where few come again and again. It is distinct-n of Li et al.
    2016 (https://aclanthology.org/N16-1014) of one text, over its n-grams rather than its words.
    Case and punctuation do not matter; of scripts without spaces a sign is a word. The evidence is
    the n-gram that comes most often, where it first stands, if it comes twice. None where the
    output has fewer than n words. It has no limit of its own.

    Blind spots: long texts have lower values than short ones, so compare texts of about one length;
    tables, lists and code repeat themselves rightly. To find loops, use `repeats`.

    Raises:
        ValueError: n is below 1.
    """
    if n < 1:
        raise ValueError(f"n={n}: an n-gram has at least one word")
    return decided(_distinct(text_of(said), n), at_least=at_least, at_most=at_most)


def _distinct(text: str, n: int) -> Score:
    words = [match for match in _TOKEN.finditer(text) if match[0][0].isalnum()]
    grams = list(zip(*([word[0].lower() for word in words[at:]] for at in range(n)), strict=False))
    if not grams:
        return Score(name="distinct_n", explanation=f"the output has fewer than n={n} words")
    counts = Counter(grams)
    gram, times = counts.most_common(1)[0]
    first = grams.index(gram)
    start, end = words[first].start(), words[first + n - 1].end()
    told = f"{len(counts)} of {len(grams)} {n}-grams of words differ"
    often = Evidence(rule="most-frequent", text=text[start:end], start=start, end=end)
    return Score(
        name="distinct_n",
        value=len(counts) / len(grams),
        explanation=f"{told}; {quoted(often.text)} comes {times} times" if times > 1 else told,
        evidence=(often,) if times > 1 else (),
    )


def _score(name: str, text: str) -> Score:
    if not text.strip():
        return Score(name=name, explanation="the output is empty: there is nothing to repeat")
    loops = _apart([*_of_characters(text), *_of_words(text)]) or list(_scattered(text))
    copied = sum(loop.end - loop.unit_end for loop in loops if loop.rule != "sentence")
    copied += sum(
        (loop.copies - 1) * (loop.unit_end - loop.start)
        for loop in loops
        if loop.rule == "sentence"
    )
    return Score(
        name=name,
        value=round(min(copied / len(text), 0.9999), 4),
        explanation=_told(text, loops),
        evidence=tuple(_evidence(text, loop) for loop in loops),
    )


def _of_characters(text: str) -> Iterator[_Loop]:
    for match in _CHARACTERS.finditer(text):
        unit, size = match[1] or match[2], len(match[0])
        if unit.isspace() or size >= _DRAWN or any(map(str.isalnum, unit)):
            end = match.start() + len(unit)
            yield _Loop("characters", match.start(), end, match.end(), size // len(unit))


def _of_words(text: str) -> Iterator[_Loop]:
    # Blanked, not cut, so that places stay those of the output.
    plain = _COUNTER.sub(lambda match: " " * len(match.group()), text)
    matches = list(_TOKEN.finditer(plain))
    tokens = [_Token(m.start(), m.end(), bool(_LETTERS.search(m.group()))) for m in matches]
    numbers = _numbered([match.group().lower() for match in matches])
    size = 1
    while size <= _LONGEST and any(number is not None for number in numbers):
        for start, length, distance in _tandems(numbers, size):
            loop = _loop(tokens, start, length, distance)
            if loop:
                yield loop
                end = min(start + length, len(numbers))
                numbers[start:end] = [None] * (end - start)
        numbers, size = _doubled(numbers, size), size * 2


def _numbered(keys: Sequence[object]) -> list[int | None]:
    known: dict[object, int] = {}
    return [None if key is None else known.setdefault(key, len(known)) for key in keys]


def _doubled(numbers: list[int | None], size: int) -> list[int | None]:
    """Numbers of runs twice as long; none for a run that stands only once, nor at the end."""
    pairs = zip(numbers, numbers[size:], strict=False)
    # One number for a pair is half as slow as a tuple.
    width = len(numbers)
    keys = [None if one is None or two is None else one * width + two for one, two in pairs]
    counts = Counter(keys)
    return _numbered([key if counts[key] > 1 else None for key in keys])


def _tandems(numbers: Sequence[int | None], size: int) -> list[tuple[int, int, int]]:
    """Where runs keep meeting themselves at one distance: start, length and distance, in words."""
    last: dict[int, int] = {}
    found: list[tuple[int, int, int]] = []
    begun, before = 0, 0
    for place, number in enumerate([*numbers, None]):
        distance = 0 if number is None else place - last.get(number, place)
        if distance != before:
            length = place - 1 + size - begun + before
            if before and length >= _LONG * before:
                found.append((begun - before, length, before))
            begun, before = place, distance
        if number is not None:
            last[number] = place
    return found


def _loop(tokens: Sequence[_Token], start: int, length: int, distance: int) -> _Loop | None:
    copies = length // distance
    # A copy begins with a word where it can, not with the full stop before it.
    while not tokens[start].word and (length - 1) // distance == copies:
        start, length = start + 1, length - 1
    unit = tokens[start : start + distance]
    if copies < _needed(sum(token.word for token in unit)):
        return None
    last = min(start + copies * distance, len(tokens)) - 1
    return _Loop("words", unit[0].start, unit[-1].end, tokens[last].end, copies)


def _needed(words: int) -> int:
    """How many copies make a loop, of a unit of so many words."""
    if words == 0:
        return _NO_WORD
    if words == 1:
        return _ONE_WORD
    if words < _SENTENCE_WORDS:
        return _FEW_WORDS
    return _SOME_WORDS if words < _LONG_WORDS else _LONG


def _scattered(text: str) -> Iterator[_Loop]:
    places: dict[str, list[tuple[int, int]]] = {}
    for match in _SENTENCE.finditer(text):
        counter = _COUNTER.match(match.group())
        start = match.start() + (counter.end() if counter else 0)
        words = text[start : match.end()].lower().split()
        if len(words) >= _SCATTERED_WORDS and _LETTERS.search(match.group()):
            places.setdefault(" ".join(words), []).append((start, match.end()))
    often = [where for where in places.values() if len(where) >= _SCATTERED]
    copied = sum(end - start for where in often for start, end in where[1:])
    if copied >= _SCATTERED_SHARE * len(text):
        for where in often:
            yield _Loop("sentence", where[0][0], where[0][1], where[-1][1], len(where))


def _apart(loops: list[_Loop]) -> list[_Loop]:
    """The loops in the order of the text; of two that share a place, the earlier."""
    ordered = sorted(loops, key=lambda loop: (loop.start, -loop.end))
    kept = ordered[:1]
    for loop in ordered[1:]:
        if loop.start >= kept[-1].end:
            kept.append(loop)
    return kept


def _told(text: str, loops: list[_Loop]) -> str:
    if not loops:
        return "no loop of words, sentences, lines or characters"
    loop = max(loops, key=lambda loop: loop.end - loop.unit_end)
    more = f", and {len(loops) - 1} more loops" if len(loops) > 1 else ""
    way = "times" if loop.rule == "sentence" else "times in a row"
    return (
        f"from character {loop.start} on, {quoted(text[loop.start : loop.unit_end])} comes "
        f"{loop.copies} {way}{more}"
    )


def _evidence(text: str, loop: _Loop) -> Evidence:
    return Evidence(
        rule=f"{loop.rule}-loop",
        text=text[loop.start : loop.unit_end],
        start=loop.start,
        end=loop.unit_end,
    )
