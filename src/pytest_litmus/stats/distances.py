"""Distances of distributions: how far values or labels after are from those before (drift).

A p value says whether there is a difference, which with many values there nearly always is; the
distance says how large it is. All of it is linear but for sorting: sort a million values once and
give them to several of these, because sorting what is in order costs nearly nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from itertools import count, pairwise, repeat
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from pytest_litmus.stats.special import upper_gamma
from pytest_litmus.stats.unpaired import in_order, up_to

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

Label = TypeVar("Label", bound="Hashable")

SOME, MUCH = 0.1, 0.25
"""The customary bounds of the population stability index: N. Siddiqi, Credit Risk Scorecards
(2006), 10. They are a rule of thumb."""

_EACH = 5
"""Values that a bin or a label must be expected to have: W. G. Cochran, Biometrics 10 (1954)
417-451."""
_EXACT_PAIRS = 10_000


class Stability(NamedTuple):
    """The population stability index of numbers."""

    value: float
    """From 0, where all bins hold the same shares; without an upper end."""
    by_chance: float
    """What it stays below in 95 of 100 comparisons of so many values where nothing changed."""

    @property
    def level(self) -> Literal["none", "some", "much"]:
        """By the customary bounds, and never above what chance alone would do."""
        if self.value <= self.by_chance or self.value < SOME:
            return "none"
        return "some" if self.value < MUCH else "much"


class Gap(NamedTuple):
    """The largest gap between two cumulated distributions."""

    distance: float
    """In [0, 1]: the share of values that lie on the other side of `at`."""
    at: float
    p_value: float


class Association(NamedTuple):
    """How far labels depend on which side they are from."""

    statistic: float
    freedom: int
    p_value: float
    cramers_v: float
    """In [0, 1]: 0.1 is called small, 0.3 medium, 0.5 large (J. Cohen, Statistical Power Analysis
    for the Behavioral Sciences (1988), 7.2)."""


def stability_index(
    before: Sequence[float], after: Sequence[float], *, bins: int = 10
) -> Stability | None:
    """The population stability index (PSI) over the quantiles of the values before.

    A value that many hold gets a bin of its own. Half a value is added to each bin, because an
    empty one would make the index infinite. Sources: N. Siddiqi, Credit Risk Scorecards (2006), 10;
    B. Yurdakul and J. Naranjo, Journal of Risk Model Validation 14 (2020) 89-100, for what chance
    does.

    Returns:
        None where there are under five values a bin on a side.

    Raises:
        ValueError: A value is not a number.
    """
    sides = in_order(before), in_order(after)
    if min(map(len, sides)) < _EACH * bins:
        return None
    cuts = _cuts(sides[0], bins)
    there, here = (_shares(side, cuts) for side in sides)
    value = math.fsum((b - a) * math.log(b / a) for a, b in zip(there, here, strict=True))
    noise = _chi_square_at(0.95, len(cuts)) * (1 / len(before) + 1 / len(after))
    return Stability(value, noise)


def kolmogorov_smirnov(before: Sequence[float], after: Sequence[float]) -> Gap | None:
    """The largest gap between two cumulated distributions; None where a side is empty.

    The p value is exact up to 10,000 pairs (J. L. Hodges, Arkiv for Matematik 3 (1958) 469-486),
    else that of Kolmogorov's limit with the correction of M. A. Stephens, Journal of the Royal
    Statistical Society B 32 (1970) 115-122. Where values are tied, it is too cautious.

    Raises:
        ValueError: A value is not a number.
    """
    there, here = in_order(before), in_order(after)
    if not there or not here:
        return None
    # In whole numbers, so that equal gaps are equal: gaps times n * m, each after a step upwards.
    gap, at = max(_furthest(there, here), _furthest(here, there))
    n, m = len(there), len(here)
    p_value = _exact(gap, n, m) if n * m <= _EXACT_PAIRS else _kolmogorov(gap / (n * m), n, m)
    return Gap(gap / (n * m), at, p_value)


def jensen_shannon(before: Mapping[Label, int], after: Mapping[Label, int]) -> float | None:
    """The Jensen-Shannon distance of labels' counts: 0 for the same shares, 1 for no label shared.

    The root of the divergence in bits: D. M. Endres and J. E. Schindelin, IEEE Transactions on
    Information Theory 49 (2003) 1858-1860. None where a side is empty. Few counts are some way
    apart by chance; `chi_square` says whether they are further.

    Raises:
        ValueError: A count is below 0.
    """
    there, here = _total(before), _total(after)
    if not there or not here:
        return None
    bits = 0.0
    for label in before.keys() | after.keys():
        one, other = before.get(label, 0) / there, after.get(label, 0) / here
        bits += sum(share * math.log2(2 * share / (one + other)) for share in (one, other) if share)
    return math.sqrt(min(1.0, max(0.0, bits / 2)))


def chi_square(before: Mapping[Label, int], after: Mapping[Label, int]) -> Association | None:
    """Whether labels come as often after as before: Pearson's test, and Cramer's V as its size.

    Labels too rare for the test (under five expected on a side) are counted as one. Sources: K.
    Pearson, Philosophical Magazine 50 (1900) 157-175; H. Cramer, Mathematical Methods of Statistics
    (1946), 21.9.

    Returns:
        None where fewer than two labels are left, or the rare ones together are expected less than
        once on a side.

    Raises:
        ValueError: A count is below 0.
    """
    there, here = _total(before), _total(after)
    if not there or not here:
        return None
    rows = _pooled(before, after, least=_EACH * (there + here))
    if len(rows) < 2 or min(there, here) * min(map(sum, rows)) < there + here:
        return None
    statistic = math.fsum(
        (times * (there + here) - side * sum(row)) ** 2 / (side * sum(row) * (there + here))
        for row in rows
        for times, side in zip(row, (there, here), strict=True)
    )
    freedom = len(rows) - 1
    p_value = upper_gamma(freedom / 2, statistic / 2)
    return Association(statistic, freedom, p_value, math.sqrt(statistic / (there + here)))


def _cuts(ordered: Sequence[float], bins: int) -> list[float]:
    """Where bins begin: at the quantiles, and behind a value that fills a bin alone."""
    quantiles = Counter(ordered[len(ordered) * i // bins] for i in range(1, bins))
    behind = [math.nextafter(value, math.inf) for value, times in quantiles.items() if times > 1]
    return sorted({*quantiles, *behind})


def _shares(ordered: Sequence[float], cuts: Sequence[float]) -> list[float]:
    """The share of values in each bin, half a value added to each."""
    ends = [0, *map(bisect_left, repeat(ordered), cuts), len(ordered)]
    return [(b - a + 0.5) / (len(ordered) + len(ends) / 2 - 0.5) for a, b in pairwise(ends)]


def _chi_square_at(share: float, freedom: int) -> float:
    """A quantile of chi-square, by E. B. Wilson and M. M. Hilferty, PNAS 17 (1931) 684-688."""
    part = 2 / (9 * freedom)
    return freedom * (1 - part + NormalDist().inv_cdf(share) * math.sqrt(part)) ** 3


def _furthest(one: Sequence[float], other: Sequence[float]) -> tuple[int, float]:
    """How far `one` is ahead at most, and after which of its values."""
    n, m = len(one), len(other)
    return max(
        (m * i - n * passed, value)
        for i, value, passed in zip(count(1), one, up_to(other, one), strict=False)
    )


def _exact(gap: int, n: int, m: int) -> float:
    """The share of all orders of n and m values in which the gap is as large or larger.

    An order is a path over a grid; those that stay nearer to the diagonal are counted.
    """
    nearer = [int(n * j < gap) for j in range(m + 1)]
    for j in range(1, m + 1):
        nearer[j] &= nearer[j - 1]
    for i in range(1, n + 1):
        nearer[0] *= m * i < gap
        for j in range(1, m + 1):
            nearer[j] = (nearer[j] + nearer[j - 1]) * (abs(m * i - n * j) < gap)
    orders = math.comb(n + m, n)
    return (orders - nearer[m]) / orders


def _kolmogorov(distance: float, n: int, m: int) -> float:
    root = math.sqrt(n * m / (n + m))
    scaled = distance * (root + 0.12 + 0.11 / root)
    if scaled < 0.2:
        # The sum converges slowly here, to 1 in all digits.
        return 1.0
    terms = (math.copysign(math.exp(-2 * (j * scaled) ** 2), j % 2 - 0.5) for j in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))


def _total(counts: Mapping[Label, int]) -> int:
    if any(number < 0 for number in counts.values()):
        raise ValueError("a label is counted less than 0 times")
    return sum(counts.values())


def _pooled(
    before: Mapping[Label, int], after: Mapping[Label, int], *, least: int
) -> list[tuple[int, int]]:
    """Counts of both sides by label, the rare ones together.

    Rare is said of both sides' sum alone, so that pooling cannot hide or make a difference.
    """
    smaller = min(sum(before.values()), sum(after.values()))
    rows, rest = [], (0, 0)
    for label in before.keys() | after.keys():
        row = (before.get(label, 0), after.get(label, 0))
        if sum(row) * smaller >= least:
            rows.append(row)
        else:
            rest = (rest[0] + row[0], rest[1] + row[1])
    return [*rows, rest] if any(rest) else rows
