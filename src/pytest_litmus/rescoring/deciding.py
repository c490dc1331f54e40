"""Deciding: a whole stored run decided again, test by test, into a report of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report import feedback
from pytest_litmus.report.build import build
from pytest_litmus.report.records import TestRecord
from pytest_litmus.report.run import Run, new_run_id
from pytest_litmus.rescoring.changes import Change, change_of
from pytest_litmus.rescoring.items import SUITES_OWN, is_of_suite, item_again, judge_at
from pytest_litmus.rescoring.replaying import NO_CONTENT, NotRescored
from pytest_litmus.rescoring.ruled import Held, ruled_again

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_litmus.recorder import Recorder
    from pytest_litmus.report.feedback import HumanRating
    from pytest_litmus.report.reading import StoredReport
    from pytest_litmus.rescoring.items import Finish, Project
    from pytest_litmus.rescoring.rules import Rules
    from pytest_litmus.wire.calls import Call


_LABEL = "litmus rescore "


@dataclass(frozen=True, kw_only=True)
class Rescored:
    """What came of it."""

    report: dict[str, Any]
    records: tuple[TestRecord, ...]
    decided: int
    """Tests that were decided again."""
    left: int
    """Tests that nothing new was said of, such as those that no rule speaks of."""
    changes: tuple[Change, ...]
    """In the order of the report."""
    not_rescored: Mapping[str, str]
    """By node id, why a test kept what it came to."""
    kept: Mapping[str, int]
    """By evaluator, how many verdicts of tests that were decided again stayed as they were."""
    judge_calls: tuple[Call, ...]
    """The calls that were made for it."""
    ratings: tuple[HumanRating, ...] = ()
    """What people said of the run."""

    @property
    def exit_code(self) -> int:
        """1 where something fails that did not, else 3 where a test was not rescored, else 0."""
        if any(change.is_worse for change in self.changes):
            return 1
        return 3 if self.not_rescored else 0


@dataclass(frozen=True)
class _Pending:
    """A test on its way: what makes its record once the judges' calls are there."""

    record: TestRecord
    finish: Finish | None = None
    kept: Counter[str] = field(default_factory=Counter)
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class Rescoring:
    """What a report is decided by now."""

    project: Project
    rules: Rules | None = None
    live: Recorder | None = None
    """What captures the judges' calls; None where no judge is asked."""
    price: Callable[[Call], Call] = lambda call: call
    concurrency: int = 1
    """Tests whose judges are asked at a time."""


def rescore(stored: StoredReport, by: Rescoring) -> Rescored:
    """Decide a stored run again.

    Raises:
        ReportError: The report cannot be read, or there is nothing in it that could be decided.
        SuiteError: A suite or the rules hold mistakes, or speak of nothing in the report.
        TargetError: The judge cannot be found.
    """
    records = stored.records()
    _refuse_nothing(stored, records, by)
    pending = _all_pending(records, by)
    if NO_CONTENT in {one.why_not for one in pending} and not any(one.finish for one in pending):
        raise ReportError(
            f"{stored.path} does not hold what was said: make it with pytest --llm-report "
            "--llm-report-content=all"
        )
    judged = _judges_calls(by)
    now: list[TestRecord] = []
    changes: list[Change] = []
    for number, one in enumerate(pending):
        made, stays = _made(one, judged.get(_label(number), ()), by)
        found = change_of(one.record, made, stays=stays)
        changes += [] if found is None else [found]
        now.append(made)
    return _result(stored, by, pending, now, changes, judged)


def _made(one: _Pending, calls: Sequence[Call], by: Rescoring) -> tuple[TestRecord, str]:
    """Its record, and why it stays as it was whatever its verdicts are."""
    if one.finish is None:
        # A judge may have been asked before it was seen that not all of it can be decided.
        return replace(one.record, calls=(*one.record.calls, *calls)) if calls else one.record, ""
    made, stays = one.finish(calls)
    return _redacted(made, by.live), stays


def _result(
    stored: StoredReport,
    by: Rescoring,
    pending: Sequence[_Pending],
    now: Sequence[TestRecord],
    changes: Iterable[Change],
    judged: Mapping[str, Sequence[Call]],
) -> Rescored:
    not_rescored = {one.record.nodeid: one.why_not for one in pending if one.why_not}
    decided = sum(one.finish is not None for one in pending)
    run = _run(stored, by, now, not_rescored)
    ratings = feedback.read(stored)
    return Rescored(
        report=feedback.rated(build(now, run), ratings),
        ratings=ratings,
        records=tuple(now),
        decided=decided,
        left=len(pending) - decided - sum(bool(one.why_not) for one in pending),
        changes=tuple(changes),
        not_rescored=not_rescored,
        kept=sum((one.kept for one in pending), Counter()),
        judge_calls=tuple(call for calls in judged.values() for call in calls),
    )


def _refuse_nothing(stored: StoredReport, records: Sequence[TestRecord], by: Rescoring) -> None:
    """Refuse where nothing can be decided again, and a suite's file that is looked for in vain."""
    items = [record for record in records if record.finding is not None]
    if by.rules is not None:
        by.rules.refuse_idle(record for record in records if not is_of_suite(record))
    elif not items:
        raise ReportError(
            f"{stored.path} has no item of a suite: say how its tests are decided with --rules FILE"
        )
    files = sorted({record.file for record in items if record.attempts})
    if files and not any(by.project.path_of(file) for file in files):
        raise ReportError(
            f"there is no {by.project.root / files[0]}: name pytest's rootdir with --root DIR"
        )


def _all_pending(records: Sequence[TestRecord], by: Rescoring) -> list[_Pending]:
    judge = by.project.judge
    given = None if judge in (None, SUITES_OWN) else judge_at(str(judge))
    held = Held(judge=given, added=by.project.added)
    today = datetime.now(UTC).date()

    def one(numbered: tuple[int, TestRecord]) -> _Pending:
        number, record = numbered
        with by.live.step(_label(number)) if by.live else nullcontext():
            return _pending(record, by, held, today)

    if by.concurrency == 1 or by.live is None:
        return list(map(one, enumerate(records)))
    with ThreadPoolExecutor(by.concurrency) as threads:
        return list(threads.map(one, enumerate(records)))


def _pending(record: TestRecord, by: Rescoring, held: Held, today: Any) -> _Pending:
    try:
        if is_of_suite(record):
            if record.outcome == "skipped" and record.finding is None:
                return _Pending(record)
            finish, kept = item_again(record, by.project, by.live, today=today)
            return _Pending(record, finish, kept)
        rules = by.rules.of(record.nodeid) if by.rules else ()
        if not rules or record.outcome == "skipped":
            return _Pending(record)
        return _Pending(record, ruled_again(record, rules, held))
    except NotRescored as error:
        return _Pending(record, why_not=str(error))


def _label(number: int) -> str:
    """The step of a test's judges."""
    return f"{_LABEL}{number}"


def _judges_calls(by: Rescoring) -> dict[str, list[Call]]:
    """The calls that were made, by the label of the test that they were made for.

    Evaluators made them, all of them: the program was not asked.
    """
    found: dict[str, list[Call]] = {}
    for call in by.live.model_calls if by.live else ():
        label, path = _label_and_path(call.step_path)
        step = path[-1] if path else None
        inner = replace(call, step_path=tuple(path), step=step, purpose="judge")
        found.setdefault(label, []).append(by.price(inner))
    return found


def _label_and_path(steps: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The label that a call was made under, and the steps within.

    A step that a thread enters stands within those that other threads are in.
    """
    places = [place for place, name in enumerate(steps) if name.startswith(_LABEL)]
    return (steps[places[-1]], steps[places[-1] + 1 :]) if places else ("", steps)


def _redacted(record: TestRecord, live: Recorder | None) -> TestRecord:
    """A record without the secrets that its judges' requests carried."""
    if live is None:
        return record
    return TestRecord.from_json(record.as_json(content=True, redact=live.scrubber.text))


def _run(
    stored: StoredReport,
    by: Rescoring,
    now: Sequence[TestRecord],
    not_rescored: Mapping[str, str],
) -> Run:
    """The run as it was, with an id of its own, and the exit status that it would have had."""
    was = Run.from_json(stored.report["run"])
    status = was.exit_status
    if status in (0, 1):
        status = int(any(record.outcome in ("failed", "error") for record in now))
    rules: Path | None = by.rules.path if by.rules else None
    suites = {record.file for record in now if record.finding and record.attempts}
    return replace(
        was,
        id=new_run_id(),
        exit_status=status,
        rescored_from={
            "id": was.id,
            "at": datetime.now(UTC).isoformat(),
            "by": metadata.version("pytest-litmus"),
            "suites": sorted(suites),
            "rules": rules.name if rules else None,
            "judge": by.project.judge,
            "not_rescored": dict(not_rescored),
        },
    )
