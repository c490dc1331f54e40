"""Calls by their OpenTelemetry names."""

from __future__ import annotations

import json

import pytest

from pytest_litmus.wire.calls import Call, Message, Part, Usage

BARE = Call(operation_name="chat", provider_name="cohere", wire_format="cohere.chat")


def call(**fields: object) -> Call:
    named = {"operation_name": "chat", "provider_name": "openai", "wire_format": "openai.chat"}
    return Call(**{**named, **fields})  # type: ignore[arg-type]


def test_a_bare_call_has_the_two_attributes_that_it_must_have() -> None:
    assert BARE.attributes() == {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "cohere"}
    assert BARE.content_attributes() == {}


def test_what_is_known_is_spelled_by_the_conventions() -> None:
    full = call(
        request_model="gpt-4o",
        response_model="gpt-4o-2024-08-06",
        response_id="chatcmpl-1",
        finish_reasons=("stop",),
        streamed=True,
        usage=Usage(
            input_tokens=100,
            output_tokens=50,
            cache_read_input_tokens=0,
            cache_write_input_tokens=7,
            reasoning_output_tokens=40,
        ),
        time_to_first_chunk_s=0.5,
        system_fingerprint="fp",
        service_tier="flex",
        status=200,
        server_address="api.openai.com",
        server_port=443,
        session_id="s",
        user_id="u",
        thread="worker_0",
    )

    assert full.attributes() == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.request.stream": True,
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.time_to_first_chunk": 0.5,
        "gen_ai.conversation.id": "s",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_write.input_tokens": 7,
        "gen_ai.usage.cache_creation.input_tokens": 7,
        "gen_ai.usage.reasoning.output_tokens": 40,
        "openai.api.type": "chat_completions",
        "openai.response.system_fingerprint": "fp",
        "openai.response.service_tier": "flex",
        "server.address": "api.openai.com",
        "server.port": 443,
        "http.response.status_code": 200,
        "user.id": "u",
        "thread.name": "worker_0",
    }


def test_parameters_are_request_attributes() -> None:
    parameters = {
        "temperature": 0,
        "choice_count": 2,
        "stop_sequences": ["END"],
        "reasoning.level": "low",
    }

    attributes = call(parameters=parameters).attributes()

    assert attributes["gen_ai.request.temperature"] == 0
    assert attributes["gen_ai.request.choice.count"] == 2
    assert attributes["gen_ai.request.stop_sequences"] == ["END"]
    assert attributes["gen_ai.request.reasoning.level"] == "low"
    assert "gen_ai.request.choice_count" not in attributes


def test_an_error_has_its_type() -> None:
    assert call(error_type="429").attributes()["error.type"] == "429"


def test_content_has_the_shapes_of_the_message_schema() -> None:
    said = call(
        system_instructions=(Part("text", content="Be brief"),),
        input_messages=(
            Message("user", (Part("text", content="Hi"),), name="ann"),
            Message("tool", (Part("tool_call_response", id="c1", response={"b": 2}),)),
        ),
        output_messages=(
            Message("assistant", (Part("tool_call", id="c1", name="f", arguments={"a": 1}),)),
        ),
        finish_reasons=("tool_calls",),
        tool_definitions=({"type": "function", "name": "f"},),
    ).content_attributes()

    assert said == {
        "gen_ai.system_instructions": [{"type": "text", "content": "Be brief"}],
        "gen_ai.input.messages": [
            {"role": "user", "parts": [{"type": "text", "content": "Hi"}], "name": "ann"},
            {
                "role": "tool",
                "parts": [{"type": "tool_call_response", "id": "c1", "response": {"b": 2}}],
            },
        ],
        "gen_ai.output.messages": [
            {
                "role": "assistant",
                "parts": [{"type": "tool_call", "id": "c1", "name": "f", "arguments": {"a": 1}}],
                "finish_reason": "tool_calls",
            }
        ],
        "gen_ai.tool.definitions": [{"type": "function", "name": "f"}],
    }
    assert json.loads(json.dumps(said)) == said


def test_text_leaves_reasoning_and_refusals_out() -> None:
    parts = (
        Part("reasoning", content="hm"),
        Part("text", content="a"),
        Part("refusal", content="no"),
        Part("text", content="b"),
    )

    assert call(output_messages=(Message("assistant", parts),)).output_text == "ab"


def test_the_input_text_is_the_last_that_the_user_said() -> None:
    messages = tuple(
        Message(role, (Part("text", content=text),))
        for role, text in (("user", "first"), ("user", "last"), ("assistant", "said"))
    )

    assert call(input_messages=messages).input_text == "last"
    assert BARE.input_text == ""
    assert BARE.output_text == ""


def test_tool_calls_of_all_choices_are_listed() -> None:
    choices = tuple(Message("assistant", (Part("tool_call", name=name),)) for name in "fg")

    assert [part.name for part in call(output_messages=choices).tool_calls] == ["f", "g"]


@pytest.mark.parametrize(
    ("usage", "total"),
    [
        (Usage(), None),
        (Usage(input_tokens=1), None),
        (Usage(output_tokens=1), None),
        (Usage(input_tokens=0, output_tokens=0), 0),
        (Usage(input_tokens=1, output_tokens=2), 3),
    ],
)
def test_a_total_needs_both_counts(usage: Usage, total: int | None) -> None:
    assert usage.total_tokens == total


@pytest.mark.parametrize(
    ("output_tokens", "duration_s", "rate"),
    [(50, 2.0, 25.0), (None, 2.0, None), (50, None, None), (50, 0.0, None)],
)
def test_a_rate_needs_tokens_and_time(
    output_tokens: int | None, duration_s: float | None, rate: float | None
) -> None:
    timed = call(usage=Usage(output_tokens=output_tokens), duration_s=duration_s)

    assert timed.output_tokens_per_s == rate
