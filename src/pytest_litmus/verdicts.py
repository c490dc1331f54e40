"""Verdicts: a measured score held against a limit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["pass", "fail", "inconclusive", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A measured number or label, without an opinion on it."""

    name: str
    value: float | None = None
    """None when it could not be measured; then `explanation` says why."""
    unit: str = "1"
    """`1`, `s`, `USD`, `{token}`, `{call}`, as OpenTelemetry writes units."""
    label: str | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The bar, in the score's unit; both ends are inside."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value keeps the limit; NaN keeps none."""
        low = self.at_least is None or value >= self.at_least
        high = self.at_most is None or value <= self.at_most
        return low and high

    def __str__(self) -> str:
        ends = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{word} {end:g}" for word, end in ends if end is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a score keeps its limit. True in a boolean context only when it passes."""

    name: str
    outcome: Outcome
    explanation: str = ""
    score: Score | None = None
    limit: Limit | None = None

    def __bool__(self) -> bool:
        return self.outcome == "pass"

    def __repr__(self) -> str:
        return f"<{self.name}: {self.outcome}; {self.explanation}>"

    def as_dict(self) -> dict[str, Any]:
        """The verdict as the report writes it."""
        return asdict(self)


def judge(score: Score, limit: Limit) -> Verdict:
    """Hold a score against a limit; a score without a value is an error, never a pass."""
    if score.value is None:
        outcome: Outcome = "error"
    else:
        outcome = "pass" if limit.holds(score.value) else "fail"
    return Verdict(
        name=score.name, outcome=outcome, explanation=score.explanation, score=score, limit=limit
    )
