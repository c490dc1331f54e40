"""Consistency: how far several answers to the same question agree, pair by pair."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from pytest_litmus.evaluators.claims import sentences
from pytest_litmus.evaluators.embedding import Embedder, cosine, embedded
from pytest_litmus.evaluators.passages import context_of
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.support import Finding
from pytest_litmus.evaluators.terms import terms
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

NAME = "consistent"
AGREE = 0.5
"""From which agreement on answers are taken to say the same: a convention."""
_HEAD = 10_000
"""How much of an answer is read."""
_AGAINST = 0.4
"""What is left of an agreement in words where a number, a denial or a yes stands against it: less
than `AGREE`, more than what answers about different things have."""
_YES_OR_NO = re.compile(
    r"\W{0,8}(?:(?P<yes>yes|yeah|yep|true|correct)|(?P<no>no|nope|false|incorrect))\b(?! ?\.?\d)",
    re.IGNORECASE,
)


class Agreement(NamedTuple):
    """How far two answers agree."""

    value: float
    against: str
    """What contradicts; empty where nothing does."""


def consistent(
    answers: Sequence[Said],
    *,
    question: str = "",
    embed: Embedder | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How far several answers to the same question agree, in [0, 1].

    The value is the mean over all pairs. Two answers agree by the share, of what the words of the
    shorter one carry, that the longer one has as well; a rare word carries more than a common one.
    A number that the other has otherwise, a denial on one side only, an opposite, or `yes` against
    `no` leaves 0.4 of it. Passes from 0.5 on unless another limit is given. The evidence is the two
    answers that differ most.

    With `question`, its words do not count: that both repeat them says nothing. With `embed`, a
    pair's share is the mean of that and of the cosine of the two texts, where that is above 0.

    None where there are fewer than two answers, or one of them is empty.

    Blind spots: without `embed` it knows words, not meaning; the same in other words is far. One
    short answer agrees with each longer one that names it, whatever else that says. Denials,
    opposites and number words are English. Of an answer 10,000 characters are read.

    Args:
        answers: What was answered, each time.
        question: What was asked.
        embed: Gives each text's vector.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    score = _measured([text_of(said)[:_HEAD].strip() for said in answers], question, embed)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=AGREE))


def agreement(one: str, other: str, *, question: str = "") -> Agreement:
    """How far two texts say the same, by their words, numbers, negations and opposites."""
    if one.casefold() == other.casefold():
        return Agreement(1.0, "")
    short, long = sorted((one, other), key=lambda text: (len(text), text))
    asked = {term.stem for term in terms(question)}
    context = context_of(long)
    findings = [Finding(sentence, context) for sentence in sentences(short)]
    against = _opposed(short, long) or next(_contradictions(findings), "")
    share = _share(findings, asked)
    if share is None:
        share = _common(short, long)
    return Agreement(share * (_AGAINST if against else 1.0), against)


def _measured(texts: list[str], question: str, embed: Embedder | None) -> Score:
    why = _undecidable(texts)
    if why:
        return Score(name=NAME, explanation=why)
    likeness = _likeness(texts, embed)
    found = [
        (_with(agreement(texts[i], texts[j], question=question), likeness(i, j)), i, j)
        for i, j in combinations(range(len(texts)), 2)
    ]
    least, i, j = min(found, key=lambda pair: pair[0].value)
    told = f"{least.value:.2f}; {least.against}" if least.against else f"{least.value:.2f}"
    return Score(
        name=NAME,
        value=math.fsum(one.value for one, _, _ in found) / len(found),
        explanation=f"of {len(texts)} answers, {i + 1} and {j + 1} agree least ({told}): "
        f"{quoted(texts[i])} and {quoted(texts[j])}",
        evidence=(Evidence(rule="agree-least", text=texts[i], nearest=texts[j]),),
    )


def _undecidable(texts: list[str]) -> str:
    if len(texts) < 2:
        return f"it takes two answers to agree, and there is {len(texts) or 'none'}"
    return "" if all(texts) else f"answer {texts.index('') + 1} is empty"


def _likeness(texts: list[str], embed: Embedder | None) -> Callable[[int, int], float | None]:
    if embed is None:
        return lambda i, j: None
    vectors = embedded(texts, embed)
    return lambda i, j: cosine(vectors[i], vectors[j])


def _with(found: Agreement, likeness: float | None) -> Agreement:
    """An agreement in words, and in what an embedder finds."""
    if likeness is None:
        return found
    return found._replace(value=(found.value + max(0.0, likeness)) / 2)


def _opposed(one: str, other: str) -> str:
    """Whether one begins with a yes, and the other with a no."""
    said = [_YES_OR_NO.match(text) for text in (one, other)]
    kinds = {match.lastgroup for match in said if match}
    return "one says yes, the other no" if len(kinds) == 2 else ""


def _contradictions(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        text = finding.claim.text
        for number in finding.numbers.other:
            yield f"the other has another number than {quoted(text[number.start : number.end])}"
        for word in finding.negated:
            yield f"only one of them denies {quoted(word)}"
        for word in finding.opposites:
            yield f"{quoted(word)} is the opposite of what the other has"


def _share(findings: Iterable[Finding], asked: set[str]) -> float | None:
    """The part of the content that the other has; None where there is no content."""
    met = whole = 0.0
    for finding in findings:
        wrong = [*finding.numbers.other, *finding.numbers.new]
        whole += len(wrong)
        # A name that the other may mean by `he` or `it` may as well be what was asked for.
        named = [(term, 0.0) for run in finding.names.topic for term in run]
        for term, held in (*finding.content, *named):
            if term.stem not in asked:
                whole += term.weight**2
                met += term.weight**2 * held
    return met / whole if whole else None


def _common(short: str, long: str) -> float:
    """The share of the shorter one's words, small ones as well, that the longer one has."""
    mine, theirs = ({term.stem for term in terms(text)} for text in (short, long))
    return len(mine & theirs) / len(mine) if mine else 0.0
