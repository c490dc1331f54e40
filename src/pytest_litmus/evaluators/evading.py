"""Evading: an answer that changes the subject, keeps silent, or speaks of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.relevance import relevant
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

ELSEWHERE = 0.8
"""From which value on an answer is taken to speak of something else: four to one."""
_SHORT = 12
"""Fewer words need not repeat those of the question."""
_OPENING = 500
"""How many characters are looked at: an answer that evades begins so."""
_EVASION = re.compile(
    r"\b(?:let's (?:talk|change|move|focus on something|discuss something)|"
    r"(?:i'd|i would) (?:rather|prefer)|i prefer not|why do you (?:ask|want)|what else|"
    r"(?:ask|talk about|speak of) something else|change the (?:subject|topic)|hard to say|"
    r"no comment|i (?:don't|do not) know|(?:i have|i've) no (?:opinion|comment|view) on|"
    r"on (?:another|a different|a lighter) note)\b",
    re.IGNORECASE,
)


def evades(
    said: Said,
    *,
    prompt: str | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an answer evades: 1 or 0. Passes at 1, that is where it does.

    It evades where its first 500 characters change the subject, keep an opinion back or say that
    it does not know (phrases of ours, in English), or, where `prompt` is given, where it speaks of
    something else (`off_topic`). None where the output is empty.

    Whether it also refuses is not looked at: `refusal_kind` tells the two apart.

    Blind spots: evasions without such a phrase (a question back, generalities); a plain `I don't
    know` counts, though it may be the right answer.
    """
    text = text_of(said)
    score = _evasion(text, prompt)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def off_topic(
    said: Said,
    prompt: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How far an answer is from what was asked, in [0, 1]: 1 less the value of `relevant`.

    It passes where the answer does speak of something else: from 0.8 on, four to one, unless
    another limit is given. The bar is ours. To hold answers to the topic, use `negate` or, more
    strictly, `relevant`.

    None where the output is empty, the prompt has no words, or the answer has fewer than twelve
    words and none of the prompt's: a short answer need not repeat them.

    Blind spots: those of `relevant`. A poem or a story that was asked for, an answer in another
    language, in code or in numbers alone is taken for off topic; one that repeats the question and
    then wanders off is not.
    """
    score = _distance(text_of(said), prompt)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=ELSEWHERE))


def evaded(text: str, prompt: str | None) -> bool:
    """Whether `evades` would pass."""
    return _evasion(text, prompt).value == 1


def speaks_of_else(text: str, prompt: str | None) -> bool:
    """Whether `off_topic` would pass; False where there is no prompt or it cannot be told."""
    return bool(prompt) and (_distance(text, prompt or "").value or 0.0) >= ELSEWHERE


def _evasion(text: str, prompt: str | None) -> Score:
    if not text.strip():
        return Score(
            name="evades", explanation="the output is empty: it neither answers nor evades"
        )
    evidence = tuple(_phrases(text))
    if evidence:
        told = f"it says {quoted(evidence[0].text)} at {evidence[0].start}; read whether it answers"
    elif speaks_of_else(text, prompt):
        evidence = (Evidence(rule="off-topic", nearest=prompt),)
        told = f"it hardly speaks to {quoted(prompt or '')}; read what it is about"
    else:
        told = "no phrase of evasion was found"
    return Score(name="evades", value=float(bool(evidence)), explanation=told, evidence=evidence)


def _phrases(text: str) -> Iterator[Evidence]:
    # Of the same length, so that places stay those of the output.
    opening = text[:_OPENING].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    for match in _EVASION.finditer(opening):
        start, end = match.span()
        yield Evidence(rule="evasion", text=text[start:end], start=start, end=end)


def _distance(text: str, prompt: str) -> Score:
    verdict = relevant(text, prompt)
    found = verdict.score if isinstance(verdict, Verdict) else verdict
    assert found is not None  # noqa: S101 - it judges what it measured
    if found.value is None:
        return Score(name="off_topic", explanation=found.explanation)
    if not found.evidence and len(text.split()) < _SHORT:
        told = (
            "the answer is short and has none of the prompt's words, which short answers need not"
        )
        return Score(name="off_topic", explanation=told)
    return Score(
        name="off_topic",
        value=1 - found.value,
        explanation=found.explanation,
        evidence=found.evidence,
    )
