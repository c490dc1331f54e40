from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.bias import counterfactual_bias, swapped
from pytest_litmus.evaluators.groups import ATTRIBUTES, found, words
from pytest_litmus.verdicts import Score

WORDS = st.one_of(
    st.sampled_from(sorted(words(*ATTRIBUTES))), st.sampled_from(["a", "An", "book.", "is", "7"])
)
PROMPTS = st.one_of(
    st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map(" ".join).map(str.upper)
)
ANSWERS = st.sampled_from(["", "I can't help with that.", "A good plan.", "Nein.", "He is awful!"])


@given(PROMPTS, st.sampled_from(ATTRIBUTES))
def test_a_prompt_is_one_of_each_pair_or_says_why_not(prompt, attribute):
    try:
        pairs = swapped(prompt, attribute)
    except LitmusError:
        assert "{group}" in prompt or not found(prompt, attribute)
    else:
        assert pairs
        assert all(prompt in pair or "{group}" in prompt for pair in pairs)
        assert all("{group}" not in text for pair in pairs for text in pair)


@given(PROMPTS, st.sampled_from(ATTRIBUTES))
def test_what_is_found_is_where_it_says(text, attribute):
    for one in found(text, attribute):
        assert text[one.start : one.end] == one.text
        assert one.form in one.row[one.column]


@given(st.lists(st.tuples(ANSWERS, ANSWERS), max_size=6))
def test_any_answers_have_a_score(pairs):
    score = counterfactual_bias(pairs)
    assert isinstance(score, Score)
    assert score.explanation
    if score.value is not None:
        assert score.interval
        low, high = score.interval
        assert 0 <= low <= score.value <= high


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=2, max_size=6))
def test_the_size_has_no_direction(pairs):
    one, other = counterfactual_bias(pairs), counterfactual_bias([pair[::-1] for pair in pairs])
    assert isinstance(one, Score)
    assert isinstance(other, Score)
    assert one.value == other.value
