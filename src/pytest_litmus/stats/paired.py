"""Paired comparisons: the same cases before and after, and how small a change they could show.

Pairs take out that some cases are harder than others, so that fewer of them show a change (E.
Miller, https://arxiv.org/abs/2411.00640, 4). Where a case has several rows, give its mean: rows of
one case are no cases of their own.
"""

from __future__ import annotations

import math
import random
from itertools import product, repeat
from operator import mul
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING, NamedTuple

from pytest_litmus.stats.rates import Interval, binomial_tail, check_counts
from pytest_litmus.stats.special import last_where, student_t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FEWEST = 5
"""Cases below which a mean's interval says more of the method than of the cases."""

_MANY = 2_000
"""Cases above which the mean is as good as normal, and resampling would only cost time."""
_ALL_SIGNS = 12
"""Cases of which all patterns of signs are tried."""


class Flips(NamedTuple):
    """Verdicts that changed between two runs of the same cases."""

    difference: float
    """The pass rate after, less the one before."""
    low: float
    high: float
    p_value: float
    mid_p: float


class Difference(NamedTuple):
    """The mean of a score after, less the one before."""

    mean: float
    low: float
    high: float


def mcnemar(worse: int, better: int, cases: int, *, confidence: float = 0.95) -> Flips | None:
    """Whether verdicts became worse or better, by the cases that changed; None of no cases.

    The p value is exact, two-sided. The mid-p value is less cautious: on average its errors are
    what it says, while the exact one's are fewer. The interval is that of Bonett and Price.
    Sources: Q. McNemar, Psychometrika 12 (1947) 153-157; M. W. Fagerland, S. Lydersen and P. Laake,
    BMC Medical Research Methodology 13 (2013) 91, for mid-p; D. G. Bonett and R. M. Price, Journal
    of Educational and Behavioral Statistics 37 (2012) 479-488.

    Args:
        worse: Cases that passed before and fail after.
        better: Cases that failed before and pass after.
        cases: All cases that both runs have.
        confidence: Of the interval of the difference.

    Raises:
        ValueError: More cases changed than there are, or fewer than none.
    """
    check_counts(worse, worse + better, confidence)
    check_counts(worse + better, cases)
    if cases == 0:
        return None
    changed, most = worse + better, max(worse, better)
    tail = binomial_tail(most, changed, 0.5)
    beyond = binomial_tail(most + 1, changed, 0.5) if most < changed else 0.0
    bounds = _bonett_price(worse, better, cases, confidence)
    return Flips((better - worse) / cases, *bounds, min(1.0, 2 * tail), min(1.0, tail + beyond))


def bootstrap(
    before: Sequence[float],
    after: Sequence[float],
    *,
    confidence: float = 0.95,
    resamples: int = 2_000,
    seed: int = 0,
) -> Difference | None:
    """The mean difference of scores and its interval; None of under five cases.

    By resampling the cases' differences, corrected for bias and skewness (BCa): B. Efron, JASA 82
    (1987) 171-185. Resamples of few cases vary too little, which is made good by Student's t: T.
    Hesterberg, The American Statistician 69 (2015) 371-386, 5.3. Above 2,000 cases the interval is
    the normal one. A 0.95 interval held the mean of 10 to 50 normal differences in 0.94 to 0.97 of
    500 trials, and that of very skewed (lognormal) ones in 0.88 to 0.91 only. The seed is fixed so
    that a report says the same when it is made again.

    Raises:
        ValueError: There are not as many values after as before, or one is not a number.
    """
    check_counts(0, 0, confidence)
    differences = _differences(before, after)
    if len(differences) < FEWEST:
        return None
    n, mean = len(differences), fmean(differences)
    z = student_t(n - 1, confidence)
    spread = stdev(differences)
    if n > _MANY or spread == 0:
        return Difference(mean, mean - z * spread / math.sqrt(n), mean + z * spread / math.sqrt(n))
    draw = random.Random(seed).choices  # noqa: S311 - no secret
    means = sorted(fmean(draw(differences, k=n)) for _ in range(resamples))
    return Difference(mean, *_bca(differences, means, z * math.sqrt(n / (n - 1))))


def sign_flips(
    before: Sequence[float], after: Sequence[float], *, resamples: int = 5_000, seed: int = 0
) -> float | None:
    """The two-sided p value of a mean difference, by flipping its signs; None of no cases.

    If nothing changed, each difference could as well have had the other sign; it is a test of that,
    and not of the mean alone where one side has rare, far values. Up to twelve cases
    all signs are tried, above that some at random, above 2,000 the sum is as good as normal.
    Sources: R. A. Fisher, The Design of Experiments (1935), 21; B. Phipson and G. K. Smyth,
    Statistical Applications in Genetics and Molecular Biology 9 (2010) 39, for why a p value of
    some resamples is never 0.

    Raises:
        ValueError: There are not as many values after as before, or one is not a number.
    """
    differences = [value for value in _differences(before, after) if value]
    if not before:
        return None
    # Sums of the same numbers in another order may differ in their last digits.
    seen = _off(differences, repeat(1)) - 1e-12 * sum(map(abs, differences))
    n = len(differences)
    if n <= _ALL_SIGNS:
        hits = sum(_off(differences, signs) >= seen for signs in product((1, -1), repeat=n))
        return hits / (1 << n)
    if n > _MANY:
        return 2 * NormalDist().cdf(-seen / math.hypot(*differences))
    draw = random.Random(seed).choices  # noqa: S311 - no secret
    drawn = (draw((1, -1), k=n) for _ in range(resamples))
    hits = sum(_off(differences, signs) >= seen for signs in drawn)
    return (1 + hits) / (1 + resamples)


def detectable_difference(
    differences: Sequence[float], *, confidence: float = 0.95, power: float = 0.8
) -> float | None:
    """The smallest true mean difference that such cases would have shown, with this power.

    Source: E. Miller, https://arxiv.org/abs/2411.00640, 5. None of under five cases, and where all
    differences are the same, because nothing then says how far others might be.
    """
    if len(differences) < FEWEST or not (spread := stdev(differences)):
        return None
    return _margins(confidence, power) * spread / math.sqrt(len(differences))


def detectable_flips(
    cases: int, changed: int, *, confidence: float = 0.95, power: float = 0.8
) -> float | None:
    """The smallest true difference of pass rates that so many cases would have shown.

    None where even all of them changing one way would not be enough. Source: R. J. Connor,
    Biometrics 43 (1987) 207-211, solved for the difference. Where fewer cases changed than the
    difference itself needs, all that change are taken to change one way. It is never below what
    the exact test can show at all: at 0.95, six cases.

    Args:
        cases: Cases in both runs.
        changed: Cases whose verdicts differ, either way: the more, the harder to see a trend.
        confidence: One less the chance of seeing a difference where there is none.
        power: The chance of seeing it where there is one.

    Raises:
        ValueError: More cases changed than there are, or fewer than none.
    """
    check_counts(changed, cases, confidence)
    fewest = math.ceil(1 - math.log2(1 - confidence))
    if cases < fewest:
        return None
    normal = NormalDist()
    sure, likely = normal.inv_cdf((1 + confidence) / 2), normal.inv_cdf(power)

    def unseen(difference: float) -> bool:
        flips = max(changed / cases, difference)
        needed = sure * math.sqrt(flips) + likely * math.sqrt(flips - difference**2)
        return needed > difference * math.sqrt(cases)

    return max(fewest / cases, last_where(unseen, 0.0, 1.0))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """P values adjusted for being many, in their order.

    Of those at most 0.05 afterwards, one in twenty is expected to be chance. Source: Y. Benjamini
    and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300. They may hang
    together as far as each rises with the others, as the metrics of one suite mostly do.

    Raises:
        ValueError: A value is not between 0 and 1.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("p values are between 0 and 1")
    adjusted, least = [1.0] * len(p_values), 1.0
    falling = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    for place, index in enumerate(falling):
        least = min(least, p_values[index] * (len(p_values) / (len(p_values) - place)))
        adjusted[index] = least
    return adjusted


def _differences(before: Sequence[float], after: Sequence[float]) -> list[float]:
    if len(before) != len(after):
        raise ValueError(f"{len(before)} values before and {len(after)} after are no pairs")
    differences = [b - a for a, b in zip(before, after, strict=True)]
    if any(map(math.isnan, differences)):
        raise ValueError("a value is not a number (NaN)")
    return differences


def _off(differences: Sequence[float], signs: Iterable[int]) -> float:
    total: float = sum(map(mul, differences, signs))
    return abs(total)


def _bonett_price(worse: int, better: int, cases: int, confidence: float) -> Interval:
    """Wald's interval of the difference with one change of each kind added."""
    lost, won = (worse + 1) / (cases + 2), (better + 1) / (cases + 2)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    half = z * math.sqrt((lost + won - (won - lost) ** 2) / (cases + 2))
    return Interval(max(-1.0, won - lost - half), min(1.0, won - lost + half))


def _bca(differences: Sequence[float], means: Sequence[float], z: float) -> Interval:
    """The quantiles of resampled means that Efron's corrections name; `z` without them."""
    normal, centre = NormalDist(), fmean(differences)
    below = sum(mean < centre for mean in means) + sum(mean == centre for mean in means) / 2
    bias = normal.inv_cdf((below + 0.5) / (len(means) + 1))
    spread = stdev(differences)
    cubes = math.fsum(((value - centre) / spread) ** 3 for value in differences)
    skew = cubes / (6 * (len(differences) - 1) ** 1.5)

    def quantile(z: float) -> float:
        share = normal.cdf(bias + (bias + z) / (1 - skew * (bias + z)))
        return means[min(len(means) - 1, int(share * len(means)))]

    return Interval(quantile(-z), quantile(z))


def _margins(confidence: float, power: float) -> float:
    normal = NormalDist()
    return normal.inv_cdf((1 + confidence) / 2) + normal.inv_cdf(power)
