"""Rates: how many of how many, and between which bounds the rate behind them lies.

`wilson` is for showing, `clopper_pearson` for gates: the first keeps its confidence on average, the
second always. Both suppose independent rows, looked at once. For rows that share a case there is
`clustered`, for looks after each run `deciding.confidence_sequence`, and for rows that an
imperfect detector counted `corrected`.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from pytest_litmus.stats.special import incomplete_beta, last_where, student_t

if TYPE_CHECKING:
    from collections.abc import Sequence

_BARELY = 1e-9


class Interval(NamedTuple):
    """Two bounds, both in it."""

    low: float
    high: float


class ClusteredRate(NamedTuple):
    """A rate of rows that share cases."""

    rate: float
    standard_error: float
    low: float
    high: float
    worth: float
    """As many independent rows would say as much."""


class CorrectedRate(NamedTuple):
    """A rate with the detector's errors taken out."""

    rate: float
    low: float
    high: float


def wilson(hits: int, of: int, *, confidence: float = 0.95) -> Interval | None:
    """Wilson's score interval of a proportion; None of no trials.

    It keeps close to its confidence where there are few trials or the share is near 0 or 1, which
    the textbook's p ± 1.96 s does not. Sources: E. B. Wilson, JASA 22 (1927) 209-212; L. D. Brown,
    T. T. Cai and A. DasGupta, Statistical Science 16 (2001) 101-133.

    Raises:
        ValueError: There are more hits than trials, or fewer than none.
    """
    check_counts(hits, of, confidence)
    if of == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At the ends the bound is exactly 0 or 1; float's noise would miss it by a hair.
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == of else middle + half
    return Interval(low, high)


def clopper_pearson(hits: int, of: int, *, confidence: float = 0.95) -> Interval | None:
    """The exact interval of a proportion; None of no trials.

    Its confidence is never below the one asked for, whatever the rate; it is wider than Wilson's
    for that. Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413.

    Raises:
        ValueError: There are more hits than trials, or fewer than none.
    """
    check_counts(hits, of, confidence)
    return _exact(hits, of, confidence) if of else None


def binomial_tail(hits: float, of: float, rate: float) -> float:
    """The chance of so many hits or more, where each trial has this rate.

    Parts of trials are taken too, for those who ask how many more trials would be needed.
    """
    return incomplete_beta(hits, of - hits + 1, rate) if hits > 0 else 1.0


def clustered(
    cases: Sequence[tuple[int, int]], *, confidence: float = 0.95
) -> ClusteredRate | None:
    """The rate over all rows where rows of one case say the same again; None of under two cases.

    The standard error is the cluster-robust one of a ratio (W. G. Cochran, Sampling Techniques
    (1977), 6.3; for evaluations of models: E. Miller, https://arxiv.org/abs/2411.00640). The
    interval is the exact one of as many independent rows as would have that error, with Student's
    t for few cases: E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201. Where no
    row hit, or all did, nothing shows how alike the rows of a case are: each case counts once.

    Args:
        cases: Hits and rows of each case. Cases without rows are left out.
        confidence: Of the interval.

    Raises:
        ValueError: A case has more hits than rows, or fewer than none.
    """
    for case in cases:
        check_counts(*case, confidence)
    counted = [case for case in cases if case[1]]
    if len(counted) < 2:
        return None
    hits, rows = map(sum, zip(*counted, strict=True))
    rate = hits / rows
    apart = math.fsum((hit - rate * of) ** 2 for hit, of in counted)
    error = math.sqrt(len(counted) / (len(counted) - 1) * apart) / rows
    worth = _worth(rate, error, cases=len(counted), rows=rows, confidence=confidence)
    return ClusteredRate(rate, error, *_exact(rate * worth, worth, confidence), worth)


def corrected(
    hits: int,
    of: int,
    *,
    sensitivity: tuple[int, int],
    specificity: tuple[int, int],
    confidence: float = 0.95,
) -> CorrectedRate | None:
    """The rate of what a detector looks for, its misses and false alarms taken out.

    An attack success rate of 0.10 by a detector with one false alarm in ten may be 0. Sources:
    W. J. Rogan and B. Gladen, American Journal of Epidemiology 107 (1978) 71-76, for the rate,
    cut to [0, 1]; Z. Lang and J. Reiczigel, Preventive Veterinary Medicine 113 (2014) 13-22, for
    the interval, which counts in that the detector itself was measured on so many rows only.

    Args:
        hits: Rows in which the detector found it.
        of: Rows in all.
        sensitivity: Found, of so many labelled rows that have it.
        specificity: Passed over, of so many labelled rows that do not have it.
        confidence: Of the interval; its authors tried 0.90 to 0.99.

    Returns:
        None where a count of rows is 0, or where the detector is no better than chance, or was
        measured on too few rows to say that it is.

    Raises:
        ValueError: A count of hits is above its rows, or below 0.
    """
    for count in ((hits, of), sensitivity, specificity):
        check_counts(*count, confidence)
    if not (of and sensitivity[1] and specificity[1]):
        return None
    found, passed_over = sensitivity[0] / sensitivity[1], specificity[0] / specificity[1]
    if found + passed_over <= 1:
        return None
    rate = (hits / of + passed_over - 1) / (found + passed_over - 1)
    bounds = _lang_reiczigel((hits, of), sensitivity, specificity, confidence)
    if bounds is None:
        return None
    return CorrectedRate(_share(rate), *map(_share, bounds))


def pass_at_k(passed: int, of: int, k: int) -> float | None:
    """The chance that at least one of k runs passes, without bias from `of` runs; None of under k.

    Source: M. Chen and others, https://arxiv.org/abs/2107.03374, 2.1. Over several tasks, take the
    mean of their values.
    """
    none = pass_hat_k(of - passed, of, k)
    return None if none is None else 1 - none


def pass_hat_k(passed: int, of: int, k: int) -> float | None:
    """The chance that all of k runs pass (pass^k), without bias from `of` runs; None of under k.

    Source: S. Yao and others, tau-bench, https://arxiv.org/abs/2406.12045, 3. Over several tasks,
    take the mean of their values.

    Raises:
        ValueError: More runs passed than there are, or fewer than none, or k is under 1.
    """
    check_counts(passed, of)
    if k < 1:
        raise ValueError(f"pass of {k} runs")
    return math.comb(passed, k) / math.comb(of, k) if of >= k else None


def check_counts(hits: float, of: float, confidence: float = 0.95) -> None:
    """Refuse what is no count of hits, and what is no confidence.

    Raises:
        ValueError: There are more hits than trials, or fewer than none; confidence is not between
            0 and 1.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} hits of {of} trials")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")


def _exact(hits: float, of: float, confidence: float) -> Interval:
    error = (1 - confidence) / 2
    return Interval(_exact_low(hits, of, error), 1 - _exact_low(of - hits, of, error))


def _exact_low(hits: float, of: float, error: float) -> float:
    """The highest rate at which so many hits or more are too rare to be believed."""
    return last_where(lambda rate: binomial_tail(hits, of, rate) <= error, 0.0, 1.0)


def _worth(rate: float, error: float, *, cases: int, rows: int, confidence: float) -> float:
    """Korn and Graubard's effective number of rows, with the factor for few cases."""
    if error == 0:
        # Cases that all have the same share in between do show that their rows differ.
        return rows if 0 < rate < 1 else cases
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    independent = rate * (1 - rate) / error**2
    return min(rows, independent * (z / student_t(cases - 1, confidence)) ** 2)


def _lang_reiczigel(
    rows: tuple[int, int],
    sensitivity: tuple[int, int],
    specificity: tuple[int, int],
    confidence: float,
) -> Interval | None:
    """Their equations 4, 6, 7, 15 and 17: Wald's interval around shares drawn to the middle."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    seen, seen_spread = _drawn(*rows, z * z / 2)
    found, found_spread = _drawn(*sensitivity, 1)
    passed_over, passed_over_spread = _drawn(*specificity, 1)
    better = found + passed_over - 1
    if better < _BARELY:
        return None
    rate = (seen + passed_over - 1) / better
    moved = 2 * z * z * (rate * found_spread - (1 - rate) * passed_over_spread)
    spread = seen_spread + rate**2 * found_spread + (1 - rate) ** 2 * passed_over_spread
    half = z * math.sqrt(spread) / better
    return Interval(rate + moved - half, rate + moved + half)


def _drawn(hits: int, of: int, added: float) -> tuple[float, float]:
    """A share with as many hits as misses added, and the variance of its estimate."""
    share = (hits + added) / (of + 2 * added)
    return share, share * (1 - share) / (of + 2 * added)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
