"""Relevance: how much an answer speaks to the question.

Words are compared by stem and weighed by how rare they are (`terms`); nothing is trained.
"""

from __future__ import annotations

import math
from collections import defaultdict

from pytest_litmus.evaluators.embedding import Embedder, cosine
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.terms import Term, terms
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

NAME = "relevant"
SPEAKS_TO = 0.2
"""From which value on an answer is taken to speak to the question, unless a limit is given."""
_HEAD = 20_000
"""How much of a text is read."""
_PREFIX = 4
_NEAR = 0.6
"""What a word counts that only begins like one of the question's."""


def relevant(
    said: Said,
    question: str,
    *,
    embed: Embedder | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How much an answer speaks to the question, in [0, 1].

    It is the share of what the question's words carry that is met in the answer: a rare word
    carries more than a common one, and one that only begins alike counts in part. With `embed` it
    is the mean of that and of the cosine of the two texts, where that is above 0. Passes from 0.2
    on unless another limit is given. The evidence names the words that were met.

    None where the answer is empty, or where the question has no words.

    Blind spots: without `embed` it knows words, not meaning. A right answer in other words than
    the question's (`Paris` to `What is the capital of France?`, a number, code, a translation) has
    a low value, and so has a refusal that does not name what it refuses; an answer to another
    question about the same thing has a high one.

    Args:
        said: The answer.
        question: What was asked.
        embed: Gives each text's vector.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    score = _measured(text_of(said), question, embed)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=SPEAKS_TO))


def _measured(text: str, question: str, embed: Embedder | None) -> Score:
    if not text.strip():
        return Score(name=NAME, explanation="the output is empty")
    asked = terms(question[:_HEAD])
    if not asked:
        return Score(name=NAME, explanation="the question has no words to compare")
    evidence, value = _met(asked, terms(text[:_HEAD]))
    likeness = _likeness(text, question, embed)
    value = value if likeness is None else (value + max(0.0, likeness)) / 2
    return Score(name=NAME, value=value, explanation=_told(evidence, asked), evidence=evidence)


def _met(asked: list[Term], answered: list[Term]) -> tuple[tuple[Evidence, ...], float]:
    """Where the answer meets the question's words, and the share of what they carry."""
    by_stem: dict[str, Term] = {}
    by_prefix: dict[str, Term] = {}
    for term in answered:
        by_stem.setdefault(term.stem, term)
        by_prefix.setdefault(term.stem[:_PREFIX], term)
    weights: dict[str, float] = defaultdict(float)
    for term in asked:
        weights[term.stem] = term.weight**2
    met, found = 0.0, {}
    for stem, weight in weights.items():
        same = by_stem.get(stem)
        near = same or (by_prefix.get(stem[:_PREFIX]) if len(stem) >= _PREFIX else None)
        if near:
            met += weight if same else _NEAR * weight
            if near.content:
                found[near.start] = Evidence(
                    rule="same-word" if same else "begins-alike",
                    text=near.text,
                    start=near.start,
                    end=near.end,
                    nearest=stem,
                )
    total = math.fsum(weights.values())
    return tuple(found[start] for start in sorted(found)), min(1.0, met / total)


def _likeness(text: str, question: str, embed: Embedder | None) -> float | None:
    if embed is None:
        return None
    one, other = ([float(x) for x in vector] for vector in embed([question, text]))
    return cosine(one, other)


def _told(evidence: tuple[Evidence, ...], asked: list[Term]) -> str:
    wanted = ", ".join(repr(t.text) for t in [t for t in asked if t.content][:4])
    if not evidence:
        return f"none of the question's words ({wanted}) is in the answer: see what it is about"
    met = ", ".join(repr(one.text) for one in evidence[:4])
    return f"the answer meets the question in {met}; the question asks about {wanted or 'little'}"
