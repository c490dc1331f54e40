from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_litmus.stats.deciding import confidence_sequence, decide, decide_at_end
from pytest_litmus.stats.rates import clopper_pearson

LOOKS = 500


def ever(leaves: Callable[[int, int], bool], rate: float) -> float:
    """The chance that hits of such a rate ever leave upwards, at any of so many looks.

    It is computed, not simulated: the chances of all numbers of hits that have not left yet are
    carried from look to look. The first number that leaves rises with the looks.
    """
    staying, gone, first = [1.0], 0.0, 1
    for look in range(1, LOOKS + 1):
        arriving = [0.0, *staying]
        for hits, chance in enumerate(staying):
            arriving[hits] += chance * (1 - rate)
            arriving[hits + 1] -= chance * (1 - rate)
        while first <= look and not leaves(first, look):
            first += 1
        gone += sum(arriving[first:])
        staying = arriving[:first]
    return gone


@pytest.mark.parametrize("rate", [0.5, 0.95])
def test_a_sequence_hardly_ever_leaves_out_the_truth_over_five_hundred_looks(rate):
    above = ever(lambda hits, of: confidence_sequence(hits, of).low > rate, rate)
    below = ever(lambda fails, of: confidence_sequence(of - fails, of).high < rate, 1 - rate)

    assert 0.001 < above <= 0.025
    assert 0.001 < below <= 0.025


def test_an_ordinary_interval_leaves_it_out_far_more_often():
    above = ever(lambda hits, of: clopper_pearson(hits, of).low > 0.8, 0.8)

    assert above > 0.06


def test_decisions_after_each_run_are_rarely_wrong():
    bar = 0.8
    wrongly_passed = ever(lambda hits, of: decide(hits, of, bar=bar).outcome == "pass", bar - 1e-9)
    wrongly_failed = ever(
        lambda fails, of: decide(of - fails, of, bar=bar).outcome == "fail", 1 - bar
    )

    assert wrongly_passed <= 0.025
    assert wrongly_failed <= 0.025


@pytest.mark.parametrize(("bar", "runs"), [(0.5, 7), (0.8, 21), (0.9, 44), (0.95, 90), (0.99, 455)])
def test_a_test_that_always_passes_is_decided_in_so_many_runs(bar, runs):
    assert decide(runs - 1, runs - 1, bar=bar).outcome == "inconclusive"
    assert decide(runs, runs, bar=bar).outcome == "pass"
    assert decide(5, 5, bar=bar).runs_to_decide == runs


@pytest.mark.parametrize(("bar", "runs"), [(0.5, 7), (0.8, 3), (0.95, 2)])
def test_a_test_that_never_passes_is_decided_in_so_many_runs(bar, runs):
    assert decide(0, runs - 1, bar=bar).outcome == "inconclusive"
    assert decide(0, runs, bar=bar).outcome == "fail"


@pytest.mark.parametrize("decided", [decide, decide_at_end])
@pytest.mark.parametrize(("passed", "of", "bar"), [(7, 10, 0.8), (18, 20, 0.8), (92, 100, 0.95)])
def test_as_many_runs_as_it_names_do_decide(decided, passed, of, bar):
    runs = decided(passed, of, bar=bar).runs_to_decide

    def outcome(times: int) -> str:
        return decided(passed * times, of * times, bar=bar).outcome

    # Of whole times so many runs, the share that passes is the same exactly.
    assert outcome((runs - 1) // of) == "inconclusive"
    assert outcome(-(-runs // of)) in {"pass", "fail"}


def test_at_the_end_the_interval_is_that_of_clopper_and_pearson():
    decision = decide_at_end(17, 17, bar=0.8)

    assert (decision.low, decision.high) == clopper_pearson(17, 17)
    assert decision.outcome == "pass"
    assert decide_at_end(16, 16, bar=0.8).outcome == "inconclusive"
    assert decide_at_end(5, 10, bar=0.9).outcome == "fail"


@pytest.mark.parametrize("decided", [decide, decide_at_end])
def test_a_rate_that_is_the_bar_is_never_decided(decided):
    decision = decided(8, 10, bar=0.8)

    assert decision.outcome == "inconclusive"
    assert decision.runs_to_decide is None
    assert decision.explanation.endswith("more runs at this rate would not decide")


def test_an_inconclusive_decision_says_what_would_decide():
    assert decide_at_end(7, 10, bar=0.8).explanation == (
        "7 of 10 passed; 95% interval 0.35 to 0.93 spans the bar 0.80; about 76 runs would decide"
    )


def test_a_decision_names_the_side_of_the_bar():
    assert decide(0, 3, bar=0.8).explanation == (
        "0 of 3 passed; 95% interval 0.00 to 0.78 is below the bar 0.80"
    )
    assert decide(21, 21, bar=0.8).explanation == (
        "21 of 21 passed; 95% interval 0.8049 to 1.00 is not below the bar 0.80"
    )
    assert decide(21, 21, bar=0.8).runs_to_decide == 21


@pytest.mark.parametrize("decided", [decide, decide_at_end])
def test_of_no_runs_nothing_is_known(decided):
    decision = decided(0, 0, bar=0.5)

    assert decision[:3] == ("inconclusive", 0, 0)
    assert (decision.low, decision.high) == (0, 1)
    assert decision.runs_to_decide is None
    assert decision.explanation == "nothing has run"


@pytest.mark.parametrize("decided", [decide, decide_at_end])
def test_a_bar_of_one_is_broken_by_one_failure_and_never_shown_to_be_reached(decided):
    assert decided(999, 1_000, bar=1).outcome == "fail"
    assert decided(1_000, 1_000, bar=1).outcome == "inconclusive"
    assert decided(1_000, 1_000, bar=1).runs_to_decide is None


@pytest.mark.parametrize("decided", [decide, decide_at_end])
def test_a_bar_of_nothing_is_always_reached(decided):
    assert decided(0, 3, bar=0).outcome == "pass"


@pytest.mark.parametrize("bar", [-0.1, 80])
def test_a_bar_that_is_no_rate_is_refused(bar):
    with pytest.raises(ValueError, match="bar of"):
        decide(1, 2, bar=bar)


def test_a_hundred_thousand_runs_are_bounded_narrowly():
    low, high = confidence_sequence(99_000, 100_000)

    assert 0.9885 < low < 0.99 < high < 0.9915
