"""Items: items of suites decided again, by their suites as they are now."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_litmus.budgets import budget
from pytest_litmus.errors import SuiteError, TargetError
from pytest_litmus.evaluators.judging import Judge, Jury
from pytest_litmus.fingerprint import of_case
from pytest_litmus.report.records import attempt_records
from pytest_litmus.rescoring.outcomes import failure_of, outcome_of_item
from pytest_litmus.rescoring.replaying import Judging, NotRescored, is_judged, replayed
from pytest_litmus.rescoring.stored_calls import StoredCalls
from pytest_litmus.suites.attacks import pytest_llm_attacks
from pytest_litmus.suites.expecting import evaluators, evaluators_of
from pytest_litmus.suites.finding import (
    QUARANTINED,
    finding_of,
    outcome_of,
    told,
    verdict_of,
)
from pytest_litmus.suites.known import KnownBreaches
from pytest_litmus.suites.language import PLAIN, Variant
from pytest_litmus.suites.reading import ENDINGS, Reader
from pytest_litmus.suites.shipped import FOLDER
from pytest_litmus.suites.targets import named

if TYPE_CHECKING:
    from datetime import date

    from pytest_litmus.recorder import Recorder
    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.suites.attack import Adaptive, Attack
    from pytest_litmus.suites.attempt import Attempt
    from pytest_litmus.suites.expecting import Evaluator
    from pytest_litmus.suites.finding import Finding
    from pytest_litmus.suites.language import Case, Suite
    from pytest_litmus.verdicts import Verdict
    from pytest_litmus.wire.calls import Call

SUITES_OWN = "suite"
"""In the place of a judge: the one that each suite names."""
_SHIPPED = "llm-suites"

Finish: TypeAlias = "Callable[[Sequence[Call]], tuple[TestRecord, str]]"
"""Given the calls of the judges that were asked for a test: its new record, and why it stays as it
was whatever its verdicts are; or an empty text."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """What items are decided by now."""

    root: Path
    """pytest's rootdir: what node ids begin at."""
    plugins: tuple[str, ...] = ()
    """Modules with `pytest_llm_attacks` or `pytest_llm_evaluators`."""
    judge: str | None = None
    """`module:name`, or `suite`; None asks no judge."""
    baseline: Path | None = None
    """Breaches that are known; None where there is no such file."""
    _suites: dict[str, Suite] = field(default_factory=dict, init=False)

    @cached_property
    def attacks(self) -> Mapping[str, Attack | Adaptive]:
        """All attacks by name: a plugin's wins over ours."""
        return {one.name: one for one in (*pytest_llm_attacks(), *self._added("attacks"))}

    @cached_property
    def added(self) -> Mapping[str, Evaluator]:
        """Evaluators of plugins.

        Raises:
            SuiteError: One of them is none.
        """
        return evaluators_of(self._added("evaluators"))

    def _added(self, what: str) -> list[Any]:
        modules = map(self._module, self.plugins)
        return [one for module in modules for one in getattr(module, f"pytest_llm_{what}", tuple)()]

    def _module(self, name: str) -> Any:
        try:
            return import_module(name)
        except ImportError as error:
            raise SuiteError(f"--plugin {name}: it cannot be imported: {error}") from error

    @cached_property
    def known(self) -> KnownBreaches:
        """The breaches that the project knows.

        Raises:
            SuiteError: Their file cannot be read.
        """
        return KnownBreaches.read(self.baseline)

    @cached_property
    def reader(self) -> Reader:
        """Reads suites with the attacks and evaluators that there are."""
        return Reader({name: one.family for name, one in self.attacks.items()}, self.added)

    def path_of(self, file: str) -> Path | None:
        """Where a suite lies: in the project, or with us; None where it is gone."""
        path = self.root / file
        if path.is_file():
            return path
        folder, _, name = file.rpartition("/")
        shipped = FOLDER / name
        return shipped if folder == _SHIPPED and shipped.is_file() else None

    def suite(self, file: str) -> Suite:
        """A suite, as it is now.

        Raises:
            NotRescored: There is no such file.
            SuiteError: It holds mistakes.
        """
        if file not in self._suites:
            path = self.path_of(file)
            if path is None:
                raise NotRescored(f"there is no suite {file} any more")
            root = self.root if path.resolve().is_relative_to(self.root.resolve()) else path.parent
            try:
                self._suites[file] = self.reader.read(path, shown=file, root=root)
            except SuiteError as error:
                raise _with_plugin_hint(error) from error
        return self._suites[file]

    def make_importable(self) -> None:
        """The root and the folder here, behind all else, for judges and plugins."""
        for folder in (str(self.root.resolve()), str(Path.cwd())):
            if folder not in sys.path:
                sys.path.append(folder)


def _with_plugin_hint(error: SuiteError) -> SuiteError:
    if "unknown evaluator" not in str(error) and "unknown attack" not in str(error):
        return error
    told = f"{error}\nif a plugin or conftest brings it, name that with --plugin MODULE"
    return SuiteError(told, line=error.line)


def is_of_suite(record: TestRecord) -> bool:
    """Whether a test is an item of a suite."""
    return record.finding is not None or record.file.endswith(ENDINGS)


@dataclass(frozen=True, kw_only=True)
class _Now:
    """An item by its suite as it is now."""

    suite: Suite
    variant: Variant
    attack: Attack | Adaptive | None


def item_again(
    record: TestRecord, project: Project, live: Recorder | None, *, today: date
) -> tuple[Finish, Counter[str]]:
    """Decide an item of a suite again.

    Returns:
        What makes its record, and by evaluator how many verdicts were kept as they were.

    Raises:
        NotRescored: It cannot be decided again.
        SuiteError: Its suite holds mistakes.
    """
    if record.finding is None:
        raise NotRescored("it came to no finding")
    now = _now(record, record.finding, project)
    judging = _judging(now, project, live)
    attempt, kept = replayed(
        now.variant, record, attack=now.attack, added=project.added, judging=judging
    )
    known = project.known.of(record.nodeid, today)
    finding = finding_of(
        attempt,
        now.suite,
        attack_family=now.attack.family if now.attack else "",
        outcome=outcome_of(attempt, verdict_of(attempt)),
        known=known,
    )

    def finish(calls: Sequence[Call]) -> tuple[TestRecord, str]:
        made = _with_judges(record, calls) if judging.asks else record
        return _finished(made, attempt, finding, now, project)

    return finish, kept


def _with_judges(record: TestRecord, calls: Sequence[Call]) -> TestRecord:
    """A record with the calls of the judges that were asked now, instead of those of then."""
    others = (call for call in record.calls if call.purpose != "judge")
    return replace(record, calls=(*others, *calls))


def _now(record: TestRecord, finding: Finding, project: Project) -> _Now:
    """The item as its suite has it now.

    Raises:
        NotRescored: The suite has it no more.
        SuiteError: The suite holds mistakes.
    """
    suite = project.suite(record.file)
    case = next((one for one in suite.cases if one.id == finding.case), None)
    if case is None:
        raise NotRescored(f"{record.file} has no case {finding.case} any more")
    if finding.attack not in case.attacks:
        raise NotRescored(f"{record.file}:{case.line}: it has no attack {finding.attack} any more")
    row = next((one for one in case.rows if one.id == finding.row), None)
    if row is None and (case.rows or finding.row is not None):
        raise NotRescored(f"{record.file}:{case.line}: its data has no row {finding.row} any more")
    variant = Variant(case=case, attack=finding.attack, row=row, target=finding.target)
    attack = None if finding.attack == PLAIN else project.attacks[finding.attack]
    return _Now(suite=suite, variant=variant, attack=attack)


def _judging(now: _Now, project: Project, live: Recorder | None) -> Judging:
    """Who judges; a judge that the item needs not is not imported."""
    place = now.suite.judge if project.judge in (None, SUITES_OWN) else project.judge
    if place is None or not is_judged(now.variant.case, {**evaluators(), **project.added}):
        return Judging(judge=None, asks=project.judge is not None, live=live)
    try:
        return Judging(judge=judge_at(place), asks=project.judge is not None, live=live)
    except TargetError as error:
        raise NotRescored(f"its judge cannot be found: {error}") from error


def judge_at(place: str) -> Judge | Jury:
    """The judge at `module:name`.

    Raises:
        TargetError: There is none.
    """
    found = named(place)
    if not isinstance(found, (Judge, Jury)):
        raise TargetError(f"{place} is no Judge or Jury, but a {type(found).__name__}")
    return found


def _finished(
    record: TestRecord, attempt: Attempt, finding: Finding, now: _Now, project: Project
) -> tuple[TestRecord, str]:
    case, several = now.variant.case, len(attempt.runs) > 1
    budgets = _budgets(record, case)
    found = outcome_of_item(record.outcome, record.failed_on, finding, budgets)
    said = told(attempt, finding) if "finding" in found.failed_on else "\n".join(found.because)
    failure = failure_of(said) if found.outcome == "failed" else None
    made = replace(
        record,
        line=case.line,
        outcome=found.outcome,
        failure=record.failure if found.stays else failure,
        failed_on=found.failed_on if not found.stays else record.failed_on,
        verdicts=(verdict_of(attempt),) if several else attempt.runs[0].verdicts,
        budgets=budgets,
        finding=finding,
        severity=case.severity,
        marks=_marks(record, case),
        attempts=attempt_records(attempt),
        fingerprint=record.fingerprint and _fingerprint(now, project),
    )
    return made, found.stays


def _budgets(record: TestRecord, case: Case) -> tuple[Verdict, ...]:
    """The case's limits of now; those that others set (the ini file) as they were."""
    judges = [one.limit for one in record.budgets if one.name == "judge_cost" and one.limit]
    given = {"max_judge_cost_usd": judges[0].at_most} if judges else {}
    limits = budget(given | dict(case.budget), where=f"case {case.id}")
    again = limits.verdicts(StoredCalls(record.calls).calls_as)
    held = {one.name for one in again}
    return (*(one for one in record.budgets if one.name not in held), *again)


def _marks(record: TestRecord, case: Case) -> tuple[str, ...]:
    """Its marks, with the tags of now."""
    was = record.finding
    old = {*was.tags, f"severity-{was.severity}", QUARANTINED} if was else set()
    quarantined = [QUARANTINED] if case.quarantined else []
    new = {*case.tags, f"severity-{case.severity}", *quarantined}
    return tuple(sorted((set(record.marks) - old) | new))


def _fingerprint(now: _Now, project: Project) -> str:
    given = project.judge not in (None, SUITES_OWN)
    judge = project.judge if given else now.suite.judge
    return of_case(now.variant, now.attack, judge=judge, added=project.added)
