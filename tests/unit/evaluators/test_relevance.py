from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from pytest_litmus.evaluators.relevance import relevant
from pytest_litmus.verdicts import Score, Verdict

QUESTION = "Which moons orbit Jupiter?"
ANSWER = "Four large moons are orbiting Jupiter: Io, Europa, Ganymede and Callisto."
ELSEWHERE = "Feed the sourdough daily and bake it in a covered pot."


def score(said: str, question: str = QUESTION) -> Score:
    verdict = relevant(said, question)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score


def test_an_answer_to_the_question_is_relevant_and_another_is_not() -> None:
    assert relevant(ANSWER, QUESTION)
    assert not relevant(ELSEWHERE, QUESTION)


def test_the_evidence_is_the_words_that_were_met() -> None:
    found = score(ANSWER)
    assert [one.text for one in found.evidence] == ["moons", "orbiting", "Jupiter"]
    assert all(ANSWER[one.start : one.end] == one.text for one in found.evidence)
    assert "'moons'" in found.explanation


def test_what_was_not_met_is_named() -> None:
    assert "'Jupiter'" in score(ELSEWHERE).explanation


@pytest.mark.parametrize(("said", "question"), [("", QUESTION), (ANSWER, " ?! ")])
def test_without_words_nothing_is_measured(said: str, question: str) -> None:
    assert score(said, question).value is None


def test_an_embedder_counts_half() -> None:
    def alike(texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts]

    verdict = relevant(ELSEWHERE, QUESTION, embed=alike)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert verdict.score.value == pytest.approx(0.5, abs=0.05)


def test_another_limit_is_kept() -> None:
    assert not relevant(ANSWER, QUESTION, at_most=0.1)


@pytest.mark.parametrize("piece", ["a", " ", "moon ", "n'", "1,", "a.", "月", "\u0301"])
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    relevant(text, text)
    assert time.process_time() - start < 3
