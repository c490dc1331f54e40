from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance

from pytest_litmus.stats.distances import (
    Stability,
    chi_square,
    jensen_shannon,
    kolmogorov_smirnov,
    stability_index,
)


def latencies(n: int, scale: float = 1.0, *, seed: int = 1) -> list[float]:
    rng = random.Random(seed)
    return [scale * rng.lognormvariate(0, 1) for _ in range(n)]


def labels(n: int, weights: tuple[float, ...], *, seed: int = 1) -> Counter[str]:
    return Counter(random.Random(seed).choices("abcdefgh"[: len(weights)], weights, k=n))


def test_the_stability_index_is_its_textbook_formula_over_deciles():
    before, after = latencies(20_000), latencies(20_000, 1.3, seed=2)
    edges = [-math.inf, *np.quantile(before, np.linspace(0.1, 0.9, 9)), math.inf]
    there, here = (np.histogram(side, edges)[0] / 20_000 for side in (before, after))
    expected = np.sum((here - there) * np.log(here / there))

    assert stability_index(before, after).value == pytest.approx(expected, rel=0.02)


def test_the_stability_index_of_the_same_values_is_nothing():
    assert stability_index(latencies(100), latencies(100)).value == 0


def test_what_chance_does_is_exceeded_about_once_in_twenty():
    beyond = 0
    for seed in range(400):
        value, by_chance = stability_index(
            latencies(200, seed=seed), latencies(300, seed=-seed - 1)
        )
        beyond += value > by_chance

    assert 0.02 <= beyond / 400 <= 0.08


@pytest.mark.parametrize(
    ("value", "by_chance", "level"),
    [
        (0.05, 0.01, "none"),
        (0.1, 0.01, "some"),
        (0.24, 0.01, "some"),
        (0.25, 0.01, "much"),
        (0.3, 0.4, "none"),
    ],
)
def test_the_level_is_customary_and_never_what_chance_does(value, by_chance, level):
    assert Stability(value, by_chance).level == level


@pytest.mark.parametrize("after", [5, -5])
def test_a_constant_that_moves_is_seen(after):
    assert stability_index([0] * 100, [after] * 100).level == "much"


def test_a_value_that_most_hold_is_a_bin_of_its_own():
    before = [0] * 90 + list(range(1, 11))
    after = [0] * 50 + [0.5] * 40 + list(range(1, 11))

    assert stability_index(before, after).level == "much"
    assert stability_index(before, before).value == 0


def test_too_few_values_have_no_stability_index():
    assert stability_index(latencies(49), latencies(1_000)) is None
    assert stability_index(latencies(1_000), latencies(49)) is None
    assert stability_index(latencies(50), latencies(50)) is not None
    assert stability_index(latencies(20), latencies(20), bins=4) is not None


@pytest.mark.parametrize(("n", "m"), [(1, 1), (4, 7), (20, 20), (80, 125), (1, 50)])
def test_the_p_value_of_a_gap_of_few_values_is_exact(n, m):
    before, after = latencies(n), latencies(m, 1.4, seed=2)
    theirs = stats.ks_2samp(before, after, method="exact")

    ours = kolmogorov_smirnov(before, after)

    assert ours.distance == pytest.approx(theirs.statistic)
    assert ours.p_value == pytest.approx(theirs.pvalue)
    there, here = (np.mean(np.array(side) <= ours.at) for side in (before, after))
    assert abs(there - here) == pytest.approx(ours.distance)


@pytest.mark.parametrize(
    ("n", "m", "scale"), [(200, 300, 1.1), (200, 300, 1.3), (5_000, 900, 1.05)]
)
def test_the_p_value_of_a_gap_of_many_values_is_near_the_exact_one(n, m, scale):
    before, after = latencies(n), latencies(m, scale, seed=2)
    theirs = stats.ks_2samp(before, after, method="exact")

    ours = kolmogorov_smirnov(before, after)

    assert ours.distance == pytest.approx(theirs.statistic)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=0.01)


def test_a_gap_counts_ties_once():
    theirs = stats.ks_2samp([1, 1, 2, 2, 3], [1, 2, 2, 2, 4, 4], method="exact")

    ours = kolmogorov_smirnov([1, 1, 2, 2, 3], [1, 2, 2, 2, 4, 4])

    assert (ours.distance, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_the_same_many_values_have_no_gap():
    same = latencies(200)

    assert kolmogorov_smirnov(same, same)[::2] == (0, 1)


def test_sides_without_overlap_are_all_apart():
    assert kolmogorov_smirnov([1, 2, 3], [4, 5]) == (1, 3, pytest.approx(0.2))


@pytest.mark.parametrize("sides", [([], [1]), ([1], [])])
def test_an_empty_side_has_no_gap(sides):
    assert kolmogorov_smirnov(*sides) is None


@pytest.mark.parametrize("measure", [stability_index, kolmogorov_smirnov])
def test_what_is_not_a_number_is_refused(measure):
    with pytest.raises(ValueError, match="NaN"):
        measure([1, 2], [1, float("nan")])


def test_the_jensen_shannon_distance_is_that_of_scipy():
    before, after = labels(500, (5, 3, 1)), labels(300, (4, 3, 2, 1), seed=2)
    names = sorted(before | after)
    expected = distance.jensenshannon(
        *([side[name] for name in names] for side in (before, after)), base=2
    )

    assert jensen_shannon(before, after) == pytest.approx(expected)


def test_the_jensen_shannon_distance_is_from_nothing_to_one():
    assert jensen_shannon({"stop": 3}, {"stop": 90}) == 0
    assert jensen_shannon({"stop": 3}, {"length": 9}) == 1
    assert jensen_shannon({"stop": 3}, {}) is None
    assert jensen_shannon({"stop": 0}, {"stop": 1}) is None


@pytest.mark.parametrize("weights", [(5, 3), (5, 3, 1, 1), (1,) * 8])
def test_the_chi_square_test_is_that_of_scipy(weights):
    before, after = labels(500, (1,) * len(weights)), labels(300, weights, seed=2)
    table = [[side[name] for name in sorted(before)] for side in (before, after)]
    theirs = stats.chi2_contingency(table, correction=False)

    ours = chi_square(before, after)

    assert ours[:3] == pytest.approx((theirs.statistic, theirs.dof, theirs.pvalue))
    assert ours.cramers_v == pytest.approx(stats.contingency.association(table, method="cramer"))


def test_rare_labels_are_counted_as_one():
    before = {"stop": 900, "length": 100, **{f"tool {n}": 1 for n in range(30)}}
    after = {"stop": 880, "length": 110, **{f"tool {n}": 1 for n in range(20, 60)}}

    theirs = stats.chi2_contingency([[900, 100, 30], [880, 110, 40]], correction=False)

    assert chi_square(before, after)[:3] == pytest.approx(
        (theirs.statistic, theirs.dof, theirs.pvalue)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"stop": 9}),
        ({"stop": 9}, {"stop": 9}),
        ({"stop": 2, "length": 1}, {"stop": 1}),
        ({"stop": 500, "length": 1}, {"stop": 500}),
    ],
)
def test_too_few_labels_have_no_chi_square(before, after):
    assert chi_square(before, after) is None


@pytest.mark.parametrize("measure", [jensen_shannon, chi_square])
def test_counts_below_nothing_are_refused(measure):
    with pytest.raises(ValueError, match="less than 0"):
        measure({"stop": -1}, {"stop": 2})


def test_chance_alone_is_called_drift_as_often_as_said():
    gaps = moved = 0
    for seed in range(600):
        gaps += (
            kolmogorov_smirnov(latencies(150, seed=seed), latencies(150, seed=seed + 900)).p_value
            <= 0.05
        )
        sides = (labels(90, (6, 3, 1), seed=seed + extra) for extra in (0, 900))
        moved += chi_square(*sides).p_value <= 0.05

    assert 0.02 <= gaps / 600 <= 0.07
    assert 0.03 <= moved / 600 <= 0.07
