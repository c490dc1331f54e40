"""Agreement: how far raters say the same of the same items, beyond chance.

Sources: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46; J. L. Fleiss,
Psychological Bulletin 76 (1971) 378-382; K. Krippendorff, Computing Krippendorff's
Alpha-Reliability (2011), https://repository.upenn.edu/asc_papers/43.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from operator import eq
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Cohen's kappa of two raters: agreement beyond chance, 1 at full agreement, 0 at chance.

    Returns:
        None where chance alone agrees always: both gave one and the same label to everything.

    Raises:
        ValueError: The raters rated different numbers of items, or none.
    """
    if len(first) != len(second) or not first:
        raise ValueError(f"kappa needs as many ratings of both: {len(first)} and {len(second)}")
    n = len(first)
    agreed = sum(map(eq, first, second)) / n
    one, other = Counter(first), Counter(second)
    by_chance = sum(one[label] * other[label] for label in one) / (n * n)
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def fleiss_kappa(items: Sequence[Sequence[Hashable]]) -> float | None:
    """Fleiss' kappa of several raters, as many for each item.

    Args:
        items: The labels that each item got.

    Returns:
        None where every rating is the same label.

    Raises:
        ValueError: There is no item, an item has fewer than two ratings, or not as many as others.
    """
    if len({len(item) for item in items}) != 1 or len(items[0]) < 2:
        raise ValueError("Fleiss' kappa needs as many ratings of each item, two at least")
    n = len(items[0])
    counts = [Counter(item) for item in items]
    agreed = sum(sum(c * (c - 1) for c in count.values()) for count in counts)
    observed = agreed / (len(items) * n * (n - 1))
    shares = [c / (len(items) * n) for c in sum(counts, Counter()).values()]
    by_chance = sum(share * share for share in shares)
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


def krippendorff_alpha(
    items: Sequence[Sequence[float]], *, level: Literal["nominal", "interval"] = "nominal"
) -> float | None:
    """Krippendorff's alpha: agreement beyond chance, whoever rated what; ratings may be missing.

    Args:
        items: The values that each item got. Those with fewer than two say nothing, and are left
            out.
        level: `nominal` takes values as names, `interval` weighs their distance squared.

    Returns:
        None where no two ratings can be compared, or all are the same.
    """
    paired = [item for item in items if len(item) > 1]
    values = [value for item in paired for value in item]
    together = Counter[tuple[float, float]]()
    for item in paired:
        for pair in permutations(item, 2):
            together[pair] += 1 / (len(item) - 1)  # type: ignore[assignment]
    apart = sum(times * _distance(*pair, level) for pair, times in together.items())
    counts = Counter(values)
    by_chance = sum(
        counts[a] * counts[b] * _distance(a, b, level) for a, b in permutations(counts, 2)
    )
    return None if by_chance == 0 else 1 - (len(values) - 1) * apart / by_chance


def _distance(one: float, other: float, level: str) -> float:
    return float(one != other) if level == "nominal" else (one - other) ** 2
