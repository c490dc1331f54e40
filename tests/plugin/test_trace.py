"""`llm.trace`, and what a report keeps of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sdk.scripted import Scripted
from tests.wire.recordings import CHAT_SAID

ASKS: dict[str, Any] = {
    **CHAT_SAID,
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"name": "look_up", "arguments": '{"order": "A-1"}'},
                    }
                ],
            },
        }
    ],
}
SOURCE = """
    import openai

    def test_it(llm):
        client = openai.OpenAI(base_url=f"{URL}/v1", api_key="k")
        llm.tag(user_id="u1", session_id="s1")
        messages = [{"role": "user", "content": "Where is A-1?"}]
        with llm.step("plan"):
            said = client.chat.completions.create(model="gpt-4o", messages=messages)
        (call,) = said.choices[0].message.tool_calls
        messages += [said.choices[0].message.model_dump(exclude_none=True)]
        messages += [{"role": "tool", "tool_call_id": call.id, "content": "on its way"}]
        with llm.step("answer"):
            client.chat.completions.create(model="gpt-4o", messages=messages)
        MORE
"""


@pytest.fixture
def server():
    with Scripted([ASKS, CHAT_SAID]) as running:
        yield running


def source(server: Scripted, more: str) -> str:
    return SOURCE.replace("URL", repr(server.url)).replace("MORE", more)


def test_a_test_reads_what_a_tool_returned(project, server):
    check = (
        "assert llm.trace.tools[0].response == llm.calls[0].tool_uses[0].response == 'on its way'"
    )
    project.test(source(server, check))

    project.run("--llm-live").assert_outcomes(passed=1)


def test_the_tree_prints(project, server):
    project.test(source(server, "print(llm.trace)"))

    result = project.run("--llm-live", "-s")

    result.stdout.fnmatch_lines(
        [
            "*test test_it.py::test_it  ?.?? s",
            "  step plan  ?.?? s",
            "    chat gpt-4o-2024-08-06  ?.?? s",
            '      tool look_up({"order": "A-1"}) -> on its way',
            "  step answer  ?.?? s",
            "    chat gpt-4o-2024-08-06  ?.?? s",
        ]
    )


def test_the_report_has_the_tree_and_nothing_of_what_was_said(project, server):
    project.test(source(server, "pass"))

    project.run("--llm-live", "--llm-report", "--llm-report-content=none")

    root = project.report["tests"][0]["trace"]
    plan, answer = root["children"]
    (call,) = plan["children"]
    (tool,) = call["children"]
    assert [root["kind"], plan["name"], answer["name"]] == ["test", "plan", "answer"]
    assert (tool["kind"], tool["name"], tool["answered"]) == ("tool", "look_up", True)
    assert "on its way" not in str(project.report)
    first = project.calls_log[1]
    assert first["id"] == call["call"]
    assert first["step_path"] == ["plan"]
    assert first["attributes"]["user.id"] == "u1"
    assert "on its way" not in str(project.calls_log)


def test_with_content_a_call_s_line_has_what_its_tools_returned(project, server):
    project.test(source(server, "pass"))

    project.run("--llm-live", "--llm-report", "--llm-report-content=all")

    (use,) = project.calls_log[1]["tool_uses"]
    assert (use["name"], use["arguments"], use["response"]) == (
        "look_up",
        {"order": "A-1"},
        "on its way",
    )


def test_a_failing_test_shows_what_its_tools_returned(project, server):
    project.test(source(server, "assert False"))

    result = project.run("--llm-live")

    result.stdout.fnmatch_lines(
        ["*tool call", '*| look_up({"order": "A-1"})', "*returned", '*| "on its way"']
    )
