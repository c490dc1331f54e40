"""Sentiment: how positive or negative an output reads, by its words.

Each word has a weight (`training/sentiment.py` fits them to people's ratings); what stands around
it turns, strengthens or weakens it, as in VADER (Hutto and Gilbert, ICWSM 2014,
https://ojs.aaai.org/index.php/ICWSM/article/view/14550).
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pytest_litmus.evaluators.english import NEGATIONS
from pytest_litmus.evaluators.language import language
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.terms import plain_letters, weight_of
from pytest_litmus.verdicts import Evidence, Score, Verdict, decided

NEUTRAL = 0.06
"""Up to which distance from 0 an output is neutral: where ratings within half a point of people's
nine are told from others best, on the snippets that the words were weighed by."""

_TOKEN = re.compile(
    r"(?P<word>[a-z]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][a-z]+)?)"
    r"|(?P<face>[:;=8][-~^']?[()\[\]dp/\\|*]|<3)"
    r"|(?P<sign>[\u2600-\u27bf\U0001f300-\U0001faff])"
    r"|(?P<end>[.!?\n]+)|(?P<clause>[;:])",
    re.IGNORECASE,
)
_TURNED = -0.6
"""What a negation makes of a word; `not great` is less bad than `great` is good."""
_REACH = 3
"""How many words behind a negation it turns."""
_LOUD = 1.2
_BEFORE_BUT, _AFTER_BUT = 0.6, 1.3
_MORE, _LESS = 1.25, 0.7
_STRONGER = """
very really extremely incredibly absolutely totally completely entirely so too such highly deeply
especially particularly truly utterly remarkably exceptionally most quite
"""
_WEAKER = """
slightly somewhat barely hardly little kinda sorta partly marginally fairly occasionally almost less
"""
_DEGREES = dict.fromkeys(_STRONGER.split(), _MORE) | dict.fromkeys(_WEAKER.split(), _LESS)
_FOREIGN = 0.4
"""Below this share of known words it is asked whether the output is English at all."""
_SHOWN = 5
UNIT = 1_000
"""Weights are kept in whole parts of it."""


class Felt(NamedTuple):
    """A word that may carry feeling."""

    word: str
    factor: float
    """What its surroundings make of it: 1 for nothing, below 0 where it is turned around."""
    start: int
    """Of what turns it around, where something does."""
    end: int
    sentence: int


def sentiment(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How positive or negative an output reads, in [-1, 1].

    The value is an estimate of the rating that people would give, from -4 to 4, divided by 4:
    `This is great` is about 0.25, and little goes beyond 0.7. The label is `negative`, `neutral`
    (within 0.06 of 0) or `positive`. The words' weights are summed and divided by the square root
    of the number of sentences, so that a long even text is not extreme. There is no limit of its
    own. The evidence is the words that weigh most.

    None where the output has no words, or is in another language than English.

    Blind spots: irony, quotation (whose feeling it is), feeling that is told without such words
    (`the parcel never arrived`), negation from afar, words of a trade (`killer feature`, `sick`).
    """
    return decided(_measured(text_of(said)), at_least=at_least, at_most=at_most)


def felt(text: str) -> list[Felt]:
    """The words of a text with what their surroundings make of them."""
    shouted = text.isupper()
    found: list[Felt] = []
    for number, sentence in enumerate(_sentences(text)):
        found += _turned_at_but(list(_read(sentence, number, shouted=shouted)))
    return found


def _measured(text: str) -> Score:
    words = felt(text)
    why = _undecidable(text, words)
    if why:
        return Score(name="sentiment", explanation=why)
    root = math.sqrt(words[-1].sentence + 1)
    parts = [(_weights().get(one.word, 0.0) * one.factor / root, one) for one in words]
    value = math.tanh(math.fsum(part for part, _ in parts))
    heaviest = sorted(parts, key=lambda part: -abs(part[0]))[:_SHOWN]
    evidence = [_evidence(text, part, one) for part, one in heaviest if part]
    label = "neutral" if abs(value) <= NEUTRAL else "positive" if value > 0 else "negative"
    return Score(
        name="sentiment",
        value=value,
        label=label,
        explanation=_told(label, evidence),
        evidence=tuple(sorted(evidence, key=lambda one: (one.start or 0, one.end or 0))),
    )


def _undecidable(text: str, words: list[Felt]) -> str:
    if not words:
        return "the output has no words"
    known = sum(one.word in _weights() or weight_of(one.word) < 1 for one in words)
    if known >= _FOREIGN * len(words):
        return ""
    spoken = language(text)
    label = spoken.label if isinstance(spoken, Score) else None
    if label in {None, "en"}:
        return ""
    return f"the output reads as {label!r}, and only English words have weights"


def _evidence(text: str, part: float, one: Felt) -> Evidence:
    rule = "positive" if part > 0 else "negative"
    return Evidence(rule=rule, text=text[one.start : one.end], start=one.start, end=one.end)


def _told(label: str, heaviest: list[Evidence]) -> str:
    if not heaviest:
        return f"{label}: no word of it carries feeling"
    told = ", ".join(f"{quoted(one.text)} ({one.rule})" for one in heaviest[:3])
    return f"{label}: what weighs most is {told}; read whether it is meant so"


def _sentences(text: str) -> Iterator[list[re.Match[str]]]:
    """The tokens of each sentence that has any."""
    tokens: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if token.lastgroup != "end":
            tokens.append(token)
        elif tokens:
            yield tokens
            tokens = []
    if tokens:
        yield tokens


def _read(tokens: list[re.Match[str]], number: int, *, shouted: bool) -> Iterator[Felt]:
    """The words of one sentence, turned by the negations and degrees before them."""
    before = ""
    turned = -_REACH - 1
    for place, token in enumerate(tokens):
        if token.lastgroup == "clause":
            before, turned = "", -_REACH - 1
            continue
        word = plain_letters(token[0])
        turn = place - turned <= _REACH
        factor = (_TURNED if turn else 1.0) * _DEGREES.get(before, 1.0)
        if len(word) > 2 and token[0].isupper() and not shouted:
            factor *= _LOUD
        start = tokens[turned].start() if turn else token.start()
        for meant in _meant(token, word):
            yield Felt(meant, factor, start, token.end(), number)
        before = word
        if word in NEGATIONS:
            turned = place


def _meant(token: re.Match[str], word: str) -> list[str]:
    """The word; of an emoji, those of its name."""
    return unicodedata.name(word, "").lower().split() if token.lastgroup == "sign" else [word]


def _turned_at_but(sentence: list[Felt]) -> list[Felt]:
    """A sentence whose last `but` tells what counts."""
    buts = [place for place, one in enumerate(sentence) if one.word == "but"]
    if not buts:
        return sentence
    return [
        one._replace(factor=one.factor * (_BEFORE_BUT if place < buts[-1] else _AFTER_BUT))
        for place, one in enumerate(sentence)
    ]


@cache
def _weights() -> dict[str, float]:
    raw = json.loads(Path(__file__).with_name("sentiment.json").read_text(encoding="utf-8"))
    return {word: int(weight) / UNIT for weight, words in raw.items() for word in words.split()}
