from __future__ import annotations

import math
import random
from statistics import fmean, stdev

import pytest
from scipy import stats

from pytest_litmus.stats.series import mann_kendall, next_value


def drawn(count: int, *, rise: float = 0.0, digits: int = 12) -> list[float]:
    rng = random.Random(count)
    return [round(rng.gauss(10, 2) + rise * place, digits) for place in range(count)]


@pytest.mark.parametrize("count", [2, 3, 5, 8, 20, 50])
@pytest.mark.parametrize("rise", [0.0, 0.3, -0.5])
def test_the_p_value_of_a_trend_without_ties_is_exact(count, rise):
    values = drawn(count, rise=rise)

    expected = stats.kendalltau(range(count), values, method="exact").pvalue

    assert mann_kendall(values).p_value == pytest.approx(expected)


@pytest.mark.parametrize(("count", "digits"), [(60, 12), (12, 0), (30, 0), (200, 0)])
def test_the_p_value_of_ties_and_of_many_values_is_that_of_scipy_with_continuity(count, digits):
    values = drawn(count, rise=0.05, digits=digits)
    score = sum(
        (values[j] > values[i]) - (values[j] < values[i])
        for i in range(count)
        for j in range(i + 1, count)
    )
    # SciPy's has no correction for continuity: its standard error is that of its own p value.
    loose = stats.kendalltau(range(count), values, method="asymptotic").pvalue
    error = abs(score) / stats.norm.isf(loose / 2)

    expected = 2 * stats.norm.sf((abs(score) - 1) / error)

    assert mann_kendall(values).p_value == pytest.approx(expected)


@pytest.mark.parametrize("count", [5, 12, 60])
def test_the_slope_is_theils_and_sens(count):
    values = drawn(count, rise=0.2)

    assert mann_kendall(values).slope == pytest.approx(stats.theilslopes(values).slope)


def test_tau_says_how_steady_a_trend_is():
    assert mann_kendall([1, 2, 3, 4]).tau == 1
    assert mann_kendall([4, 3, 2, 1]).tau == -1
    assert mann_kendall([1, 2, 2, 1]).tau == 0


def test_of_four_values_no_order_is_rare_and_of_five_one_is():
    assert mann_kendall([1, 2, 3, 4]).p_value > 0.05
    assert mann_kendall([1, 2, 3, 4, 5]).p_value == pytest.approx(2 / math.factorial(5))


def test_values_that_are_all_the_same_have_no_trend():
    assert mann_kendall([3.0] * 10) == (1.0, 0.0, 0.0)


def test_one_value_has_no_trend_to_speak_of():
    assert mann_kendall([3.0]) is None
    assert mann_kendall([]) is None


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        mann_kendall([1.0, math.nan])


@pytest.mark.parametrize("count", [2, 6, 40])
@pytest.mark.parametrize("confidence", [0.9, 0.99])
def test_the_interval_of_the_next_value_is_students(count, confidence):
    values = drawn(count)
    t = stats.t.ppf((1 + confidence) / 2, count - 1)
    half = t * stdev(values) * math.sqrt(1 + 1 / count)

    assert next_value(values, confidence=confidence) == pytest.approx(
        (fmean(values) - half, fmean(values) + half)
    )


@pytest.mark.parametrize("values", [[], [1.0], [0.1] * 7])
def test_values_without_any_spread_do_not_say_where_the_next_one_lies(values):
    assert next_value(values) is None


def test_the_next_value_of_no_confidence_is_refused():
    with pytest.raises(ValueError, match="confidence 1"):
        next_value([1.0, 2.0], confidence=1)
