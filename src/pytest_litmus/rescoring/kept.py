"""Kept: verdicts of a stored run that cannot be asked for again, or shall not.

The state of the program before and after a run is gone, and a judge costs money. Their evaluators
are replaced by ones that give what was found then.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_litmus.evaluators.judge_prompt import CANNOT_DECIDE
from pytest_litmus.evaluators.judging import SPLIT, Judge, Jury
from pytest_litmus.verdicts import Limit, Score, Verdict, decided

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_litmus.suites.expecting import Evaluator

_GONE = {
    "before": "was not held when it was run, and the program's state of then is gone",
    "judge": "was not asked when it was run: ask it now with --judge",
}


@dataclass(frozen=True)
class Kept:
    """What came of it while an item was decided again."""

    given: Counter[str] = field(default_factory=Counter)
    """By evaluator, the verdicts that were given as they were."""
    missing: list[str] = field(default_factory=list)
    """What was asked for and is not stored, and why it cannot be had."""


def kept_evaluators(
    stored: Sequence[Verdict],
    *,
    known: Mapping[str, Evaluator],
    judge: Judge | Jury | None,
    kept: Kept,
) -> dict[str, Evaluator]:
    """Evaluators that give the stored verdicts, one after the other, by the names that they have.

    Args:
        stored: The verdicts of a run.
        known: All evaluators by name.
        judge: The one whose verdicts stay; None where it is asked, or there is none.
        kept: Filled with what was given, and what is missing.
    """
    left: dict[str, deque[Verdict]] = defaultdict(deque)
    for verdict in stored:
        left[verdict.name].append(verdict)
    made = {}
    for name, one in known.items():
        if one.looks == "before":
            made[name] = _giving(one, left[name], kept, lambda verdict, **_: verdict)
        elif one.looks == "judge" and judge is not None:
            made[name] = _giving(one, left[judge.name], kept, partial(_judged_anew, judge))
    return made


def _giving(
    evaluator: Evaluator,
    verdicts: deque[Verdict],
    kept: Kept,
    held: Callable[..., Score | Verdict],
) -> Evaluator:
    def give(_: str, **arguments: Any) -> Score | Verdict:
        if not verdicts:
            gone = f"`{evaluator.name}` {_GONE[evaluator.looks]}"
            kept.missing.append(gone)
            return Verdict(name=evaluator.name, outcome="error", explanation=gone)
        kept.given[evaluator.name] += 1
        return held(verdicts.popleft(), **arguments)

    return replace(evaluator, function=give, looks="said")


def _judged_anew(
    judge: Judge | Jury,
    verdict: Verdict,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    **_: Any,
) -> Score | Verdict:
    """A judge's stored score against the limits of now, as `judged_by` holds it."""
    if verdict.score is None:
        return verdict
    first = judge.judges[0] if isinstance(judge, Jury) else judge
    otherwise = Limit(at_least=0.5) if len(first.scale) == 2 else None
    found = decided(verdict.score, at_least=at_least, at_most=at_most, otherwise=otherwise)
    if isinstance(found, Verdict) and verdict.score.label in (CANNOT_DECIDE, SPLIT):
        return replace(found, outcome="inconclusive")
    return found
