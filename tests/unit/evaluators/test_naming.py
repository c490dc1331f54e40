from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.naming import runs
from pytest_litmus.evaluators.terms import terms


def names(text: str) -> list[str]:
    return [text[run[0].start : run[-1].end] for run in runs(text, terms(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was built by Maria Lopez in Austin.", ["Maria Lopez", "Austin"]),
        ("Peter Quill, Gamora and Groot met.", ["Peter Quill", "Gamora", "Groot"]),
        ("We saw The Lord of the Rings.", ["The Lord of the Rings"]),
        ("The Boeing 767 flies.", ["Boeing 767"]),
        ("Children play on Monday in May.", []),
        ("Gamora plays.", ["Gamora"]),
    ],
)
def test_the_names_of_a_sentence(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize("piece", ["A ", "Ab of ", "Ab, ", "9 ", "É"])
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    runs(text, terms(text))
    assert time.process_time() - start < 3
