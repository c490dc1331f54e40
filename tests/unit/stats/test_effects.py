from __future__ import annotations

import math

import pytest
from scipy import optimize, stats

from pytest_litmus.stats.effects import cohens_h, paired_effect

DIFFERENCES = [1.2, -0.4, 2.2, 0.1, 0.9, 1.8, -0.7, 1.1, 0.3, 0.6, 1.4, 0.2]


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("pairs", [2, 3, 4, 11, 12])
def test_the_mean_of_paired_differences_has_students_interval(pairs, confidence):
    differences = DIFFERENCES[:pairs]
    theirs = stats.ttest_1samp(differences, 0).confidence_interval(confidence)

    effect = paired_effect(differences, confidence=confidence)

    assert effect is not None
    assert effect.pairs == pairs
    assert effect.interval == pytest.approx(tuple(theirs))


def test_the_size_of_a_paired_effect_is_the_mean_in_standard_deviations():
    effect = paired_effect([1.0, 2.0, 3.0])

    assert effect is not None
    assert effect.mean == 2
    assert effect.size == 2


@pytest.mark.parametrize("pairs", [12, 24, 60])
def test_the_interval_of_a_paired_effect_is_near_the_exact_one(pairs):
    """The exact one turns the noncentral t distribution around, which takes more than formulas."""
    effect = paired_effect((DIFFERENCES * 5)[:pairs])
    assert effect is not None
    root = pairs**0.5

    def exact(tail: float) -> float:
        found = optimize.brentq(
            lambda d: stats.nct.cdf(effect.size * root, pairs - 1, d * root) - tail,
            effect.size - 0.9,
            effect.size + 0.9,
        )
        return float(found)

    assert effect.size_interval == pytest.approx((exact(0.975), exact(0.025)), abs=0.1)


def test_a_difference_that_is_always_the_same_is_measured_by_the_least_deviation():
    assert paired_effect([0.1, 0.1]) is None
    effect = paired_effect([0.1, 0.1], least_sd=0.05)
    assert effect is not None
    assert effect.size == pytest.approx(2)


@pytest.mark.parametrize("differences", [[], [1.0]])
def test_fewer_than_two_differences_have_no_effect(differences):
    assert paired_effect(differences, least_sd=1) is None


def test_cohens_h_weighs_what_is_rare_and_has_the_direction():
    assert cohens_h(0.5, 0.6) == pytest.approx(0.2014, abs=1e-4)
    assert cohens_h(0.005, 0.03) == pytest.approx(0.2067, abs=1e-3)
    assert cohens_h(0.03, 0.005) == -cohens_h(0.005, 0.03)
    assert cohens_h(0.0, 1.0) == pytest.approx(math.pi)
    with pytest.raises(ValueError, match="is no share"):
        cohens_h(0.5, 1.5)
