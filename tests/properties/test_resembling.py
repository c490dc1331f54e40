from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.embedding import lexical_embedder
from pytest_litmus.evaluators.resembling import resembles
from pytest_litmus.verdicts import Score

ANY = st.text(st.characters(exclude_categories=["Cs"]))


@given(ANY, st.lists(ANY, max_size=4), st.booleans())
def test_any_output_is_so_near_to_any_patterns_or_cannot_be_compared(
    said: str, patterns: list[str], by_meaning: bool
) -> None:
    score = resembles(said, patterns, embed=lexical_embedder if by_meaning else None)
    assert isinstance(score, Score)
    assert score.value is None or -1 <= score.value <= 1
    for one in score.evidence:
        assert one.nearest in patterns


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_text_is_wholly_like_itself(said: str) -> None:
    score = resembles(said, [said, "something else"])
    assert isinstance(score, Score)
    assert score.value == (1 if said.strip() else None)
