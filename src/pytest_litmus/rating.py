"""Rating: what the outcomes of several runs say of a bar, after each of them.

Looking after each run and stopping at the first answer makes an ordinary interval wrong more often
than it says; `stats.deciding` has one that may be looked at after every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.stats.deciding import confidence_sequence, decide
from pytest_litmus.stats.rates import pass_at_k, pass_hat_k

if TYPE_CHECKING:
    from pytest_litmus.verdicts import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often something runs at most, and which share of the runs has to pass."""

    runs: int = 1
    min_pass_rate: float = 1.0
    confidence: float = 0.95
    """Of the interval that decides, in (0, 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What the runs so far say."""

    plan: Plan
    passed: int
    failed: int
    unknown: int = 0
    """Runs that could not be decided: they might have been either."""

    @property
    def of(self) -> int:
        """Runs so far."""
        return self.passed + self.failed + self.unknown

    @property
    def outcome(self) -> Outcome:
        """Pass, fail, or `inconclusive`: a bar of 1 is kept by every run, and broken by one."""
        bar = self.plan.min_pass_rate
        if bar == 1 or self.plan.runs == 1:
            if self.failed and bar > 0:
                return "fail"
            return "pass" if self.passed == self.plan.runs else "inconclusive"
        outcomes: set[Outcome] = {self._decided(self.passed), self._decided(self.of - self.failed)}
        return outcomes.pop() if len(outcomes) == 1 else "inconclusive"

    @property
    def is_decided(self) -> bool:
        """Whether further runs are not needed."""
        return self.outcome in ("pass", "fail")

    @property
    def explanation(self) -> str:
        """How it came about, with the numbers."""
        unknown = f", {self.unknown} undetermined" if self.unknown else ""
        counted = f"{self.passed} of {self.of} runs passed{unknown}"
        if self.plan.min_pass_rate == 1 or self.plan.runs == 1:
            return counted
        bar, confidence = self.plan.min_pass_rate, self.plan.confidence
        told = decide(self.passed, self.of, bar=bar, confidence=confidence).explanation
        return f"{told}{f'; {counted}' if self.unknown else ''}"

    def as_json(self) -> dict[str, Any]:
        """As the report writes it."""
        low, high = confidence_sequence(self.passed, self.of, confidence=self.plan.confidence)
        sizes = [k for k in (1, 2, 3, 5, 10) if k <= self.of]
        return {
            "planned": self.plan.runs,
            "of": self.of,
            "passed": self.passed,
            "failed": self.failed,
            "unknown": self.unknown,
            "min_pass_rate": self.plan.min_pass_rate,
            "confidence": self.plan.confidence,
            "low": low,
            "high": high,
            "outcome": self.outcome,
            "explanation": self.explanation,
            "pass_at_k": {str(k): pass_at_k(self.passed, self.of, k) for k in sizes},
            "pass_hat_k": {str(k): pass_hat_k(self.passed, self.of, k) for k in sizes},
        }

    def _decided(self, passed: int) -> Outcome:
        plan = self.plan
        return decide(passed, self.of, bar=plan.min_pass_rate, confidence=plan.confidence).outcome
