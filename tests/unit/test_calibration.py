"""A judge's verdicts in a report, beside people's labels."""

from __future__ import annotations

import pytest

from pytest_litmus.calibration import of_verdicts, told
from pytest_litmus.errors import LitmusError
from pytest_litmus.verdicts import Limit, Score, Verdict, judge


def verdict(value: float, *, at_least: float | None = None, at_most: float | None = None):
    limit = Limit(at_least=at_least, at_most=at_most)
    return judge(Score(name="polite", value=value), limit).as_dict()


def test_values_of_one_limit_are_compared_by_it():
    found = of_verdicts([1, 0], [verdict(0.8, at_least=0.7), verdict(0.6, at_least=0.7)])

    assert (found.values, found.threshold, found.by_limit) == ([0.8, 0.6], 0.7, False)
    assert found.rates(found.threshold) == (1, 0, 0, 1)


def test_another_threshold_takes_the_place_of_the_limit():
    found = of_verdicts([1], [verdict(0.8, at_least=0.7)], threshold=0.9)

    assert found.rates(found.threshold) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    "verdicts",
    [
        [verdict(0.1, at_most=0.2), verdict(0.9, at_most=0.2)],
        [verdict(0.8, at_least=0.7), verdict(0.8, at_least=0.9)],
        [verdict(7, at_least=5), verdict(3, at_least=5)],
        [
            Verdict(name="polite", outcome="pass").as_dict(),
            Verdict(name="polite", outcome="fail").as_dict(),
        ],
    ],
    ids=["less is better", "several limits", "no share", "no score"],
)
def test_verdicts_without_a_common_limit_on_a_share_are_compared_by_their_outcomes(verdicts):
    found = of_verdicts([1, 0], verdicts, undecided=2)

    assert found.rates(found.threshold) == (1, 0, 0, 1)
    assert "threshold  that of each verdict\n" in told(found)
    assert "2 more that the judge could not decide" in told(found)


def test_a_threshold_divides_no_values_of_which_less_is_better():
    with pytest.raises(LitmusError, match="--at-least needs values from 0 to 1"):
        of_verdicts([1], [verdict(0.1, at_most=0.2)], threshold=0.5)
