"""OpenAI's Responses API."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part
from tests.wire.recordings import (
    RESPONSES,
    RESPONSES_ASKED,
    RESPONSES_SAID,
    RESPONSES_STREAM,
    exchange,
    sse,
    stream,
)


def said(**fields: Any) -> Call:
    call = decode(exchange(RESPONSES, RESPONSES_ASKED, {**RESPONSES_SAID, **fields}))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(RESPONSES, {**RESPONSES_ASKED, **fields}))
    assert call is not None
    return call


def streamed(*events: dict[str, Any]) -> Call:
    pieces = sse(*((event["type"], event) for event in events))
    call = decode(stream(RESPONSES, RESPONSES_ASKED, *pieces))
    assert call is not None
    return call


def test_a_response_is_a_chat_of_one_message() -> None:
    call = said()

    assert (call.operation_name, call.wire_format) == ("chat", "openai.responses")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert call.finish_reasons == ("completed",)
    assert call.usage.total_tokens == 10


def test_instructions_and_every_kind_of_input_are_kept() -> None:
    call = asked(
        instructions="Be brief",
        input=[
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Look"},
                    {"type": "input_image", "image_url": "https://x.example/a.png"},
                    {"type": "input_image", "file_id": "file-1"},
                    {"type": "input_file", "file_url": "https://x.example/a.pdf"},
                ],
            },
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "done"},
        ],
    )

    assert call.system_instructions == (Part("text", content="Be brief"),)
    assert call.input_messages == (
        Message(
            "user",
            (
                Part("text", content="Look"),
                Part("uri", uri="https://x.example/a.png", modality="image"),
                Part("file", file_id="file-1", modality="image"),
                Part("uri", uri="https://x.example/a.pdf"),
            ),
        ),
        Message("assistant", (Part("tool_call", id="c1", name="f", arguments={}),)),
        Message("tool", (Part("tool_call_response", id="c1", response="done"),)),
    )


def test_every_kind_of_output_becomes_a_part() -> None:
    call = said(
        output=[
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "web_search_call", "id": "ws", "action": {"query": "q"}},
            {"type": "mcp_call", "id": "m", "name": "read", "arguments": '{"a": 1}'},
            {"type": "mcp_list_tools", "id": "l"},
            {"type": "custom_tool_call", "call_id": "c1", "name": "f", "input": "raw"},
            {"type": "computer_call", "call_id": "c2", "action": {"type": "click"}},
            {"type": "message", "content": [{"type": "refusal", "refusal": "no"}]},
        ]
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("server_tool_call", id="ws", name="web_search_call", arguments={"query": "q"}),
        Part("server_tool_call", id="m", name="read", arguments={"a": 1}),
        Part("mcp_list_tools", id="l"),
        Part("tool_call", id="c1", name="f", arguments="raw"),
        Part("tool_call", id="c2", name="computer_call", arguments={"type": "click"}),
        Part("refusal", content="no"),
    )
    assert [part.id for part in call.tool_calls] == ["c1", "c2"]


def test_a_search_is_billed_beside_the_tokens() -> None:
    search = {"type": "web_search_call", "id": "ws"}

    assert said(output=[search, search]).usage.billed_units == {"web_searches": 2}
    counted = {"web_search": {"num_requests": 1}}
    assert said(tool_usage=counted).usage.billed_units == {"web_searches": 1}


def test_parameters_have_their_conventional_names() -> None:
    call = asked(max_output_tokens=9, reasoning={"effort": "high"}, previous_response_id="resp_0")

    assert call.parameters == {
        "max_tokens": 9,
        "reasoning.level": "high",
        "previous_response.id": "resp_0",
    }


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            ("max_output_tokens",),
        ),
        ({"status": "queued", "output": [], "usage": None}, ()),
        ({"status": "in_progress"}, ()),
    ],
)
def test_the_finish_reason_tells_why_it_ended(fields: Any, reasons: tuple[str, ...]) -> None:
    call = said(**fields)

    assert (call.finish_reasons, call.error_type) == (reasons, None)


def test_a_failed_response_is_an_error() -> None:
    fault = {"code": "server_error", "message": "m"}

    plain = said(status="failed", error=fault)
    live = streamed({"type": "response.failed", "response": {"status": "failed", "error": fault}})
    bare = streamed({"type": "error", **fault})

    assert [call.error_type for call in (plain, live, bare)] == ["server_error"] * 3


def test_a_stream_cut_short_is_put_together_from_its_deltas() -> None:
    call = decode(stream(RESPONSES, RESPONSES_ASKED, *RESPONSES_STREAM[:-1], ended="closed"))

    assert call is not None
    assert (call.output_text, call.response_id, call.error_type) == ("Hello!", "resp_1", None)
    assert call.usage.input_tokens is None


def test_tool_arguments_of_a_stream_cut_short_are_put_together() -> None:
    item = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": ""}
    kind = "response.function_call_arguments.delta"

    call = streamed(
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": kind, "output_index": 0, "delta": '{"a"'},
        {"type": kind, "output_index": 0, "delta": ": 1}"},
    )

    assert call.tool_calls == (Part("tool_call", id="c1", name="f", arguments={"a": 1}),)
    assert call.time_to_first_chunk_s == 1.0


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("response.refusal.delta", Part("refusal", content="no")),
        ("response.reasoning_text.delta", Part("reasoning", content="no")),
    ],
)
def test_other_deltas_are_content_too(kind: str, part: Part) -> None:
    item = {"type": "reasoning"} if "reasoning" in kind else {"type": "message"}

    call = streamed(
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": kind, "output_index": 0, "content_index": 0, "delta": "n"},
        {"type": kind, "output_index": 0, "content_index": 0, "delta": "o"},
    )

    assert call.output_messages[0].parts == (part,)
    assert call.time_to_first_chunk_s == 1.0


@pytest.mark.parametrize("tail", ["/input_tokens", "/resp_1/cancel"])
def test_only_the_collection_itself_is_a_chat(tail: str) -> None:
    assert decode(exchange(RESPONSES + tail, RESPONSES_ASKED)) is None
