"""Linear: fits a logistic model over hashed features, and writes it for `evaluators/linear.py`."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pytest_litmus.evaluators.linear import VERSION, Linear, bucket

EVALUATORS = Path(__file__).parents[1] / "src/pytest_litmus/evaluators"


def fitted(
    texts: Sequence[Iterable[str]], labels: Sequence[int], *, size: int = 1 << 15, c: float = 1.0
) -> Linear:
    """A model of texts given as their features; deterministic.

    Args:
        texts: The features of each text.
        labels: Of each text, 1 or 0.
        size: How many buckets.
        c: How far weights may go (the inverse of the regularisation's strength).
    """
    told = [sorted({bucket(feature, size) for feature in features}) for features in texts]
    columns = np.concatenate([np.array(one, dtype=np.int64) for one in told])
    ends = np.cumsum([0, *map(len, told)])
    counts = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(told), size))
    learner = LogisticRegression(C=c, class_weight="balanced", max_iter=1_000)
    weights = learner.fit(counts, labels).coef_[0]
    scale = max(float(np.abs(weights).max()), 1e-9) / 127
    return Linear(
        round(float(learner.intercept_[0]), 4), scale, np.rint(weights / scale).astype(int).tolist()
    )


def write(name: str, linear: Linear) -> None:
    """Put a model beside the evaluators."""
    packed = zlib.compress(np.array(linear.weights, dtype=np.int8).tobytes(), 9)
    raw = {
        "version": VERSION,
        "bias": linear.bias,
        "scale": linear.scale,
        "crc32": zlib.crc32(packed),
        "weights": base64.b64encode(packed).decode(),
    }
    _write(name, raw)


def write_regression(name: str, signs: Sequence[str], model: LogisticRegression) -> None:
    """Put the weights of a few named signs beside the evaluators, for people to read."""
    raw = {
        "bias": round(float(model.intercept_[0]), 3),
        "weights": {
            sign: round(float(weight), 3)
            for sign, weight in zip(signs, model.coef_[0], strict=True)
        },
    }
    _write(name, raw)


def _write(name: str, raw: dict[str, Any]) -> None:
    text = json.dumps(raw, indent=1) + "\n"
    (EVALUATORS / f"{name}.json").write_text(text, encoding="utf-8")
