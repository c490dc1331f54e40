from __future__ import annotations

import pytest

from pytest_litmus.evaluators.terms import opposite, same_as, terms, weight_of


def test_each_word_has_its_place() -> None:
    text = "Zoë isn't in the U.S., at No. 1,000."
    assert [text[one.start : one.end] for one in terms(text)] == [one.text for one in terms(text)]
    words = ["Zoë", "isn't", "in", "the", "U.S.", "at", "No", "1,000"]
    assert [one.text for one in terms(text)] == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("carries", "carrying"),
        ("running", "runs"),
        ("won", "wins"),
        ("children", "child"),
        ("movie", "films"),
        ("outlawed", "banned"),
        ("U.S.", "USA"),
        ("Beyoncé", "beyonce"),
        ("1,000", "1000"),
    ],
)
def test_forms_and_words_of_one_meaning_have_one_stem(one: str, other: str) -> None:
    (first,), (second,) = terms(one), terms(other)
    assert first.stem == second.stem


@pytest.mark.parametrize(("one", "other"), [("bus", "but"), ("thing", "th"), ("bed", "b")])
def test_short_words_keep_their_ends(one: str, other: str) -> None:
    assert terms(one)[0].stem != terms(other)[0].stem


def test_a_rare_word_carries_more_than_a_common_one() -> None:
    assert weight_of("the") == 0 < weight_of("people") < weight_of("zeppelin") == 1
    assert [one.content for one in terms("The isn't zeppelin 7")] == [False, False, True, True]


def test_letters_of_a_script_without_spaces_are_terms() -> None:
    assert [one.text for one in terms("東京 is カナ")] == ["東", "京", "is", "カ", "ナ"]


def test_opposites_are_so_both_ways() -> None:
    assert same_as("won") in opposite(same_as("lost"))
    assert same_as("losing") in opposite(same_as("win"))
    assert opposite("zeppelin") == frozenset()
