"""Anthropic's messages."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.recordings import MESSAGES, MESSAGES_ASKED, MESSAGES_SAID, exchange, sse, stream

VERTEX = (
    "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers"
    "/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict"
)


def said(**fields: Any) -> Call:
    call = decode(exchange(MESSAGES, MESSAGES_ASKED, {**MESSAGES_SAID, **fields}))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(MESSAGES, {**MESSAGES_ASKED, **fields}))
    assert call is not None
    return call


def streamed(*events: dict[str, Any], **fields: Any) -> Call:
    pieces = sse(*((event["type"], event) for event in events))
    call = decode(stream(MESSAGES, MESSAGES_ASKED, *pieces, **fields))
    assert call is not None
    return call


def start(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def grow(index: int, **delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def test_a_message_is_decoded() -> None:
    call = said()

    assert (call.operation_name, call.provider_name) == ("chat", "anthropic")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert (call.finish_reasons, call.parameters) == (("end_turn",), {"max_tokens": 64})


def test_cached_and_cache_written_tokens_are_input_too() -> None:
    counted = said(
        usage={
            "input_tokens": 10,
            "cache_read_input_tokens": 200,
            "cache_creation_input_tokens": 30,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 30},
            "output_tokens": 5,
            "output_tokens_details": {"thinking_tokens": 3},
            "server_tool_use": {"web_search_requests": 2},
        }
    ).usage

    assert counted == Usage(
        input_tokens=240,
        output_tokens=5,
        cache_read_input_tokens=200,
        cache_write_input_tokens=30,
        reasoning_output_tokens=3,
        billed_units={"cache_write_1h_tokens": 30, "web_searches": 2},
    )


def run(read: int, written: int, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "input_tokens": read, "output_tokens": written, **fields}


def test_iterations_that_the_top_level_leaves_out_are_added_up() -> None:
    runs = [run(55_196, 125, type="compaction"), run(220, 8)]

    counted = said(usage={"input_tokens": 220, "output_tokens": 8, "iterations": runs}).usage

    assert (counted.input_tokens, counted.output_tokens) == (55_416, 133)
    assert counted.incomplete is None


def test_another_model_s_iteration_makes_the_usage_incomplete() -> None:
    runs = [run(1128, 135), run(2543, 18, model="claude-opus-4-8"), run(1283, 10)]

    counted = said(usage={"input_tokens": 2411, "output_tokens": 145, "iterations": runs}).usage

    assert (counted.input_tokens, counted.output_tokens) == (2411, 145)
    assert counted.incomplete == "claude-opus-4-8 worked too, and is billed apart"


def test_every_kind_of_block_becomes_a_part() -> None:
    call = said(
        content=[
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            {"type": "redacted_thinking", "data": "x"},
            {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"q": 1}},
            {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"url": "u"}]},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
            {"type": "compaction", "content": "so far"},
        ]
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("redacted_thinking"),
        Part("server_tool_call", id="s1", name="web_search", arguments={"q": 1}),
        Part("server_tool_call_response", id="s1", response=[{"url": "u"}]),
        Part("tool_call", id="t1", name="f", arguments={"a": 1}),
        Part("compaction", content="so far"),
    )
    assert [part.id for part in call.tool_calls] == ["t1"]


def test_every_kind_of_input_is_kept() -> None:
    image = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    content = [
        {"type": "text", "text": "Look"},
        {"type": "image", "source": image},
        {"type": "image", "source": {"type": "url", "url": "https://x.example/a.png"}},
        {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "d"}},
        {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "ok"}]},
    ]

    call = asked(
        system=[{"type": "text", "text": "Be brief"}],
        messages=[{"role": "user", "content": content}],
    )

    assert call.system_instructions == (Part("text", content="Be brief"),)
    assert call.input_messages == (
        Message(
            "user",
            (
                Part("text", content="Look"),
                Part("blob", content="AAAA", mime_type="image/png", modality="image"),
                Part("uri", uri="https://x.example/a.png", modality="image"),
                Part("file", file_id="file_1", modality="document"),
                Part("text", content="d", mime_type="text/plain"),
                Part("tool_call_response", id="t1", response="ok"),
            ),
        ),
    )


def test_parameters_have_their_conventional_names() -> None:
    call = asked(temperature=0, top_k=5, stop_sequences=["END"], output_config={"effort": "low"})

    assert call.parameters == {
        "temperature": 0,
        "top_k": 5,
        "max_tokens": 64,
        "stop_sequences": ["END"],
        "reasoning.level": "low",
    }


def test_fast_mode_is_a_service_tier() -> None:
    assert said(usage={"speed": "fast", "service_tier": "standard"}).service_tier == "fast"
    assert said(usage={"speed": "standard", "service_tier": "batch"}).service_tier == "batch"


def test_usage_of_a_stream_is_overwritten_by_what_grew() -> None:
    call = streamed(
        {
            "type": "message_start",
            "message": {**MESSAGES_SAID, "usage": {"input_tokens": 702, "output_tokens": 4}},
        },
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"input_tokens": 1591, "output_tokens": 90, "cache_read_input_tokens": None},
        },
    )

    assert (call.usage.input_tokens, call.usage.output_tokens) == (1591, 90)


def test_blocks_of_a_stream_are_put_together() -> None:
    call = streamed(
        start(0, type="thinking", thinking=""),
        grow(0, type="thinking_delta", thinking="h"),
        grow(0, type="thinking_delta", thinking="m"),
        grow(0, type="signature_delta", signature="s"),
        start(1, type="tool_use", id="t1", name="f", input={}),
        grow(1, type="input_json_delta", partial_json=""),
        grow(1, type="input_json_delta", partial_json='{"a": '),
        grow(1, type="input_json_delta", partial_json="1}"),
        start(2, type="tool_use", id="t2", name="g", input={}),
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("tool_call", id="t1", name="f", arguments={"a": 1}),
        Part("tool_call", id="t2", name="g", arguments={}),
    )
    assert call.time_to_first_chunk_s == 1.0


def test_an_error_event_is_an_error_with_what_was_said_before() -> None:
    fault = {"type": "overloaded_error", "message": "Overloaded"}

    call = streamed(
        start(0, type="text", text=""),
        grow(0, type="text_delta", text="Hel"),
        {"type": "error", "error": fault},
    )

    assert (call.output_text, call.error_type) == ("Hel", "overloaded_error")


def test_vertex_names_the_model_in_the_path() -> None:
    call = decode(exchange(VERTEX, {"anthropic_version": "v", "messages": []}, MESSAGES_SAID))

    assert call is not None
    assert call.request_model == "claude-sonnet-4-5@20250929"
    assert call.provider_name == "gcp.vertex_ai"


@pytest.mark.parametrize("asked_", [{"model": "m"}, {"messages": []}, [], b"model=m&messages=x"])
def test_a_shop_s_messages_are_none_of_ours(asked_: Any) -> None:
    assert decode(exchange("https://shop.example/v1/messages", asked_, MESSAGES_SAID)) is None
