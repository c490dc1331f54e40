from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.stats.deciding import confidence_sequence, decide, decide_at_end
from pytest_litmus.stats.distances import (
    chi_square,
    jensen_shannon,
    kolmogorov_smirnov,
    stability_index,
)
from pytest_litmus.stats.paired import (
    benjamini_hochberg,
    bootstrap,
    detectable_flips,
    mcnemar,
    sign_flips,
)
from pytest_litmus.stats.rates import (
    clopper_pearson,
    clustered,
    corrected,
    pass_at_k,
    pass_hat_k,
    wilson,
)
from pytest_litmus.stats.unpaired import mann_whitney

NUMBERS = st.floats(-1e9, 1e9) | st.integers(-3, 3)
SIDES = st.lists(NUMBERS, min_size=1, max_size=60)
LABELS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 200))
BOUNDS = [wilson, clopper_pearson, confidence_sequence]


@st.composite
def counts(draw, *, least: int = 1, most: int = 400) -> tuple[int, int]:
    of = draw(st.integers(least, most))
    return draw(st.integers(0, of)), of


@st.composite
def pairs(draw) -> tuple[list[float], list[float]]:
    drawn = draw(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=5, max_size=30))
    return [one for one, _ in drawn], [other for _, other in drawn]


@pytest.mark.parametrize("interval", BOUNDS)
@given(counts(), st.floats(0.5, 0.999))
def test_an_interval_holds_the_share_and_stays_within_0_and_1(interval, count, confidence):
    low, high = interval(*count, confidence=confidence)

    assert 0 <= low <= count[0] / count[1] <= high <= 1


@pytest.mark.parametrize("interval", BOUNDS)
@given(counts())
def test_counting_misses_for_hits_mirrors_the_interval(interval, count):
    hits, of = count
    low, high = interval(hits, of)

    assert interval(of - hits, of) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("interval", BOUNDS)
@given(counts(), st.floats(0.5, 0.99))
def test_more_hits_and_less_confidence_raise_the_lower_bound(interval, count, confidence):
    hits, of = count
    low = interval(hits, of, confidence=confidence).low

    assert low <= interval(hits + 1, of + 1, confidence=confidence).low + 1e-12
    assert interval(hits, of, confidence=(1 + confidence) / 2).low <= low


@given(counts())
def test_what_holds_at_every_look_is_wider_than_what_holds_at_one(count):
    always, once = confidence_sequence(*count), clopper_pearson(*count)

    assert always.low <= once.low
    assert once.high <= always.high


@pytest.mark.parametrize("decided", [decide, decide_at_end])
@given(counts(least=0), st.floats(0, 1), st.floats(0.5, 0.99))
def test_a_decision_is_what_its_interval_says_of_the_bar(decided, count, bar, confidence):
    decision = decided(*count, bar=bar, confidence=confidence)

    assert (decision.outcome == "pass") == (decision.low >= bar)
    assert (decision.outcome == "fail") == (decision.high < bar)
    if decision.outcome != "inconclusive":
        assert decision.runs_to_decide == decision.of
    elif decision.runs_to_decide is not None:
        assert decision.runs_to_decide > decision.of
    assert decision.explanation


@given(st.lists(counts(least=0, most=20), max_size=20))
def test_a_clustered_rate_is_within_its_interval_and_worth_its_rows_at_most(cases):
    ours = clustered(cases)
    if ours is None:
        assert sum(of > 0 for _, of in cases) < 2
        return

    assert 0 <= ours.low <= ours.rate <= ours.high <= 1
    assert 0 < ours.worth <= sum(of for _, of in cases)


@given(counts(), counts(), counts())
def test_a_corrected_rate_is_a_rate(count, sensitivity, specificity):
    ours = corrected(*count, sensitivity=sensitivity, specificity=specificity)
    if ours is None:
        drawn = [(hits + 1) / (of + 2) for hits, of in (sensitivity, specificity)]
        plain = [hits / of for hits, of in (sensitivity, specificity)]
        assert min(sum(drawn), sum(plain)) <= 1 + 1e-9
        return

    assert 0 <= ours.low <= ours.high <= 1
    assert 0 <= ours.rate <= 1


@given(counts(most=40), st.integers(1, 40))
def test_any_of_k_passes_at_least_as_often_as_all_of_k(count, k):
    some, every = pass_at_k(*count, k), pass_hat_k(*count, k)
    if some is None or every is None:
        assert k > count[1]
        return

    assert 0 <= every <= count[0] / count[1] + 1e-12
    assert count[0] / count[1] <= some + 1e-12 <= 1 + 2e-12


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_flips_have_their_difference_within_bounds_and_a_smaller_mid_p(worse, better, others):
    flips = mcnemar(worse, better, worse + better + others)

    assert -1 <= flips.low <= flips.high <= 1
    assert 0 < flips.mid_p <= flips.p_value <= 1


@given(counts(most=3_000))
def test_a_detectable_difference_is_at_most_all(count):
    changed, cases = count
    found = detectable_flips(cases, changed)

    assert found is None or 6 / cases <= found <= 1


@given(pairs())
def test_resampled_means_hold_the_mean_and_lie_among_the_differences(sides):
    ours = bootstrap(*sides, resamples=50)
    differences = [after - before for before, after in zip(*sides, strict=True)]

    slack = 1e-9 * max(map(abs, differences)) + 1e-12
    assert min(differences) - slack <= ours.low <= ours.high <= max(differences) + slack
    assert 0 < sign_flips(*sides, resamples=50) <= 1


@given(st.lists(st.floats(0, 1)))
def test_adjusted_p_values_are_never_smaller_and_keep_their_order(p_values):
    adjusted = benjamini_hochberg(p_values)

    assert all(p <= other <= 1 for p, other in zip(p_values, adjusted, strict=True))
    by_value = [after for _, after in sorted(zip(p_values, adjusted, strict=True))]
    assert by_value == sorted(adjusted)


@given(SIDES, SIDES)
def test_comparing_numbers_gives_shares_and_is_the_same_either_way(before, after):
    there, back = mann_whitney(before, after), mann_whitney(after, before)
    gap = kolmogorov_smirnov(before, after)

    assert 0 < there.p_value <= 1
    assert -1 <= there.rank_biserial <= 1
    assert there == pytest.approx((back.p_value, -back.rank_biserial, -back.shift))
    assert 0 <= gap.distance <= 1
    assert 0 <= gap.p_value <= 1
    assert gap[::2] == kolmogorov_smirnov(after, before)[::2]


@given(st.lists(NUMBERS, min_size=50, max_size=80), st.lists(NUMBERS, min_size=50, max_size=80))
def test_the_stability_index_is_finite_and_not_below_nothing(before, after):
    value, by_chance = stability_index(before, after)

    assert 0 <= value < math.inf
    assert by_chance > 0
    assert stability_index(before, before).value == 0


@given(LABELS, LABELS)
def test_comparing_labels_gives_shares_and_is_the_same_either_way(before, after):
    apart, test = jensen_shannon(before, after), chi_square(before, after)

    assert apart == pytest.approx(jensen_shannon(after, before)) or apart is None
    assert apart is None or 0 <= apart <= 1
    if test is not None:
        assert 0 <= test.p_value <= 1
        assert 0 <= test.cramers_v <= 1
        assert test == pytest.approx(chi_square(after, before))
    same = chi_square(before, before)
    assert same is None or same.statistic == 0
