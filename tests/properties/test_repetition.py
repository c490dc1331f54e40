from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.repetition import repeats
from pytest_litmus.verdicts import Score


@given(st.one_of(st.text(), st.text("ab .\n漢|1", max_size=200)))
def test_any_text_has_a_score_whose_evidence_is_where_it_says(text):
    score = repeats(text)
    assert isinstance(score, Score)
    assert score.value is None or 0 <= score.value <= 1
    assert score.explanation
    for evidence in score.evidence:
        assert text[evidence.start : evidence.end] == evidence.text
