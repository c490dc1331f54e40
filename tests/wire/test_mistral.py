"""Mistral's conversations and OCR."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.mistral import (
    APPENDED,
    ASKED,
    CONVERSATION,
    DONE,
    OCR,
    PLAIN,
    RESTARTED,
    SAID,
    START,
    STREAMED,
    event,
    words,
)
from tests.wire.recordings import exchange, sse, stream


def plain(url: str, said: Any = None, *, asked: Any = None, **fields: Any) -> Call:
    known, recorded = PLAIN[url]
    call = decode(exchange(url, asked or known, recorded if said is None else said, **fields))
    assert call is not None
    return call


def streamed(*events: Any) -> Call:
    call = decode(stream(STREAMED, ASKED, *sse(*events)))
    assert call is not None
    return call


def answered(*outputs: dict[str, Any], **usage: Any) -> dict[str, Any]:
    return {**SAID, "outputs": outputs, "usage": {**SAID["usage"], **usage}}


@pytest.mark.parametrize("url", [CONVERSATION, APPENDED, RESTARTED])
def test_a_turn_of_a_conversation_is_a_chat(url: str) -> None:
    call = plain(url)

    assert (call.operation_name, call.output_text) == ("chat", "Hello!")
    assert (call.response_id, call.response_model) == ("conv_1", "mistral-medium-2508")
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)


def test_a_turn_with_an_agent_invokes_it() -> None:
    call = plain(CONVERSATION, asked={"inputs": "Hi", "agent_id": "ag_1"})

    assert (call.operation_name, call.request_model) == ("invoke_agent", None)


def test_instructions_and_parameters_are_read() -> None:
    call = plain(CONVERSATION)

    assert call.system_instructions == (Part("text", content="Be kind."),)
    assert call.parameters == {"temperature": 0.5, "max_tokens": 64, "seed": 7}


def test_inputs_are_a_text_or_entries() -> None:
    entries = [
        {"type": "message.input", "role": "user", "content": "Hi"},
        {"role": "user", "content": [{"type": "text", "text": "there"}]},
        {"type": "function.result", "tool_call_id": "c1", "result": '{"ok": true}'},
    ]

    call = plain(CONVERSATION, asked={**ASKED, "inputs": entries})

    assert [one.role for one in call.input_messages] == ["user", "user", "tool"]
    assert call.input_text == "there"
    assert call.input_messages[2].parts == (
        Part("tool_call_response", id="c1", response={"ok": True}),
    )


def test_the_entries_of_an_answer_are_one_message() -> None:
    call = plain(
        CONVERSATION,
        answered(
            {"type": "agent.handoff", "next_agent_name": "researcher"},
            {
                "type": "tool.execution",
                "id": "t1",
                "name": "web_search",
                "arguments": '{"query": "x"}',
                "info": {"hits": 2},
            },
            {"type": "function.call", "tool_call_id": "c1", "name": "f", "arguments": '{"a": 1}'},
            {
                "type": "message.output",
                "content": [
                    {"type": "text", "text": "Hello!"},
                    {"type": "tool_reference", "tool": "web_search", "url": "https://a.example"},
                ],
            },
        ),
    )

    (message,) = call.output_messages
    assert [part.type for part in message.parts] == [
        "agent.handoff",
        "server_tool_call",
        "server_tool_call_response",
        "tool_call",
        "text",
        "tool_reference",
    ]
    assert message.parts[1].arguments == {"query": "x"}
    assert call.tool_calls[0].arguments == {"a": 1}
    assert call.output_text == "Hello!"


def test_what_connectors_bring_in_is_input() -> None:
    used = {"connector_tokens": 7000, "connectors": {"web_search": 2, "code_interpreter": 1}}

    call = plain(CONVERSATION, answered(*SAID["outputs"], **used))

    assert (call.usage.input_tokens, call.usage.output_tokens) == (7008, 2)
    assert call.usage.billed_units == {"web_searches": 2, "code_executions": 1}


def test_a_stream_adds_up_to_its_entries() -> None:
    call = streamed(
        START,
        event("tool.execution.started", id="t1", name="web_search", arguments='{"q": '),
        event("tool.execution.delta", id="t1", name="web_search", arguments='"x"}'),
        event("tool.execution.done", id="t1", name="web_search", info={"hits": 2}),
        event("function.call.delta", id="f1", tool_call_id="c1", name="f", arguments='{"a": '),
        event("function.call.delta", id="f1", tool_call_id="c1", name="f", arguments="1}"),
        words("Hel"),
        words("lo!"),
        DONE,
    )

    (message,) = call.output_messages
    assert message.parts == (
        Part("server_tool_call", id="t1", name="web_search", arguments={"q": "x"}),
        Part("server_tool_call_response", id="t1", response={"hits": 2}),
        Part("tool_call", id="c1", name="f", arguments={"a": 1}),
        Part("text", content="Hello!"),
    )
    assert (call.usage.input_tokens, call.response_id) == (8, "conv_1")


def test_a_chunk_between_texts_stays_where_it_was() -> None:
    source = {"type": "tool_reference", "tool": "web_search"}

    call = streamed(START, words("Hel"), words(source), words("lo!"), DONE)

    assert [part.type for part in call.output_messages[0].parts] == [
        "text",
        "tool_reference",
        "text",
    ]


def test_an_error_may_come_in_the_stream() -> None:
    call = streamed(
        START, words("Hel"), event("conversation.response.error", message="m", code=3000)
    )

    assert (call.error_type, call.error_message, call.output_text) == ("3000", "m", "Hel")


def test_ocr_is_billed_by_the_page() -> None:
    call = plain(OCR)

    assert (call.operation_name, call.response_model) == ("prediction", "mistral-ocr-2512")
    assert call.usage.billed_units == {"input_document_pages": 2}
    assert [part.content for part in call.output_messages[0].parts] == ["# Hello", "world"]
    assert call.input_messages[0].parts == (
        Part("uri", uri="https://shop.example/a.pdf", modality="document"),
    )


def test_annotated_pages_cost_more() -> None:
    asked, said = PLAIN[OCR]

    call = plain(
        OCR,
        {**said, "document_annotation": '{"title": "Hello"}'},
        asked={**asked, "document_annotation_format": {"type": "json_schema"}},
    )

    assert call.usage.billed_units == {
        "input_document_pages": 2,
        "input_annotated_document_pages": 2,
    }
    assert call.output_messages[0].parts[-1].content == '{"title": "Hello"}'


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://shop.example/v1/conversations", {"inputs": "Hi"}),
        ("https://shop.example/v1/conversations/7", {"text": "Hi", "model": "bicycle"}),
        ("https://shop.example/ocr", {"document": "a.pdf", "model": "m"}),
        ("https://shop.example/ocr", {"document": {"id": 7}}),
    ],
)
def test_another_server_s_conversations_are_no_call(url: str, asked: Any) -> None:
    assert decode(exchange(url, asked, {})) is None
