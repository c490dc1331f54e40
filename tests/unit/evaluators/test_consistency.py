from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from pytest_litmus.evaluators.consistency import agreement, consistent
from pytest_litmus.verdicts import Score, Verdict


def score(answers: Sequence[str]) -> Score:
    verdict = consistent(answers)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score


@pytest.mark.parametrize(
    "answers",
    [
        ["Paris", "It is Paris.", "The capital of France is Paris."],
        ["Within 30 days.", "You have thirty days."],
        ["Yes.", "Yes, you can return it."],
        ["No, it is not covered.", "It is not covered."],
        ["I do not know.", "I do not know."],
    ],
)
def test_answers_that_say_the_same_are_consistent(answers: list[str]) -> None:
    assert consistent(answers)


@pytest.mark.parametrize(
    ("one", "other", "against"),
    [
        ("Paris", "Lyon", ""),
        ("Within 30 days.", "Within 60 days.", "another number than '30'"),
        ("Refunds take 3 days after delivery.", "Refunds take 9 days after delivery.", "'3'"),
        ("Yes, it is covered.", "No, it is covered.", "one says yes, the other no"),
        ("Laptops can be returned.", "Laptops cannot be returned.", "denies 'returned'"),
        ("The price will increase.", "The price will decrease.", "is the opposite"),
        ("I do not know.", "Paris is the capital.", ""),
    ],
)
def test_answers_that_contradict_are_not(one: str, other: str, against: str) -> None:
    assert not consistent([one, other])
    assert against in agreement(one, other).against


def test_the_evidence_is_the_two_that_agree_least() -> None:
    found = score(["It is Paris.", "Paris", "Lyon, surely"])
    (evidence,) = found.evidence
    assert {evidence.text, evidence.nearest} & {"Lyon, surely"}
    assert "'Lyon, surely'" in found.explanation
    assert "of 3 answers" in found.explanation


def test_the_value_is_the_mean_over_the_pairs() -> None:
    assert score(["Paris", "Paris", "Lyon"]).value == pytest.approx(1 / 3)


def test_the_words_of_the_question_say_nothing() -> None:
    one, other = "The capital of Burundi is Gitega.", "The capital of Burundi is Bujumbura."
    asked = "What is the capital of Burundi?"
    assert agreement(one, other, question=asked).value < agreement(one, other).value


def test_an_embedder_counts_half() -> None:
    def alike(texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts]

    verdict = consistent(["a big house", "some large building"], embed=alike)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert verdict.score.value is not None
    assert verdict.score.value >= 0.5


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([], "there is none"),
        (["Paris"], "there is 1"),
        (["Paris", " ", "Paris"], "answer 2 is empty"),
    ],
)
def test_what_cannot_be_compared_is_an_error(answers: list[str], why: str) -> None:
    verdict = consistent(answers)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "error"
    assert why in verdict.explanation


def test_another_limit_is_kept() -> None:
    assert consistent(["Paris", "Lyon"], at_least=0)


@pytest.mark.parametrize("piece", ["a", " a", "no ", "9 ", "not good. ", "a\n", "\u6708", "Yes. "])
def test_a_hundred_kilobytes_of_anything_take_little_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    consistent([text, text + "b"])
    consistent([text, "b" + text])
    assert time.process_time() - start < 3
