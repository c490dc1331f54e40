from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.consistency import agreement, consistent
from pytest_litmus.verdicts import Verdict

TEXTS = st.one_of(
    st.text(),
    st.lists(st.sampled_from(["yes ", "no ", "Paris ", "30 ", "not ", ". "])).map("".join),
)


@given(st.lists(TEXTS, max_size=4))
def test_any_answers_have_a_score(answers):
    verdict = consistent(answers)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert verdict.explanation
    decidable = len(answers) > 1 and all(answer.strip() for answer in answers)
    assert (verdict.score.value is not None) is decidable


@given(TEXTS, TEXTS)
def test_agreement_has_no_direction(one, other):
    found = agreement(one, other)
    assert 0 <= found.value <= 1
    assert found == agreement(other, one)


@given(TEXTS)
def test_a_text_agrees_with_itself(text):
    assert agreement(text, text).value == 1
