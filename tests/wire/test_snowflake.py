"""Snowflake Cortex: completions and embeddings."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.snowflake import ASKED, COMPLETE, EMBED, PLAIN, SAID, STREAM, USAGE, words
from tests.wire.formats.snowflake import event as chunk
from tests.wire.recordings import exchange, sse, stream


def plain(said: Any = SAID, *, asked: Any = ASKED, **fields: Any) -> Call:
    call = decode(exchange(COMPLETE, asked, said, **fields))
    assert call is not None
    return call


def streamed(*pieces: bytes) -> Call:
    call = decode(stream(COMPLETE, ASKED, *pieces))
    assert call is not None
    return call


def answered(*content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**SAID, "choices": [{"message": {"content": "", "content_list": content}}], **fields}


def test_text_stands_twice_and_is_read_once() -> None:
    call = plain()

    assert (call.operation_name, call.output_text) == ("chat", "Hello!")
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert (call.provider_name, call.wire_format) == ("snowflake", "snowflake.cortex")


def test_a_stream_counts_at_its_end() -> None:
    call = streamed(*STREAM)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert (call.output_text, call.finish_reasons) == ("Hello!", ())
    assert (call.response_id, call.response_model) == ("s-1", "claude-3-5-sonnet")


def test_a_tool_call_is_typed_content() -> None:
    used = {"tool_use_id": "tooluse_1", "name": "get_weather", "input": {"place": "Rome"}}

    call = plain(
        answered({"type": "text", "text": "I look."}, {"type": "tool_use", "tool_use": used})
    )

    assert call.output_text == "I look."
    assert call.tool_calls == (
        Part("tool_call", id="tooluse_1", name="get_weather", arguments={"place": "Rome"}),
    )


def test_a_streamed_tool_call_begins_with_its_name_and_goes_on_in_pieces() -> None:
    pieces = [
        chunk(words("I look.")),
        chunk({"type": "tool_use", "tool_use_id": "t1", "name": "get_weather", "text": ""}),
        chunk({"type": "tool_use", "input": '{"place": '}),
        chunk({"type": "tool_use", "input": '"Rome"}'}),
        chunk({"type": "tool_use", "tool_use_id": "t2", "name": "get_time", "text": ""}),
        chunk({"type": "tool_use", "input": "{}"}, USAGE),
    ]

    call = streamed(*sse(*pieces))

    assert call.output_text == "I look."
    assert [(part.id, part.name, part.arguments) for part in call.tool_calls] == [
        ("t1", "get_weather", {"place": "Rome"}),
        ("t2", "get_time", {}),
    ]


def test_what_a_tool_returned_is_the_program_s_answer() -> None:
    returned = {
        "tool_use_id": "t1",
        "name": "get_weather",
        "content": [{"type": "text", "text": "sunny"}],
    }
    turn = {"role": "user", "content_list": [{"type": "tool_results", "tool_results": returned}]}

    call = plain(asked={**ASKED, "messages": [turn]})

    assert call.input_messages[0].parts == (Part("tool_call_response", id="t1", response="sunny"),)


@pytest.mark.parametrize(
    "thought",
    [
        {"type": "anthropic", "thinking": {"thinking": "Hm.", "signature": "x"}},
        {"type": "openai", "reasoning": {"summary": "Hm.", "encrypted_content": "x"}},
    ],
)
def test_thoughts_have_a_name_for_each_maker(thought: dict[str, Any]) -> None:
    reasoning, said = Part("reasoning", content="Hm."), Part("text", content="Hello!")

    assert plain(answered(thought, {"type": "text", "text": "Hello!"})).output_messages[
        0
    ].parts == (reasoning, said)
    assert streamed(*sse(chunk(thought), *[chunk(words("Hello!"))])).output_messages[0].parts == (
        reasoning,
        said,
    )


def test_an_image_is_a_blob() -> None:
    image = {"type": "base64", "content": "aGVsbG8=", "content_type": "image/png"}
    turn = {"role": "user", "content_list": [{"type": "image", "details": image}]}

    assert plain(asked={**ASKED, "messages": [turn]}).input_messages[0].parts == (
        Part("blob", content="aGVsbG8=", mime_type="image/png", modality="image"),
    )


def test_a_tool_of_the_program_is_a_function() -> None:
    (tool,) = plain().tool_definitions

    assert (tool["type"], tool["name"]) == ("function", "get_weather")
    assert tool["parameters"]["properties"] == {"place": {"type": "string"}}


def test_the_guard_s_tokens_are_counted_apart() -> None:
    call = plain({**SAID, "usage": {**USAGE, "guard_tokens": 30, "cache_write_input_tokens": 4}})

    assert call.usage.billed_units == {"guard_tokens": 30}
    assert (call.usage.input_tokens, call.usage.cache_write_input_tokens) == (8, 4)


@pytest.mark.parametrize("place", ["choice", "answer"])
def test_the_reason_of_the_end_stands_in_the_choice_or_beside_it(place: str) -> None:
    ended = {"finish_reason": "content_filter"}
    said = (
        {**SAID, **ended}
        if place == "answer"
        else {**SAID, "choices": [{**SAID["choices"][0], **ended}]}
    )

    assert plain(said).finish_reasons == ("content_filter",)


def test_an_embedding_is_a_list_in_a_list() -> None:
    call = decode(exchange(EMBED, *PLAIN[EMBED]))

    assert call is not None
    assert (call.embedding_dimensions, call.embedding_count) == (3, 2)
    assert (call.usage.input_tokens, call.usage.output_tokens) == (4, 0)
    assert [one.text for one in call.input_messages] == ["Hi", "Ho"]


def test_an_error_has_a_code_and_a_message() -> None:
    call = plain({"code": "390318", "message": "token expired", "request_id": "r"}, status=401)

    assert (call.error_type, call.error_message) == ("390318", "token expired")


def test_other_statements_of_the_account_are_no_call() -> None:
    url = "https://acme-x1.snowflakecomputing.com/api/v2/statements"

    assert decode(exchange(url, {"statement": "select 1"}, {})) is None
