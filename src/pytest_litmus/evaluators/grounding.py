"""Grounding: whether a context bears out what an answer claims, sentence by sentence.

Signs that are counted (`support.Signs`) are weighed by a logistic model: `training/grounding.py`
makes it, from BEGIN (https://github.com/google/BEGIN-dataset, CC BY 4.0), where a crowd said which
answers are fully attributable to a source, from right and wrong answers to the same questions, and
from sentences that were changed on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from pytest_litmus.evaluators.claims import Sentence, sentences
from pytest_litmus.evaluators.embedding import Embedder, cosine, embedded
from pytest_litmus.evaluators.passages import Context, Passage, context_of
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.support import Finding
from pytest_litmus.evaluators.weighing import likelihood
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

NAME = "grounded"
_MODEL = "grounding"
BORNE_OUT = 0.5
"""From which support on a sentence counts as borne out: the model finds it likelier than not."""
_OTHERWISE = 0.5
"""What is left of a sentence's support where the context has a number or a date otherwise: too
little to be borne out. People judge so too, but the answers that were learned from have too few
such numbers."""
_LEAST = 1e-6
_MOST = 4_000
"""Sentences; an answer of more is a model that has lost itself, and takes seconds."""
_TOLD = {
    "other-date": "the context has another date than {}",
    "other-number": "the context has another number than {}",
    "new-number": "the number {} is not in the context",
    "new-name": "{} is not in the context",
    "opposite": "{} is the opposite of what the context has",
    "other-kind": "the context has something else of the kind of {}",
    "negation": "{} is denied on one side only",
    "stronger": "{} is more than the context says",
    "new-word": "{} is not in the context",
    "own-view": "it tells of the speaker",
    "question": "it asks",
    "loose": "its words are in the context, but not together",
}
"""The rules, and what the explanation says of each."""


class Supported(NamedTuple):
    """A sentence, and how far it is borne out, in [0, 1]."""

    finding: Finding
    support: float


def grounded(
    said: Said,
    *,
    in_: str | Sequence[str],
    embed: Embedder | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How far a context bears out what an output claims.

    The value is in [0, 1]: for each sentence the likelihood that people would call it attributable
    to the context, and of these the geometric mean. Where one is below 0.5, the value is between
    that one and 0.5, so that an invented sentence among many true ones still fails. A number or a
    date that the context has otherwise keeps a sentence below 0.5. Passes from 0.5 on unless
    another limit is given. The evidence names each sentence that is not borne out, why, and the
    nearest sentence of the context.

    Left out are what claims nothing (`Yes!`, `Of course.`) and, beside other sentences, questions.
    None where nothing is left, where there is no context, and for more than 4,000 sentences.

    Blind spots: it compares words and their kinds (by WordNet), names, numbers, dates, negations
    and opposites, and does not reason. A paraphrase in other words looks invented; a sentence made
    of the context's own words put together wrongly (who did what to whom) looks borne out. Of
    claims that were written to be told apart by one word or number (VitaminC), it puts a true one
    above a false one in four of five cases. Kinds, opposites, months and number words are English.

    Args:
        said: The output.
        in_: The context: a text, or several.
        embed: Finds the nearest sentence of the context by meaning instead of by words.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    told, context = sentences(text_of(said)), _context(in_)
    why = _undecidable(told, context)
    supported = [] if why else _supported(told, context, embed)
    return decided(
        _score(supported, why),
        at_least=at_least,
        at_most=at_most,
        otherwise=Limit(at_least=BORNE_OUT),
    )


def unsupported_claims(
    said: Said, *, in_: str | Sequence[str], embed: Embedder | None = None
) -> list[Evidence]:
    """The sentences of an output that the context does not bear out, in the order of the text.

    `rule` says what speaks against each, `nearest` is the sentence of the context to compare with.
    Empty if all are borne out, and if nothing is claimed. Without a context nothing is borne out.
    """
    return _evidence(_supported(sentences(text_of(said)), _context(in_), embed))


def _context(in_: str | Sequence[str]) -> Context:
    return context_of(*([in_] if isinstance(in_, str) else in_))


def _undecidable(told: list[Sentence], context: Context) -> str:
    if not told:
        return "the output has no words"
    if len(told) > _MOST:
        return f"the output has {len(told)} sentences; no more than {_MOST} are looked at"
    return "" if context.whole.terms else "there is no context to hold the output against"


def _score(supported: list[Supported], why: str) -> Score:
    if not supported:
        nothing = "the output claims nothing that a context could have"
        return Score(name=NAME, explanation=why or nothing)
    return Score(
        name=NAME,
        value=_together([one.support for one in supported]),
        explanation=_explained(supported),
        evidence=tuple(_evidence(supported)),
    )


def _together(supports: list[float]) -> float:
    """The geometric mean; below `BORNE_OUT` where one support is."""
    mean = math.exp(math.fsum(math.log(max(_LEAST, one)) for one in supports) / len(supports))
    least = min(supports)
    return mean if least >= BORNE_OUT else least + (BORNE_OUT - least) * mean


def _supported(told: list[Sentence], context: Context, embed: Embedder | None) -> list[Supported]:
    findings = [Finding(one, context) for one in told if one.kind != "filler"]
    telling = [one for one in findings if one.content or one.claim.quantities]
    claims = [one for one in telling if one.sentence.kind == "claim"] or telling
    if embed and claims and context.parts:
        nearest = _nearest(claims, context, embed)
        claims = [
            Finding(one.sentence, context, part) for one, part in zip(claims, nearest, strict=True)
        ]
    return [Supported(one, _support(one)) for one in claims]


def _support(finding: Finding) -> float:
    support = 1 - likelihood(_MODEL, finding.signs._asdict())
    return support * _OTHERWISE if finding.numbers.other or finding.dates.other else support


def _nearest(claims: list[Finding], context: Context, embed: Embedder) -> list[Passage]:
    """For each claim the sentence of the context that the embedder puts nearest."""
    texts = [*(one.claim.text for one in claims), *(part.text for part in context.parts)]
    vectors = embedded(texts, embed)
    parts = list(zip(context.parts, vectors[len(claims) :], strict=True))
    return [
        max(parts, key=lambda part: cosine(vector, part[1]) or -1.0)[0]
        for vector in vectors[: len(claims)]
    ]


def _evidence(supported: list[Supported]) -> list[Evidence]:
    return [
        Evidence(
            rule=finding.reasons[0][0],
            text=finding.sentence.text,
            start=finding.sentence.start,
            end=finding.sentence.end,
            nearest=finding.nearest.text or None,
        )
        for finding, support in supported
        if support < BORNE_OUT
    ]


def _explained(supported: list[Supported]) -> str:
    finding, support = min(supported, key=lambda one: one.support)
    count = sum(one.support < BORNE_OUT for one in supported)
    least = quoted(finding.sentence.text)
    if not count:
        return (
            f"claims borne out by the context: all {len(supported)}; least {least} ({support:.2f})"
        )
    rule, word = finding.reasons[0]
    why = _TOLD[rule].format(quoted(word))
    near = f"; nearest is {quoted(finding.nearest.text)}" if finding.nearest.text else ""
    return (
        f"claims not borne out by the context: {count} of {len(supported)}; least "
        f"{least} ({support:.2f}): {why}{near}"
    )
