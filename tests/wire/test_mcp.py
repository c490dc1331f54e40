"""Requests to MCP servers over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, ToolUse
from tests.wire.formats.mcp import ASKED, INITIALIZE, SAID, TOOLS
from tests.wire.recordings import exchange, sse, stream

SESSION = (("Mcp-Session-Id", "s1"),)


def called(said: Any = SAID, **fields: Any) -> Call:
    call = decode(exchange(TOOLS, ASKED, said, **fields))
    assert call is not None
    return call


def test_a_tool_call_is_what_was_asked_and_what_the_tool_returned() -> None:
    call = called()

    assert (call.operation_name, call.runs_model, call.error_type) == ("execute_tool", False, None)
    assert call.tool_uses == (
        ToolUse(
            name="look_up",
            id="7",
            arguments={"order": "A-1"},
            answered=True,
            response="on its way",
            is_error=False,
        ),
    )
    assert call.attributes()["gen_ai.tool.name"] == "look_up"
    assert call.content_attributes() == {
        "gen_ai.tool.call.arguments": {"order": "A-1"},
        "gen_ai.tool.call.result": "on its way",
    }


def test_a_structured_result_wins_over_its_text() -> None:
    result = {"content": [{"type": "text", "text": "{}"}], "structuredContent": {"state": "sent"}}

    call = called({**SAID, "result": result})

    assert call.tool_uses[0].response == {"state": "sent"}


def test_a_streamed_result_is_the_event_after_those_of_progress() -> None:
    progress = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1}}

    call = decode(stream(TOOLS, ASKED, *sse(("message", progress), ("message", SAID))))

    assert call == called(duration_s=9.0)


def test_a_tool_that_failed_is_an_error_with_its_own_words() -> None:
    failed = {"content": [{"type": "text", "text": "no such order"}], "isError": True}

    call = called({**SAID, "result": failed})

    assert (call.error_type, call.error_message) == ("tool_error", "no such order")
    assert (call.tool_uses[0].response, call.tool_uses[0].is_error) == ("no such order", True)


def test_an_error_of_the_protocol_is_named_by_its_code() -> None:
    call = called({"jsonrpc": "2.0", "id": 7, "error": {"code": -32602, "message": "Unknown tool"}})

    assert (call.error_type, call.error_message) == ("-32602", "Unknown tool")


def test_a_result_that_comes_over_another_connection_is_not_seen_and_no_error() -> None:
    call = called(b"", status=202)

    assert (call.error_type, call.tool_uses[0].answered) == (None, False)


@pytest.mark.parametrize(
    ("asked", "headers", "operation_name"),
    [
        (INITIALIZE, (), "initialize"),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, (), "tools/list"),
        (
            {"jsonrpc": "2.0", "method": "notifications/initialized"},
            (),
            "notifications/initialized",
        ),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping"}, SESSION, "ping"),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, SESSION, "response"),
    ],
)
def test_what_else_is_asked_runs_no_tool(asked: Any, headers: Any, operation_name: str) -> None:
    call = decode(exchange(TOOLS, asked, request_headers=headers))

    assert call is not None
    assert (call.operation_name, call.runs_model) == (operation_name, False)


@pytest.mark.parametrize(
    "asked",
    [
        {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": []},
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"rootUri": "file:///x"}},
        {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {}},
        {"method": "tools/call", "params": {"name": "x"}},
    ],
)
def test_other_protocols_on_json_rpc_are_no_calls(asked: Any) -> None:
    assert decode(exchange(TOOLS, asked)) is None
