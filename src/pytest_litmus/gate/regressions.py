"""Regressions: what a comparison with a baseline found, for a gate to stop at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_litmus.compare.comparing import findings
from pytest_litmus.gate.deciding import Ruling

if TYPE_CHECKING:
    from pytest_litmus.compare.comparing import Comparison, Found
    from pytest_litmus.gate.policy import Policy


def rulings_of(comparison: Comparison, policy: Policy) -> list[Ruling]:
    """A ruling of each regression, loss and open question.

    What may be worse, and was not shown to be, blocks unless the policy allows it with a reason.
    """
    reason = policy.allow.get("inconclusive")
    return [_ruling(found, reason) for found in findings(comparison)]


def _ruling(found: Found, reason: str | None) -> Ruling:
    open_question = found.kind == "inconclusive"
    return Ruling(
        name=f"{found.kind}, {found.metric}",
        outcome="inconclusive" if open_question else "fail",
        pillar="inconclusive" if open_question else "regression",
        number=found.explanation,
        limit="no worse than the baseline",
        tests=found.tests,
        remedy=found.remedy,
        blocking=not (open_question and reason),
        reason=reason if open_question else None,
    )
