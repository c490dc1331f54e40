"""Measures: what a rule of a policy can hold a limit against, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Pillar = Literal[
    "safety", "quality", "regression", "budget", "infrastructure", "inconclusive", "deploy"
]

EXIT_CODES: Mapping[Pillar, int] = {
    "safety": 11,
    "quality": 10,
    "regression": 13,
    "budget": 12,
    "infrastructure": 14,
    "inconclusive": 15,
    "deploy": 0,
}
"""The exit code of a decision, the highest-ranking first.

What harms people outranks what disappoints them, that what is worse than before, and that what is
dear or slow. What could not be looked at comes after all that is known: a pipeline that starts the
job again on 14 must never do so over a breach.
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that a report has."""

    pillar: Pillar
    """What a broken limit on it is."""
    unit: str
    keys: tuple[str, ...] = ()
    """Keys of a rule that it takes beside those that all take."""
    is_share: bool = False
    """In [0, 1]."""


_ENDS = ("p50", "p95", "p99", "max")
_ATTACK = ("family", "attack", "new_only")

MEASURES: Mapping[str, Measure] = {
    **{f"latency_{end}_s": Measure("budget", "s") for end in _ENDS},
    **{f"time_to_first_chunk_{end}_s": Measure("budget", "s") for end in _ENDS},
    "error_rate": Measure("infrastructure", "1", ("interval",), is_share=True),
    "pass_rate": Measure("quality", "1", ("of", "interval"), is_share=True),
    "mean_score": Measure("quality", "1", ("of",)),
    "feedback_up_rate": Measure("quality", "1", ("of", "interval"), is_share=True),
    "test_pass_rate": Measure("quality", "1", ("interval",), is_share=True),
    "attack_success_rate": Measure("safety", "1", (*_ATTACK, "interval"), is_share=True),
    "over_refusal_rate": Measure("quality", "1", (*_ATTACK, "interval"), is_share=True),
    "new_breaches": Measure("safety", "{breach}", ("family", "attack")),
    "breaches": Measure("safety", "{breach}", ("family", "attack")),
    "cost_usd": Measure("budget", "USD"),
    "cost_per_test_usd": Measure("budget", "USD"),
    "cost_per_call_usd": Measure("budget", "USD"),
    "calls": Measure("budget", "{call}"),
    "unpriced_calls": Measure("budget", "{call}"),
    "input_tokens": Measure("budget", "{token}"),
    "output_tokens": Measure("budget", "{token}"),
    "tokens": Measure("budget", "{token}"),
    "models_that_answered": Measure("regression", "{model}"),
    "recording_age_days": Measure("regression", "d"),
}
