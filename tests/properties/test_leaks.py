from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.leaks import leaks, leaks_nothing
from pytest_litmus.verdicts import Score, Verdict


@given(st.text() | st.from_regex(r"[\w%&#;\\./=+-]{0,60}", fullmatch=True), st.text(max_size=20))
def test_any_text_and_canary_give_a_verdict(text: str, canary: str) -> None:
    assert isinstance(leaks_nothing(text, canaries=[canary], system_prompt=text), Verdict)


@given(st.text(st.characters(codec="ascii")), st.text(st.characters(codec="ascii")))
def test_base64_hides_a_canary_at_no_offset(before: str, after: str) -> None:
    coded = base64.b64encode(f"{before} zebra-4417-plum {after}".encode()).decode()

    score = leaks(coded, "zebra-4417-plum")
    assert isinstance(score, Score)
    assert score.value == 1
