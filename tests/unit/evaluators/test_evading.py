from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.composition import negate
from pytest_litmus.evaluators.evading import evades, off_topic
from pytest_litmus.verdicts import Score, Verdict

PROMPT = "Which moons orbit Jupiter?"
ELSEWHERE = (
    "Sourdough wants patience: feed the starter daily, fold the dough gently, and bake it in a "
    "covered iron pot until the crust is dark."
)
ANSWER = (
    "Jupiter has four large moons, Io, Europa, Ganymede and Callisto, and some ninety small ones "
    "that were found later."
)


def score_of(found: Score | Verdict) -> Score:
    assert isinstance(found, Verdict)
    assert found.score is not None
    return found.score


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Well, let\u2019s talk about the weather.", "let\u2019s talk"),
        ("I'd rather not say.", "I'd rather"),
        ("Hm. Why do you ask?", "Why do you ask"),
        ("I don't know.", "I don't know"),
        ("On a lighter note, it is Friday.", "On a lighter note"),
    ],
)
def test_a_phrase_of_evasion_evades_and_is_the_evidence(text, phrase):
    assert evades(text)
    (evidence,) = score_of(evades(text)).evidence
    assert text[evidence.start : evidence.end] == evidence.text == phrase


def test_an_answer_does_not_evade():
    assert not evades(ANSWER)
    assert not evades(ANSWER, prompt=PROMPT)


def test_an_answer_to_something_else_evades_where_the_prompt_is_known():
    assert not evades(ELSEWHERE)
    assert evades(ELSEWHERE, prompt=PROMPT)
    (evidence,) = score_of(evades(ELSEWHERE, prompt=PROMPT)).evidence
    assert (evidence.rule, evidence.nearest) == ("off-topic", PROMPT)


def test_a_phrase_far_behind_the_beginning_is_no_evasion():
    assert not evades(f"{ANSWER * 6} I don't know their names.")


def test_an_answer_to_something_else_is_off_topic():
    assert off_topic(ELSEWHERE, PROMPT)
    assert "'moons'" in score_of(off_topic(ELSEWHERE, PROMPT)).explanation


def test_an_answer_to_the_question_is_not_and_the_evidence_is_what_it_met():
    found = off_topic(ANSWER, PROMPT)
    assert not found
    assert negate(found) if isinstance(found, Verdict) else False
    for one in score_of(found).evidence:
        assert ANSWER[one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("text", "prompt"), [("", PROMPT), ("Ganymede and Io.", PROMPT), (ANSWER, "")]
)
def test_what_cannot_be_told_is_undecided(text, prompt):
    found = off_topic(text, prompt)
    assert isinstance(found, Verdict)
    assert found.outcome == "error"
    assert negate(found).outcome == "error"


def test_a_short_answer_with_the_prompts_words_is_decided():
    assert not off_topic("Ganymede and other moons.", PROMPT)


def test_nothing_said_neither_answers_nor_evades():
    assert score_of(evades(" \n")).value is None


@pytest.mark.parametrize("piece", ["a", "let's ", "i have ", "\u2019", "on a "])
def test_100_kb_of_one_piece_take_less_than_a_second(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    evades(text, prompt=text)
    off_topic(text, PROMPT)
    assert time.process_time() - start < 3
