"""Anthropic's messages."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
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
    assert (call.request_model, call.response_model) == (
        "claude-sonnet-4-5",
        "claude-sonnet-4-5-20250929",
    )
    assert (call.input_text, call.output_text, call.response_id) == ("Hi", "Hello!", "msg_1")
    assert (call.finish_reasons, call.parameters) == (("end_turn",), {"max_tokens": 64})


def test_cached_and_cache_written_tokens_are_input_too() -> None:
    counted = said(
        usage={
            "input_tokens": 10,
            "cache_read_input_tokens": 200,
            "cache_creation_input_tokens": 30,
            "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
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
        billed_units={
            "cache_write_5m_tokens": 10,
            "cache_write_1h_tokens": 20,
            "web_searches": 2,
        },
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


def test_runs_that_name_the_message_s_own_model_are_added_up_too() -> None:
    own = MESSAGES_SAID["model"]
    runs = [run(900, 30, type="compaction"), run(100, 5, model=own), run(120, 8, model=own)]

    counted = said(usage={"input_tokens": 220, "output_tokens": 13, "iterations": runs}).usage

    assert (counted.input_tokens, counted.output_tokens) == (1120, 43)
    assert counted.incomplete is None


def test_a_model_that_declined_before_another_answered_makes_the_usage_incomplete() -> None:
    served = run(106, 12, type="fallback_message", model=MESSAGES_SAID["model"])
    runs = [run(106, 1, model="claude-fable-5"), served]

    counted = said(usage={"input_tokens": 106, "output_tokens": 12, "iterations": runs}).usage

    assert (counted.input_tokens, counted.output_tokens) == (106, 12)
    assert counted.incomplete == "claude-fable-5 worked too, and is billed apart"


@pytest.mark.parametrize(("category", "flag"), [("cyber", "cyber"), (None, "refusal")])
def test_a_refusal_is_flagged_by_its_category(category: str | None, flag: str) -> None:
    details = {"type": "refusal", "category": category, "explanation": None}
    refused = {"stop_reason": "refusal", "stop_details": details}

    plain = said(content=[], **refused)
    stream_ = streamed(
        {"type": "message_start", "message": {**MESSAGES_SAID, "content": []}},
        {"type": "message_delta", "delta": refused, "usage": {}},
    )

    for call in (plain, stream_):
        assert (call.finish_reasons, call.error_type) == (("refusal",), None)
        assert call.flags == (Flag(category=flag, subject="input", flagged=True),)


def test_no_flag_is_raised_where_nothing_was_refused() -> None:
    assert said(stop_details=None).flags == ()


def test_sources_that_a_text_cites_are_parts_behind_it() -> None:
    page = {
        "type": "web_search_result_location",
        "url": "https://x.example/a",
        "title": "A",
        "cited_text": "It is.",
        "encrypted_index": "e",
    }
    document = {
        "type": "char_location",
        "cited_text": "So.",
        "document_title": "B",
        "file_id": "file_1",
    }

    plain = said(content=[{"type": "text", "text": "Yes", "citations": [page, document]}])
    stream_ = streamed(
        start(0, type="text", text="", citations=[]),
        grow(0, type="text_delta", text="Yes"),
        grow(0, type="citations_delta", citation=page),
        grow(0, type="citations_delta", citation=document),
    )

    for call in (plain, stream_):
        assert call.output_messages[0].parts == (
            Part("text", content="Yes"),
            Part(
                "web_search_result_location",
                content="It is.",
                name="A",
                uri="https://x.example/a",
            ),
            Part("char_location", content="So.", name="B", file_id="file_1"),
        )


def test_every_kind_of_block_becomes_a_part() -> None:
    call = said(
        content=[
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            {"type": "redacted_thinking", "data": "x"},
            {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"q": 1}},
            {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"url": "u"}]},
            {
                "type": "mcp_tool_use",
                "id": "m1",
                "name": "look_up",
                "server_name": "shop",
                "input": {"q": 2},
            },
            {"type": "mcp_tool_result", "tool_use_id": "m1", "content": "", "is_error": True},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
            {"type": "container_upload", "file_id": "file_1"},
            {"type": "compaction", "content": "so far"},
        ]
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("redacted_thinking"),
        Part("server_tool_call", id="s1", name="web_search", arguments={"q": 1}),
        Part("server_tool_call_response", id="s1", response=[{"url": "u"}]),
        Part("server_tool_call", id="m1", name="look_up", arguments={"q": 2}),
        Part("server_tool_call_response", id="m1", response="", is_error=True),
        Part("tool_call", id="t1", name="f", arguments={"a": 1}),
        Part("file", file_id="file_1"),
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


def test_a_document_has_its_title_and_one_of_blocks_is_its_blocks() -> None:
    image = {"type": "image", "source": {"type": "url", "url": "https://x.example/a.png"}}
    held = [{"type": "text", "text": "One."}, image]
    content = [
        {
            "type": "document",
            "title": "Rules",
            "source": {"type": "url", "url": "https://x.example/a.pdf"},
        },
        {"type": "document", "source": {"type": "content", "content": held}},
        {"type": "document", "source": {"type": "content", "content": "Two."}},
    ]

    assert asked(messages=[{"role": "user", "content": content}]).input_messages[0].parts == (
        Part("uri", uri="https://x.example/a.pdf", modality="document", name="Rules"),
        Part("text", content="One."),
        Part("uri", uri="https://x.example/a.png", modality="image"),
        Part("text", content="Two."),
    )


def test_what_the_program_searched_for_the_model_keeps_its_source() -> None:
    found = {
        "type": "search_result",
        "title": "Rules",
        "source": "kb://rules",
        "content": [{"type": "text", "text": "One."}, {"type": "text", "text": " Two."}],
    }

    assert asked(messages=[{"role": "user", "content": [found]}]).input_messages[0].parts == (
        Part("search_result", content="One. Two.", name="Rules", uri="kb://rules"),
    )


def test_a_tool_is_a_function_with_its_schema() -> None:
    tool = {"name": "f", "description": "d", "input_schema": {"type": "object"}}

    assert asked(tools=[tool]).tool_definitions == (
        {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
    )


def test_a_cost_that_a_gateway_reports_is_kept() -> None:
    assert said(usage={"input_tokens": 8, "output_tokens": 2, "cost": 0.5}).reported_cost_usd == 0.5


def test_a_thread_goes_on_from_an_earlier_response() -> None:
    thread = {"type": "continue", "previous_message_id": "msg_0"}

    assert asked(thread=thread).parameters["previous_response.id"] == "msg_0"


def test_parameters_have_their_conventional_names() -> None:
    call = asked(
        temperature=0,
        top_p=0.5,
        top_k=5,
        stop_sequences=["END"],
        output_config={"effort": "low"},
    )

    assert call.parameters == {
        "temperature": 0,
        "top_p": 0.5,
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


def test_a_block_without_a_start_is_known_by_what_it_grows_by() -> None:
    call = streamed(
        grow(0, type="thinking_delta", thinking="hm"),
        grow(1, type="text_delta", text="4"),
        grow(2, type="input_json_delta", partial_json='{"a": 1}'),
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("text", content="4"),
        Part("tool_call", arguments={"a": 1}),
    )


def test_words_of_a_block_s_start_are_said_too() -> None:
    call = streamed(start(0, type="text", text="Hel"), grow(0, type="text_delta", text="lo!"))

    assert (call.output_text, call.time_to_first_chunk_s) == ("Hello!", 0.5)


def test_an_error_event_is_an_error_with_what_was_said_before() -> None:
    fault = {"type": "overloaded_error", "message": "Overloaded"}

    call = streamed(
        start(0, type="text", text=""),
        grow(0, type="text_delta", text="Hel"),
        {"type": "error", "error": fault},
    )

    assert (call.output_text, call.error_type) == ("Hel", "overloaded_error")


def test_vertex_names_the_model_in_the_path() -> None:
    for url in (VERTEX, VERTEX.replace("@", "%40")):
        call = decode(exchange(url, {"anthropic_version": "v", "messages": []}, MESSAGES_SAID))

        assert call is not None
        assert call.request_model == "claude-sonnet-4-5@20250929"
        assert call.provider_name == "gcp.vertex_ai"


@pytest.mark.parametrize("asked_", [{"model": "m"}, {"messages": []}, [], b"model=m&messages=x"])
def test_a_shop_s_messages_are_none_of_ours(asked_: Any) -> None:
    assert decode(exchange("https://shop.example/v1/messages", asked_, MESSAGES_SAID)) is None


def test_a_tool_result_keeps_that_the_tool_failed() -> None:
    failed = {"type": "tool_result", "tool_use_id": "t", "content": "no", "is_error": True}
    messages = [{"role": "user", "content": [failed]}]

    call = decode(exchange(MESSAGES, {**MESSAGES_ASKED, "messages": messages}))

    assert call is not None
    assert call.input_messages[0].parts[0].is_error is True
