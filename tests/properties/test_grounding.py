from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.grounding import grounded, unsupported_claims
from pytest_litmus.verdicts import Verdict

WORDS = ["not", "no", "more than", "1,000", "1998", "5%", "Paris", "won", "lost", "only", "?", ". "]
ANY = st.text(st.characters()) | st.lists(st.sampled_from(WORDS)).map(" ".join)


@given(ANY, ANY | st.lists(ANY))
def test_any_answer_to_any_context_has_a_support_or_none(
    said: str, context: str | list[str]
) -> None:
    verdict = grounded(said, in_=context)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert verdict.score.value is None or 0 <= verdict.score.value <= 1


@given(ANY, ANY)
def test_what_is_not_borne_out_stands_in_the_answer(said: str, context: str) -> None:
    for one in unsupported_claims(said, in_=context):
        assert one.text == said[one.start : one.end]
        assert one.text
