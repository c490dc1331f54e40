"""Weighing: signs that an evaluator counts, to a likelihood, by a small logistic model."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FAR = 60.0
"""Where a likelihood is all but 0 or 1, and `exp` still gives a number."""


def likelihood(model: str, signs: Mapping[str, float]) -> float:
    """The likelihood, in (0, 1), that a model gives to signs.

    Args:
        model: The name of its file in this package: `grounding` is `grounding.json`, which a script
            of the same name in `training/` has made.
        signs: How strong each sign is; all that the model weighs.
    """
    bias, weights = _model(model)
    weighed = bias + sum(weight * signs[name] for name, weight in weights.items())
    return 1 / (1 + math.exp(-max(-_FAR, min(_FAR, weighed))))


@cache
def _model(name: str) -> tuple[float, dict[str, float]]:
    raw = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return raw["bias"], raw["weights"]
