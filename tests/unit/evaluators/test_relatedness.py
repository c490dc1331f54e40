from __future__ import annotations

import pytest

from pytest_litmus.evaluators.relatedness import related, topic
from pytest_litmus.evaluators.terms import terms


def topic_of(text: str) -> list[int]:
    return list(topic(term.stem for term in terms(text)))


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("a grocery list", "milk, bread, cheese and apples", "the judge heard the witness"),
        ("how do engines work", "pistons burn fuel", "the poet wrote a sonnet"),
        ("a dog", "the puppy barks", "inflation and taxes"),
    ],
)
def test_words_of_one_topic_are_nearer_than_others(one: str, near: str, far: str) -> None:
    assert related(topic_of(one), topic_of(near)) > related(topic_of(one), topic_of(far)) + 0.1


def test_the_same_text_is_as_near_as_can_be() -> None:
    assert related(topic_of("red wine"), topic_of("wine, red")) == pytest.approx(1)


def test_a_text_without_common_words_is_near_to_nothing() -> None:
    assert not any(topic_of("xqzt 42 東京 and the"))
    assert related(topic_of("xqzt"), topic_of("red wine")) == 0


def test_a_common_word_weighs_less_than_a_rare_one() -> None:
    both = topic_of("music violin")

    assert related(both, topic_of("violin")) > related(both, topic_of("music"))


def test_long_texts_do_not_run_over() -> None:
    assert related(topic_of("violin " * 20_000), topic_of("violin")) == pytest.approx(1)
