"""Composition: several verdicts made into one, by Kleene's logic, in which unknown stays unknown.

`error` and `inconclusive` are the unknown (https://plato.stanford.edu/entries/logic-manyvalued/).
"""

from __future__ import annotations

from pytest_litmus.verdicts import Outcome, Verdict


def all_of(*verdicts: Verdict, name: str = "all_of") -> Verdict:
    """Passes where every verdict does.

    One fail makes it a fail, whatever the others are: no other outcome could save it. Without a
    fail, an error makes it an error, then an inconclusive one makes it inconclusive. Of nothing it
    is an error.

    Raises:
        TypeError: One of them is no verdict, such as a score without a limit.
    """
    return _combined(name, verdicts, ("fail", "error", "inconclusive", "pass"))


def any_of(*verdicts: Verdict, name: str = "any_of") -> Verdict:
    """Passes where one verdict does, whatever the others are.

    Without a pass, an error makes it an error, then an inconclusive one makes it inconclusive: the
    pass might have been there. Of nothing it is an error.

    Raises:
        TypeError: One of them is no verdict, such as a score without a limit.
    """
    return _combined(name, verdicts, ("pass", "error", "inconclusive", "fail"))


def negate(verdict: Verdict, *, name: str = "") -> Verdict:
    """Passes where the verdict fails, and fails where it passes.

    An error stays an error, an inconclusive one inconclusive: that nothing could be said does not
    speak for the opposite.

    Args:
        verdict: What should not be so.
        name: Instead of `not_` and the verdict's own.

    Raises:
        TypeError: It is no verdict, such as a score without a limit.
    """
    _refuse_others("negate", (verdict,))
    turned: dict[Outcome, Outcome] = {"pass": "fail", "fail": "pass"}
    return Verdict(
        name=name or f"not_{verdict.name}",
        outcome=turned.get(verdict.outcome, verdict.outcome),
        explanation=f"the opposite of <{verdict}>",
    )


def _combined(name: str, verdicts: tuple[Verdict, ...], strongest: tuple[Outcome, ...]) -> Verdict:
    """The first of the outcomes that any verdict has."""
    _refuse_others(name, verdicts)
    if not verdicts:
        return Verdict(name=name, outcome="error", explanation="there is no verdict to combine")
    outcomes = [verdict.outcome for verdict in verdicts]
    return Verdict(
        name=name,
        outcome=next(outcome for outcome in strongest if outcome in outcomes),
        explanation=_explained(verdicts, outcomes),
    )


def _explained(verdicts: tuple[Verdict, ...], outcomes: list[Outcome]) -> str:
    parts = ", ".join(f"<{verdict}>" for verdict in verdicts)
    return f"{outcomes.count('pass')} of {len(verdicts)} passed: {parts}"


def _refuse_others(name: str, verdicts: tuple[Verdict, ...]) -> None:
    for one in verdicts:
        if not isinstance(one, Verdict):
            raise TypeError(
                f"{name} takes verdicts, not {type(one).__name__}: give the evaluator a limit, "
                f"such as {name}(similar(answer, reference, at_least=0.8))"
            )
