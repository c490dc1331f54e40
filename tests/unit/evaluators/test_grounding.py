from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.grounding import grounded, unsupported_claims
from pytest_litmus.verdicts import Score, Verdict

POLICY = (
    "Opened laptops can be returned within 30 days of delivery if all accessories are included. "
    "A restocking fee of 15% applies. Refunds go to the original payment method within 5 business "
    "days. Gift cards cannot be returned. Our store was founded in 1998 by Maria Lopez in Austin."
)


def score(said: str, context: str | Sequence[str] = POLICY) -> Score:
    verdict = grounded(said, in_=context)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score


@pytest.mark.parametrize(
    "said",
    [
        "Opened laptops can be returned within 30 days.",
        "You can return an opened laptop within thirty days, if all accessories are included.",
        "The restocking fee is fifteen percent.",
        "Maria Lopez founded the store in Austin in 1998.",
        "Gift cards are not returnable.",
        "Refunds take no more than 5 business days.",
        "- Return: within 30 days\n- Fee: 15%",
    ],
)
def test_what_the_context_says_is_borne_out_in_other_words_and_spellings(said: str) -> None:
    assert grounded(said, in_=POLICY)
    assert unsupported_claims(said, in_=POLICY) == []


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Opened laptops can be returned within 60 days of delivery.", "other-number"),
        ("Our store was founded in 1989 by Maria Lopez in Austin.", "other-number"),
        ("Our store was founded in 1998 by Carlos Lopez in Austin.", "new-name"),
        ("No restocking fee applies.", "negation"),
        ("Gift cards can be returned.", "negation"),
        ("A restocking fee of 15% applies since 3 March 2020.", "new-number"),
        ("Shipping is free worldwide.", "new-word"),
        ("I love this store so much!", "new-word"),
    ],
)
def test_what_the_context_has_otherwise_or_not_at_all_is_not(said: str, rule: str) -> None:
    assert not grounded(said, in_=POLICY)
    (found,) = unsupported_claims(said, in_=POLICY)
    assert found.rule == rule


def test_each_sentence_that_is_not_borne_out_is_named_with_the_nearest_of_the_context() -> None:
    said = "A restocking fee of 15% applies. It can be returned within 90 days of delivery. Bye!"
    (found,) = score(said).evidence

    assert found.text == said[found.start : found.end]
    assert found.text == "It can be returned within 90 days of delivery."
    assert found.nearest == POLICY.split(". ", maxsplit=1)[0] + "."
    told = score(said).explanation
    assert "not borne out by the context: " in told
    assert "another number than '90'" in told
    assert "Opened laptops" in told


def test_one_invented_sentence_pulls_many_good_ones_down() -> None:
    good = "A restocking fee of 15% applies. Gift cards cannot be returned. "
    value, lower = score(good).value, score(good + "Shipping is free worldwide.").value
    assert value is not None
    assert lower is not None
    assert lower < 0.5 < value


@pytest.mark.parametrize(
    ("said", "context"),
    [
        ("More than 270 people came.", "280 people came."),
        ("Fewer than 300 people came.", "280 people came."),
        ("About 1,000 people came.", "980 people came."),
        ("1 million people came.", "1,000,000 people came."),
    ],
)
def test_a_bound_is_held_against_the_number_next_to_it(said: str, context: str) -> None:
    assert grounded(said, in_=context)


@pytest.mark.parametrize("said", ["More than 290 people came.", "Fewer than 280 people came."])
def test_a_bound_that_the_number_breaks_is_another_number(said: str) -> None:
    (found,) = unsupported_claims(said, in_="280 people came.")
    assert found.rule == "other-number"


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("It was completed on 12 June 1932.", "other-date"),
        ("It was completed after 1 July 1932.", "other-date"),
        ("The museum is closed on Saturday.", "other-kind"),
        ("Ticket prices fell in May.", "opposite"),
    ],
)
def test_a_date_a_day_and_a_direction_are_held_against_the_nearest_sentence(
    said: str, rule: str
) -> None:
    context = (
        "The museum was completed on May 12, 1932. The museum is closed on Sunday. "
        "Ticket prices rose in May."
    )
    (found,) = unsupported_claims(said, in_=context)
    assert found.rule == rule


@pytest.mark.parametrize(
    ("said", "context"),
    [
        ("It was completed before June 1932.", "It was completed on May 12, 1932."),
        ("More than 15 reviews gave 44 points.", "44 points were given by 20 reviews in 3 papers."),
        ("It has under 800 million views.", "It has over 790 million views."),
        ("The Boeing 767 is a jet.", "The Boeing 767 is a jet airliner of 1981."),
        ("She is a performer at the theatre in Graz.", "She is an actor at the theatre in Graz."),
    ],
)
def test_a_number_is_held_against_those_of_the_same_things(said: str, context: str) -> None:
    assert grounded(said, in_=context)


def test_one_invented_sentence_among_twenty_true_ones_fails() -> None:
    good = "A restocking fee of 15% applies. Gift cards cannot be returned. " * 10
    verdict = grounded(good + "Shipping is free worldwide.", in_=POLICY)
    assert not verdict
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    (found,) = verdict.score.evidence
    assert found.text == "Shipping is free worldwide."


def test_an_opposite_and_a_stronger_claim_are_seen() -> None:
    context = "The northern route is open in summer, and trucks may use it."
    rules = [
        unsupported_claims(said, in_=context)[0].rule
        for said in ("The southern route is open.", "Only trucks may always use it.")
    ]
    assert rules == ["opposite", "stronger"]


@pytest.mark.parametrize(
    "closing",
    ["Would you like me to start a return for you today?", "I hope this helps!", "You're welcome!"],
)
def test_a_closing_question_or_courtesy_claims_nothing(closing: str) -> None:
    assert grounded(f"A restocking fee of 15% applies. {closing}", in_=POLICY)


def test_a_question_alone_is_looked_at() -> None:
    (found,) = unsupported_claims("Do you enjoy musicals?", in_=POLICY)
    assert found.rule == "new-word"


@pytest.mark.parametrize(
    ("said", "context", "why"),
    [
        ("", POLICY, "the output has no words"),
        ("...", POLICY, "the output has no words"),
        ("A restocking fee applies.", " ", "there is no context"),
        ("A restocking fee applies.", [], "there is no context"),
        ("Yes! Of course.", POLICY, "claims nothing"),
        ("Yes. " * 5_000, POLICY, "5000 sentences"),
    ],
)
def test_what_cannot_be_decided_is_an_error_with_its_reason(
    said: str, context: str | list[str], why: str
) -> None:
    verdict = grounded(said, in_=context)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "error"
    assert why in verdict.explanation


def test_several_texts_are_one_context() -> None:
    said = "A restocking fee applies to laptops."
    assert grounded(said, in_=["A restocking fee applies to laptops.", "Gift cards are final."])


def test_another_limit_is_kept() -> None:
    said = "The restocking fee is fifteen percent."
    assert not grounded(said, in_=POLICY, at_least=0.99)
    assert grounded("Shipping is free.", in_=POLICY, at_most=0.3)


def test_an_embedder_finds_the_nearest_sentence() -> None:
    def last(texts: Sequence[str]) -> list[list[float]]:
        near = {texts[0], texts[-1]}
        return [[1.0, float(text not in near)] for text in texts]

    (found,) = unsupported_claims("Money comes back soon.", in_=POLICY, embed=last)
    assert found.nearest == "Our store was founded in 1998 by Maria Lopez in Austin."


def test_an_embedder_that_gives_too_few_vectors_is_told_of() -> None:
    with pytest.raises(LitmusError, match="gave 1 vectors for 6 texts"):
        grounded("Money comes back soon.", in_=POLICY, embed=lambda texts: [[1.0]])


def test_control_characters_of_an_output_are_escaped() -> None:
    assert "\x1b" not in score("Shipping is \x1b[31mfree\u202e worldwide.").explanation


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "a. ",
        "12. ",
        "1,",
        "n't",
        "([",
        "yes, ",
        "i think that ",
        "東京",
        "e\u0301",
        "5 cats ",
        "3 May. ",
    ],
)
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for said, context in ((text, POLICY), (POLICY, text)):
        start = time.process_time()
        grounded(said, in_=context)
        assert time.process_time() - start < 3
