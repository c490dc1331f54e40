"""Ruled: tests that are no items of suites, decided again by a file of rules.

Limits are held against the stored scores. Evaluators look at what the program's model said in the
stored calls; a verdict that has the name of a stored one stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.capture.secret_scan import SCRUBBED
from pytest_litmus.fingerprint import of_rescored
from pytest_litmus.rating import Plan, Rating
from pytest_litmus.rescoring.outcomes import failure_of, outcome_of_test
from pytest_litmus.rescoring.replaying import NO_CONTENT, NotRescored
from pytest_litmus.rescoring.stored_calls import StoredCalls
from pytest_litmus.suites.expecting import Subject, held
from pytest_litmus.verdicts import Limit, Verdict, judge

if TYPE_CHECKING:
    from pytest_litmus.evaluators.judging import Judge, Jury
    from pytest_litmus.report.records import AttemptRecord, TestRecord
    from pytest_litmus.rescoring.items import Finish
    from pytest_litmus.rescoring.rules import Rule
    from pytest_litmus.suites.expecting import Evaluator
    from pytest_litmus.wire.calls import Call

_SILENT = ("embeddings", "moderation", "rerank", "image_generation", "speech")
"""Operations that give no text."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What evaluators are given beside the calls."""

    judge: Judge | Jury | None
    added: Mapping[str, Evaluator]


def ruled_again(record: TestRecord, rules: Sequence[Rule], by: Held) -> Finish:
    """Decide a test again by the rules that speak of it.

    Returns:
        What makes its record.

    Raises:
        NotRescored: It cannot be decided again.
    """
    if record.runs and record.attempts is None:
        raise NotRescored("its runs were not kept one by one")
    parts = [
        _again(verdicts, budgets, calls, rules, by)
        for verdicts, budgets, calls in _parts(record, record.attempts)
    ]

    def finish(calls: Sequence[Call]) -> tuple[TestRecord, str]:
        # The judges of then spoke of what the test itself checked, which stays.
        return _finished(replace(record, calls=(*record.calls, *calls)), parts, rules)

    return finish


def _parts(
    record: TestRecord, attempts: Iterable[AttemptRecord] | None
) -> Iterator[tuple[tuple[Verdict, ...], tuple[Verdict, ...], tuple[Call, ...]]]:
    """Verdicts, budgets and calls of the test, or of each run of it."""
    if attempts is None:
        yield record.verdicts, record.budgets, record.calls
        return
    for one in attempts:
        ids = set(one.calls)
        calls = tuple(call for call in record.calls if call.id in ids)
        yield one.verdicts, one.budgets, calls


_Part = tuple[tuple[Verdict, ...], tuple[Verdict, ...]]
"""Verdicts and budgets as they are now."""


def _again(
    verdicts: tuple[Verdict, ...],
    budgets: tuple[Verdict, ...],
    calls: tuple[Call, ...],
    rules: Sequence[Rule],
    by: Held,
) -> _Part:
    for rule in rules:
        verdicts = tuple(_limited(one, rule.limits) for one in verdicts)
        budgets = tuple(_limited(one, rule.limits) for one in budgets)
        if rule.expect:
            new = _expected(rule, calls, by)
            names = {one.name for one in new}
            verdicts = (*(one for one in verdicts if one.name not in names), *new)
    return verdicts, budgets


def _limited(verdict: Verdict, limits: Mapping[str, Limit]) -> Verdict:
    """A verdict by a new limit. What could not be measured then is not now either."""
    limit = limits.get(verdict.name)
    if limit is None or verdict.score is None:
        return verdict
    outcome = verdict.outcome
    if verdict.score.value is not None:
        outcome = judge(verdict.score, limit).outcome
    return replace(verdict, outcome=outcome, limit=limit)


def _expected(rule: Rule, calls: Sequence[Call], by: Held) -> list[Verdict]:
    own = [call for call in StoredCalls(tuple(calls)).calls if call.operation_name not in _SILENT]
    answered = [call for call in own if call.error_type is None]
    if not answered:
        raise NotRescored("no model answered in it")
    looked_at = answered[-1:] if rule.on == "last" else answered
    return [one for call in looked_at for one in held(rule.expect, _subject(call, own, calls, by))]


def _subject(call: Call, own: Sequence[Call], calls: Sequence[Call], by: Held) -> Subject:
    if not call.input_messages and not call.output_messages:
        raise NotRescored(NO_CONTENT)
    everything = "\n\n".join(one.output_text for one in own)
    if SCRUBBED in everything:
        raise NotRescored("a secret was taken out of what was said: it cannot be judged as it was")
    return Subject(
        said=call.output_text,
        everything_said=everything,
        acted=StoredCalls(tuple(calls)),
        prompt=call.input_text,
        judge=by.judge,
        values={},
        added=by.added,
    )


def _finished(
    record: TestRecord, parts: Sequence[_Part], rules: Sequence[Rule]
) -> tuple[TestRecord, str]:
    fingerprint = record.fingerprint and of_rescored(record.fingerprint, map(_told, rules))
    made = replace(
        record,
        verdicts=tuple(one for verdicts, _ in parts for one in verdicts),
        budgets=tuple(one for _, budgets in parts for one in budgets),
        fingerprint=fingerprint,
    )
    return _once(made) if record.attempts is None else _several(made, parts)


def _told(rule: Rule) -> dict[str, Any]:
    """What a rule holds a test to."""
    from dataclasses import asdict

    return {name: value for name, value in asdict(rule).items() if name not in ("line", "tests")}


def _once(record: TestRecord) -> tuple[TestRecord, str]:
    found = outcome_of_test(record.outcome, record.failed_on, record.verdicts, record.budgets)
    if found.stays or found.outcome == "skipped":
        return record, found.stays
    failure = failure_of("\n".join(found.because)) if found.because else None
    return replace(record, outcome=found.outcome, failed_on=found.failed_on, failure=failure), ""


def _several(record: TestRecord, parts: Sequence[_Part]) -> tuple[TestRecord, str]:
    attempts = tuple(
        _attempt(one, part) for one, part in zip(record.attempts or (), parts, strict=True)
    )
    rating = _rating(record.runs or {}, [one.outcome for one in attempts])
    failed = rating.outcome != "pass"
    broken = all(one.outcome == "error" for one in attempts)
    because = tuple(dict.fromkeys(why for one in attempts for why in one.failed_on))
    made = replace(
        record,
        attempts=attempts,
        runs=rating.as_json(),
        outcome="error" if broken else "failed" if failed else "passed",
        failed_on=because if failed else (),
        failure=rating.explanation if failed else None,
    )
    return made, ""


def _attempt(attempt: AttemptRecord, part: _Part) -> AttemptRecord:
    verdicts, budgets = part
    outcome: Any = attempt.outcome
    found = outcome_of_test(outcome, attempt.failed_on, verdicts, budgets)
    return replace(
        attempt,
        verdicts=verdicts,
        budgets=budgets,
        outcome=found.outcome,
        failed_on=found.failed_on,
    )


def _rating(runs: Mapping[str, Any], outcomes: Sequence[str]) -> Rating:
    plan = Plan(
        runs=runs["planned"], min_pass_rate=runs["min_pass_rate"], confidence=runs["confidence"]
    )
    return Rating(
        plan=plan,
        passed=outcomes.count("passed"),
        failed=outcomes.count("failed"),
        unknown=outcomes.count("error"),
    )
