"""Run compared: the run just made beside the baseline, and two targets beside each other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.errors import LitmusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_litmus.compare.baseline import Baseline
    from pytest_litmus.compare.comparing import Comparison
    from pytest_litmus.options import Options

SHIPPED = "llm-suites/"
"""How the node ids of suites that ship with pytest-litmus begin: they run when asked for."""


def baseline_of(options: Options) -> Baseline | None:
    """The tests of the baseline; None where it lists none.

    Raises:
        pytest.UsageError: It cannot be read, or `--llm-baseline` names one without tests.
    """
    from pytest_litmus.compare.baseline import read

    try:
        found = read(options.baseline)
    except LitmusError as error:
        raise pytest.UsageError(str(error)) from error
    if found is None and options.given("baseline"):
        raise pytest.UsageError(
            f"--llm-baseline={options.given('baseline')} has no `tests:`: write them with "
            "`litmus baseline bless llm-report`"
        )
    return found


def with_baseline(
    report: Mapping[str, Any], baseline: Baseline, config: pytest.Config, *, ran_all: bool
) -> Comparison:
    """The run beside its baseline.

    Args:
        report: Of the run.
        baseline: Its tests.
        config: Of the run: which tests it had to run.
        ran_all: Whether nothing kept tests of collected modules from running.
    """
    from pytest_litmus.compare.comparing import compare
    from pytest_litmus.compare.entries import side_of

    after = side_of(report, name="this run")
    expected = _expected(config, baseline.entries, after.entries) if ran_all else after.entries
    return compare(baseline.side(name="the baseline"), after, expected=expected)


def with_second_target(report: Mapping[str, Any], second: str) -> Comparison:
    """The items of two targets beside each other.

    Raises:
        ReportError: The run had not both.
    """
    from pytest_litmus.compare.comparing import compare
    from pytest_litmus.compare.entries import sides_by_target
    from pytest_litmus.suite_run import SECOND

    named = any(test["finding"]["target"] == second for test in report["tests"] if test["finding"])
    return compare(*sides_by_target(report, second if named else SECOND))


def _expected(config: pytest.Config, known: Iterable[str], ran: Iterable[str]) -> set[str]:
    """The tests of the baseline that lie where this run looked."""
    here, files = config.invocation_params.dir, {_file(nodeid) for nodeid in ran}
    looked_at = [os.path.normpath(here / arg) for arg in config.args]
    narrowed = any(config.getoption(one, None) for one in ("llm_suite", "ignore", "ignore_glob"))

    def is_in(nodeid: str) -> bool:
        file = _file(nodeid)
        if narrowed or file.startswith(SHIPPED):
            return file in files
        path = os.path.normpath(config.rootpath / file)
        return any(path == one or path.startswith(one + os.sep) for one in looked_at)

    return {nodeid for nodeid in known if is_in(nodeid)}


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]
