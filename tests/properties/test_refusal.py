from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.refusal import refusal_kind
from pytest_litmus.evaluators.relevance import relevant
from pytest_litmus.verdicts import Verdict

ANY = st.text(st.characters())


@given(ANY, st.none() | ANY)
def test_any_answer_is_of_a_kind_or_empty(said: str, prompt: str | None) -> None:
    score = refusal_kind(said, prompt=prompt)
    assert (score.value is None) == (score.label is None) == (not said.strip())
    assert score.value is None or 0 <= score.value <= 1


@given(ANY, ANY)
def test_any_answer_has_a_relevance_or_none(said: str, question: str) -> None:
    verdict = relevant(said, question)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert verdict.score.value is None or 0 <= verdict.score.value <= 1
