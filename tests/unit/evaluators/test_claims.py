from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.claims import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dr. Smith paid 3.5 dollars. He left!", ["Dr. Smith paid 3.5 dollars.", "He left!"]),
        ("J. K. Rowling wrote it.", ["J. K. Rowling wrote it."]),
        ("1. First\n2. Second; and third", ["1. First", "2. Second;", "and third"]),
        ('He said "Go." She went.', ['He said "Go."', "She went."]),
        ("東京です。はい。", ["東京です。", "はい。"]),
        ("No end", ["No end"]),
        ("... !", []),
        ("", []),
    ],
)
def test_the_sentences_of_a_text(text: str, parts: list[str]) -> None:
    found = sentences(text)
    assert [one.text for one in found] == parts
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The shop is open.", "claim"),
        ("No fee applies.", "claim"),
        ("Great Britain is an island.", "claim"),
        ("42", "claim"),
        ("Is it open?", "question"),
        ("Yes!", "filler"),
        ("Sure, of course.", "filler"),
        ("You're welcome!", "filler"),
        ("I hope this helps.", "filler"),
        ("Let me know if you need more.", "filler"),
    ],
)
def test_a_sentence_is_of_a_kind(text: str, kind: str) -> None:
    (found,) = sentences(text)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes, well, I think that it is open.", "it is open."),
        ("- No, it is open.", "it is open."),
        ("No fee applies.", "No fee applies."),
        ("Did you know that cats sleep?", "cats sleep?"),
    ],
)
def test_what_a_sentence_says_begins_after_its_opening(text: str, said: str) -> None:
    (found,) = sentences(text)
    assert text[found.said : found.end].strip() == said


@pytest.mark.parametrize("piece", [".", ". ", "a.", "!?", '."', "yes, ", "1. ", "\n", "sorry "])
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    start = time.process_time()
    sentences(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 3
