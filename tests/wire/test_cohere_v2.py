"""Cohere's second API."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.cohere_v2 import ASKED, CHAT, SAID, START, STREAM, USAGE, end, event
from tests.wire.recordings import exchange, sse, stream

TOOL = {"id": "t1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def said(message: Any = None, **fields: Any) -> Call:
    answer = {**SAID, **({"message": message} if message else {}), **fields}
    call = decode(exchange(CHAT, ASKED, answer))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(CHAT, {**ASKED, **fields}))
    assert call is not None
    return call


def streamed(*events: Any, **fields: Any) -> Call:
    call = decode(stream(CHAT, ASKED, *sse(*events), **fields))
    assert call is not None
    return call


def test_a_chat_is_decoded() -> None:
    call = said()

    assert (call.operation_name, call.provider_name) == ("chat", "cohere")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert (call.request_model, call.response_id) == ("command-a-03-2025", "c-1")
    assert call.finish_reasons == ("COMPLETE",)


def test_billed_tokens_count_and_cached_ones_may_be_more() -> None:
    assert said().usage == Usage(input_tokens=8, output_tokens=2, cache_read_input_tokens=48)


def test_plans_and_thoughts_are_reasoning_and_no_text() -> None:
    planned = said({"role": "assistant", "tool_plan": "I will look", "tool_calls": [TOOL]})
    thought = said(
        {"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "4"}]}
    )

    assert planned.output_messages == (
        Message(
            "assistant",
            (
                Part("reasoning", content="I will look"),
                Part("tool_call", id="t1", name="f", arguments={"a": 1}),
            ),
        ),
    )
    assert thought.output_text == "4"
    assert thought.output_messages[0].parts[0] == Part("reasoning", content="hm")


def test_citations_name_their_sources() -> None:
    document = {"type": "document", "id": "doc:0", "document": {"title": "Oslo"}}
    cited = {"start": 0, "end": 5, "text": "Hello", "sources": [document]}

    call = said({**SAID["message"], "citations": [cited]})

    assert call.output_messages[0].parts == (
        Part("text", content="Hello!"),
        Part("citation", content="Hello", name="doc:0"),
    )


def test_documents_come_before_the_conversation() -> None:
    call = asked(documents=["Oslo is cold.", {"id": "1", "data": {"title": "Rome"}}])

    assert call.input_messages[0] == Message(
        "user",
        (
            Part("text", content="Oslo is cold."),
            Part("text", content='{"id": "1", "data": {"title": "Rome"}}'),
        ),
        name="documents",
    )
    assert call.input_text == "Hi"


def test_every_kind_of_message_is_kept() -> None:
    document = {"type": "document", "document": {"id": "1", "data": {"degrees": 30}}}
    picture = {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}}

    call = asked(
        messages=[
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": [{"type": "text", "text": "Look"}, picture]},
            {"role": "assistant", "tool_plan": "I will look", "tool_calls": [TOOL]},
            {"role": "tool", "tool_call_id": "t1", "content": '{"degrees": 30}'},
            {"role": "tool", "tool_call_id": "t2", "content": [document]},
        ]
    )

    assert call.input_messages == (
        Message("system", (Part("text", content="Be brief"),)),
        Message(
            "user",
            (
                Part("text", content="Look"),
                Part("uri", uri="https://x.example/a.png", modality="image"),
            ),
        ),
        Message(
            "assistant",
            (
                Part("reasoning", content="I will look"),
                Part("tool_call", id="t1", name="f", arguments={"a": 1}),
            ),
        ),
        Message("tool", (Part("tool_call_response", id="t1", response={"degrees": 30}),)),
        Message("tool", (Part("tool_call_response", id="t2", response=[document]),)),
    )


def test_tools_are_defined_by_their_schema() -> None:
    function = {"name": "f", "description": "d", "parameters": {"type": "object"}}

    assert asked(tools=[{"type": "function", "function": function}]).tool_definitions == (
        {"type": "function", **function},
    )


def test_parameters_have_their_conventional_names() -> None:
    assert asked(temperature=0.5, p=0.75, k=5, seed=7).parameters == {
        "temperature": 0.5,
        "top_p": 0.75,
        "top_k": 5,
        "seed": 7,
    }


def test_a_stream_says_what_the_plain_answer_says() -> None:
    plain, call = said(), decode(stream(CHAT, ASKED, *STREAM))

    assert call is not None
    assert (call.usage, call.response_id) == (plain.usage, plain.response_id)
    assert (call.output_messages, call.finish_reasons) == (
        plain.output_messages,
        plain.finish_reasons,
    )


def test_tool_calls_of_a_stream_are_put_together_beside_the_plan() -> None:
    call = streamed(
        START,
        event("tool-plan-delta", tool_plan="I will"),
        event("tool-plan-delta", tool_plan=" look."),
        event(
            "tool-call-start",
            index=0,
            tool_calls={"id": "t1", "type": "function", "function": {"name": "f", "arguments": ""}},
        ),
        event("tool-call-delta", index=0, tool_calls={"function": {"arguments": '{"a":'}}),
        event("tool-call-delta", index=0, tool_calls={"function": {"arguments": " 1}"}}),
        ("tool-call-end", {"type": "tool-call-end", "index": 0}),
        event(
            "tool-call-start",
            index=1,
            tool_calls={"id": "t2", "function": {"name": "g", "arguments": "{}"}},
        ),
        end(finish_reason="TOOL_CALL", usage=USAGE),
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="I will look."),
        Part("tool_call", id="t1", name="f", arguments={"a": 1}),
        Part("tool_call", id="t2", name="g", arguments={}),
    )
    assert (call.finish_reasons, call.time_to_first_chunk_s) == (("TOOL_CALL",), 1.0)


def test_thoughts_and_words_of_a_stream_are_kept_apart() -> None:
    call = streamed(
        START,
        event("content-start", index=0, content={"type": "thinking", "thinking": ""}),
        event("content-delta", index=0, content={"thinking": "h"}),
        event("content-delta", index=0, content={"thinking": "m"}),
        event("content-start", index=1, content={"type": "text", "text": ""}),
        event("content-delta", index=1, content={"text": "4"}),
        event("citation-start", index=0, citations={"text": "4", "sources": [{"id": "t1:0"}]}),
        ("citation-end", {"type": "citation-end", "index": 0}),
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("text", content="4"),
        Part("citation", content="4", name="t1:0"),
    )


def test_a_stream_that_ended_in_an_error_is_one_and_keeps_what_was_said() -> None:
    call = streamed(
        START,
        event("content-delta", index=0, content={"text": "Hel"}),
        end(finish_reason="ERROR", error="out of memory"),
    )

    assert (call.output_text, call.finish_reasons) == ("Hel", ("ERROR",))
    assert (call.error_type, call.error_message) == ("ERROR", "out of memory")


def test_a_message_that_is_a_text_is_an_error() -> None:
    refused = {"id": "e-1", "message": "model 'm' not found"}

    call = decode(exchange(CHAT, ASKED, refused, status=404))

    assert call is not None
    assert (call.error_type, call.error_message) == ("404", "model 'm' not found")
    assert (call.response_id, call.output_messages) == (None, ())


@pytest.mark.parametrize("body", [{"model": "m", "messages": []}, {"messages": [{}]}, b"Hi"])
def test_a_shop_s_own_chat_is_none_of_ours(body: Any) -> None:
    assert decode(exchange("https://shop.example/v2/chat", body, SAID)) is None
