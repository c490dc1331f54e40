"""Gating: `--llm-gate`, which decides the run just made and ends its output."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.errors import PolicyError

if TYPE_CHECKING:
    from pytest_litmus.gate.deciding import Decision, Ruling
    from pytest_litmus.running import Run

NAME = "litmus-gate"


def register(config: pytest.Config, run: Run) -> None:
    """Read the policy, before any test runs; the controller of xdist decides, no worker does.

    Raises:
        pytest.UsageError: The policy cannot be read.
    """
    if run.options.given("gate") and not (run.options.is_worker or config.option.collectonly):
        config.pluginmanager.register(Gating(config, run), NAME)


class Gating:
    """Holds a run against a policy."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        from pytest_litmus.gate.policy import read_policy

        self._config, self._run = config, run
        self._decision: Decision | None = None
        self._failed: set[str] = set()
        self._note = ""
        given = run.options.given("gate")
        try:
            policy = read_policy(config.invocation_params.dir / given)
        except PolicyError as error:
            raise pytest.UsageError(f"--llm-gate: {error}") from error
        self._policy = replace(policy, path=given)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep which tests failed: not all of them have a record."""
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Likewise of what could not be collected."""
        if report.failed:
            self._failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, Any, Any]:
        """Decide, once the report is built; wrong usage stays pytest's own."""
        result = yield
        if exitstatus != pytest.ExitCode.USAGE_ERROR and self._run.report is not None:
            from pytest_litmus.gate.deciding import decide

            further = [*self._without_a_model(), *self._regressions()]
            self._decision = decide([self._run.report], self._policy, further=further)
            session.exitstatus = self._status(self._decision, int(session.exitstatus))
        return result

    def _regressions(self) -> list[Ruling]:
        """What the comparison with the baseline found; of two targets neither is the better one."""
        from pytest_litmus.gate.regressions import rulings_of
        from pytest_litmus.running import BASELINE

        comparison = self._run.comparisons.get(BASELINE)
        return rulings_of(comparison, self._policy) if comparison is not None else []

    def _without_a_model(self) -> list[Ruling]:
        """Failures that no report tells of: they are not a policy's to allow."""
        from pytest_litmus.gate.deciding import Ruling

        unseen = self._failed - {record.nodeid for record in self._run.records}
        ruling = Ruling(
            name="failed without a model",
            outcome="fail",
            pillar="quality",
            number=f"{len(unseen)} failed that no model call was seen of",
            limit="none",
            tests=tuple(sorted(unseen)),
            remedy="mend them: [allow] failed_tests is of tests that use a model",
        )
        return [ruling] if unseen else []

    def _status(self, decision: Decision, exitstatus: int) -> int:
        """The gate's exit code; it does not undo what ended the run in another way."""
        undone = exitstatus == pytest.ExitCode.TESTS_FAILED and self._failed
        if decision.exit_code or not exitstatus or undone:
            return decision.exit_code
        self._note = f"pytest itself ends with {int(exitstatus)}, and not by a test"
        return int(exitstatus)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Write the decision after pytest's own closing line, which is green over a closed gate."""
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if self._decision is None or terminal is None:
            return
        from pytest_litmus.gate.telling import headline, told

        closed = self._decision.exit_code != 0 or bool(self._note)
        color = {"red": True, "bold": True} if closed else {"green": True}
        terminal.write_sep("=", "llm gate", **color)
        for line in told(self._decision):
            terminal.write_line(line, **(color if not line.startswith(" ") else {}))
        if closed:  # the last line of a log is what people see first
            terminal.write_line(self._note or headline(self._decision), **color)
