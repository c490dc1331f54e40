"""Tables: whether those of one group have a property oftener than those of another."""

from __future__ import annotations

import math


def fisher(hits: int, of: int, other_hits: int, other_of: int) -> float | None:
    """The chance of so many hits in the first group, or more, if the groups do not differ.

    One-sided and exact, with all four margins held. Source: R. A. Fisher, Journal of the Royal
    Statistical Society 98 (1935) 39-82. None where a group is empty, or where all or none of both
    groups have the property: then nothing can be told.

    Args:
        hits: Members of the first group with the property.
        of: Members of the first group.
        other_hits: Likewise of the second.
        other_of: Likewise.

    Raises:
        ValueError: There are more hits than members, or fewer than none.
    """
    if not 0 <= hits <= of or not 0 <= other_hits <= other_of:
        raise ValueError(f"{hits} of {of} and {other_hits} of {other_of} are no counts")
    everyone, having = of + other_of, hits + other_hits
    if not of or not other_of or having in (0, everyone):
        return None
    most = min(of, having)
    ways = (
        _log_ways(having, k) + _log_ways(everyone - having, of - k) - _log_ways(everyone, of)
        for k in range(hits, most + 1)
        if of - k <= everyone - having
    )
    return min(1.0, math.fsum(map(math.exp, ways)))


def _log_ways(n: int, k: int) -> float:
    """The logarithm of how many ways there are to choose k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
