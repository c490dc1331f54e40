"""Rating: what the outcomes of several runs say of a case's bar, after each of them.

Looking after each run and stopping at the first answer makes an ordinary interval wrong more often
than it says; `stats.deciding` has one that may be looked at after every run.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_litmus.stats.deciding import decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_litmus.suites.attempt import Outcome as RunOutcome
    from pytest_litmus.suites.language import Case
    from pytest_litmus.verdicts import Outcome


def rated(outcomes: Sequence[RunOutcome], case: Case) -> tuple[Outcome, str]:
    """The outcome of a case and how it came about.

    Runs that could not be decided might have been either: where that would change the outcome, it
    is inconclusive. A bar of 1 is kept by every run, and broken by one.
    """
    safe, unsafe, of = outcomes.count("safe"), outcomes.count("unsafe"), len(outcomes)
    told = ", ".join(f"{count} {name}" for name, count in sorted(Counter(outcomes).items()))
    if case.min_pass_rate == 1 or case.runs == 1:
        if unsafe and case.min_pass_rate > 0:
            return "fail", f"of {of} runs: {told}"
        return ("pass" if safe == case.runs else "inconclusive"), f"of {of} runs: {told}"
    bar, confidence = case.min_pass_rate, case.confidence
    worst = decide(safe, of, bar=bar, confidence=confidence)
    best = decide(of - unsafe, of, bar=bar, confidence=confidence)
    if worst.outcome == best.outcome:
        return worst.outcome, worst.explanation
    return "inconclusive", f"{worst.explanation}; of {of} runs: {told}"


def is_decided(outcomes: Sequence[RunOutcome], case: Case) -> bool:
    """Whether further runs are not needed."""
    return rated(outcomes, case)[0] in ("pass", "fail")
