from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.correctness import correct, exact_match, token_f1
from pytest_litmus.verdicts import Score, Verdict


def score(said: str, gold: str | list[str]) -> Score:
    verdict = correct(said, gold)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score


@pytest.mark.parametrize(
    ("said", "gold"),
    [
        ("Paris", "Paris"),
        ("The capital of France is Paris.", "paris"),
        ("Paris, not London", "Paris"),
        ("Not only Paris but also Lyon", "Paris"),
        ("It was not until 1945.", "1945"),
        ("1,000", "one thousand"),
        ("About 1e3 people came.", "1,000"),
        ("42", "forty-two"),
        ("50%", "fifty percent"),
        ("July 4, 1776", "4 July 1776"),
        ("It was on the 4th of July, 1776.", "4 July 1776"),
        ("Article II", "Article Two"),
        ("Beyonce", "Beyoncé"),
        ("Zachary Quinto plays Spock.", "Zachary John Quinto"),
        ("Shinzo Abe was the guest.", "Prime Minister Shinzo Abe"),
        ("Bhupendranath Datta edited it.", "Bhupendranath Dutta"),
        ("That is the Hilton1.", "Hilton"),
        ("You cannot return gift cards.", "Gift cards cannot be returned"),
    ],
)
def test_the_expected_answer_is_known_again(said: str, gold: str) -> None:
    assert correct(said, gold), correct(said, gold)


@pytest.mark.parametrize(
    ("said", "gold"),
    [
        ("London", "Paris"),
        ("It is not Paris.", "Paris"),
        ("London, not Paris", "Paris"),
        ("Paris or London", "Paris"),
        ("Either London or Paris.", "Paris"),
        ("I don't know whether it is Paris.", "Paris"),
        ("July 5, 1776", "4 July 1776"),
        ("3.14", "3.14159"),
        ("no", "yes"),
        ("Gift cards can be returned", "Gift cards cannot be returned"),
    ],
)
def test_another_answer_is_not_nor_is_a_denial_or_a_choice(said: str, gold: str) -> None:
    assert not correct(said, gold), correct(said, gold)


def test_one_of_several_expected_answers_is_enough() -> None:
    assert correct("It is in the USA.", ["United States", "USA"])


def test_the_evidence_is_where_the_answer_stands() -> None:
    said = "The first prize, in 1901, went to Wilhelm Röntgen of Munich."
    (found,) = score(said, ["Marie Curie", "Wilhelm Conrad Röntgen"]).evidence

    assert found.text == said[found.start : found.end] == "Wilhelm Röntgen"
    assert found.nearest == "Wilhelm Conrad Röntgen"
    assert "'Wilhelm Conrad Röntgen' stands" in score(said, "Wilhelm Conrad Röntgen").explanation


@pytest.mark.parametrize(
    ("said", "gold", "why"),
    [
        ("It is not Paris.", "Paris", "denied"),
        ("Paris or London", "Paris", "one of several left open"),
        ("July 5, 1776", "4 July 1776", "with another number"),
        ("I don't know if it is Paris.", "Paris", "says that it does not know"),
        ("London", "Paris", "nothing of the expected 'Paris'"),
    ],
)
def test_the_explanation_says_what_speaks_against(said: str, gold: str, why: str) -> None:
    assert why in score(said, gold).explanation


@pytest.mark.parametrize(
    ("said", "gold", "why"),
    [
        (" ", "Paris", "the output is empty"),
        ("Paris", [], "no expected answer"),
        ("Paris", ["", " "], "no expected answer"),
    ],
)
def test_what_cannot_be_decided_is_an_error_with_its_reason(
    said: str, gold: str | list[str], why: str
) -> None:
    for evaluator in (correct, exact_match):
        verdict = evaluator(said, gold)
        assert isinstance(verdict, Verdict)
        assert verdict.outcome == "error"
        assert why in verdict.explanation
    f1 = token_f1(said, gold)
    assert isinstance(f1, Score)
    assert f1.value is None


def test_an_answer_without_letters_is_compared_as_it_is() -> None:
    assert not correct("?!", "Paris")
    assert exact_match("!", "!")


@pytest.mark.parametrize(
    ("said", "gold", "same"),
    [
        ("The Eiffel Tower!", "eiffel tower", True),
        ("a  Cat", "cat", True),
        ("Paris, France", "Paris", False),
    ],
)
def test_exact_match_is_squads(said: str, gold: str, same: bool) -> None:
    assert bool(exact_match(said, ["something else", gold])) is same


@pytest.mark.parametrize(
    ("said", "gold", "value"),
    [
        ("the cat sat", "a cat", 2 / 3),
        ("cat", "dog", 0.0),
        ("the", "a", 1.0),
        ("x x y", "x y y", 2 / 3),
    ],
)
def test_token_f1_is_squads(said: str, gold: str, value: float) -> None:
    found = token_f1(said, ["nothing of it", gold])
    assert isinstance(found, Score)
    assert found.value == pytest.approx(value)


def test_token_f1_has_a_limit_only_where_one_is_given() -> None:
    assert token_f1("the cat sat", "a cat", at_least=0.6)
    assert not token_f1("the cat sat", "a cat", at_least=0.7)


def test_control_characters_of_an_output_are_escaped() -> None:
    assert "\x1b" not in score("Paris \x1b[31m, France", "Paris France").explanation


@pytest.mark.parametrize(
    "piece", ["a", " a", "1 ", "1,", "or ", "not ", "Paris or ", "II ", "東京"]
)
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for said, gold in ((text, "12 Paris"), ("12 Paris", text), (text, text)):
        start = time.process_time()
        correct(said, gold)
        assert time.process_time() - start < 3
