"""Topics: groups of texts that share words, found in both sides together, the same every time."""

from __future__ import annotations

import math
import re
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from pytest_litmus.drift.sampling import SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

_GROUPS = 6
_ROUNDS = 6
_WORD = re.compile(r"[^\W\d_]{4,24}")


def topics(before: Sequence[str], after: Sequence[str]) -> tuple[Counter[str], Counter[str]] | None:
    """How many texts of each side are in each group, by the words that tell the group.

    Groups are spherical k-means (I. S. Dhillon and D. S. Modha, Machine Learning 42 (2001) 143-175)
    on lexical embeddings. They are found in both sides together: found in one alone, they would fit
    that one better, and a difference be seen where there is none.

    Returns:
        None where there are not ten texts for a group.
    """
    from pytest_litmus.evaluators.embedding import lexical_embedder

    texts = [text for text in (*before, *after) if text.strip()]
    if len(texts) < 10 * _GROUPS:
        return None
    points = [_sparse(vector) for vector in lexical_embedder(texts)]
    places = _grouped(points)
    names = _names(texts, places)
    split = sum(1 for text in before if text.strip())
    labels = [names[place] for place in places]
    return Counter(labels[:split]), Counter(labels[split:])


Point = list[tuple[int, float]]


def _sparse(vector: Sequence[float]) -> Point:
    length = math.hypot(*vector) or 1.0
    return [(place, value / length) for place, value in enumerate(vector) if value]


def _grouped(points: list[Point]) -> list[int]:
    width = 1 + max(place for point in points for place, _ in point or [(0, 0.0)])
    random = Random(SEED)  # noqa: S311 - a start, no secret
    middles = [_middle([point], width) for point in random.sample(points, _GROUPS)]
    places: list[int] = []
    for _ in range(_ROUNDS):
        places = [_nearest(point, middles) for point in points]
        for group in range(_GROUPS):
            members = [one for one, place in zip(points, places, strict=True) if place == group]
            if members:
                middles[group] = _middle(members, width)
    return places


def _middle(points: list[Point], width: int) -> list[float]:
    total = [0.0] * width
    for point in points:
        for place, value in point:
            total[place] += value
    length = math.hypot(*total) or 1.0
    return [value / length for value in total]


def _nearest(point: Point, middles: list[list[float]]) -> int:
    return max(
        range(len(middles)),
        key=lambda group: sum(value * middles[group][place] for place, value in point),
    )


def _names(texts: Sequence[str], places: Sequence[int]) -> list[str]:
    """For each group the two words that stand in it more than elsewhere."""
    words = [set(_WORD.findall(text[:2000].lower())) for text in texts]
    overall = Counter(word for found in words for word in found)
    names = []
    for group in range(_GROUPS):
        inside = [found for found, place in zip(words, places, strict=True) if place == group]
        here = Counter(word for found in inside for word in found)
        told = sorted(
            here,
            key=lambda word: (overall[word] / len(texts) - here[word] / len(inside), word),
        )
        names.append(" ".join([f"{group + 1}:", *told[:2]]))
    return names
