"""Relevance: how much an answer speaks to the question.

Words are compared by stem and weighed by how rare they are (`terms`), topics by their words'
vectors (`relatedness`); a logistic model weighs both. `training/relevance.py` makes it, from
questions with their own answers and with answers to others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pytest_litmus.evaluators.embedding import Embedder, cosine
from pytest_litmus.evaluators.relatedness import Topic, related, topic
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.terms import Term, terms
from pytest_litmus.evaluators.weighing import likelihood
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

NAME = "relevant"
SPEAKS_TO = 0.3
"""From which value on an answer is taken to speak to the question, unless a limit is given: of the
answers that were learned from, the most are told rightly there."""
_HEAD = 20_000
"""How much of a text is read."""
_PREFIX = 4
_NEAR = 0.6
"""What a word counts that only begins like one of the question's."""
_LITTLE = 0.3
"""The share of the question from which on it matters less how much more is met."""
_LONG = 100
"""Words of an answer of a middling length."""


class Signs(NamedTuple):
    """How an answer stands to a question."""

    met: float
    """The share of what the question's words carry that is met in the answer."""
    little: float
    """The same up to 0.3, in [0, 1]."""
    nothing: float
    """1 where none of it is met."""
    related: float
    """The cosine of the two topics."""
    unrelatable: float
    """1 where one of them has no common English word."""
    length: float
    """Of the answer; long ones meet more by chance."""


@dataclass(frozen=True)
class Question:
    """A question, read once for all answers to it."""

    terms: list[Term]
    weights: dict[str, float]
    """What each stem of it carries."""
    topic: Topic


@lru_cache(maxsize=256)
def question_of(text: str) -> Question:
    """A question, read; kept, because many answers are held against one."""
    asked = terms(text[:_HEAD])
    weights: dict[str, float] = defaultdict(float)
    for term in asked:
        weights[term.stem] = term.weight**2
    return Question(asked, weights, topic(term.stem for term in asked))


def relevant(
    said: Said,
    question: str,
    *,
    embed: Embedder | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How much an answer speaks to the question, in [0, 1].

    It is the likelihood that the answer was given to this question, if it might as well have been
    given to another. What speaks for it are the question's words, of which a rare one carries more
    than a common one and one that only begins alike counts in part, and words of the same topic.
    With `embed` it is the mean of that and of the cosine of the two texts, where that is above 0.
    Passes from 0.3 on unless another limit is given. The evidence names the words that were met.

    None where the answer is empty, or where the question has no words.

    Blind spots: topics are known of common English words alone. A number, code, a translation, a
    bare name (`Paris` to `What is the capital of France?`) or a refusal that does not name what it
    refuses has a low value; an answer to another question about the same thing has a high one.

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
    asked, answered = question_of(question), terms(text[:_HEAD])
    if not asked.terms:
        return Score(name=NAME, explanation="the question has no words to compare")
    signs, evidence = compared(asked, answered)
    value = likelihood("relevance", signs._asdict())
    likeness = _likeness(text, question, embed)
    return Score(
        name=NAME,
        value=value if likeness is None else (value + max(0.0, likeness)) / 2,
        explanation=_told(signs, evidence, asked.terms),
        evidence=evidence,
    )


def compared(asked: Question, answered: list[Term]) -> tuple[Signs, tuple[Evidence, ...]]:
    """How an answer's words stand to a question, and where they meet it."""
    evidence, met = _met(asked, answered)
    told = topic(term.stem for term in answered)
    signs = Signs(
        met=met,
        little=min(met, _LITTLE) / _LITTLE,
        nothing=float(not met),
        related=related(asked.topic, told),
        unrelatable=float(not any(asked.topic) or not any(told)),
        length=math.log1p(len(answered)) / math.log1p(_LONG),
    )
    return signs, evidence


def _met(asked: Question, answered: list[Term]) -> tuple[tuple[Evidence, ...], float]:
    """Where the answer meets the question's words, and the share of what they carry."""
    by_stem: dict[str, Term] = {}
    by_prefix: dict[str, Term] = {}
    for term in answered:
        by_stem.setdefault(term.stem, term)
        by_prefix.setdefault(term.stem[:_PREFIX], term)
    met, found = 0.0, {}
    for stem, weight in asked.weights.items():
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
    total = math.fsum(asked.weights.values())
    return tuple(found[start] for start in sorted(found)), min(1.0, met / total)


def _likeness(text: str, question: str, embed: Embedder | None) -> float | None:
    if embed is None:
        return None
    one, other = ([float(x) for x in vector] for vector in embed([question, text]))
    return cosine(one, other)


def _told(signs: Signs, evidence: tuple[Evidence, ...], asked: list[Term]) -> str:
    wanted = ", ".join(repr(t.text) for t in [t for t in asked if t.content][:4])
    topics = f"their topics are {signs.related:.2f} alike"
    if not evidence:
        return (
            f"none of the question's words ({wanted}) is in the answer, and {topics}: "
            "see what it is about"
        )
    met = ", ".join(repr(one.text) for one in evidence[:4])
    return (
        f"the answer meets the question in {met}; the question asks about {wanted or 'little'}; "
        f"{topics}"
    )
