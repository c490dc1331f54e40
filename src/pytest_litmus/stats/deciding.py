"""Deciding: whether a pass rate reaches its bar, after each run or at the end.

Looking at an ordinary interval after each run, and stopping when it leaves the bar, is wrong far
more often than its confidence says: each look is another chance to be misled. `decide` may be asked
after every run. It tests a rate against the average of all higher (or lower) ones, a bet whose gain
grows with evidence and is rarely ever large by chance alone.

Sources: H. Robbins, Annals of Mathematical Statistics 41 (1970) 1397-1409, for the mixture; J.
Ville (1939) for the bound of its gain; S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, Annals
of Statistics 49 (2021) 1055-1080, https://arxiv.org/abs/1810.08240, for confidence sequences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from pytest_litmus.stats.rates import Interval, binomial_tail, check_counts, clopper_pearson
from pytest_litmus.stats.special import incomplete_beta, last_where, log_beta

Outcome = Literal["pass", "fail", "inconclusive"]

_MOST_RUNS = 2**20
_SIDES: dict[Outcome, str] = {
    "pass": "is not below",
    "fail": "is below",
    "inconclusive": "spans",
}

_Shown = Callable[[float, float, float, float], bool]
"""Whether hits, of trials, show a rate above one, with a chance of error."""


class Decision(NamedTuple):
    """What some runs say of a pass rate and its bar."""

    outcome: Outcome
    passed: int
    of: int
    bar: float
    confidence: float
    low: float
    high: float
    runs_to_decide: int | None
    """As many runs in all would decide if the rate stays as it is; `of` where it is decided. None
    where the rate is the bar, or so near that a million runs would not do."""

    @property
    def explanation(self) -> str:
        """The numbers in a sentence."""
        if not self.of:
            return "nothing has run"
        said = (
            f"{self.passed} of {self.of} passed; {self.confidence:.0%} interval "
            f"{self._apart(self.low)} to {self._apart(self.high)} {_SIDES[self.outcome]} the bar "
            f"{self.bar:.2f}"
        )
        if self.outcome != "inconclusive":
            return said
        if self.runs_to_decide is None:
            return f"{said}; more runs at this rate would not decide"
        return f"{said}; about {self.runs_to_decide} runs would decide"

    def _apart(self, bound: float) -> str:
        """A bound with as many digits as show on which side of the bar it is."""
        short = f"{bound:.2f}"
        return short if bound == self.bar or float(short) != self.bar else f"{bound:.4f}"


def confidence_sequence(passed: int, of: int, *, confidence: float = 0.95) -> Interval:
    """The interval of a rate that may be looked at after every trial; (0, 1) of no trials.

    The chance that it ever leaves out the true rate, at any of however many looks, is at most
    1 - confidence. It is wider than `clopper_pearson` for that.

    Raises:
        ValueError: There are more hits than trials, or fewer than none.
    """
    check_counts(passed, of, confidence)
    error = (1 - confidence) / 2
    return Interval(_lowest(passed, of, error), 1 - _lowest(of - passed, of, error))


def decide(passed: int, of: int, *, bar: float, confidence: float = 0.95) -> Decision:
    """Whether a pass rate is at least its bar; may be asked after every run.

    Stop at the first answer that is not `inconclusive`, and keep it. Its chance to be wrong, over
    all looks, is at most half of 1 - confidence on each side. No number of runs shows a bar of 1 to
    be reached: ask `passed == of` for that.

    Raises:
        ValueError: More runs passed than there are; bar or confidence is out of range.
    """
    interval = confidence_sequence(passed, of, confidence=confidence)
    return _decision(passed, of, bar, confidence, interval, _bet_won)


def decide_at_end(passed: int, of: int, *, bar: float, confidence: float = 0.95) -> Decision:
    """Whether a pass rate is at least its bar, where the number of runs was fixed before.

    It needs fewer runs than `decide`, by Clopper and Pearson's interval. Running on because it was
    inconclusive makes it wrong more often than it says.

    Raises:
        ValueError: More runs passed than there are; bar or confidence is out of range.
    """
    interval = clopper_pearson(passed, of, confidence=confidence) or Interval(0.0, 1.0)
    return _decision(passed, of, bar, confidence, interval, _tail_is_thin)


def _decision(
    passed: int, of: int, bar: float, confidence: float, interval: Interval, shown: _Shown
) -> Decision:
    if not 0 <= bar <= 1:
        raise ValueError(f"a bar of {bar} is not between 0 and 1")
    outcome: Outcome = "inconclusive"
    if interval.low >= bar:
        outcome = "pass"
    elif interval.high < bar:
        outcome = "fail"
    error = (1 - confidence) / 2
    runs = _runs_to_decide(passed, of, bar, error, shown) if outcome == "inconclusive" else of
    return Decision(outcome, passed, of, bar, confidence, *interval, runs)


def _lowest(passed: int, of: int, error: float) -> float:
    """The highest rate that the runs show theirs to be above."""
    if passed == 0:
        return 0.0
    return last_where(lambda rate: _bet_won(passed, of, rate, error), 0.0, passed / of)


def _bet_won(passed: float, of: float, rate: float, error: float) -> bool:
    """Whether a bet on rates above this one has won 1 / error times its stake.

    The gain is the likelihood of all higher rates over that of this rate, averaged by Jeffreys'
    density 1 / sqrt(q (1 - q)), which is high near 1, where good programs are: a test that always
    passes is decided in 21 runs at a bar of 0.8 and in 90 at 0.95, where the even density over
    all rates takes 29 and 158. If the true rate is this one or lower, the gain is a
    supermartingale that starts at 1, so that by Ville's inequality it ever comes to 1 / error with
    a chance of at most `error`. As the rate rises, the gain crosses that line once.
    """
    if not 0 < rate < 1:
        return rate <= 0 < passed
    a, b = passed + 0.5, of - passed + 0.5
    above = incomplete_beta(b, a, 1 - rate)
    if above == 0:
        return False
    likely = math.log(above) + log_beta(a, b) - math.log(2 * math.acos(math.sqrt(rate)))
    here = passed * math.log(rate) + (of - passed) * math.log1p(-rate)
    return likely - here >= -math.log(error)


def _tail_is_thin(passed: float, of: float, rate: float, error: float) -> bool:
    return binomial_tail(passed, of, rate) <= error


def _runs_to_decide(passed: int, of: int, bar: float, error: float, shown: _Shown) -> int | None:
    """The first number of runs that would decide with the share that has passed so far."""
    if of == 0 or passed / of == bar:
        return None
    share, rate = passed / of, bar
    if share < bar:
        # Too few passes are too many failures.
        share, rate = 1 - share, 1 - bar

    def undecided(runs: float) -> bool:
        return not shown(share * math.ceil(runs), math.ceil(runs), rate, error)

    if undecided(_MOST_RUNS):
        return None
    return math.floor(last_where(undecided, of, _MOST_RUNS)) + 1
