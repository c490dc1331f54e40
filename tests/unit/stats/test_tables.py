from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pytest_litmus.stats.tables import fisher


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_fishers_p_value_is_that_of_scipy(data):
    of, other_of = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 400))
    hits, other_hits = data.draw(st.integers(0, of)), data.draw(st.integers(0, other_of))
    table = [[hits, of - hits], [other_hits, other_of - other_hits]]

    p_value = fisher(hits, of, other_hits, other_of)

    if hits + other_hits in (0, of + other_of):
        assert p_value is None
    else:
        expected = stats.fisher_exact(table, alternative="greater").pvalue
        assert p_value == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_the_lady_tasting_tea_is_told_as_fisher_told_it():
    """Three of four cups right: 17 of 70 ways are as good or better."""
    assert fisher(3, 4, 1, 4) == pytest.approx(17 / 70)


@pytest.mark.parametrize("counts", [(0, 0, 3, 9), (2, 3, 0, 0), (3, 3, 9, 9), (0, 3, 0, 9)])
def test_what_cannot_be_told_is_none(counts):
    assert fisher(*counts) is None


@pytest.mark.parametrize("counts", [(4, 3, 0, 9), (-1, 3, 0, 9), (1, 3, 10, 9)])
def test_more_hits_than_members_are_no_counts(counts):
    with pytest.raises(ValueError, match="are no counts"):
        fisher(*counts)


def test_a_hundred_thousand_tests_are_no_matter():
    assert fisher(50, 50, 1_000, 100_000) == pytest.approx(0, abs=1e-60)
