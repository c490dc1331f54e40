"""Series: whether values that came one after the other rise or fall, and whether the last differs.

Both look at all values once. Looked at again after each run, a series without any trend shows one
in some look: a p value here is a hint where to look, and no gate.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from statistics import NormalDist, fmean, median, stdev
from typing import TYPE_CHECKING, NamedTuple

from pytest_litmus.stats.rates import Interval
from pytest_litmus.stats.special import student_t
from pytest_litmus.stats.unpaired import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 5
"""Values below which no order of them is rare enough (p below 0.05) to show a trend."""
_EXACT = 50
"""Values up to which all orders are counted."""


class Trend(NamedTuple):
    """How values go as time goes on."""

    p_value: float
    tau: float
    """In [-1, 1]: how often the later of two values is the higher one, less how often the lower."""
    slope: float
    """By how much each value is higher than the one before: the median over all pairs."""


def mann_kendall(values: Sequence[float]) -> Trend | None:
    """Whether values rise or fall steadily, however they do it; None of under two.

    The p value is two-sided: exact up to 50 values without ties, else by the normal distribution,
    corrected for ties and continuity. Values must be independent of each other but for the trend.
    Sources: H. B. Mann, Econometrica 13 (1945) 245-259; M. G. Kendall, Rank Correlation Methods
    (1975); H. Theil, Proc. Kon. Ned. Akad. Wet. A 53 (1950) 386-392, and P. K. Sen, JASA 63 (1968)
    1379-1389, for the slope.

    Raises:
        ValueError: A value is not a number.
    """
    count, tied = len(values), len(set(in_order(values))) < len(values)
    if count < 2:
        return None
    score = sum((b > a) - (b < a) for a, b in combinations(values, 2))
    pairs = count * (count - 1) // 2
    slopes = ((b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(values), 2))
    exact = not tied and count <= _EXACT
    p_value = _exact(score, count) if exact else _by_normal(score, count, values)
    return Trend(p_value, score / pairs, median(slopes))


def next_value(earlier: Sequence[float], *, confidence: float = 0.95) -> Interval | None:
    """Where the next value lies if it is like the earlier ones, which are about normal.

    None of under two values, and of values that are all the same: they do not say how far a next
    one may be off. Source: G. J. Hahn and W. Q. Meeker, Statistical Intervals (1991), chapter 4.

    Raises:
        ValueError: Confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    count = len(earlier)
    spread = stdev(earlier) if count > 1 and min(earlier) < max(earlier) else 0.0
    if not spread:
        return None
    half = student_t(count - 1, confidence) * spread * math.sqrt(1 + 1 / count)
    middle = fmean(earlier)
    return Interval(middle - half, middle + half)


def _exact(score: int, count: int) -> float:
    """Twice the share of all orders that have so few pairs in the wrong order, or fewer.

    The numbers of orders by such pairs are the coefficients of the product of 1 + x + ... + x^i.
    """
    pairs = count * (count - 1) // 2
    most = (pairs - abs(score)) // 2
    ways = [1] + [0] * most
    for size in range(2, count + 1):
        for power in range(1, most + 1):
            ways[power] += ways[power - 1]
        for power in range(most, size - 1, -1):
            ways[power] -= ways[power - size]
    return min(1.0, 2 * sum(ways) / math.factorial(count))


def _by_normal(score: int, count: int, values: Sequence[float]) -> float:
    squares = count * (count - 1) * (2 * count + 5)
    for times in Counter(values).values():
        squares -= times * (times - 1) * (2 * times + 5)
    if squares == 0:
        return 1.0
    off = max(abs(score) - 1, 0) / math.sqrt(squares / 18)
    return min(1.0, 2 * NormalDist().cdf(-off))
