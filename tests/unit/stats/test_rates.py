from __future__ import annotations

import random
from itertools import combinations
from math import comb

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from pytest_litmus.stats.rates import (
    binomial_tail,
    check_counts,
    clopper_pearson,
    clustered,
    corrected,
    pass_at_k,
    pass_hat_k,
    wilson,
)

COUNTS = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (81, 263), (199, 200), (7, 10_000)]


def chance(hits: int, of: int, rate: float) -> float:
    return comb(of, hits) * rate**hits * (1 - rate) ** (of - hits)


def coverage(interval, of: int) -> list[float]:
    """The chance, computed, that an interval holds the rate that made the hits; for many rates."""
    bounds = [interval(hits, of) for hits in range(of + 1)]
    return [
        sum(chance(k, of, rate) for k, (low, high) in enumerate(bounds) if low <= rate <= high)
        for rate in np.linspace(0.02, 0.98, 97)
    ]


@pytest.mark.parametrize(("hits", "of"), COUNTS)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_the_intervals_are_those_of_scipy(hits, of, confidence):
    tested = stats.binomtest(hits, of)

    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        theirs = tested.proportion_ci(confidence, method=method)
        assert ours(hits, of, confidence=confidence) == pytest.approx(tuple(theirs), abs=1e-9)


def test_wilsons_interval_is_that_of_the_tables():
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_at_the_ends_the_bound_is_the_end_itself(interval):
    assert interval(0, 10).low == 0
    assert interval(10, 10).high == 1


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_of_no_trials_there_is_no_interval(interval):
    assert interval(0, 0) is None


@pytest.mark.parametrize(("hits", "of"), [(2, 1), (-1, 3)])
@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
def test_more_hits_than_trials_are_refused(interval, hits, of):
    with pytest.raises(ValueError, match="hits of"):
        interval(hits, of)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_what_is_no_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        check_counts(1, 2, confidence)


@pytest.mark.parametrize("of", [5, 20, 60])
def test_clopper_and_pearson_never_fall_below_their_confidence(of):
    assert min(coverage(clopper_pearson, of)) >= 0.95


@pytest.mark.parametrize("of", [20, 60])
def test_wilson_keeps_near_its_confidence_on_average(of):
    covered = coverage(wilson, of)

    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
    assert min(covered) > 0.83


def test_the_tail_is_that_of_the_binomial_distribution():
    for hits in range(11):
        expected = stats.binom.sf(hits - 1, 10, 0.3)
        assert binomial_tail(hits, 10, 0.3) == pytest.approx(expected, rel=1e-12)


def test_the_standard_error_of_clustered_rows_is_that_of_statsmodels():
    cases = [(3, 5), (5, 5), (0, 4), (4, 6), (1, 1), (2, 3)]
    rows = [(k, int(row < hits)) for k, (hits, of) in enumerate(cases) for row in range(of)]
    groups, values = np.array(rows).T

    theirs = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )

    ours = clustered(cases)
    assert ours.rate == pytest.approx(theirs.params[0])
    assert ours.standard_error == pytest.approx(theirs.bse[0])


def test_rows_that_all_say_the_same_as_their_case_count_once_a_case():
    cases = [(5, 5)] * 8 + [(0, 5)] * 2

    ours = clustered(cases)

    assert ours.worth < 10
    assert ours.low <= clopper_pearson(8, 10).low
    assert clustered([(5, 5)] * 10)[2:] == (*clopper_pearson(10, 10), 10)


def test_rows_alone_in_their_case_are_worth_nearly_themselves():
    cases = [(1, 1)] * 160 + [(0, 1)] * 40

    ours = clustered(cases)

    assert ours.worth == pytest.approx(200, rel=0.03)
    assert ours[2:4] == pytest.approx(tuple(clopper_pearson(160, 200)), abs=0.002)


def test_cases_with_one_share_in_between_are_worth_all_their_rows():
    assert clustered([(1, 2)] * 20).worth == 40


def test_fewer_than_two_cases_have_no_clustered_rate():
    assert clustered([]) is None
    assert clustered([(3, 4), (0, 0)]) is None


def test_a_clustered_interval_keeps_its_confidence_where_a_plain_one_does_not():
    rng = random.Random(20)
    held = plain = 0
    for _ in range(400):
        rates = [rng.betavariate(1.6, 0.4) for _ in range(30)]
        cases = [(sum(rng.random() < rate for _ in range(10)), 10) for rate in rates]
        ours, naive = clustered(cases), clopper_pearson(sum(hit for hit, _ in cases), 300)
        held += ours.low <= 0.8 <= ours.high
        plain += naive.low <= 0.8 <= naive.high

    assert held / 400 >= 0.93
    assert plain / 400 < 0.75


def test_a_detectors_false_alarms_are_taken_out():
    """The example of R's epiR: 23 of 150 cows, sensitivity 0.96, specificity 0.89."""
    ours = corrected(23, 150, sensitivity=(96, 100), specificity=(89, 100))

    assert ours.rate == pytest.approx(0.051, abs=5e-4)
    assert ours.low == 0
    assert 0.13 < ours.high < 0.17


def test_a_perfect_detector_measured_for_ever_changes_next_to_nothing():
    ours = corrected(30, 100, sensitivity=(10**9, 10**9), specificity=(10**9, 10**9))

    assert ours.rate == pytest.approx(0.3)
    assert ours[1:] == pytest.approx((0.2189, 0.3958), abs=1e-3)  # Agresti and Coull's


def test_a_detector_no_better_than_chance_corrects_nothing():
    assert corrected(5, 10, sensitivity=(5, 10), specificity=(5, 10)) is None
    assert corrected(5, 10, sensitivity=(0, 0), specificity=(5, 10)) is None
    assert corrected(0, 0, sensitivity=(9, 10), specificity=(9, 10)) is None


def test_a_corrected_interval_keeps_its_confidence():
    rng = random.Random(3)

    def drawn(of, rate):
        return sum(rng.random() < rate for _ in range(of)), of

    for rate in (0.02, 0.3):
        seen = rate * 0.9 + (1 - rate) * 0.05
        held = sum(
            low <= rate <= high
            for _, low, high in (
                corrected(
                    *drawn(200, seen), sensitivity=drawn(80, 0.9), specificity=drawn(120, 0.95)
                )
                for _ in range(500)
            )
        )
        assert held / 500 >= 0.93


def test_pass_at_k_and_pass_hat_k_are_shares_of_all_choices_of_runs():
    runs = [True] * 4 + [False] * 3
    for k in range(1, 8):
        chosen = list(combinations(runs, k))
        assert pass_at_k(4, 7, k) == pytest.approx(sum(map(any, chosen)) / len(chosen))
        assert pass_hat_k(4, 7, k) == pytest.approx(sum(map(all, chosen)) / len(chosen))


def test_more_runs_than_were_made_have_no_pass_at_k():
    assert pass_at_k(2, 3, 4) is None
    assert pass_hat_k(2, 3, 4) is None


@pytest.mark.parametrize("of", [pass_at_k, pass_hat_k])
def test_passing_of_no_runs_is_refused(of):
    with pytest.raises(ValueError, match="0 runs"):
        of(1, 2, 0)
