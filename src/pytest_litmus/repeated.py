"""Repeated: a test run several times, each with fresh fixtures, until its pass rate is decided.

pytest tells of it as of one test. Each run is a sibling item of the test, so that setting one up
and tearing it down makes the function-scoped fixtures anew and leaves wider ones alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pytest_litmus.options import NUMBER
from pytest_litmus.rating import Rating
from pytest_litmus.report.records import AttemptRecord, TestRecord, handed_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_litmus.case import Case
    from pytest_litmus.rating import Plan
    from pytest_litmus.report.records import TestOutcome


class _Ran(NamedTuple):
    """One run, by its three phases; the body is missing where the set-up failed."""

    setup: pytest.TestReport
    call: pytest.TestReport | None
    teardown: pytest.TestReport

    @property
    def phases(self) -> list[pytest.TestReport]:
        return [report for report in self if report is not None]

    @property
    def is_told_as_it_is(self) -> bool:
        """Skipped, or expected to fail: there is no rate of it."""
        return any(report.skipped or hasattr(report, "wasxfail") for report in self.phases)

    @property
    def outcome(self) -> str:
        if self.call is None or self.setup.failed or self.teardown.failed:
            return "unknown"
        return "passed" if self.call.passed else "failed"


def repeat(
    item: pytest.Function,
    nextitem: pytest.Item | None,
    plan: Plan,
    *,
    case: Callable[[pytest.Item], Case | None],
) -> None:
    """Run a test until it is decided, at most as often as planned, and tell of it as of one.

    Args:
        item: The test.
        nextitem: The one after it, for which wider fixtures are kept.
        plan: How often.
        case: What is captured of an item.
    """
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    ran = _all_runs(item, nextitem, plan, case)
    told = ran[0].phases if ran[0].is_told_as_it_is else _told(ran, _rating(ran, plan))
    for report in told:
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _all_runs(
    item: pytest.Function,
    nextitem: pytest.Item | None,
    plan: Plan,
    case: Callable[[pytest.Item], Case | None],
) -> list[_Ran]:
    ran: list[_Ran] = []
    now = _sibling(item, 1)
    while True:
        following = _sibling(item, len(ran) + 2)
        setup = _phase(now, "setup")
        call = _phase(now, "call") if setup.passed else None
        _keep(case(now))
        so_far = [*ran, _Ran(setup, call, setup)]
        is_last = len(so_far) == plan.runs or _rating(so_far, plan).is_decided
        is_last = is_last or so_far[0].is_told_as_it_is or bool(item.session.shouldstop)
        teardown = _phase(now, "teardown", nextitem=nextitem if is_last else following)
        ran.append(_Ran(setup, call, teardown))
        if is_last:
            return ran
        now = following


def _keep(case: Case | None) -> None:
    """Have the cassette saved though the run may have failed: its rate has to be replayed."""
    if case is not None:
        case.complete = not case.recorder.capture.stops


def _sibling(item: pytest.Function, number: int) -> pytest.Function:
    """The item again, with an instance and fixtures of its own."""
    made: pytest.Function = type(item).from_parent(
        item.parent,
        name=item.name,
        callspec=getattr(item, "callspec", None),
        originalname=item.originalname,
        fixtureinfo=item._fixtureinfo,  # noqa: SLF001 - what `fixtureinfo=` takes
    )
    made.own_markers = list(item.own_markers)
    made.stash[NUMBER] = number
    return made


def _phase(item: pytest.Function, when: Any, **more: Any) -> pytest.TestReport:
    """One phase, as pytest's own runner does it."""
    run = getattr(item.ihook, f"pytest_runtest_{when}")
    reraise: tuple[type[BaseException], ...] = (pytest.exit.Exception,)
    if not item.config.getoption("usepdb", False):
        reraise += (KeyboardInterrupt,)
    call = pytest.CallInfo.from_call(lambda: run(item=item, **more), when=when, reraise=reraise)
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    if call.excinfo is not None and report.failed and not hasattr(report, "wasxfail"):
        item.ihook.pytest_exception_interact(node=item, call=call, report=report)
    return report


def _rating(ran: list[_Ran], plan: Plan) -> Rating:
    counts = [one.outcome for one in ran]
    return Rating(
        plan=plan,
        passed=counts.count("passed"),
        failed=counts.count("failed"),
        unknown=counts.count("unknown"),
    )


def _told(ran: list[_Ran], rating: Rating) -> list[pytest.TestReport]:
    """The three reports of a test: those of the run that speaks for it, with what all came to."""
    speaks = _speaking(ran, rating)
    setup, teardown = speaks.setup, speaks.teardown
    call = speaks.call
    if call is None or setup.failed:  # no run of several came to its body
        return _with_record([setup, teardown], ran, rating)
    call.duration = sum(phase.duration for one in ran for phase in one.phases)
    if rating.outcome == "pass":
        call.outcome = "passed"
    elif not call.failed:
        call.outcome, call.longrepr = "failed", f"{rating.outcome}: {rating.explanation}"
    call.sections.append(("llm runs", "\n".join(_lines(ran, rating))))
    return _with_record([setup, call, teardown], ran, rating)


def _speaking(ran: list[_Ran], rating: Rating) -> _Ran:
    """The run whose reports are shown: the first that came out as the test does."""
    wanted = {"pass": "passed", "fail": "failed"}.get(rating.outcome, "failed")
    found = [one for one in ran if one.outcome == wanted] or [one for one in ran if one.call]
    return found[0] if found else ran[0]


def _lines(ran: list[_Ran], rating: Rating) -> list[str]:
    failed = [number for number, one in enumerate(ran, 1) if one.outcome != "passed"]
    which = f"not passed: run {', '.join(map(str, failed))}" if failed else "all passed"
    return [f"{rating.outcome}: {rating.explanation}", which]


def _with_record(
    reports: list[pytest.TestReport], ran: list[_Ran], rating: Rating
) -> list[pytest.TestReport]:
    """The reports, the last one with the record of all runs, as `Case.note` puts it there."""
    told = [handed_over(one.teardown) for one in ran if hasattr(one.teardown, "litmus")]
    if told:
        warnings = [warning for one in told for warning in one["warnings"]]
        records = [TestRecord.from_json(one) for one in told]
        attempts = tuple(
            _attempt(record, run.outcome) for record, run in zip(records, ran, strict=False)
        )
        merged = _merged(records, rating, attempts if len(attempts) == len(ran) else None)
        reports[-1].litmus = merged.as_json(content=True) | {"warnings": warnings}  # type: ignore[attr-defined]
    return reports


def _attempt(record: TestRecord, outcome: str) -> AttemptRecord:
    """One run, so that it can be decided again by itself."""
    return AttemptRecord(
        outcome="error" if outcome == "unknown" else outcome,
        verdicts=record.verdicts,
        budgets=record.budgets,
        failed_on=record.failed_on or (),
        calls=tuple(call.id for call in record.calls),
    )


def _merged(
    records: list[TestRecord], rating: Rating, attempts: tuple[AttemptRecord, ...] | None
) -> TestRecord:
    """One record of a test's runs."""
    first, *others = records
    beside = [use for one in others for use in one.cassettes]
    broken = all(one.outcome == "error" for one in records)
    outcome: TestOutcome = "passed" if rating.outcome == "pass" else "failed"
    failures = [one.failure for one in records if one.failure]
    failed = outcome != "passed"
    return replace(
        first,
        outcome="error" if broken else outcome,
        duration_s=sum(one.duration_s or 0.0 for one in records),
        calls=tuple(call for one in records for call in one.calls),
        verdicts=tuple(verdict for one in records for verdict in one.verdicts),
        budgets=tuple(verdict for one in records for verdict in one.budgets),
        side_cassettes=(*first.side_cassettes, *beside),
        failure=(failures[0] if failures else rating.explanation) if failed else None,
        runs=rating.as_json(),
        failed_on=tuple(dict.fromkeys(why for one in records for why in one.failed_on or ()))
        if failed
        else (),
        attempts=attempts,
    )
