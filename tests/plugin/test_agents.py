"""What an agent did with its tools, asserted in a test."""

from __future__ import annotations

import pytest

from tests.plugin.test_trace import ASKS, source
from tests.sdk.scripted import Scripted
from tests.wire.recordings import CHAT_SAID

CHECKS = """from pytest_litmus.evaluators import agents
        """


@pytest.fixture
def server():
    with Scripted([ASKS, CHAT_SAID]) as running:
        yield running


@pytest.mark.parametrize(
    "check",
    [
        "assert agents.called(llm, 'look_up', at_least=1, at_most=1)",
        "assert agents.called_with(llm.trace, 'look_up', {'order': 'A-1'})",
        "assert agents.not_called(llm.steps['answer'], 'look_up')",
        "assert agents.steps_within(llm, at_most=2)",
        "assert agents.tools_succeeded(llm) and agents.free_of_tool_loops(llm.calls[0])",
        "llm.check(agents.only_allowed_tools(llm, {'look_up'}))",
    ],
)
def test_a_test_judges_what_the_agent_did(project, server, check):
    project.test(source(server, CHECKS + check))

    project.run("--llm-live").assert_outcomes(passed=1)


def test_a_failing_assert_quotes_the_calls(project, server):
    project.test(source(server, CHECKS + "assert agents.not_called(llm, 'look_up')"))

    result = project.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ['*<not_called: fail; 1, wanted at most 0 calls; look_up({"order": "A-1"}); called*']
    )
