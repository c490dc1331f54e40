"""Linear: a logistic model over hashed features, from a small file, in plain Python.

Features are strings; each falls into one of `size` buckets by its CRC-32, and a bucket has one
weight of eight bits (feature hashing: https://alex.smola.org/papers/2009/Weinbergeretal09.pdf).
`training/linear.py` writes the files.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

VERSION = 1


class Linear(NamedTuple):
    """What a model knows."""

    bias: float
    scale: float
    """What a weight of one stands for."""
    weights: Sequence[int]
    """One a bucket, between -127 and 127."""

    def likelihood(self, features: Iterable[str]) -> float:
        """That a text with these features is of label 1; a repeated feature counts once."""
        buckets = {bucket(feature, len(self.weights)) for feature in features}
        told = self.bias + self.scale * sum(self.weights[one] for one in buckets)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, told))))


def bucket(feature: str, size: int) -> int:
    """Where a feature's weight is; the same on every machine, unlike `hash`."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % size


@cache
def model(name: str) -> Linear:
    """The model in `NAME.json` beside this module.

    Raises:
        ValueError: The file is of another version, or is damaged.
    """
    path = Path(__file__).with_name(f"{name}.json")
    raw = json.loads(path.read_text(encoding="utf-8"))
    if raw.get("version") != VERSION:
        raise ValueError(f"{path} is of version {raw.get('version')}, wanted {VERSION}")
    packed = base64.b64decode(raw["weights"])
    if zlib.crc32(packed) != raw["crc32"]:
        raise ValueError(f"{path} is damaged: install pytest-litmus again")
    return Linear(raw["bias"], raw["scale"], memoryview(zlib.decompress(packed)).cast("b"))
