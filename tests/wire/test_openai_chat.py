"""OpenAI's chat completions and the dialects of those who copy it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.recordings import (
    CHAT,
    CHAT_ASKED,
    CHAT_SAID,
    CHAT_STREAM,
    delta,
    exchange,
    sse,
    stream,
)


def said(message: Any, *, url: str = CHAT, **fields: Any) -> Call:
    answer = {**CHAT_SAID, "choices": [{"message": message, "finish_reason": "stop"}], **fields}
    call = decode(exchange(url, CHAT_ASKED, answer))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(CHAT, {**CHAT_ASKED, **fields}))
    assert call is not None
    return call


def streamed(*events: Any, url: str = CHAT) -> Call:
    call = decode(stream(url, CHAT_ASKED, *sse(*events)))
    assert call is not None
    return call


def usage(**counts: Any) -> Usage:
    return said({"content": "x"}, usage=counts).usage


def test_a_plain_chat_is_decoded() -> None:
    call = decode(exchange(CHAT, CHAT_ASKED, CHAT_SAID))

    assert call is not None
    assert (call.operation_name, call.provider_name, call.wire_format) == (
        "chat",
        "openai",
        "openai.chat",
    )
    assert (call.request_model, call.response_model) == ("gpt-4o", "gpt-4o-2024-08-06")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert (call.finish_reasons, call.response_id) == (("stop",), "chatcmpl-1")
    assert call.usage == Usage(input_tokens=8, output_tokens=2)


def test_every_kind_of_content_becomes_a_part() -> None:
    content = [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "input_audio", "input_audio": {"data": "BBBB", "format": "wav"}},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf,CC"}},
        {"type": "hologram"},
    ]

    call = asked(messages=[{"role": "user", "content": content}])

    assert call.input_messages[0].parts == (
        Part("text", content="Look"),
        Part("uri", uri="https://x.example/a.png", modality="image"),
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
        Part("blob", content="BBBB", mime_type="audio/wav", modality="audio"),
        Part("file", file_id="file-1"),
        Part("blob", content="CC", mime_type="application/pdf"),
        Part("hologram"),
    )


def test_a_tool_s_answer_names_the_call_it_answers() -> None:
    call = asked(
        messages=[
            {"role": "system", "content": "Be brief"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": '{"a": 1}'}}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": '{"b": 2}'},
        ]
    )

    assert call.input_messages == (
        Message("system", (Part("text", content="Be brief"),)),
        Message("assistant", (Part("tool_call", id="c1", name="f", arguments={"a": 1}),)),
        Message("tool", (Part("tool_call_response", id="c1", response={"b": 2}),)),
    )


def test_parameters_have_their_conventional_names() -> None:
    call = asked(
        temperature=0.5,
        top_p=1,
        max_completion_tokens=9,
        seed=7,
        stop="END",
        n=2,
        frequency_penalty=0.1,
        presence_penalty=-0.1,
        reasoning_effort="low",
        service_tier="flex",
        tools=[{"type": "function", "function": {"name": "f"}}],
    )

    assert call.parameters == {
        "temperature": 0.5,
        "top_p": 1,
        "max_tokens": 9,
        "seed": 7,
        "stop_sequences": ["END"],
        "choice_count": 2,
        "frequency_penalty": 0.1,
        "presence_penalty": -0.1,
        "reasoning.level": "low",
    }
    assert call.service_tier == "flex"
    assert call.tool_definitions == ({"type": "function", "function": {"name": "f"}},)


def test_an_azure_deployment_is_the_model_asked_for() -> None:
    url = "https://r.openai.azure.com//openai/deployments/my-gpt/chat/completions?api-version=1"
    call = decode(exchange(url, {"messages": []}, CHAT_SAID))

    assert call is not None
    assert call.request_model == "my-gpt"


def test_a_choice_that_azure_filtered_has_no_message() -> None:
    answer = {**CHAT_SAID, "choices": [{"finish_reason": "content_filter", "index": 0}]}
    call = decode(exchange(CHAT, CHAT_ASKED, answer))

    assert call is not None
    assert call.output_messages == (Message("assistant"),)
    assert call.finish_reasons == ("content_filter",)
    assert call.error_type is None


def test_a_refusal_is_a_part_and_no_text() -> None:
    call = said({"role": "assistant", "content": None, "refusal": "I cannot"})

    assert call.output_text == ""
    assert call.output_messages[0].parts == (Part("refusal", content="I cannot"),)


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_reasoning_is_kept_apart_from_the_text(name: str) -> None:
    call = said({"role": "assistant", "content": "4", name: "2 and 2"})

    assert call.output_text == "4"
    assert call.output_messages[0].parts[0] == Part("reasoning", content="2 and 2")


def test_mistral_s_list_of_thinking_and_text_is_read() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "2 and 2"}]}

    call = said({"role": "assistant", "content": [thinking, {"type": "text", "text": "4"}]})

    assert call.output_messages[0].parts == (
        Part("reasoning", content="2 and 2"),
        Part("text", content="4"),
    )


def test_spoken_audio_has_its_transcript_as_text() -> None:
    audio = {"id": "a1", "data": "AAAA", "transcript": "Hello"}

    call = said({"role": "assistant", "content": None, "audio": audio})

    assert call.output_text == "Hello"
    assert call.output_messages[0].parts[1] == Part(
        "blob", content="AAAA", id="a1", modality="audio"
    )


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{bad"}}]}, "{bad"),
        ({"tool_calls": [{"id": "c", "custom": {"name": "f", "input": "raw text"}}]}, "raw text"),
        ({"function_call": {"name": "f", "arguments": "[1]"}}, [1]),
        ({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": {"a": 1}}}]}, {"a": 1}),
    ],
)
def test_tool_calls_of_every_spelling_are_found(message: Any, expected: Any) -> None:
    (call,) = said(message).tool_calls

    assert (call.name, call.arguments) == ("f", expected)


def test_snowflake_s_empty_function_call_is_none() -> None:
    assert said({"content": "x", "function_call": {"name": "", "arguments": ""}}).tool_calls == ()


def test_cached_and_reasoning_tokens_are_among_all_tokens() -> None:
    counted = usage(
        prompt_tokens=100,
        completion_tokens=50,
        total_tokens=150,
        prompt_tokens_details={"cached_tokens": 60, "audio_tokens": 5},
        completion_tokens_details={"reasoning_tokens": 40},
    )

    assert counted == Usage(
        input_tokens=100,
        output_tokens=50,
        cache_read_input_tokens=60,
        reasoning_output_tokens=40,
        billed_units={"input_audio_tokens": 5},
    )


def test_deepseek_s_cache_hits_are_cached_tokens() -> None:
    assert usage(prompt_tokens=9, prompt_cache_hit_tokens=4).cache_read_input_tokens == 4


def test_reasoning_that_xai_leaves_out_of_the_output_is_added() -> None:
    counted = usage(
        prompt_tokens=32,
        completion_tokens=9,
        total_tokens=135,
        completion_tokens_details={"reasoning_tokens": 94},
    )

    assert counted.output_tokens == 103


def test_thoughts_that_google_only_totals_are_output() -> None:
    url = "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"
    counts = {"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109}

    counted = said({"content": "x"}, url=url, usage=counts).usage

    assert (counted.output_tokens, counted.reasoning_output_tokens) == (74, 62)


@pytest.mark.parametrize("counts", [None, {}, [], {"prompt_tokens": None}, {"prompt_tokens": -1}])
def test_usage_that_was_not_reported_is_unknown(counts: Any) -> None:
    assert said({"content": "x"}, usage=counts).usage == Usage()


@pytest.mark.parametrize(
    ("counts", "cost"),
    [
        ({"cost": 0.0012}, Decimal("0.0012")),
        ({"cost": 0}, Decimal(0)),
        ({"cost": 0.1, "is_byok": True, "cost_details": {"upstream_inference_cost": 2}}, 2.1),
        ({"cost": 0.1, "is_byok": True}, None),
        ({"cost": {"total_cost": 0.006}}, Decimal("0.006")),
        ({"cost": "free"}, None),
        ({"cost": float("nan")}, None),
        ({"cost": -1}, None),
        ({}, None),
    ],
)
def test_a_cost_that_the_provider_reports_is_kept(counts: Any, cost: Any) -> None:
    expected = Decimal(str(cost)) if cost is not None else None

    assert said({"content": "x"}, usage=counts).reported_cost_usd == expected


def test_choices_of_a_stream_are_kept_apart() -> None:
    call = streamed(
        delta(0, content="a"),
        delta(1, content="x"),
        delta(0, content="b", finish_reason="stop"),
        delta(1, content="y", finish_reason="length"),
    )

    assert [message.text for message in call.output_messages] == ["ab", "xy"]
    assert call.finish_reasons == ("stop", "length")


def test_cumulative_usage_of_a_stream_is_overwritten_not_summed() -> None:
    counts = [{"prompt_tokens": 12, "completion_tokens": done} for done in (0, 1, 3)]

    call = streamed(*({**delta(content="x"), "usage": count} for count in counts), "[DONE]")

    assert (call.usage.input_tokens, call.usage.output_tokens) == (12, 3)


def test_groq_s_own_place_for_usage_is_read() -> None:
    counts = {"prompt_tokens": 3, "completion_tokens": 4, "queue_time": 0.25}

    call = streamed(delta(content="x"), {"choices": [], "x_groq": {"usage": counts}})

    assert call.usage == Usage(input_tokens=3, output_tokens=4)


def test_a_stream_without_usage_has_unknown_usage() -> None:
    assert streamed(*(delta(content=word) for word in "ab"), "[DONE]").usage == Usage()


def test_names_of_a_stream_are_the_first_that_are_not_empty() -> None:
    first = {"id": "", "model": "", "choices": [], "prompt_filter_results": []}

    call = streamed(first, delta(content="x"))

    assert (call.response_id, call.response_model) == ("chatcmpl-1", "gpt-4o-2024-08-06")


def tool_delta(**fields: Any) -> dict[str, Any]:
    names = {key: fields.pop(key) for key in ("index", "id") if key in fields}
    return delta(tool_calls=[{**names, "function": fields}])


@pytest.mark.parametrize(
    "deltas",
    [
        pytest.param(
            [
                tool_delta(index=0, id="a", name="f", arguments=""),
                tool_delta(index=0, arguments='{"x"'),
                tool_delta(index=1, id="b", name="g", arguments="{}"),
                tool_delta(index=0, arguments=": 1}"),
            ],
            id="openai",
        ),
        pytest.param(
            [
                tool_delta(id="a", name="f", arguments='{"x": 1}'),
                tool_delta(id="b", name="g", arguments="{}"),
            ],
            id="without an index",
        ),
        pytest.param(
            [
                tool_delta(index=0, id="a", name="f", arguments='{"x": 1}'),
                tool_delta(index=0, id="b", name="g", arguments="{}"),
            ],
            id="always index 0",
        ),
        pytest.param(
            [
                tool_delta(index=0, id="a", name="f", arguments='{"x"'),
                tool_delta(index=0, id="a", name="f", arguments=": 1}"),
                tool_delta(index=1, id="b", name="g", arguments="{}"),
            ],
            id="id and name repeated",
        ),
    ],
)
def test_tool_calls_of_a_stream_are_put_together(deltas: list[Any]) -> None:
    assert streamed(*deltas).tool_calls == (
        Part("tool_call", id="a", name="f", arguments={"x": 1}),
        Part("tool_call", id="b", name="g", arguments={}),
    )


def test_a_function_call_of_an_old_stream_is_put_together() -> None:
    pieces = ({"name": "f", "arguments": ""}, {"arguments": '{"x":'}, {"arguments": "1}"})

    call = streamed(*(delta(function_call=piece) for piece in pieces))

    assert call.tool_calls == (Part("tool_call", name="f", arguments={"x": 1}),)


def test_parts_of_mistral_s_deltas_are_joined() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}

    call = streamed(delta(content=[thought]), delta(content="o"), delta(content="k"))

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("text", content="ok"),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "x"},
        {"reasoning": "x"},
        {"refusal": "x"},
        {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f"}}]},
        {"function_call": {"name": "f", "arguments": ""}},
        {"audio": {"data": "A"}},
    ],
)
def test_any_content_is_the_first_chunk(fields: dict[str, Any]) -> None:
    events = [delta(role="assistant", content=""), delta(**fields)]

    assert streamed(*events).time_to_first_chunk_s == 1.0


def test_an_error_in_a_choice_or_a_chunk_is_an_error() -> None:
    fault = {"code": 400, "message": "Token limit reached"}

    in_choice = said(None, choices=[{"error": fault, "finish_reason": "error"}])
    in_chunk = streamed(delta(content="x"), {**delta(content=""), "error": fault})

    assert (in_choice.error_type, in_choice.error_message) == ("400", "Token limit reached")
    assert (in_chunk.error_type, in_chunk.output_text) == ("400", "x")


def test_a_stream_may_end_without_done_and_hold_comments() -> None:
    call = decode(stream(CHAT, CHAT_ASKED, b": OPENROUTER PROCESSING\n\n", *CHAT_STREAM[:-1]))

    assert call is not None
    assert (call.output_text, call.error_type) == ("Hello!", None)


def test_writer_s_own_path_is_a_chat() -> None:
    call = decode(exchange("https://api.writer.com/v1/chat", CHAT_ASKED, CHAT_SAID))

    assert call is not None
    assert call.provider_name == "writer"
