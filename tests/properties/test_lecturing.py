from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.evading import evades, off_topic
from pytest_litmus.evaluators.lecturing import lecture_evidence, lectures
from pytest_litmus.verdicts import Verdict

ANY = st.text(st.characters())
WORDS = st.lists(
    st.sampled_from(
        [
            "as",
            "an",
            "AI",
            "it's",
            "important",
            "to",
            "remember",
            "\n",
            "I\u2019d rather",
            "that",
            ",",
        ]
    )
).map(" ".join)


@given(ANY | WORDS)
def test_what_lectures_stands_where_it_is_said_to(said: str) -> None:
    for one in lecture_evidence(said):
        assert said[one.start : one.end] == one.text


@given(ANY | WORDS, ANY | WORDS)
def test_any_answer_is_measured_or_undecided(said: str, prompt: str) -> None:
    for found in (lectures(said), evades(said, prompt=prompt), off_topic(said, prompt)):
        assert isinstance(found, Verdict)
        assert found.score is not None
        assert found.score.value is None or found.score.value >= 0
        assert said.strip() or found.outcome == "error"
