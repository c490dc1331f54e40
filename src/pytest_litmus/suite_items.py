"""Suite items: `*.llm.yaml` files as pytest collects them: case x attack x row x target."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.declared import FIXTURE
from pytest_litmus.errors import CaptureStop, SuiteError, TargetError, TargetTakesLess
from pytest_litmus.report.records import attempt_records
from pytest_litmus.suites.attempt import Attempt, attempted, unasked
from pytest_litmus.suites.expecting import prepare
from pytest_litmus.suites.finding import (
    QUARANTINED,
    finding_of,
    outcome_of,
    told,
    verdict_of,
)
from pytest_litmus.suites.language import PLAIN, Suite, Variant, variants
from pytest_litmus.suites.shipped import chosen
from pytest_litmus.waiting import result_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pytest_litmus.case import Case
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.suite_run import SuiteRun
    from pytest_litmus.suites.finding import Finding
    from pytest_litmus.suites.language import Case as WrittenCase

_SEED = "canary_seed"
"""What a cassette calls it."""
_BODIES: dict[tuple[str, ...], Any] = {}


class SuiteFile(pytest.File):
    """A suite; its items are its direct children."""

    def __init__(self, *, run: SuiteRun, source: Path | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.source = source or self.path
        """Where it is read from: a suite that ships with us lies elsewhere."""
        self._infos: dict[tuple[str, ...], Any] = {}
        self.started = False
        """Whether its items run ahead."""

    def collect(self) -> Iterable[pytest.Item]:
        """Its items; one that fails with the mistakes, where it has any: the run goes on."""
        with _no_garbage():
            return self._collected()

    def _collected(self) -> Iterable[pytest.Item]:
        try:
            suite = self.run.read(self.source, shown=self.nodeid)
        except SuiteError as error:
            return [MistakenSuite.from_parent(self, name="mistakes", error=error)]
        self._register_tags(suite)
        for warning in suite.warnings:
            self.warn(pytest.PytestCollectionWarning(warning))
        return [self._item(suite, variant) for variant in self._variants(suite)]

    def _variants(self, suite: Suite) -> Iterable[Variant]:
        from dataclasses import replace

        return variants(replace(suite, targets=self.run.targets(suite)))

    def _register_tags(self, suite: Suite) -> None:
        known = {str(line).partition(":")[0] for line in self.config.getini("markers")}
        tags = {tag for case in suite.cases for tag in marks_of(case)} - known
        for tag in sorted(tags):
            self.config.addinivalue_line("markers", f"{tag}: a tag of cases in *.llm.yaml suites")

    def _item(self, suite: Suite, variant: Variant) -> SuiteItem:
        names = self.run.fixtures(suite, variant)
        if names not in _BODIES:
            _BODIES[names] = _body(names)
        item: SuiteItem = SuiteItem.from_parent(
            self,
            name=variant.name,
            callobj=_BODIES[names],
            fixtureinfo=self._infos.get(names),
            suite=suite,
            variant=variant,
        )
        # The same for all items that need the same fixtures: finding them takes most of the time.
        self._infos.setdefault(names, item._fixtureinfo)  # noqa: SLF001 - what `fixtureinfo=` takes
        return item


def shipped_files(session: pytest.Session, names: str, run: SuiteRun) -> list[SuiteFile]:
    """The suites that ship with us, as files of the project: their cassettes are kept in it.

    Raises:
        pytest.UsageError: One of the names is not known.
    """
    try:
        suites = chosen(names)
    except SuiteError as error:
        raise pytest.UsageError(str(error)) from error
    folder = session.config.rootpath / "llm-suites"
    return [
        SuiteFile.from_parent(
            session,
            path=folder / source.name,
            nodeid=f"llm-suites/{source.name}",
            run=run,
            source=source,
        )
        for source in suites.values()
    ]


def marks_of(case: WrittenCase) -> tuple[str, ...]:
    """The marks of a case, for -m."""
    quarantined = (QUARANTINED,) if case.quarantined else ()
    return (*case.tags, *quarantined, f"severity-{case.severity}")


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Python's collector at rest: it would look again and again at ten thousand items that stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@cache
def _made_marks(names: tuple[str, ...]) -> tuple[pytest.Mark, ...]:
    """Once for all items that have the same ones: to make them takes longer than all else."""
    return tuple(getattr(pytest.mark, name).mark for name in names)


def _body(fixtures: tuple[str, ...]) -> Any:
    """What stands for the test function: its parameters are the fixtures."""
    from inspect import Parameter, Signature

    def run_case(**_: Any) -> None: ...

    kind = Parameter.POSITIONAL_OR_KEYWORD
    names = dict.fromkeys((FIXTURE, *fixtures))
    run_case.__signature__ = Signature([Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    return run_case


class SuiteItem(pytest.Function):
    """A case with one attack, one row and one target."""

    def __init__(self, *, suite: Suite, variant: Variant, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._parse_id()
        self.suite, self.variant = suite, variant
        self._values: Mapping[str, Any] = {}
        """Of its fixtures."""
        marks = _made_marks(marks_of(variant.case))
        self.own_markers += marks
        self.keywords.update((mark.name, mark) for mark in marks)
        if variant.case.budget:
            self.add_marker(pytest.mark.llm(**variant.case.budget))

    def _parse_id(self) -> None:
        """Have pytest know the id by its parts, as those that `--lf` reads from its cache.

        From pytest 9.2 on an id knows its brackets, of which a `Function` learns by `callspec`.
        """
        made = getattr(self, "_id", None)
        if made is not None:
            self._id = type(made).parse(str(made))

    @property
    def run(self) -> SuiteRun:
        """What it shares with the others."""
        file: Any = self.parent
        suite_run: SuiteRun = file.run
        return suite_run

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """The line of the case in the file."""
        return self.path, self.variant.case.line - 1, self.name

    def runtest(self) -> None:
        """Run it, and fail where it is not safe.

        A breach that the baseline knows is an expected failure; so is all that goes wrong with a
        case in quarantine, such as that nothing was recorded of it yet.
        """
        self._start_others()
        self._case.fingerprint = self._fingerprint()
        running = self.run.ahead.take(self.nodeid)
        try:
            attempt = result_of(running) if running is not None else self.attempt()
        except (TargetError, CaptureStop) as error:
            if not self.variant.case.quarantined:
                self._refused(error)
                raise
            attempt = unasked(self.variant, error)
        self._kept(attempt)

    def teardown(self) -> None:
        """Let go of what it ran with."""
        super().teardown()
        self._values = {}

    def _refused(self, error: TargetError | CaptureStop) -> None:
        """Skip or fail without pytest's traceback, where the suite and its target do not fit."""
        if isinstance(error, CaptureStop):
            return
        # A suite that knows nothing of the target may ask for more than it takes.
        lenient = self._is_shipped or self._family() == "conversation"
        if lenient and isinstance(error, TargetTakesLess):
            pytest.skip(str(error))
        pytest.fail(f"{type(error).__name__}: {error}", pytrace=False)

    def attempt(self) -> Attempt:
        """Ask the target.

        Raises:
            TargetError: It cannot be asked as the case needs it.
        """
        case = self._case
        recorder = case.recorder
        means = self.run.means(self.suite, self.variant, self._values, recorder)
        attempt = attempted(self.variant, means, recorder, seed=self._seed(recorder))
        case.complete = not attempt.counts["error"]
        return attempt

    def _seed(self, recorder: Recorder) -> str:
        """What the canaries are made from: what was recorded was asked with its own ones."""
        cassettes = recorder.cassettes
        if cassettes is None:
            return self.run.seed
        if self.run.options.mode == "all":
            cassettes.notes[_SEED] = self.run.seed
        return cassettes.notes.setdefault(_SEED, self.run.seed)

    def attempt_ahead(self, first: Case, values: Mapping[str, Any]) -> Attempt:
        """As `attempt`, before pytest has set this item up, with what the first one has.

        Raises:
            CassetteError: Its cassette cannot be read.
            TargetError: As of `attempt`.
        """
        self.run.opened_ahead(self, first)
        self._values = values
        return self.attempt()

    def _start_others(self) -> None:
        """Ask for the file's further items from now on, if this one's fixtures do for them."""
        file: Any = self.parent
        self._values = dict(self.funcargs)
        if file.started or not self.run.runs_ahead:
            return
        file.started = True
        items = [one for one in self.session.items if one.parent is file]
        later = [one for one in items[items.index(self) + 1 :] if isinstance(one, SuiteItem)]
        jobs = [
            (one.nodeid, partial(one.attempt_ahead, self._case, self._values))
            for one in later
            if one.can_run_ahead
        ]
        if jobs and self.can_run_ahead:
            self.run.ahead.start([(self.nodeid, self.attempt), *jobs])
            # Here, while all wait for their answers.
            prepare(entry for one in later for entry in one.variant.case.expect)

    @property
    def can_run_ahead(self) -> bool:
        """Whether it needs no fixture that is made for each item anew."""
        definitions = self._fixtureinfo.name2fixturedefs
        return not any(
            found[-1].scope == "function" and not name.startswith("llm")
            for name, found in definitions.items()
        )

    @property
    def _case(self) -> Case:
        case = self.run.case(self)
        assert case is not None  # noqa: S101 - the fixture has made it
        return case

    def _fingerprint(self) -> str | None:
        if not self.run.options.fingerprints:
            return None
        from pytest_litmus.fingerprint import of_case

        name = self.variant.attack
        attack = None if name == PLAIN else self.run.attacks[name]
        added = self.run.evaluators
        return of_case(self.variant, attack, judge=self.suite.judge, added=added)

    @property
    def _is_shipped(self) -> bool:
        file: Any = self.parent
        return bool(file.source != file.path)

    def _family(self) -> str:
        name = self.variant.attack
        return "" if name == PLAIN else self.run.attacks[name].family

    def _kept(self, attempt: Attempt) -> None:
        verdict = verdict_of(attempt)
        known = self.run.known.of(self.nodeid, datetime.now(UTC).date())
        finding = finding_of(
            attempt,
            self.suite,
            attack_family=self._family(),
            outcome=outcome_of(attempt, verdict),
            known=known,
        )
        self._case.finding, self._case.attempts = finding, attempt_records(attempt)
        several = len(attempt.runs) > 1
        self._case.recorder.verdicts += [verdict] if several else attempt.runs[0].verdicts
        if finding.status == QUARANTINED:
            self._end_quarantined(attempt, finding)
        if finding.outcome == "safe":
            return
        if finding.status in ("known", "dismissed"):
            pytest.xfail(f"{finding.status}: {finding.reason}")
        self._case.failed_on = ["finding"]
        pytest.fail(told(attempt, finding), pytrace=False)

    def _end_quarantined(self, attempt: Attempt, finding: Finding) -> None:
        """An expected failure of whatever else would fail it; nothing where all is well."""
        said = self._case.after_call()
        if finding.outcome != "safe":
            said = [told(attempt, finding)]
        if said:
            pytest.xfail("\n".join((f"{QUARANTINED}: {finding.reason}", *said)))


class MistakenSuite(pytest.Item):
    """A suite that could not be read."""

    def __init__(self, *, error: SuiteError, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._error = error

    def runtest(self) -> None:
        """Fail with what is wrong."""
        pytest.fail(f"SuiteError: {self._error}", pytrace=False)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """The line of the first mistake."""
        return self.path, self._error.line - 1, self.name
