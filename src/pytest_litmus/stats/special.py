"""Special functions: the incomplete beta and gamma functions, from which tail probabilities come.

Sources: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov/8; W. H. Press and
others, Numerical Recipes (1992), 5.2, 6.2 and 6.4, for where each expansion converges fast.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TINY = 1e-300
_CLOSE = 1e-15
_TERMS = 100_000
"""A continued fraction takes about the root of its arguments; this is far beyond any use here."""


def log_beta(a: float, b: float) -> float:
    """The logarithm of the beta function."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a and b above 0 (DLMF 8.17.22).

    It is the chance that a beta variable is below x; of whole numbers, that of k or more hits in n
    trials of chance x is I_x(k, n - k + 1).
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        # The fraction converges slowly on this side of the mean; the other side mirrors it.
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta(a, b)) / a
    return front / _continued(1.0, _beta_steps(a, b, x))


def upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x), for a above 0 (DLMF 8.7.1, 8.9.2).

    The chance that a chi-square variable with d degrees of freedom is above c is Q(d / 2, c / 2).
    """
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return 1 - front * _gamma_series(a, x)
    return front / _continued(x + 1 - a, _gamma_steps(a, x))


def student_t(freedom: int, confidence: float) -> float:
    """Student's t on both sides, by the beta distribution of freedom / (freedom + t^2)."""
    tail = 1 - confidence
    x = last_where(lambda x: incomplete_beta(freedom / 2, 0.5, x) <= tail, 0.0, 1.0)
    return math.sqrt(freedom * (1 / x - 1))


def last_where(holds: Callable[[float], bool], low: float, high: float) -> float:
    """The last point between two at which something holds that ceases to hold only once."""
    for _ in range(100):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _continued(first: float, steps: Iterator[tuple[float, float]]) -> float:
    """A continued fraction b0 + a1/(b1 + a2/(b2 + ...)), by the modified Lentz method (5.2)."""
    value = over = first
    under = 0.0
    for _, (a, b) in zip(range(_TERMS), steps, strict=False):
        under = 1 / ((b + a * under) or _TINY)
        over = (b + a / over) or _TINY
        value *= over * under
        if abs(over * under - 1) < _CLOSE:
            break
    return value


def _beta_steps(a: float, b: float, x: float) -> Iterator[tuple[float, float]]:
    yield -(a + b) * x / (a + 1), 1.0
    for m in range(1, _TERMS):
        yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0


def _gamma_steps(a: float, x: float) -> Iterator[tuple[float, float]]:
    for m in range(1, _TERMS):
        yield -m * (m - a), x + 2 * m + 1 - a


def _gamma_series(a: float, x: float) -> float:
    total = term = 1 / a
    for m in range(1, _TERMS):
        term *= x / (a + m)
        total += term
        if term < total * _CLOSE:
            break
    return total
