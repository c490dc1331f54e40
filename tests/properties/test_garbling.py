from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.garbling import free_of_garbling
from pytest_litmus.verdicts import Verdict


@given(st.text(st.characters()))
def test_any_text_has_so_many_garbled_places_each_inside_it(said: str) -> None:
    verdict = free_of_garbling(said)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert (verdict.score.value is None) == (not said.strip())
    for one in verdict.score.evidence:
        assert one.start is not None
        assert one.end is not None
        assert 0 <= one.start < one.end <= len(said)
    verdict.explanation.encode()


@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20, exclude_characters="<[")))
def test_printable_ascii_without_brackets_is_whole(said: str) -> None:
    verdict = free_of_garbling(said)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == ("pass" if said.strip() else "error")
