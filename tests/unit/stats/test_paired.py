from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.power import NormalIndPower

from pytest_litmus.stats.paired import (
    benjamini_hochberg,
    bootstrap,
    detectable_difference,
    detectable_flips,
    mcnemar,
    sign_flips,
)


def scores(cases: int, shift: float, *, seed: int = 1) -> tuple[list[float], list[float]]:
    rng = random.Random(seed)
    before = [rng.random() for _ in range(cases)]
    return before, [value + shift + rng.gauss(0, 0.2) for value in before]


@pytest.mark.parametrize(("worse", "better"), [(0, 0), (1, 0), (8, 2), (5, 5), (3, 40), (300, 250)])
def test_mcnemars_p_value_is_that_of_statsmodels(worse, better):
    expected = their_mcnemar([[1_000, worse], [better, 500]], exact=True).pvalue

    assert mcnemar(worse, better, 2_000).p_value == pytest.approx(expected)


@pytest.mark.parametrize(("worse", "better"), [(1, 0), (8, 2), (2, 8), (30, 12)])
def test_mid_p_counts_half_of_what_was_seen(worse, better):
    seen = stats.binom.pmf(worse, worse + better, 0.5)

    flips = mcnemar(worse, better, 100)

    assert flips.mid_p == pytest.approx(flips.p_value - seen)


def test_swapping_the_runs_swaps_the_sign():
    there, back = mcnemar(8, 2, 50), mcnemar(2, 8, 50)

    assert (there.difference, there.low, there.high) == (
        -back.difference,
        -back.high,
        pytest.approx(-back.low),
    )
    assert there.p_value == back.p_value


def test_the_interval_of_flips_keeps_its_confidence():
    rng = random.Random(5)
    held = 0
    for _ in range(1_000):
        drawn = [rng.random() for _ in range(60)]
        flips = mcnemar(sum(d < 0.15 for d in drawn), sum(0.15 <= d < 0.22 for d in drawn), 60)
        held += flips.low <= -0.08 <= flips.high

    assert held / 1_000 >= 0.94


def test_no_cases_have_no_flips():
    assert mcnemar(0, 0, 0) is None
    assert detectable_flips(0, 0) is None


@pytest.mark.parametrize(("worse", "better", "cases"), [(2, 2, 3), (-1, 2, 3), (2, -1, 3)])
def test_more_flips_than_cases_are_refused(worse, better, cases):
    with pytest.raises(ValueError, match="hits of"):
        mcnemar(worse, better, cases)


def test_the_bootstraps_interval_is_that_of_scipy_but_for_chance_and_few_cases():
    before, after = scores(200, 0.05)
    differences = np.subtract(after, before)
    theirs = stats.bootstrap((differences,), np.mean, method="BCa", rng=1).confidence_interval

    ours = bootstrap(before, after)

    assert ours.mean == pytest.approx(differences.mean())
    assert ours[1:] == pytest.approx(tuple(theirs), abs=0.003)


def test_the_bootstrap_leans_where_the_differences_are_skewed():
    rng = random.Random(2)
    ours = bootstrap([0] * 40, [rng.lognormvariate(0, 1) for _ in range(40)])

    assert ours.high - ours.mean > 1.2 * (ours.mean - ours.low)


@pytest.mark.parametrize(("cases", "at_least"), [(6, 0.9), (20, 0.93)])
def test_the_bootstrap_keeps_its_confidence_with_few_cases(cases, at_least):
    held = 0
    for seed in range(400):
        _, low, high = bootstrap(*scores(cases, 0.1, seed=seed), resamples=400, seed=seed)
        held += low <= 0.1 <= high

    assert held / 400 >= at_least


def test_many_cases_have_the_normal_interval():
    before, after = scores(5_000, 0.02)
    few = bootstrap(before[:2_000], after[:2_000])
    theirs = stats.t.interval(
        0.95, 4_999, np.mean(np.subtract(after, before)), stats.sem(np.subtract(after, before))
    )

    assert bootstrap(before, after)[1:] == pytest.approx(theirs)
    assert few.high - few.low == pytest.approx((theirs[1] - theirs[0]) * 2.5**0.5, rel=0.1)


def test_the_same_seed_gives_the_same_interval():
    pairs = scores(30, 0.1)

    assert bootstrap(*pairs) == bootstrap(*pairs)
    assert bootstrap(*pairs) != bootstrap(*pairs, seed=1)


def test_differences_that_are_all_the_same_have_their_value_as_interval():
    assert bootstrap([1, 2, 3, 4, 5], [2, 3, 4, 5, 6]) == (1, 1, 1)


def test_under_five_cases_there_is_no_interval_of_a_mean():
    assert bootstrap([1, 2, 3, 4], [2, 3, 4, 6]) is None
    assert detectable_difference([1, 2, 3, 4]) is None


@pytest.mark.parametrize("test", [bootstrap, sign_flips])
def test_what_is_no_pair_is_refused(test):
    with pytest.raises(ValueError, match="no pairs"):
        test([1, 2], [1])
    with pytest.raises(ValueError, match="NaN"):
        test([1, float("nan")], [1, 2])


@pytest.mark.parametrize("cases", [2, 5, 12])
def test_the_p_value_of_few_sign_flips_is_exact(cases):
    pairs = scores(cases, 0.1)
    expected = stats.permutation_test(
        (np.subtract(*pairs),), np.mean, permutation_type="samples", n_resamples=np.inf
    ).pvalue

    assert sign_flips(*pairs) == pytest.approx(expected)


@pytest.mark.parametrize(("cases", "shift"), [(13, 0.1), (200, 0.02), (3_000, 0.008)])
def test_the_p_value_of_many_sign_flips_is_near_that_of_the_t_test(cases, shift):
    pairs = scores(cases, shift)
    expected = stats.ttest_rel(*pairs).pvalue

    assert sign_flips(*pairs) == pytest.approx(expected, abs=0.02)


def test_sums_that_differ_in_their_last_digit_only_are_the_same():
    # 0.1 + 0.2 - 0.3 is not 0 in floats, but all eight signs' sums are as far off 0 or further.
    assert sign_flips([0, 0, 0], [0.1, 0.2, -0.3]) == 1


def test_a_p_value_of_sign_flips_is_never_nothing():
    assert sign_flips([0] * 100, [1] * 100) == pytest.approx(1 / 5_001)


def test_where_nothing_changed_the_p_value_is_one():
    assert sign_flips([1, 2, 3], [1, 2, 3]) == 1
    assert sign_flips([], []) is None


def test_the_detectable_difference_is_that_of_a_power_analysis():
    differences = list(np.subtract(*scores(300, 0.0)))
    theirs = NormalIndPower(ddof=0).solve_power(nobs1=300, alpha=0.05, power=0.8, ratio=0)

    ours = detectable_difference(differences)

    assert ours / np.std(differences, ddof=1) == pytest.approx(theirs, rel=1e-3)


def test_where_no_difference_varies_none_is_known_to_be_detectable():
    assert detectable_difference([0.5] * 20) is None


@pytest.mark.parametrize(("cases", "changed"), [(100, 20), (400, 40), (60, 0)])
def test_so_large_a_difference_of_flips_is_seen_about_as_often_as_the_power_says(cases, changed):
    difference = detectable_flips(cases, changed)
    flips = max(changed / cases, difference)
    worse = (flips + difference) / 2
    rng = random.Random(7)

    seen = 0
    for _ in range(600):
        drawn = [rng.random() for _ in range(cases)]
        lost, won = sum(d < worse for d in drawn), sum(worse <= d < flips for d in drawn)
        seen += mcnemar(lost, won, cases).mid_p <= 0.05

    assert 0.72 <= seen / 600 <= 0.9


def test_more_cases_show_smaller_flips_and_too_few_none():
    found = [detectable_flips(cases, cases // 10) for cases in (6, 10, 50, 100, 1_000)]

    assert all(more < fewer for fewer, more in pairwise(found))
    assert found[0] == 1
    assert detectable_flips(5, 0) is None


def test_flips_below_those_that_the_exact_test_can_show_are_not_promised():
    # Six cases that change one way are the fewest whose p value is under 0.05.
    assert mcnemar(6, 0, 7).p_value < 0.05 < mcnemar(5, 0, 7).p_value
    assert detectable_flips(7, 0) == pytest.approx(6 / 7)


@pytest.mark.parametrize("many", [0, 1, 2, 40])
def test_adjusted_p_values_are_those_of_scipy(many):
    rng = random.Random(many)
    p_values = [rng.random() ** 3 for _ in range(many)]
    expected = stats.false_discovery_control(p_values) if many else []

    assert benjamini_hochberg(p_values) == pytest.approx(list(expected))


def test_what_is_no_p_value_is_refused():
    with pytest.raises(ValueError, match="p values"):
        benjamini_hochberg([0.5, 1.5])
