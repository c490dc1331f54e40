"""What pytest loads: options, markers, fixtures and hook wiring; the work is done elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus import declared, hookspecs, misspelt

if TYPE_CHECKING:
    from pytest_litmus.capture.matching import Matching
    from pytest_litmus.capture.secrets import Scrubbing
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.running import Run


RUN = "litmus-run"
"""The name of the plugin that a run registers."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options; nothing of this plugin is in the way until one is used."""
    declared.declare(parser, pluginmanager)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    parser: pytest.Parser, args: list[str]
) -> Generator[None, Any, Any]:
    """Refuse options that are misspelt, once all that know options have been loaded."""
    try:
        result = yield
    except (ValueError, argparse.ArgumentError) as error:
        declared.refuse_conftest(error)
        raise
    misspelt.refuse_options(parser, args)
    return result


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer our hooks."""
    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the run: it does nothing before the first test that uses `llm`."""
    budgets = ", ".join(f"{name}=" for name in declared.BUDGETS)
    config.addinivalue_line(
        "markers",
        f"llm({budgets}, severity=, runs=, min_pass_rate=, confidence=): capture the test's model "
        "calls, hold them to a budget, say how bad a failure would be, and how often to run it",
    )
    from pytest_litmus.running import Run

    run = Run(config)
    config.pluginmanager.register(run, RUN)
    if config.getoption("llm_gate"):
        from pytest_litmus import gating

        gating.register(config, run)


def run_of(config: pytest.Config) -> Run:
    """The run of this process."""
    run: Run | None = config.pluginmanager.get_plugin(RUN)
    if run is None:
        raise pytest.UsageError(
            f"pytest-litmus does nothing without its plugin {RUN}: -p no:{RUN} took it away"
        )
    return run


@pytest.fixture
def llm(llm_recorder: Recorder) -> Recorder:
    """The model calls of this test, as they happen: `llm.calls`, `llm.cost_usd`, ...

    From its set-up on, every model call of the test is answered from the test's cassette, or
    recorded to it, by `--llm-record`. It is set up before the test's other fixtures, and closed
    after them.
    """
    return llm_recorder


@pytest.fixture
def llm_recorder(request: pytest.FixtureRequest) -> Recorder:
    """What `llm` gives, also in a project that has a fixture named `llm` of its own."""
    return run_of(request.config).begin(request)


@pytest.fixture
def llm_cassette_dir(request: pytest.FixtureRequest) -> Path:
    """The folder of this test's cassette: `cassettes/MODULE` beside the test file. Override it."""
    return request.path.parent / "cassettes" / request.path.stem


@pytest.fixture
def llm_cassette_name(request: pytest.FixtureRequest) -> str:
    """The cassette's file name without `.yaml`: class, test and parameters. Override it."""
    from pytest_litmus.naming import cassette_name

    return cassette_name(request.node.nodeid)


@pytest.fixture
def llm_matching() -> Matching:
    """Which recorded request answers which. Override it to ignore fields, or to add matchers."""
    from pytest_litmus.capture.matching import Matching

    return Matching()


@pytest.fixture
def llm_scrubbing() -> Scrubbing:
    """What must not reach the disk, beyond keys, tokens and cookies. Override it."""
    from pytest_litmus.capture.secrets import Scrubbing

    return Scrubbing()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a suite."""
    if not file_path.name.endswith((".llm.yaml", ".llm.yml")):
        return None
    from pytest_litmus.suite_items import SuiteFile

    file: SuiteFile = SuiteFile.from_parent(
        parent, path=file_path, run=run_of(parent.config).suites
    )
    return file


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Add the suites of `--llm-suite`; without a path on the command line, nothing else runs."""
    report = yield
    names = collector.config.getoption("llm_suite")
    if names and isinstance(collector, pytest.Session):
        from pytest_litmus.suite_items import shipped_files

        named = collector.config.args_source is pytest.Config.ArgsSource.ARGS
        own = shipped_files(collector, names, run_of(collector.config).suites)
        report.result = [*(report.result if named else ()), *own]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check the marks, and set `llm` up first, so that other fixtures' calls are captured too.

    Raises:
        pytest.UsageError: A mark is misused.
    """
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is None:
            continue
        marked = item.get_closest_marker("llm") is not None
        if marked:
            run_of(config).refuse_misused_mark(item)
        if declared.FIXTURE in names:
            names.remove(declared.FIXTURE)
        elif not marked:
            continue
        names.insert(0, declared.FIXTURE)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that is to be run several times; leave the others to pytest."""
    if declared.FIXTURE not in getattr(item, "fixturenames", ()) or hasattr(item, "variant"):
        return None
    run = run_of(item.config)
    plan = run.options.plan(item)
    if plan is None or not isinstance(item, pytest.Function):
        return None
    from pytest_litmus.repeated import repeat

    repeat(item, nextitem, plan, case=run.case)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """With a report or a session budget, observe tests that do not use `llm` themselves."""
    run_of(item.config).observe(item)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test whose body passed fails on what it swallowed, its soft checks and its budgets."""
    result = yield
    case = run_of(item.config).case(item)
    said = case.after_call() if case else []
    if said:
        pytest.fail("\n".join(said), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """After the last fixture: close the capture, find stale recordings, save the cassette."""
    case = run_of(item.config).case(item)
    try:
        result = yield
    except BaseException:
        if case:
            case.close(clean=False)
        raise
    said = case.close(clean=True) if case else []
    if said:
        pytest.fail("\n".join(said), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shorten our tracebacks; put the test's record on its last report, which xdist carries."""
    run = run_of(item.config)
    run.shorten(item, call)
    report = yield
    case = run.case(item)
    if case:
        case.note(report)
        if report.when == "teardown":
            run.forget(item)
    return report
