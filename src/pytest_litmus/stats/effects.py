"""Effects: how far one side of pairs lies above the other, in their unit and in deviations.

Sources: D. Lakens, Frontiers in Psychology 4 (2013) 863; M. Borenstein et al., Introduction to
Meta-Analysis (2009).
"""

from __future__ import annotations

import math
from statistics import fmean, stdev
from typing import TYPE_CHECKING, NamedTuple

from pytest_litmus.stats.rates import Interval
from pytest_litmus.stats.special import student_t

if TYPE_CHECKING:
    from collections.abc import Sequence


class PairedEffect(NamedTuple):
    """How far one side of pairs lies above the other."""

    pairs: int
    mean: float
    """Of the differences."""
    interval: Interval
    """Student's t interval of the mean."""
    size: float
    """Cohen's d of paired values (d_z): the mean in standard deviations of the differences."""
    size_interval: Interval


def paired_effect(
    differences: Sequence[float], *, confidence: float = 0.95, least_sd: float = 0.0
) -> PairedEffect | None:
    """The mean of paired differences, and Cohen's d for it: d_z, the mean by their deviation.

    d_z is formula 7 of Lakens (2013); its interval takes d's variance for `1/n + d^2 / 2n`, formula
    4.28 of Borenstein et al. without the correlation, which d_z has in it, and Student's t instead
    of the normal quantile. It is a little too narrow for fewer than ten pairs.

    Args:
        differences: Of each pair, one side less the other.
        confidence: Of both intervals.
        least_sd: What the standard deviation is taken for where it is less: the same small
            difference in every pair would be an effect without bound.

    Returns:
        None of fewer than two pairs, or where there is no deviation to measure by.
    """
    n = len(differences)
    if n < 2 or not (deviation := max(stdev(differences), least_sd)):
        return None
    mean, reach = fmean(differences), student_t(n - 1, confidence)
    size = mean / deviation
    half, of_size = deviation / math.sqrt(n), math.sqrt((1 + size * size / 2) / n)
    return PairedEffect(
        pairs=n,
        mean=mean,
        interval=Interval(mean - reach * half, mean + reach * half),
        size=size,
        size_interval=Interval(size - reach * of_size, size + reach * of_size),
    )


def cohens_h(before: float, after: float) -> float:
    """How far a share is from another, in [-pi, pi]: 0.2 is called small, 0.5 medium, 0.8 large.

    Near 0 and 1 small differences weigh more, as they should: an error rate that goes from 0.005 to
    0.03 is 0.21. Source: J. Cohen, Statistical Power Analysis for the Behavioral Sciences (1988),
    6.2.

    Raises:
        ValueError: A share is not in [0, 1].
    """
    if not (0 <= before <= 1 and 0 <= after <= 1):
        raise ValueError(f"{before} or {after} is no share")
    return 2 * (math.asin(math.sqrt(after)) - math.asin(math.sqrt(before)))
