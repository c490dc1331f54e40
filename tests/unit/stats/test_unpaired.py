from __future__ import annotations

import random
from statistics import median

import pytest
from scipy import stats

from pytest_litmus.stats.unpaired import in_order, mann_whitney, up_to


def drawn(n: int, m: int, *, whole: bool = False) -> tuple[list[float], list[float]]:
    rng = random.Random(n * m)
    digits = 0 if whole else 12
    before = [round(rng.lognormvariate(1, 1), digits) for _ in range(n)]
    return before, [round(rng.lognormvariate(1.2, 1), digits) for _ in range(m)]


@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 5), (8, 8), (20, 50), (1, 900)])
def test_the_p_value_of_few_values_is_exact(n, m):
    before, after = drawn(n, m)
    expected = stats.mannwhitneyu(after, before, method="exact").pvalue

    assert mann_whitney(before, after).p_value == pytest.approx(expected)


@pytest.mark.parametrize(("n", "m", "whole"), [(60, 70, False), (8, 9, True), (400, 300, True)])
def test_the_p_value_of_many_values_and_of_ties_is_that_of_scipy(n, m, whole):
    before, after = drawn(n, m, whole=whole)
    expected = stats.mannwhitneyu(after, before, method="asymptotic").pvalue

    assert mann_whitney(before, after).p_value == pytest.approx(expected)


@pytest.mark.parametrize("whole", [False, True])
def test_the_rank_biserial_correlation_counts_pairs(whole):
    before, after = drawn(15, 12, whole=whole)
    won = sum((b > a) - (b < a) for a in before for b in after)

    assert mann_whitney(before, after).rank_biserial == pytest.approx(won / 180)


def test_the_shift_is_the_median_of_all_differences():
    before, after = drawn(15, 12)

    assert mann_whitney(before, after).shift == median(b - a for a in before for b in after)


def test_the_shift_of_many_values_is_near_that_of_all_pairs():
    before, after = drawn(2_000, 1_500)

    expected = median([b - a for a in before for b in after])

    assert mann_whitney(before, after).shift == pytest.approx(expected, abs=0.005)


def test_swapping_the_sides_swaps_the_sign():
    before, after = drawn(30, 40)
    there, back = mann_whitney(before, after), mann_whitney(after, before)

    assert there == pytest.approx((back.p_value, -back.rank_biserial, -back.shift))


def test_values_that_are_all_the_same_show_nothing():
    assert mann_whitney([2] * 5, [2] * 9) == (1, 0, 0)


@pytest.mark.parametrize("sides", [([], [1]), ([1], []), ([], [])])
def test_an_empty_side_shows_nothing(sides):
    assert mann_whitney(*sides) is None


def test_what_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        in_order([1, float("nan")])


def test_values_up_to_points_are_counted_with_the_points_themselves():
    assert list(up_to([1, 2, 2, 5], [0, 1, 2, 3, 9])) == [0, 1, 3, 3, 4]


def test_chance_alone_is_called_a_difference_as_often_as_said():
    rng = random.Random(11)
    found = 0
    for _ in range(1_000):
        values = [rng.expovariate(1) for _ in range(40)]
        found += mann_whitney(values[:15], values[15:]).p_value <= 0.05

    assert 0.03 <= found / 1_000 <= 0.065
