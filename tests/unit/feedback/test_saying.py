from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.errors import ReportError
from pytest_litmus.feedback.files import Row
from pytest_litmus.feedback.saying import Manner

PLAIN = Manner(mapping={})
STARS = Manner(mapping={}, scale=(1.0, 5.0), up_from=4.0)


def row(**fields) -> Row:
    return Row("r.csv:2", fields)


@pytest.mark.parametrize(
    "given_",
    ["up", "Yes", "1", "1.0", 1, True, "pass", "👍", "👍🏽", "thumbs_up", ":thumbsup:", "+1"],
)
def test_approval_has_many_words(given_):
    assert PLAIN.value(row(rating=given_)) == (1.0, None, True)


@pytest.mark.parametrize(
    "given_", ["down", "NO", "0", 0, 0.0, False, "fail", "👎", "thumbs-down", "Thumbs Down"]
)
def test_so_has_disapproval(given_):
    assert PLAIN.value(row(rating=given_)) == (0.0, None, False)


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_cell_that_nobody_filled_in_is_no_rating_and_no_zero(blank):
    assert PLAIN.value(row(rating=blank)) is None


@pytest.mark.parametrize(("given_", "up"), [(3, False), ("4", True), (5.0, True), (1, False)])
def test_a_number_of_the_scale_approves_from_the_one_that_was_named(given_, up):
    assert STARS.value(row(rating=given_)) == (float(given_), (1.0, 5.0), up)


def test_a_number_of_a_scale_alone_says_neither_yes_nor_no():
    assert Manner(mapping={}, scale=(1.0, 5.0)).value(row(rating=1)) == (1.0, (1.0, 5.0), None)


def test_a_word_is_a_word_where_numbers_are_of_a_scale():
    assert STARS.value(row(rating="yes")) == (1.0, None, True)


@pytest.mark.parametrize(
    ("manner", "given_", "complaint"),
    [
        (PLAIN, 3, "name the scale of numbers, --scale=MIN..MAX"),
        (PLAIN, -1, "name the scale of numbers, --scale=-1..1 --up-from 1"),
        (PLAIN, "meh", "known are up/down"),
        (PLAIN, "nan", "is none"),
        (PLAIN, [1], "is none"),
        (PLAIN, "1e999", "is none"),
        (STARS, 0, "type a number from 1 to 5"),
        (STARS, "5.5", "type a number from 1 to 5"),
        (STARS, float("nan"), "type a number from 1 to 5"),
        (STARS, "4 stars", "type a number from 1 to 5"),
    ],
)
def test_what_is_no_rating_is_refused_with_its_line_and_what_to_type(manner, given_, complaint):
    with pytest.raises(ReportError) as refusal:
        manner.value(row(rating=given_))

    assert str(refusal.value).startswith("r.csv:2: the rating ")
    assert complaint in str(refusal.value)


@pytest.mark.parametrize("key", ["thumbs", "score", "value", "label"])
def test_exports_call_it_by_other_names(key):
    assert PLAIN.value(row(**{key: "up"})) == (1.0, None, True)


def test_a_mapped_name_alone_is_looked_at():
    manner = Manner(mapping={"rating": "helpful"})

    assert manner.value(row(rating="down", helpful="up")) == (1.0, None, True)
    assert manner.value(row(rating="down")) is None


@pytest.mark.parametrize("at", ["2026-11-24T12:00:00Z", "2026-11-24T12:00:00+00:00"])
def test_times_are_iso(at):
    assert PLAIN.moment(row(at=at)) == "2026-11-24T12:00:00+00:00"


def test_another_time_is_refused():
    with pytest.raises(ReportError, match=r"r\.csv:2: 'yesterday' is no ISO time"):
        PLAIN.moment(row(at="yesterday"))


def test_a_comment_that_is_no_text_is_refused():
    with pytest.raises(ReportError, match=r"r\.csv:2: comment is \{\}, and no text"):
        PLAIN.text(row(comment={}), "comment")


@given(
    st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.integers())),
    st.sampled_from([PLAIN, STARS]),
)
def test_any_value_is_a_rating_within_its_scale_or_refused(given_, manner):
    try:
        found = manner.value(row(rating=given_))
    except ReportError:
        return
    if found is not None:
        value, scale, up = found
        low, high = scale or (0.0, 1.0)
        assert low <= value <= high
        assert isinstance(up, bool)
