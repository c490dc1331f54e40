from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.readability import readability, syllables
from pytest_litmus.verdicts import Score

FORMULAS = ("flesch_reading_ease", "gunning_fog", "smog", "coleman_liau")


@given(st.one_of(st.text(), st.text("aeiouy tls.\n'", max_size=200)), st.sampled_from(FORMULAS))
def test_any_text_has_a_score_whose_evidence_is_where_it_says(text, how):
    score = readability(text, how=how)
    assert isinstance(score, Score)
    assert score.value is None or math.isfinite(score.value)
    assert score.explanation
    for evidence in score.evidence:
        assert text[evidence.start : evidence.end] == evidence.text


@given(st.text("aeiouytlsmgqcx", min_size=1))
def test_a_word_has_a_syllable_and_no_more_than_letters(word):
    assert 1 <= syllables(word) <= len(word)
