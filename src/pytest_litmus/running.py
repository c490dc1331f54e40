"""Running: what a pytest process does around its tests, and with the records of all of them."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.declared import FIXTURE
from pytest_litmus.errors import CaptureStop, LitmusError
from pytest_litmus.options import NUMBER, Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_litmus.case import Case
    from pytest_litmus.compare.baseline import Baseline
    from pytest_litmus.compare.comparing import Comparison
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.report.writing import ReportFolder
    from pytest_litmus.suite_run import SuiteRun
    from pytest_litmus.wire.calls import Call

WIDE = "litmus-wide-fixtures"
BASELINE, TARGETS = "llm comparison", "llm a/b"
"""Titles of sections."""
_CASE = pytest.StashKey["Case"]()
_SETTINGS = ("llm_scrubbing", "llm_matching", "llm_cassette_dir", "llm_cassette_name")


class Run:
    """The part of a run that this process sees; the controller's writes the report."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.options = Options(config)
        self.options.check()
        self.records: list[TestRecord] = []
        self.warnings: list[str] = []
        self.report: dict[str, Any] | None = None
        self.comparisons: dict[str, Comparison] = {}
        """By the title of their section."""
        self.started_at = datetime.now(UTC)
        self._captured = False
        self._deselected = False
        self._unopened: set[str] = set()
        self._host: Case | None = None

    @cached_property
    def suites(self) -> SuiteRun:
        """What the suites of this run share."""
        from pytest_litmus.suite_run import SuiteRun

        return SuiteRun(self.config, self.options, self.case, self.alike)

    def refuse_misused_mark(self, item: pytest.Item) -> None:
        """Read a test's marks before any test runs.

        Raises:
            pytest.UsageError: A mark is misused. Not in a worker of xdist, which would break down
                over it: there the test fails, in its set-up.
        """
        try:
            self.options.budget(item)
        except pytest.UsageError:
            if not self.options.is_worker:
                raise

    # One test

    def begin(self, request: pytest.FixtureRequest) -> Recorder:
        """Open the capture of a test that uses `llm`; the test fails here if that cannot be."""
        item: pytest.Item = request.node
        ahead = self.case(item)
        if ahead is not None and ahead.runs_ahead:
            self._watch_wide_fixtures(ahead)
            return ahead.recorder
        observed = self.case(item)
        if observed is not None:  # `llm` was asked for by request.getfixturevalue
            observed.recorder.close()
        # Until the capture is open, the path only says that this test belongs into the report.
        self._keep(item, self._recorder(item, None, None), path=request.path)
        try:
            return self._opened(request)
        except (LitmusError, pytest.UsageError) as error:
            pytest.fail(f"{type(error).__name__}: {error}", pytrace=False)

    def _opened(self, request: pytest.FixtureRequest) -> Recorder:
        from pytest_litmus.naming import of_run

        scrubbing, matching, folder, name = map(request.getfixturevalue, _SETTINGS)
        number = request.node.stash.get(NUMBER, 1)
        path = Path(folder) / f"{of_run(name, number)}.yaml"
        case = self._opened_with(request.node, scrubbing, matching, path)
        case.open()
        self._watch_wide_fixtures(case)
        return case.recorder

    def _opened_with(self, item: pytest.Item, scrubbing: Any, matching: Any, path: Path) -> Case:
        budget = self.options.budget(item)
        return self._keep(item, self._recorder(item, scrubbing, matching), path=path, budget=budget)

    def alike(self, item: pytest.Item, case: Case) -> Case:
        """The case of an item that comes later, with the settings of one that runs."""
        from pytest_litmus.naming import cassette_name

        if case.path is None:  # it would have failed before
            raise ValueError(f"{case.label} has no cassette")
        path = case.path.with_name(f"{cassette_name(item.nodeid)}.yaml")
        recorder = case.recorder
        made = self._opened_with(item, recorder.scrubber.scrubbing, recorder.capture.matching, path)
        made.runs_ahead = True
        return made

    def _watch_wide_fixtures(self, case: Case) -> None:
        self._host = case
        if not self.config.pluginmanager.has_plugin(WIDE):
            from pytest_litmus.wide import WideFixtures

            plugin = WideFixtures(host=self._running_host, opened=self._open_wide)
            self.config.pluginmanager.register(plugin, WIDE)

    def _running_host(self) -> Case | None:
        return None if self._host is None or self._host.recorder.capture.closed else self._host

    def _open_wide(self, host: Case, *, path: Path, label: str) -> Case:
        """The capture of a wider fixture, with the settings of the test that needed it first."""
        from pytest_litmus.case import Case

        scrubbing, matching = host.recorder.scrubber.scrubbing, host.recorder.capture.matching
        recorder = self._recorder(host.item, scrubbing, matching)
        recorder.capture.label = label
        case = Case(item=host.item, options=self.options, recorder=recorder, path=path, label=label)
        case.open()
        return case

    def observe(self, item: pytest.Item) -> None:
        """Watch a test that does not use `llm`, where a report or a session budget wants it."""
        names = getattr(item, "fixturenames", (FIXTURE,))
        if self.options.observing and FIXTURE not in names:
            self._keep(item, self._recorder(item, None, None)).open()

    def _keep(self, item: pytest.Item, recorder: Recorder, **details: Any) -> Case:
        from pytest_litmus.case import Case

        case = Case(item=item, options=self.options, recorder=recorder, **details)
        item.stash[_CASE] = case
        return case

    def _recorder(self, item: pytest.Item, scrubbing: Any, matching: Any) -> Recorder:
        from pytest_litmus import wire
        from pytest_litmus.capture.secrets import Scrubber, Scrubbing
        from pytest_litmus.recorder import Recorder

        self._captured = True
        wire.register(self.config.pluginmanager)
        hook, options = item.ihook, self.options
        recorder = Recorder(
            decode=wire.guarded(lambda exchange: hook.pytest_llm_decode(exchange=exchange)),
            price=options.price,
            scrubber=Scrubber(scrubbing or Scrubbing()),
            matching=matching,
            endpoint=options.endpoint(),
            label=item.nodeid,
        )
        recorder.capture.real_time = bool(options.given("replay_real_time"))
        recorder.capture.record_other = lambda request: request.host in options.record_hosts
        if options.session_budget is not None:
            recorder.capture.before_live = options.session_budget.reserve
            recorder.settle = options.session_budget.settle
        recorder.on_call = self._logger(item, recorder)
        return recorder

    def _logger(self, item: pytest.Item, recorder: Recorder) -> Callable[[Call], None] | None:
        """What writes a call down as soon as it is over; None where there is no report's folder."""
        if not self.options.given("report") or not self.options.report_dir.is_dir():
            return None
        from pytest_litmus.report.call_json import call_as_json

        log = self._folder.calls_log(self.options.worker)
        redact = recorder.scrubber.text

        def append(call: Call) -> None:
            try:
                log.append(call_as_json(call, nodeid=item.nodeid, content=False, redact=redact))
            except OSError as error:  # a full disk is no failure of the program under test
                self._warn(f"{log.path}: a call was not written down: {error}")

        return append

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def case(self, item: pytest.Item) -> Case | None:
        """A test's case; None where nothing is captured."""
        return item.stash.get(_CASE, None)

    def forget(self, item: pytest.Item) -> None:
        """All of an item that is over is told: a long run would hold what each has said."""
        del item.stash[_CASE]
        if "suites" in vars(self):
            self.suites.forget(item)

    def shorten(self, item: pytest.Item, call: pytest.CallInfo[Any]) -> None:
        """Leave the program's own frames in the traceback of a refusal, and no library's."""
        info, case = call.excinfo, self.case(item)
        if info is None or case is None or self.config.getoption("fulltrace", False):
            return
        from pytest_litmus import tracebacks

        if tracebacks.tells_of(info.value, (CaptureStop, LitmusError)):
            case.told()
            tracebacks.shorten(info.value)
            call.excinfo = pytest.ExceptionInfo.from_exception(info.value)

    # The whole run, in the controller

    @cached_property
    def _folder(self) -> ReportFolder:
        from pytest_litmus.report.writing import ReportFolder

        return ReportFolder(self.options.report_dir)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Read the prices and the baseline, and make room for the report."""
        if not self.config.getoption("collectonly"):
            self.options.check_prices()
            _ = self._baseline
        if self.options.given("report") and not self.options.is_worker:
            try:
                self._folder.start()
            except OSError as error:
                raise pytest.UsageError(f"--llm-report-dir cannot be used: {error}") from error

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker where the report is, and where all write down what they spend."""
        spent = self._spent if self.options.given("max_cost") is not None else None
        node.workerinput["litmus"] = self.options.for_worker(spent)

    @cached_property
    def _spent(self) -> Path:
        """The file that xdist's workers share; its folder goes with the run."""
        folder = tempfile.TemporaryDirectory(prefix="pytest-litmus-")
        self.config.add_cleanup(folder.cleanup)
        return Path(folder.name) / "spent.usd"

    def pytest_deselected(self) -> None:
        """Not all tests run: a cassette without a test may be one of theirs."""
        self._deselected = True

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self, report: Any) -> Any:
        """Have a record travel as text: the format between xdist's processes is no JSON."""
        data = yield
        told = getattr(report, "litmus", None)
        return data if told is None else {**data, "litmus": json.dumps(told)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a test's record off its last report."""
        if self.options.is_worker:
            return
        if hasattr(report, "litmus"):
            from pytest_litmus.report.records import TestRecord, handed_over

            told = handed_over(report)
            self.warnings += told["warnings"]
            self.records.append(TestRecord.from_json(told))
        elif report.outcome != "passed":
            self._unopened.add(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Build the report, write it where it was asked for, and compare it."""
        if "suites" in vars(self):
            self.suites.stop()
        writes = bool(self.options.given("report"))
        wanted = writes or self.options.given("gate") or self._baseline
        if self.options.is_worker or not (self.records or wanted):
            return
        from pytest_litmus.report.build import build

        if writes:
            self.records = self._folder.complete(self.records)
        self.report = build(self.records, self._told_of_itself(exitstatus, writes=writes))
        if writes:
            self._write(self.report)
        if not self.config.getoption("collectonly"):
            self._compare(self.report)
        if self._is_worse and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @cached_property
    def _baseline(self) -> Baseline | None:
        if self.options.is_worker or not self.options.baseline.is_file():
            return None
        from pytest_litmus.run_compared import baseline_of

        return baseline_of(self.options)

    @property
    def _is_worse(self) -> bool:
        """Whether the baseline was better; of two targets either may be."""
        found = self.comparisons.get(BASELINE)
        return found is not None and found.outcome == "regression"

    def _compare(self, report: dict[str, Any]) -> None:
        second = self.options.given("ab") if report["attacks"] else None
        if second is None and self._baseline is None:
            return
        from pytest_litmus.run_compared import with_baseline, with_second_target

        if second is not None:
            try:
                self.comparisons[TARGETS] = with_second_target(report, second)
            except LitmusError as error:
                self._warn(f"--llm-ab: {error}")
        if self._baseline is not None:
            found = with_baseline(report, self._baseline, self.config, ran_all=self._ran_all())
            self.comparisons[BASELINE] = found

    def _write(self, report: dict[str, Any]) -> None:
        try:
            self._folder.finish(
                report, self.records, content=lambda r: self.options.wants_content(r.outcome)
            )
        except OSError as error:  # there is no report then; the tests' own outcome stands
            self._warn(f"the report was not written: {error}")

    def _told_of_itself(self, exitstatus: int, *, writes: bool) -> Any:
        from pytest_litmus.report import run

        how = ("record", "record_of", "live", "replay_real_time", "max_cost", "report_content")
        names = (*how, *run.CHOICE)
        return run.Run(
            id=run.new_run_id(),
            started_at=self.started_at,
            duration_s=(datetime.now(UTC) - self.started_at).total_seconds(),
            exit_status=int(exitstatus),
            versions=run.versions() if writes else {},
            git=run.git_revision(self.config.rootpath, os.environ) if writes else None,
            ci=run.ci_job(os.environ) if writes else None,
            options={name: self.options.given(name) for name in names},
        )

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The section of the run."""
        if self.report is not None and self.records:
            self._summarize(self.report, terminalreporter)
        if self.comparisons:
            self._tell_comparisons(terminalreporter)

    def _summarize(self, report: dict[str, Any], terminalreporter: Any) -> None:
        from pytest_litmus.report.terminal import summary_lines

        writes = self.options.given("report")
        path = os.path.relpath(self._folder.report_path) if writes else None
        terminalreporter.write_sep("=", "llm")
        width = terminalreporter._tw.fullwidth  # noqa: SLF001 - it has no public name
        for line in summary_lines(report, width=width, report_path=path):
            terminalreporter.write_line(line.text, **line.markup)
        for text in (*self.warnings, *self._without_a_test()):
            terminalreporter.write_line(text, yellow=True)

    def _tell_comparisons(self, terminalreporter: Any) -> None:
        from pytest_litmus.compare.telling import comparison_lines

        width = terminalreporter._tw.fullwidth  # noqa: SLF001 - it has no public name
        for title, comparison in self.comparisons.items():
            terminalreporter.write_sep("=", title)
            for line in comparison_lines(comparison, width=width):
                terminalreporter.write_line(line.text, **line.markup)

    def _without_a_test(self) -> list[str]:
        """Cassettes beside those that were used, unless not all tests of their modules ran."""
        if not self._ran_all():
            return []
        from pytest_litmus.capture.by_purpose import without_purpose
        from pytest_litmus.naming import cassette_name
        from pytest_litmus.wide import PREFIX

        root = self.config.rootpath
        used = {(root / use.path).resolve() for r in self.records for use in r.cassettes}
        beside = {path for folder in {p.parent for p in used} for path in folder.glob("*.yaml")}
        unopened = {cassette_name(nodeid) for nodeid in self._unopened}
        alone = sorted(
            path
            for path in beside - used
            if without_purpose(path.stem) not in unopened and not path.name.startswith(PREFIX)
        )
        return [f"cassette without a test: {os.path.relpath(path, root)}" for path in alone]

    def _ran_all(self) -> bool:
        """Whether nothing kept tests of a collected module from running."""
        chosen = ("keyword", "markexpr", "deselect", "lf", "stepwise", "maxfail")
        narrowed = self._deselected or any(self.config.getoption(name, None) for name in chosen)
        named = any("::" in str(arg) for arg in self.config.args)
        finished = self.report is not None and self.report["run"]["exit_status"] in (0, 1)
        return finished and not narrowed and not named

    def pytest_unconfigure(self) -> None:
        """Take the patches off."""
        if self._captured:
            from pytest_litmus.capture.patching import installation

            installation.remove()
