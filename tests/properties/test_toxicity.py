from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.toxicity import toxic_words, toxicity
from pytest_litmus.verdicts import Score

ANY = st.text(st.characters())
WORD = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1)
NEAR = st.text(st.sampled_from("fuckshit*@$1 .-\u0336\u200b\u0443"))


@given(ANY | NEAR)
def test_any_text_has_so_many_toxic_words_each_inside_it(said: str) -> None:
    score = toxic_words(said, classes=["slur", "vulgar", "insult", "mild"])
    assert isinstance(score, Score)
    assert (score.value is None) == (not said.strip())
    for one in score.evidence:
        assert one.start is not None
        assert one.end is not None
        assert 0 <= one.start < one.end <= len(said)


@given(st.text(min_size=1), st.lists(WORD, max_size=3), st.lists(ANY, max_size=3))
def test_any_words_may_be_added_and_allowed(said: str, also: list[str], allow: list[str]) -> None:
    assert isinstance(toxic_words(said, also=also, allow=allow), Score)


@given(st.text(min_size=1), st.floats() | st.none() | st.text() | st.integers())
def test_whatever_a_classifier_gives_the_value_is_in_range_or_none(
    said: str, given: object
) -> None:
    score = toxicity(said, lambda _: given)  # type: ignore[arg-type, return-value]
    assert isinstance(score, Score)
    assert score.value is None or 0 <= score.value <= 1
