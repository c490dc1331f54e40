"""Relatedness: how near two texts are in topic, by the vectors of their words.

`training/relatedness.py` takes the vectors of common English words from all-MiniLM-L6-v2
(Apache-2.0, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2). A text's is their sum,
rare words first, as in https://openreview.net/forum?id=SyK00v5xx.
"""

from __future__ import annotations

import base64
import json
import math
import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from operator import mul
from pathlib import Path

_SIZE = 96
_NOUGHT = 8
"""What stands for 0 in the file's four bits, so that all are positive."""
_COMMON = 100.0
"""The rank from which on a word weighs half: as frequent as 0.1 / rank (Zipf), with that paper's
constant of 1e-3."""
_STEPS = 255
"""The weight of the rarest word: whole numbers keep the sums whole."""

Topic = Sequence[int]


def topic(words: Iterable[str]) -> Topic:
    """What the stems of a text's words say together; all 0 where none is common English.

    All numbers of a vector are added at once: they stand side by side in one large integer, 32 bits
    each, which is room for 60,000 words of the heaviest kind.
    """
    known = _known()
    total = weight = 0
    for word in words:
        if found := known.get(word):
            place, heavy = found
            total += _lanes(place) * heavy
            weight += heavy
    lanes = array("I", total.to_bytes(4 * _SIZE, sys.byteorder))
    return [lane - _NOUGHT * weight for lane in lanes]


def related(one: Topic, other: Topic) -> float:
    """The cosine of two topics, in [-1, 1]; 0 where one of them is nothing."""
    lengths = math.sqrt(sum(map(mul, one, one)) * sum(map(mul, other, other)))
    return sum(map(mul, one, other)) / lengths if lengths else 0.0


@cache
def _known() -> dict[str, tuple[int, int]]:
    """Where in the file the vector of a stem is, and what it weighs; commonest stems first."""
    return {
        word: (place, round(_STEPS * place / (place + _COMMON)) + 1)
        for place, word in enumerate(_file()["words"].split())
    }


@cache
def _lanes(place: int) -> int:
    """A word's vector as one integer."""
    size = _SIZE // 2
    pairs = _vectors()[place * size : (place + 1) * size]
    lanes = array("I", [part for pair in pairs for part in (pair >> 4, pair & 15)])
    return int.from_bytes(lanes.tobytes(), sys.byteorder)


@cache
def _vectors() -> bytes:
    return base64.b85decode(_file()["vectors"])


@cache
def _file() -> dict[str, str]:
    raw = Path(__file__).with_name("relatedness.json").read_text(encoding="utf-8")
    read: dict[str, str] = json.loads(raw)
    return read
