"""Unpaired comparisons: whether values after are higher than values before, and by how much."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise
from statistics import NormalDist, median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_EXACT_PAIRS = 1_000
_THINNED = 500
"""Values of each side that stand for all where the shift of millions of pairs is asked."""


class Shift(NamedTuple):
    """How values after compare with values before."""

    p_value: float
    rank_biserial: float
    """In [-1, 1]: how often a value after is the higher of two, less how often it is the lower."""
    shift: float
    """By how much values after are higher, in their unit: the median of all pairs' differences."""


def mann_whitney(before: Sequence[float], after: Sequence[float]) -> Shift | None:
    """Whether values after are higher or lower than values before; None where a side is empty.

    The p value is two-sided: exact up to 1,000 pairs without ties, else by the normal distribution,
    corrected for ties and continuity. With many values it is small however small the shift is, so
    that only both together should fail anything. Sources: H. B. Mann and D. R. Whitney, Annals of
    Mathematical Statistics 18 (1947) 50-60; D. S. Kerby, Comprehensive Psychology 3 (2014), for the
    rank-biserial correlation; J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34
    (1963) 598-611, for the shift, which above 500 values a side is that of 500 quantiles.

    Raises:
        ValueError: A value is not a number.
    """
    low, high = in_order(before), in_order(after)
    if not low or not high:
        return None
    pairs = len(low) * len(high)
    # Pairs that the value after wins, less those that the value before wins: ties cancel out.
    lead = sum(up_to(low, high)) - sum(up_to(high, low))
    tied = _ties(sorted(low + high))
    if pairs <= _EXACT_PAIRS and not tied:
        p_value = _exact((pairs + abs(lead)) // 2, len(low), len(high))
    else:
        p_value = _by_normal(abs(lead) / 2, len(low), len(high), tied)
    return Shift(p_value, lead / pairs, _hodges_lehmann(low, high))


def in_order(values: Sequence[float]) -> list[float]:
    """Values from the lowest to the highest.

    Raises:
        ValueError: A value is not a number, which no order holds.
    """
    if any(map(math.isnan, values)):
        raise ValueError("a value is not a number (NaN)")
    # Copied, so that they lie in memory in their order too: walks of a million are twice as fast.
    return array("d", sorted(values)).tolist()


def up_to(ordered: Sequence[float], points: Iterable[float]) -> Iterator[int]:
    """How many values are not above each point; both are in order."""
    at, end = 0, len(ordered)
    for point in points:
        while at < end and ordered[at] <= point:
            at += 1
        yield at


def _ties(ordered: Sequence[float]) -> int:
    """The sum of t^3 - t over values that stand t times."""
    tied, times = 0, 1
    for one, other in pairwise([*ordered, math.nan]):
        if one == other:
            times += 1
        elif times > 1:
            tied, times = tied + times**3 - times, 1
    return tied


def _exact(most: int, n: int, m: int) -> float:
    """Twice the share of all orders in which so many pairs or more are won by one side.

    The numbers of orders by pairs won are the coefficients of the Gaussian binomial: the product of
    (1 - x^(m + i)) / (1 - x^i), i from 1 to n.
    """
    ways = [1] + [0] * (n * m)
    for i in range(1, n + 1):
        for power in range(n * m, m + i - 1, -1):
            ways[power] -= ways[power - m - i]
        for power in range(i, n * m + 1):
            ways[power] += ways[power - i]
    return min(1.0, 2 * sum(ways[most:]) / math.comb(n + m, n))


def _by_normal(off: float, n: int, m: int, tied: int) -> float:
    """By how far the pairs won are off their half, in standard errors that ties make smaller."""
    total = n + m
    spread = math.sqrt(n * m / 12 * (total + 1 - tied / (total * (total - 1))))
    if spread == 0:
        return 1.0
    return min(1.0, 2 * NormalDist().cdf(-(off - 0.5) / spread))


def _hodges_lehmann(low: Sequence[float], high: Sequence[float]) -> float:
    few, others = _thinned(low), _thinned(high)
    return median([b - a for a in few for b in others])


def _thinned(values: Sequence[float]) -> Sequence[float]:
    if len(values) <= _THINNED:
        return values
    return [values[(2 * i + 1) * len(values) // (2 * _THINNED)] for i in range(_THINNED)]
