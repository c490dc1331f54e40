"""Sampling: a bounded part of a stream of unknown length, the same for the same stream."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = TypeVar("Item")

SEED = 20261124


def sampled(items: Iterable[Item], size: int) -> list[Item]:
    """So many of the items, each equally likely; all where there are fewer.

    Algorithm L of K.-H. Li, ACM Transactions on Mathematical Software 20 (1994) 481-493, which
    draws a number only for items that it takes.
    """
    random = Random(SEED)  # noqa: S311 - a sample, no secret
    kept: list[Item] = []
    weight, following = 1.0, -1
    for place, item in enumerate(items):
        if len(kept) < size:
            kept.append(item)
            if len(kept) < size:
                continue
            following = place
        elif place == following:
            kept[random.randrange(size)] = item
        else:
            continue
        weight *= math.exp(math.log(1 - random.random()) / size)
        following += 1 + math.floor(math.log(1 - random.random()) / math.log1p(-weight))
    return kept
