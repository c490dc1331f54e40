from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.privacy import personal_data
from pytest_litmus.verdicts import Score


@given(st.text() | st.from_regex(r"[\dA-Z@:. +()-]{0,60}", fullmatch=True))
def test_any_text_gives_a_score_whose_places_are_in_it(text: str) -> None:
    score = personal_data(text)

    assert isinstance(score, Score)
    assert all(0 <= (one.start or 0) < (one.end or 0) <= len(text) for one in score.evidence)
