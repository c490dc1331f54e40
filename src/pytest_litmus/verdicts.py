"""Verdicts: a measured score held against a limit."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

UNIT_WORDS = {
    "1": "",
    "d": "days",
    "{token}": "tokens",
    "{call}": "calls",
    "{time}": "times",
    "{change}": "changes",
}
"""What people say for the units that they do not write themselves."""

Outcome = Literal["pass", "fail", "inconclusive", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place that speaks for a score."""

    rule: str
    """What found it: `iban`, `markdown-image`, `i can't help with`, ..."""
    text: str = ""
    """What stands there, cut where it is long; of a secret, only its ends."""
    start: int | None = None
    """Of the text in the output, in characters; None where it has no one place."""
    end: int | None = None
    """The character after its last."""
    nearest: str | None = None
    """What it was compared with: a sentence of the context, a reference, a known pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A measured number or label, without an opinion on it.

    It is neither true nor false: hold it against a limit (`at_least=`, `at_most=`, or `judge`).
    """

    name: str
    value: float | None = None
    """None when it could not be measured; then `explanation` says why."""
    unit: str = "1"
    """`1`, `s`, `USD`, `{token}`, `{call}`, as OpenTelemetry writes units."""
    label: str | None = None
    explanation: str = ""
    evidence: tuple[Evidence, ...] = ()
    """In the order of the text."""
    interval: tuple[float, float] | None = None
    """Where the true value lies, at a confidence that the explanation names; None where the value
    is not an estimate."""

    def __bool__(self) -> bool:
        raise TypeError(
            f"the score {self.name!r} is neither true nor false: say which value passes, "
            f"such as {self.name}(..., at_least=0.8)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The bar, in the score's unit; both ends are inside."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value keeps the limit; NaN keeps none, not even that of no ends."""
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return low <= value <= high

    def misses(self, low: float, high: float) -> bool:
        """Whether no value from one to the other keeps the limit."""
        above = self.at_most is not None and low > self.at_most
        return above or (self.at_least is not None and high < self.at_least)

    def __str__(self) -> str:
        ends = (("at least", self.at_least), ("at most", self.at_most))
        told = " and ".join(f"{word} {plain(end)}" for word, end in ends if end is not None)
        return told or "anything"


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
        return f"<{self}>"

    def __str__(self) -> str:
        told = [f"{self.name}: {self.outcome}", *self._against(), self.explanation]
        return "; ".join(part for part in told if part)

    def _against(self) -> list[str]:
        if self.score is None:
            return []
        value = "not measured" if self.score.value is None else plain(self.score.value)
        if self.score.interval:
            value += f" ({' to '.join(map(plain, self.score.interval))})"
        unit = UNIT_WORDS.get(self.score.unit, self.score.unit)
        wanted = f", wanted {self.limit}" if self.limit else ""
        return [f"{value}{wanted}{unit and ' '}{unit}"]

    def as_dict(self) -> dict[str, Any]:
        """The verdict as the report writes it."""
        return asdict(self)


def plain(value: float) -> str:
    """A number as people write it: without an exponent, without float's noise."""
    return f"{Decimal(f'{value:.12g}'):f}" if math.isfinite(value) else str(value)


def decided(
    score: Score,
    *,
    at_least: float | None,
    at_most: float | None,
    otherwise: Limit | None = None,
) -> Score | Verdict:
    """What an evaluator gives: the verdict where there is a limit, else the score.

    Args:
        score: What was measured.
        at_least: The caller's limit.
        at_most: Likewise.
        otherwise: The limit where the caller gave none; None where there is no sensible one.
    """
    given = at_least is not None or at_most is not None
    limit = Limit(at_least=at_least, at_most=at_most) if given else otherwise
    return score if limit is None else judge(score, limit)


def judge(score: Score, limit: Limit) -> Verdict:
    """Hold a score against a limit; a score without a value is an error, never a pass.

    A score with an interval passes or fails as a whole: where a part of the interval keeps the
    limit and a part does not, it is inconclusive.
    """
    return Verdict(
        name=score.name,
        outcome=_outcome(score, limit),
        explanation=score.explanation,
        score=score,
        limit=limit,
    )


def _outcome(score: Score, limit: Limit) -> Outcome:
    if score.value is None:
        return "error"
    if score.interval is None:
        return "pass" if limit.holds(score.value) else "fail"
    if all(map(limit.holds, score.interval)):
        return "pass"
    return "fail" if limit.misses(*score.interval) else "inconclusive"
