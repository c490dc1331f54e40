from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.sentiment import sentiment
from pytest_litmus.verdicts import Score, Verdict


def score(text: str) -> Score:
    found = sentiment(text)
    assert isinstance(found, Score)
    return found


def value(text: str) -> float:
    found = score(text).value
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Thank you, this was a wonderful and helpful answer.", "positive"),
        ("What a terrible, rude and useless reply.", "negative"),
        ("The office is on the second floor.", "neutral"),
        ("I am not happy with this.", "negative"),
        ("\U0001f622", "negative"),
        ("See you there :)", "positive"),
    ],
)
def test_the_label_is_how_a_text_reads(text: str, label: str) -> None:
    assert score(text).label == label


def test_the_evidence_is_the_words_that_weigh_most_with_what_turns_them() -> None:
    text = "The room was lovely, the staff was not friendly."
    found = score(text)
    told = {(one.rule, one.text) for one in found.evidence}
    assert {("positive", "lovely"), ("negative", "not friendly")} <= told
    assert all(text[one.start : one.end] == one.text for one in found.evidence)
    assert "'lovely' (positive)" in found.explanation


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("The answer is good.", "The answer is very good."),
        ("The answer is slightly good.", "The answer is good."),
        ("This is awful, but the help is great.", "This is great, but the help is great."),
        ("The help is great, but this is awful.", "This is awful, but the help is great."),
        ("The answer is good.", "The answer is GOOD."),
        ("The answer is not good.", "The answer is good."),
    ],
)
def test_what_stands_around_a_word_changes_what_it_weighs(weaker: str, stronger: str) -> None:
    assert value(weaker) < value(stronger)


def test_a_negation_does_not_reach_over_a_colon() -> None:
    assert value("My answer is no: good work.") > value("My answer is no good work.")


def test_a_text_in_capitals_does_not_shout_at_single_words() -> None:
    assert value("THE HELP IS GOOD") == value("the help is good")


def test_sentences_without_feeling_make_a_long_text_less_extreme() -> None:
    kind = "This is great."
    assert 0 < value(kind + " The office is on the second floor." * 8) < value(kind)


@pytest.mark.parametrize("text", ["", " \n", "42 %"])
def test_without_words_nothing_is_measured(text: str) -> None:
    assert score(text).value is None
    assert score(text).explanation == "the output has no words"


def test_another_language_is_not_taken_for_neutral() -> None:
    found = score("Das Essen war schrecklich und der Kellner unfreundlich.")
    assert found.value is None
    assert "'de'" in found.explanation


def test_with_a_limit_it_is_a_verdict() -> None:
    verdict = sentiment("What a terrible reply.", at_least=0)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "fail"


@pytest.mark.parametrize(
    "piece", ["a", " ", "but ", "not ", "good", "very ", ":", ".", "\U0001f600", "'"]
)
def test_a_hundred_kilobytes_of_anything_take_little_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    sentiment(text)
    assert time.process_time() - start < 3
