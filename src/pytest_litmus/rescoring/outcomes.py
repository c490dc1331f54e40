"""Outcomes: what a test comes to by its new verdicts, given what it had failed on.

A test that failed on its own assertion, or broke down, cannot be made green by verdicts; one that
failed on soft checks, budgets or the finding of a suite alone can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_litmus.suites.finding import EXPECTED, QUARANTINED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_litmus.report.records import TestOutcome
    from pytest_litmus.suites.finding import Finding
    from pytest_litmus.verdicts import Verdict

_DECIDED_BY_VERDICTS = {"finding", "checks", "budgets"}
_LONGEST = 2000
_FAILED_ON = {
    "test": "its own assertion",
    "refusals": "calls that were refused",
    "setup": "its set-up",
    "teardown": "its tear-down",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a test, or a run of it, comes to."""

    outcome: TestOutcome
    failed_on: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    """A line for each verdict that is not a pass."""
    stays: str = ""
    """Why it stays as it was, whatever its verdicts are; or empty."""


def failure_of(told: str) -> str:
    """A failure as a record keeps what `pytest.fail` said."""
    return f"Failed: {told}"[:_LONGEST]


def outcome_of_item(
    was: TestOutcome, failed_on: Sequence[str] | None, finding: Finding, budgets: Iterable[Verdict]
) -> Outcome:
    """What an item of a suite comes to, as pytest tells it: an expected failure is `skipped`."""
    if stays := _stays(was, failed_on):
        return stays
    over = _not_held("budget", budgets)
    failing = [*(["finding"] if finding.outcome != "safe" else []), *(["budgets"] if over else [])]
    expected = finding.status == QUARANTINED or (
        finding.status in EXPECTED and finding.outcome != "safe"
    )
    return _outcome("skipped" if expected else "failed", failing, over)


def outcome_of_test(
    was: TestOutcome,
    failed_on: Sequence[str] | None,
    verdicts: Iterable[Verdict],
    budgets: Iterable[Verdict],
) -> Outcome:
    """What another test, or one run of it, comes to."""
    if was == "skipped":
        return Outcome(outcome=was)
    if stays := _stays(was, failed_on):
        return stays
    checks, over = _not_held("check", verdicts), _not_held("budget", budgets)
    failing = [name for name, lines in (("checks", checks), ("budgets", over)) if lines]
    return _outcome("failed", failing, [*checks, *over])


def _outcome(
    failed: Literal["failed", "skipped"], failing: list[str], because: list[str]
) -> Outcome:
    if not failing:
        return Outcome(outcome="passed")
    told = tuple(failing) if failed == "failed" else ()
    return Outcome(outcome=failed, failed_on=told, because=tuple(because))


def _stays(was: TestOutcome, failed_on: Sequence[str] | None) -> Outcome | None:
    """What no verdict changes."""
    if was not in ("failed", "error"):
        return None
    if not failed_on:
        return Outcome(outcome=was, stays="what it failed on is not known")
    others = [_FAILED_ON.get(why, why) for why in failed_on if why not in _DECIDED_BY_VERDICTS]
    if not others:
        return None
    return Outcome(
        outcome=was, failed_on=tuple(failed_on), stays=f"it failed on {' and '.join(others)}"
    )


def _not_held(kind: str, verdicts: Iterable[Verdict]) -> list[str]:
    return [f"{kind} {verdict}" for verdict in verdicts if not verdict]
