from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.correctness import correct, exact_match, token_f1
from pytest_litmus.evaluators.embedding import semantically_similar
from pytest_litmus.verdicts import Score, Verdict

WORDS = ["not", "or", "1,000", "II", "July", "4th", "Paris", "San", "Jr.", "(", ")", "don't know"]
ANY = st.text(st.characters()) | st.lists(st.sampled_from(WORDS)).map(" ".join)


@given(ANY, ANY | st.lists(ANY))
def test_any_answer_is_as_right_as_a_number_says_or_cannot_be_told(
    said: str, gold: str | list[str]
) -> None:
    for evaluator in (correct, exact_match, token_f1):
        found = evaluator(said, gold)
        score = found.score if isinstance(found, Verdict) else found
        assert isinstance(score, Score)
        assert score.value is None or 0 <= score.value <= 1
        assert all(said[one.start : one.end] == one.text for one in score.evidence)


@given(ANY, ANY | st.lists(ANY))
def test_any_two_texts_have_a_cosine_or_none(said: str, reference: str | list[str]) -> None:
    score = semantically_similar(said, reference)
    assert isinstance(score, Score)
    assert score.value is None or -1 <= score.value <= 1


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_an_answer_gives_itself(said: str) -> None:
    assert exact_match(said, said)
