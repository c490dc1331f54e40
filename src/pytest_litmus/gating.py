"""Gating: `--llm-gate`, which decides the run just made and ends its output."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.errors import PolicyError

if TYPE_CHECKING:
    from pytest_litmus.gate.deciding import Decision
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
        self._notes: list[str] = []
        try:
            self._policy = read_policy(config.invocation_params.dir / run.options.given("gate"))
        except PolicyError as error:
            raise pytest.UsageError(f"--llm-gate: {error}") from error

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

            self._decision = decide([self._run.report], self._policy)
            session.exitstatus = self._status(self._decision, exitstatus)
        return result

    def _status(self, decision: Decision, exitstatus: int) -> int:
        """The gate's exit code; failures that it has not seen are not its to allow."""
        if decision.exit_code:
            return decision.exit_code
        seen = {record.nodeid for record in self._run.records}
        if exitstatus == pytest.ExitCode.TESTS_FAILED and self._failed and self._failed <= seen:
            return 0
        if exitstatus:
            unseen = ", ".join(sorted(self._failed - seen)) or "not by a test"
            self._notes = [f"pytest itself ends with {int(exitstatus)}: {unseen}"]
        return int(exitstatus)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Write the decision after pytest's own closing line, which is green over a closed gate."""
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if self._decision is None or terminal is None:
            return
        from pytest_litmus.gate.telling import told

        closed = self._decision.exit_code != 0 or bool(self._notes)
        color = {"red": True, "bold": True} if closed else {"green": True}
        terminal.write_sep("=", "llm gate", **color)
        for line in (*told(self._decision), *self._notes):
            terminal.write_line(line, **(color if not line.startswith(" ") else {}))
