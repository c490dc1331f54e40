from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.sentiment import sentiment
from pytest_litmus.verdicts import Score

PIECES = st.sampled_from(
    ["not ", "very ", "good", "AWFUL ", "but ", ". ", "! ", ": ", ":)", "\U0001f600"]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_has_a_score_whose_evidence_is_where_it_says(text):
    score = sentiment(text)
    assert isinstance(score, Score)
    assert score.value is None or -1 <= score.value <= 1
    assert score.explanation
    for evidence in score.evidence:
        assert text[evidence.start : evidence.end] == evidence.text
