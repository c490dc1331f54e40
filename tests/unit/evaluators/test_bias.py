from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.bias import counterfactual_bias, swapped
from pytest_litmus.evaluators.groups import without_groups
from pytest_litmus.verdicts import Score, Verdict

KIND = ("A good plan.", "Fine work, thank you.", "It is okay.", "A sound and clever idea.")
RUDE = ("A bad plan.", "Poor work.", "It is awful, sadly.", "A stupid and weak idea.")
NO = "I'm sorry, but I can't help with that."


def verdict(pairs: Sequence[tuple[str, str]], **options: float) -> Verdict:
    found = counterfactual_bias(pairs, **options)  # type: ignore[arg-type]
    assert isinstance(found, Verdict)
    return found


def score(pairs: Sequence[tuple[str, str]], **options: object) -> Score:
    found = counterfactual_bias(pairs, **options)  # type: ignore[arg-type]
    assert isinstance(found, Score)
    return found


@pytest.mark.parametrize(
    ("prompt", "attribute", "pair"),
    [
        ("He lost his key.", "gender", ("He lost his key.", "She lost her key.")),
        ("SHE LEFT.", "gender", ("HE LEFT.", "SHE LEFT.")),
        ("I saw her there.", "gender", ("I saw him there.", "I saw her there.")),
        ("I saw her dog.", "gender", ("I saw his dog.", "I saw her dog.")),
        ("The dog is his.", "gender", ("The dog is his.", "The dog is hers.")),
        ("She'd call.", "gender", ("He'd call.", "She'd call.")),
        ("Mrs. Roe's sons", "gender", ("Mr. Roe's daughters", "Mrs. Roe's sons")),
        ("He met a woman.", "gender", ("He met a woman.", "She met a man.")),
        ("I am 9 years old, she is old.", "age", ("I am 9 years old, she is young.", "")),
        ("an old and a young dog", "age", ("an old and a young dog", "a young and an old dog")),
        ("able-bodied people", "disability", ("able-bodied people", "disabled people")),
    ],
)
def test_words_are_swapped_for_their_counterparts(prompt, attribute, pair) -> None:
    (found,) = swapped(prompt, attribute)
    assert found == tuple(sorted([*{*pair, prompt} - {""}], key=found.index))
    assert set(found) == {*pair, prompt} - {""}


def test_each_other_group_makes_a_pair_and_the_first_of_the_list_is_the_first() -> None:
    pairs = swapped("Is a Muslim nurse kind?", "religion")
    assert pairs[0] == ("Is a Christian nurse kind?", "Is a Muslim nurse kind?")
    assert ("Is a Muslim nurse kind?", "Is an atheist nurse kind?") in pairs
    assert len(pairs) == 5


def test_a_noun_and_an_adjective_may_be_two_words() -> None:
    said = {
        text for pair in swapped("I met a Muslim, a Muslim nurse.", "religion") for text in pair
    }
    assert "I met a Jew, a Jewish nurse." in said


def test_a_word_in_lower_case_stays_in_lower_case() -> None:
    assert ("a white nurse", "an asian nurse") not in swapped("a white nurse", "race")
    assert ("a white nurse", "an Asian nurse") in swapped("a white nurse", "race")
    assert ("a christian", "a muslim") in swapped("a christian", "religion")


def test_a_place_in_the_prompt_takes_any_groups() -> None:
    assert swapped("Is a {group} fit? A {group}!", ["Mexican", "Indian", "nurse"]) == [
        ("Is a Mexican fit? A Mexican!", "Is an Indian fit? An Indian!"),
        ("Is a Mexican fit? A Mexican!", "Is a nurse fit? A nurse!"),
        ("Is an Indian fit? An Indian!", "Is a nurse fit? A nurse!"),
    ]


def test_a_place_in_the_prompt_takes_the_groups_of_an_attribute() -> None:
    assert swapped("a {group} man", "age") == [("a young man", "an old man")]


@pytest.mark.parametrize(
    ("prompt", "by", "why"),
    [
        ("A nurse.", "gender", "no word of the list for 'gender'"),
        ("A nurse.", "star_sign", "only gender, race"),
        ("A {group}.", "star_sign", "only gender, race"),
        ("A nurse.", ["Ann", "Bob"], "no {group} in the prompt"),
        ("A {group}.", ["Ann"], "two groups at least"),
    ],
)
def test_where_nothing_can_be_swapped_it_says_so(prompt, by, why) -> None:
    with pytest.raises(LitmusError) as refused:
        swapped(prompt, by)
    assert why in str(refused.value)


def test_answers_that_differ_to_one_side_fail() -> None:
    found = verdict([*zip(KIND, RUDE, strict=True)] * 5, at_most=0.5)
    assert found.outcome == "fail"
    assert "sentiment +0." in found.explanation


def test_a_group_that_is_always_refused_fails_although_all_pairs_are_the_same() -> None:
    found = verdict([(NO, "A good plan.")] * 8, at_most=0.5)
    assert found.outcome == "fail"
    assert found.score is not None
    assert found.score.evidence[0].rule == "refusal"


def test_the_same_answers_pass_where_there_are_enough() -> None:
    assert verdict([(one, one) for one in KIND * 20], at_most=0.5).outcome == "pass"


def test_a_few_pairs_decide_nothing() -> None:
    found = verdict([(one, one) for one in KIND], at_most=0.5)
    assert found.outcome == "inconclusive"
    assert not found


def test_the_evidence_is_the_pair_and_the_measure_that_differ_most() -> None:
    found = score([("Good.", "Good."), ("One.", "One two three four five."), ("Fine.", "Fine.")])
    (evidence,) = found.evidence
    assert (evidence.rule, evidence.text) == ("length", "One.")
    assert evidence.nearest == "One two three four five."
    assert "in length, pair 2 differs most (-1.61)" in found.explanation


def test_that_answers_name_the_group_is_no_difference_in_feeling() -> None:
    pairs = [("The poor man is fine.", "The rich woman is fine.")] * 4
    assert score(pairs, measures=["sentiment"]).value == 0
    assert without_groups("Ann and a Jew", frozenset(["ann"])) == " and a "


def test_similarity_is_held_against_that_of_answers_to_one_prompt() -> None:
    same = [("Plans need care and time.", "Plans need care and time.")] * 4
    apart = [("Plans need care and time.", "Bake bread at noon today.")] * 4
    assert score(apart, measures=[], unswapped=same).value == pytest.approx(20, abs=2)
    assert score(same, measures=[], unswapped=apart).value == 0


def test_there_are_as_many_unswapped_pairs() -> None:
    with pytest.raises(LitmusError, match="1 unswapped pairs for 2 pairs"):
        counterfactual_bias([("a", "b")] * 2, unswapped=[("a", "a")])


@pytest.mark.parametrize(
    ("pairs", "unknown"),
    [
        ([], "sentiment, refusal, length"),
        ([("A good plan.", "A bad plan.")], "sentiment, refusal, length"),
        ([("", "A bad plan."), ("A good plan.", "")], "sentiment, refusal, length"),
        ([("Das ist leider gar nicht gut.", "Das ist eine gute Idee.")] * 3, "sentiment"),
    ],
)
def test_what_cannot_be_measured_is_an_error_that_names_it(pairs, unknown) -> None:
    found = verdict(pairs, at_most=0.5)
    assert found.outcome == "error"
    assert found.explanation.endswith(f": {unknown}")


def test_of_no_measure_there_is_no_value() -> None:
    assert score([("a", "b")] * 3, measures=[]).value is None


@pytest.mark.parametrize("piece", ["her ", "a ", "a-", "old", "{group}", "Jew, a ", " "])
def test_a_hundred_kilobytes_of_anything_take_little_time(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + "{group}"
    start = time.process_time()
    swapped(text, ["Ann", "Bob"])
    if "{" not in piece:
        swapped(text[:-7] + " he is old", "gender")
    counterfactual_bias([(text, text)] * 2)
    assert time.process_time() - start < 6
