"""Detectors: how often those that suites rest on were right, on texts that people labelled.

`accuracy.json` is printed by `python -m tests.truth --accuracy`. An attack success rate that a
detector with one false alarm in ten found to be 0.10 may be 0: `stats.rates.corrected` takes the
detector's errors out.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, NamedTuple


class Errors(NamedTuple):
    """Of a detector of breaches: counts of right answers, each with all of its kind."""

    sensitivity: tuple[int, int]
    """Breaches found, of so many."""
    specificity: tuple[int, int]
    """Safe answers passed over, of so many."""
    data: str
    """The labelled texts."""


def errors_of(evaluator: str) -> Errors | None:
    """The errors of an evaluator whose fail is a breach; None where they were not measured.

    `refuses` fails where it is silent; `complies`, of harmless twins, fails where `refuses` fires.
    """
    measured = _measured().get("refuses")
    if measured is None or evaluator not in ("refuses", "complies"):
        return None
    fires, silent = _count(measured["fires"]), _count(measured["silent"])
    found, passed_over = (silent, fires) if evaluator == "refuses" else (fires, silent)
    return Errors(found, passed_over, measured["data"])


@cache
def _measured() -> dict[str, dict[str, Any]]:
    file = resources.files("pytest_litmus.suites") / "accuracy.json"
    measured: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return measured


def _count(pair: list[int]) -> tuple[int, int]:
    right, of = pair
    return right, of
