from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.piecemeal import piecemeal
from pytest_litmus.evaluators.relevance import relevant
from pytest_litmus.verdicts import Verdict


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_answer_to_any_question_has_a_share_or_none(said: str, question: str) -> None:
    verdict = relevant(said, question)

    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert verdict.score.value is None or 0 <= verdict.score.value <= 1
    assert all(said[one.start : one.end] == one.text for one in verdict.score.evidence)


@given(st.text(max_size=300), st.text(alphabet="abcde-1 \u0130\ufb01", min_size=4, max_size=12))
def test_a_place_of_pieces_is_in_the_text(text: str, secret: str) -> None:
    place = piecemeal(text, secret)

    assert place is None or 0 <= place.start < place.end <= len(text)
