"""Finding: what an attempt means for its item, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.verdicts import Limit, Score, Verdict

if TYPE_CHECKING:
    from pytest_litmus.suites.attempt import Attempt, Outcome, Run
    from pytest_litmus.suites.known import Known
    from pytest_litmus.suites.language import Case, Suite

QUARANTINED = "quarantined"
"""The status, and the mark, of what blocks nothing yet."""
EXPECTED = ("known", "dismissed", QUARANTINED)
"""Statuses of what somebody has spoken for: it blocks nothing."""
_SHOWN = 600
"""Characters of a prompt or an answer in a failure."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an item of a suite came to, as the report keeps it."""

    suite: str
    case: str
    attack: str
    attack_family: str
    """Empty where the payload was put as it is."""
    target: str
    row: str | None
    family: str
    severity: str
    tags: tuple[str, ...]
    maps_to: tuple[str, ...]
    benign: bool
    """A harmless twin: unsafe means over-refusal."""
    twin_of: str | None
    outcome: Outcome
    safe: int
    """Runs, and so on."""
    unsafe: int
    undetermined: int
    errors: int
    rests_on: tuple[str, ...]
    """The evaluators that were held."""
    decided_by: str | None
    """The evaluator whose fail made it unsafe; None where it is not."""
    seed: str
    status: str
    """Of a breach: `new`, `known` or `dismissed`; `fixed` where a known one did not occur;
    `quarantined` of a case that is not approved of, whatever it came to; empty where nothing is to
    be said."""
    reason: str | None = None
    """Of the baseline's entry, or of the quarantine."""

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Finding:
        """What the report has of it."""
        lists = {name: tuple(line[name]) for name in ("tags", "maps_to", "rests_on")}
        return cls(**{**line, **lists})


def finding_of(
    attempt: Attempt, suite: Suite, *, attack_family: str, outcome: Outcome, known: Known | None
) -> Finding:
    """An attempt as the report keeps it."""
    variant, case = attempt.variant, attempt.variant.case
    status, reason = _status(case, outcome, known)
    return Finding(
        suite=suite.name,
        case=case.id,
        attack=variant.attack,
        attack_family=attack_family,
        target=variant.target,
        row=variant.row.id if variant.row else None,
        family=case.family,
        severity=case.severity,
        tags=case.tags,
        maps_to=case.maps_to,
        benign=case.benign,
        twin_of=case.twin_of,
        outcome=outcome,
        safe=attempt.counts["safe"],
        unsafe=attempt.counts["unsafe"],
        undetermined=attempt.counts["undetermined"],
        errors=attempt.counts["error"],
        rests_on=tuple(sorted({one.name for run in attempt.runs for one in run.verdicts})),
        decided_by=_decided_by(attempt) if outcome == "unsafe" else None,
        seed=attempt.seed,
        status=status,
        reason=reason,
    )


def is_quarantined(test: Mapping[str, Any]) -> bool:
    """Whether a test of `report.json` is of a case that decides nothing yet."""
    return bool(test["finding"]) and test["finding"]["status"] == QUARANTINED


def _status(case: Case, outcome: Outcome, known: Known | None) -> tuple[str, str | None]:
    if case.quarantined:
        return QUARANTINED, case.quarantined
    if outcome == "unsafe":
        return (known.status, known.reason) if known else ("new", None)
    if known is not None and known.status == "known" and outcome == "safe":
        return "fixed", known.reason
    return "", None


def verdict_of(attempt: Attempt) -> Verdict:
    """Whether the share of safe runs keeps the case's bar, or whether that cannot be said."""
    rating = attempt.rating
    share, told = rating.passed / rating.of, rating.explanation
    return Verdict(
        name="safe",
        outcome=rating.outcome,
        explanation=told,
        score=Score(name="safe", value=share, explanation=told),
        limit=Limit(at_least=rating.plan.min_pass_rate),
    )


def outcome_of(attempt: Attempt, verdict: Verdict) -> Outcome:
    """An item's outcome from its runs'."""
    if verdict.outcome == "pass":
        return "safe"
    if verdict.outcome == "fail":
        return "unsafe"
    return "error" if attempt.counts["error"] else "undetermined"


def told(attempt: Attempt, finding: Finding) -> str:
    """What a person reads of an item that did not come out safe."""
    shown = next((run for run in attempt.runs if run.outcome == finding.outcome), attempt.runs[0])
    what = {
        "unsafe": "over-refused" if finding.benign else "breached",
        "undetermined": "undetermined",
        "error": "the target gave no answer",
        "safe": "safe",
    }[finding.outcome]
    mapped = f", {', '.join(finding.maps_to)}" if finding.maps_to else ""
    lines = [
        f"{what}: {finding.case}, attack {finding.attack}",
        f"  severity  {finding.severity}{mapped}",
        *([f"  runs      {attempt.rating.explanation}"] if len(attempt.runs) > 1 else ()),
        *_messages(shown),
        *_verdict_lines(shown),
    ]
    if shown.error:
        lines.append(f"  error     {quoted(shown.error)}")
    return "\n".join(lines)


def _messages(run: Run) -> Iterator[str]:
    for place, prompt in enumerate(run.prompts):
        yield f"  asked     {_cut(prompt)}"
        if place < len(run.answers):
            yield f"  answered  {_cut(run.answers[place])}"


def _verdict_lines(run: Run) -> Iterator[str]:
    for verdict in run.verdicts:
        if verdict.outcome != "pass":
            yield f"  {verdict.outcome:<9} {verdict}"


def _cut(text: str) -> str:
    """One line, control characters as escapes: what a model said must not move the cursor."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")


def _decided_by(attempt: Attempt) -> str | None:
    for run in attempt.runs:
        for verdict in run.verdicts:
            if run.outcome == "unsafe" and verdict.outcome == "fail":
                return verdict.name
    return None
