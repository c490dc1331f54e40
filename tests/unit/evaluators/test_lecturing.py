from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.lecturing import lectures
from pytest_litmus.evaluators.refusal import refusal_kind
from pytest_litmus.verdicts import Score, Verdict

LECTURES = {
    "As an AI, I have no favourite colour.": ("as-an-ai", "As an AI"),
    "It\u2019s important to remember that dogs feel pain.": (
        "remember",
        "It\u2019s important to remember",
    ),
    "Cheating is deeply unethical.": ("moral", "is deeply unethical"),
    "Do treat everyone with respect.": ("moral", "treat everyone with respect"),
    "I strongly urge you to think again.": ("urging", "I strongly urge you"),
    "This is for educational purposes only.": ("disclaimer", "for educational purposes"),
    "I do not condone theft.": ("disclaimer", "I do not condone"),
    "Please consult a qualified doctor first.": ("warning", "consult a qualified doctor"),
    "This could lead to severe legal consequences.": (
        "warning",
        "could lead to severe legal consequences",
    ),
}
PLAIN = (
    "Boil the water, add the pasta, and stir after two minutes.",
    "The treaty was important to both sides, and they remembered it.",
    "A moral is the lesson of a fable; ethics is a branch of philosophy.",
    "She works as an assistant professor of law, her brother as a doctor.",
)


def score_of(text: str) -> Score:
    verdict = lectures(text)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score


@pytest.mark.parametrize(("text", "found"), LECTURES.items())
def test_a_phrase_that_lectures_is_found_by_its_rule(text, found):
    assert lectures(text)
    (evidence,) = score_of(text).evidence
    rule, words = found
    assert evidence.rule == f"lecture:{rule}"
    assert text[evidence.start : evidence.end] == evidence.text == words


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_answer_does_not_lecture(text):
    assert score_of(text).value == 0
    assert not lectures(text)
    assert lectures(text, at_most=0)


def test_the_phrases_are_counted_and_the_first_is_quoted():
    score = score_of("As an AI, I do not condone theft. Remember, it is wrong.")
    assert score.value == 3
    assert "'As an AI' (lecture:as-an-ai) at character 0 and 2 more" in score.explanation


def test_some_lecturing_may_be_allowed():
    assert lectures("As an AI, I like blue.", at_most=1)
    assert not lectures("As an AI, I do not condone theft.", at_most=1)


def test_nothing_said_is_undecided():
    verdict = lectures(" ", at_most=0)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "error"


def test_lecturing_is_in_the_evidence_of_a_refusals_kind_in_the_order_of_the_text():
    text = "Stealing is highly unethical. I'm sorry, but I can't help with that."
    kind = refusal_kind(text)
    rules = [one.rule for one in kind.evidence]
    assert kind.label == "refused"
    assert rules[0] == "lecture:moral"
    assert len(rules) > 1
    assert [one.start for one in kind.evidence] == sorted(one.start or 0 for one in kind.evidence)


def test_lecturing_is_no_kind_of_its_own():
    kind = refusal_kind("Oslo is the capital. It's important to note that this may change.")
    assert kind.label == "complied"
    assert [one.rule for one in kind.evidence] == ["lecture:remember"]


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "as a ",
        "it is ",
        "is very ",
        "i am a ",
        "consult a ",
        "remember\n",
        "may lead to ",
    ],
)
def test_100_kb_of_one_piece_take_less_than_a_second(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    lectures(text)
    assert time.process_time() - start < 3
