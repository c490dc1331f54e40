"""Bedrock's Converse: what its blocks, its usage, its traces and its streams say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.bedrock_converse import (
    ASKED,
    BEGIN,
    CONVERSE,
    GUARDED,
    HOST,
    PIECES,
    SAID,
    STREAM,
    THOUGHTS,
    TOOLS,
    USAGE,
    delta,
    start,
)
from tests.wire.frames import error, event, exception
from tests.wire.recordings import exchange, stream


def asked(**fields: Any) -> Call:
    return decoded(exchange(CONVERSE, {**ASKED, **fields}))


def said(content: Any = (), **fields: Any) -> Call:
    message = {"message": {"role": "assistant", "content": list(content)}}
    return decoded(exchange(CONVERSE, ASKED, {**SAID, "output": message, **fields}))


def streamed(*pieces: bytes, **fields: Any) -> Call:
    return decoded(stream(STREAM, ASKED, *pieces, **fields))


def decoded(one: Any) -> Call:
    call = decode(one)
    assert call is not None
    return call


def test_a_conversation_is_decoded() -> None:
    call = decoded(exchange(CONVERSE, {**ASKED, **TOOLS}, SAID))

    assert (call.operation_name, call.provider_name, call.wire_format) == (
        "chat",
        "aws.bedrock",
        "bedrock.converse",
    )
    assert (call.request_model, call.response_model) == ("us.amazon.nova-2-lite-v1:0", None)
    assert (call.input_text, call.output_text, call.finish_reasons) == (
        "Hi",
        "Hello!",
        ("end_turn",),
    )
    assert call.system_instructions == (Part("text", content="Be brief"),)
    assert call.usage == Usage(input_tokens=8, output_tokens=2)
    assert call.server_times_s == {"latency": 0.45}


def test_tools_are_functions_and_a_cache_point_is_none() -> None:
    assert asked(**TOOLS).tool_definitions == (
        {
            "type": "function",
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {"type": "object"},
        },
    )


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("anthropic.claude-3-haiku-20240307-v1%3A0", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("us.amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"),
        (
            "arn%3Aaws%3Abedrock%3Aus-east-1%3A111122223333%3Ainference-profile%2Fus.m",
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.m",
        ),
        (
            "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc",
            "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc",
        ),
    ],
)
@pytest.mark.parametrize("verb", ["converse", "converse-stream"])
def test_the_model_is_in_the_path(path: str, model: str, verb: str) -> None:
    call = decoded(exchange(f"{HOST}/model/{path}/{verb}", ASKED))

    assert (call.request_model, call.streamed) == (model, verb == "converse-stream")


@pytest.mark.parametrize("body", [{}, {"message": "Hi"}, [], b"messages"])
def test_on_another_host_a_body_of_another_shape_is_no_conversation(body: Any) -> None:
    assert decode(exchange("https://shop.example/model/sofa/converse", body)) is None


def test_every_kind_of_block_becomes_a_part() -> None:
    content = [
        {"text": "Look"},
        {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
        {"video": {"format": "three_gp", "source": {"s3Location": {"uri": "s3://b/a.3gp"}}}},
        {"audio": {"format": "mp3", "source": {"bytes": "CCCC"}}},
        {"document": {"format": "pdf", "name": "A", "source": {"bytes": "BBBB"}}},
        {"document": {"format": "txt", "name": "B", "source": {"text": "words"}}},
        {"document": {"format": "md", "source": {"content": [{"text": "a"}, {"text": "b"}]}}},
        {"guardContent": {"text": {"text": "guarded", "qualifiers": ["query"]}}},
        {"guardContent": {"image": {"format": "jpeg", "source": {"bytes": "DDDD"}}}},
        {"cachePoint": {"type": "default"}},
        {"citationsContent": {"content": [{"text": "cited"}], "citations": [{"title": "T"}]}},
        {"searchResult": {"source": "s", "title": "t", "content": [{"text": "found"}]}},
        {"hologram": {}},
    ]

    call = asked(messages=[{"role": "user", "content": content}])

    assert call.input_messages[0].parts == (
        Part("text", content="Look"),
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
        Part("uri", uri="s3://b/a.3gp", mime_type="video/3gpp", modality="video"),
        Part("blob", content="CCCC", mime_type="audio/mp3", modality="audio"),
        Part("blob", content="BBBB", mime_type="application/pdf", modality="document", name="A"),
        Part("text", content="words", mime_type="text/plain", name="B"),
        Part("text", content="ab", mime_type="text/markdown"),
        Part("text", content="guarded"),
        Part("blob", content="DDDD", mime_type="image/jpeg", modality="image"),
        Part("text", content="cited"),
        Part("searchResult", content="found"),
        Part("hologram"),
    )


@pytest.mark.parametrize(
    ("content", "response"),
    [
        ([{"text": "50 "}, {"text": "degrees"}], "50 degrees"),
        ([{"text": '{"b": 2}'}], {"b": 2}),
        ([{"json": {"b": 2}}], {"b": 2}),
        (
            [{"text": "see"}, {"image": {"format": "png"}}],
            [{"text": "see"}, {"image": {"format": "png"}}],
        ),
    ],
)
def test_a_tool_s_answer_names_the_call_it_answers(content: Any, response: Any) -> None:
    call = asked(
        messages=[
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1}}}],
            },
            {
                "role": "user",
                "content": [
                    {"toolResult": {"toolUseId": "t1", "content": content, "status": "success"}}
                ],
            },
        ]
    )

    assert call.input_messages == (
        Message("assistant", (Part("tool_call", id="t1", name="f", arguments={"a": 1}),)),
        Message("user", (replace(ANSWERED, response=response),)),
    )


ANSWERED = Part("tool_call_response", id="t1", is_error=False)
SERVED = (
    Part("server_tool_call", id="t1", name="nova_code_interpreter", arguments={"snippet": "1+1"}),
    Part(
        "server_tool_call_response",
        id="t1",
        name="nova_code_interpreter_result",
        response={"stdOut": "2"},
        is_error=False,
    ),
    Part("tool_call", id="t2", name="final_result", arguments={"result": 2}),
)


def test_a_tool_that_aws_runs_is_none_of_the_program_s() -> None:
    call = said(
        [
            {
                "toolUse": {
                    "toolUseId": "t1",
                    "name": "nova_code_interpreter",
                    "input": {"snippet": "1+1"},
                    "type": "server_tool_use",
                }
            },
            {
                "toolResult": {
                    "toolUseId": "t1",
                    "content": [{"json": {"stdOut": "2"}}],
                    "status": "success",
                    "type": "nova_code_interpreter_result",
                }
            },
            {
                "toolUse": {
                    "toolUseId": "t2",
                    "name": "final_result",
                    "input": {"result": 2},
                    "type": "tool_use",
                }
            },
        ]
    )

    assert call.output_messages[0].parts == SERVED
    assert call.tool_calls == SERVED[2:]


def test_reasoning_is_kept_apart_from_the_text_and_redacted_reasoning_is_empty() -> None:
    redacted = {"reasoningContent": {"redactedContent": "ZW5j"}}

    call = said([THOUGHTS, redacted, {"text": "4"}])

    assert call.output_text == "4"
    assert call.output_messages[0].parts[:2] == (
        Part("reasoning", content="They greet me"),
        Part("reasoning"),
    )


def test_parameters_have_their_conventional_names() -> None:
    call = asked(
        inferenceConfig={"maxTokens": 9, "temperature": 0.5, "topP": 1, "stopSequences": ["END"]},
        additionalModelRequestFields={"top_k": 5, "reasoning_effort": "low"},
    )

    assert call.parameters == {
        "max_tokens": 9,
        "temperature": 0.5,
        "top_p": 1,
        "stop_sequences": ["END"],
        "top_k": 5,
        "reasoning.level": "low",
    }


@pytest.mark.parametrize(
    ("fields", "parameters"),
    [
        ({"additionalModelRequestFields": {"inferenceConfig": {"topK": 7}}}, {"top_k": 7}),
        (
            {
                "additionalModelRequestFields": {
                    "reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}
                }
            },
            {"reasoning.level": "high"},
        ),
        ({"outputConfig": {"effort": "low"}}, {"reasoning.level": "low"}),
        (
            {"additionalModelRequestFields": {"output_config": {"effort": "max"}}},
            {"reasoning.level": "max"},
        ),
    ],
)
def test_parameters_of_a_family_stand_in_additional_fields(
    fields: dict[str, Any], parameters: dict[str, Any]
) -> None:
    assert asked(**{**fields, "inferenceConfig": {}}).parameters == parameters


def test_the_input_is_counted_without_the_cache_and_told_with_it() -> None:
    counts = {
        "inputTokens": 2,
        "outputTokens": 5,
        "cacheReadInputTokens": 100,
        "cacheWriteInputTokens": 1000,
        "cacheDetails": [{"ttl": "1h", "inputTokens": 700}, {"ttl": "5m", "inputTokens": 300}],
        "totalTokens": 1107,
        "serverToolUsage": {},
    }

    assert said(usage=counts).usage == Usage(
        input_tokens=1102,
        output_tokens=5,
        cache_read_input_tokens=100,
        cache_write_input_tokens=1000,
        billed_units={"cache_write_1h_tokens": 700, "cache_write_5m_tokens": 300},
    )


@pytest.mark.parametrize("metrics", [None, {}, {"latencyMs": None}, {"latencyMs": -1}])
def test_a_time_that_cannot_be_is_unknown(metrics: Any) -> None:
    assert said(metrics=metrics).server_times_s == {}


@pytest.mark.parametrize("counts", [None, {}, [], {"inputTokens": None}, {"inputTokens": -1}])
def test_usage_that_was_not_reported_is_unknown(counts: Any) -> None:
    assert said(usage=counts).usage == Usage()


@pytest.mark.parametrize(
    ("wanted", "got", "tier"),
    [
        ({}, {}, None),
        ({"serviceTier": {"type": "flex"}}, {}, "flex"),
        ({"serviceTier": {"type": "flex"}}, {"serviceTier": {"type": "default"}}, "default"),
        ({"performanceConfig": {"latency": "optimized"}}, {}, "optimized"),
        ({}, {"performanceConfig": {"latency": "standard"}}, None),
    ],
)
def test_the_tier_is_the_one_that_served(wanted: Any, got: Any, tier: str | None) -> None:
    call = decoded(exchange(CONVERSE, {**ASKED, **wanted}, {**SAID, **got}))

    assert call.service_tier == tier


def test_what_a_guardrail_found_is_a_flag_and_a_router_names_the_model() -> None:
    call = decoded(exchange(CONVERSE, ASKED, GUARDED))

    assert call.finish_reasons == ("guardrail_intervened",)
    assert call.flags == (
        Flag(category="Stocks", subject="input", flagged=False),
        Flag(category="NAME", subject="output", flagged=True),
    )
    assert call.response_model == "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.mark.parametrize(
    ("headers", "body", "error_type"),
    [
        (
            (("x-amzn-errortype", "ValidationException:http://internal/"),),
            {},
            "ValidationException",
        ),
        ((("X-Amzn-ErrorType", "ThrottlingException"),), {}, "ThrottlingException"),
        ((), {"__type": "ThrottlingException"}, "ThrottlingException"),
        ((), {"__type": "com.amazon.coral.service#Unknown"}, "Unknown"),
        ((), {}, "400"),
    ],
)
def test_an_error_is_named_by_a_header_or_the_body(
    headers: Any, body: dict[str, Any], error_type: str
) -> None:
    refused = {**body, "message": "No such model"}

    call = decoded(exchange(CONVERSE, ASKED, refused, status=400, headers=headers))

    assert (call.error_type, call.error_message) == (error_type, "No such model")
    assert call.output_messages == ()


def test_a_stream_is_the_answer_that_it_adds_up_to() -> None:
    whole, pieces = decoded(exchange(CONVERSE, ASKED, SAID)), streamed(*PIECES)

    assert pieces.output_messages == whole.output_messages
    assert (pieces.usage, pieces.finish_reasons) == (whole.usage, whole.finish_reasons)
    assert (pieces.server_times_s, pieces.streamed) == (whole.server_times_s, True)


def test_blocks_of_a_stream_are_kept_apart() -> None:
    call = streamed(
        BEGIN,
        delta(0, reasoningContent={"text": "They "}),
        delta(0, reasoningContent={"text": "greet"}),
        delta(0, reasoningContent={"signature": "c2ln"}),
        delta(1, reasoningContent={"redactedContent": "ZW5j"}),
        delta(2, text="a"),
        start(3, toolUse={"toolUseId": "t1", "name": "f", "type": "tool_use"}),
        start(4, toolUse={"toolUseId": "t2", "name": "g"}),
        delta(3, toolUse={"input": '{"x"'}),
        delta(4, toolUse={"input": ""}),
        delta(3, toolUse={"input": ": 1}"}),
        start(5, image={"format": "png"}),
        delta(5, image={"source": {"bytes": "AAAA"}}),
        delta(2, text="b"),
        delta(2, citation={"title": "T"}),
    )

    assert call.output_messages == (
        Message(
            "assistant",
            (
                Part("reasoning", content="They greet"),
                Part("reasoning"),
                Part("text", content="ab"),
                Part("tool_call", id="t1", name="f", arguments={"x": 1}),
                Part("tool_call", id="t2", name="g", arguments={}),
                Part("blob", content="AAAA", mime_type="image/png", modality="image"),
            ),
        ),
    )


def test_a_tool_that_aws_ran_in_a_stream_has_its_result() -> None:
    call = streamed(
        BEGIN,
        start(
            0,
            toolUse={"toolUseId": "t1", "name": "nova_code_interpreter", "type": "server_tool_use"},
        ),
        delta(0, toolUse={"input": '{"snippet": "1+1"}'}),
        start(
            1,
            toolResult={
                "toolUseId": "t1",
                "type": "nova_code_interpreter_result",
                "status": "success",
            },
        ),
        delta(1, toolResult=[{"json": {"stdOut": "2"}}]),
        start(2, toolUse={"toolUseId": "t2", "name": "final_result"}),
        delta(2, toolUse={"input": '{"result": 2}'}),
    )

    assert call.output_messages[0].parts == SERVED


@pytest.mark.parametrize(
    "said_first",
    [
        delta(text="x"),
        delta(reasoningContent={"text": "x"}),
        delta(reasoningContent={"redactedContent": "eA=="}),
        start(0, toolUse={"toolUseId": "t1", "name": "f"}),
        delta(toolUse={"input": "{"}),
    ],
)
def test_any_content_is_the_first_chunk(said_first: bytes) -> None:
    assert streamed(BEGIN, delta(text=""), said_first).time_to_first_chunk_s == 1.5


@pytest.mark.parametrize(
    ("fault", "error_type"),
    [
        (exception("throttlingException", "Too many tokens"), "throttlingException"),
        (exception("modelStreamErrorException", "Too many tokens"), "modelStreamErrorException"),
        (error("InternalFailure", "Too many tokens"), "InternalFailure"),
    ],
)
def test_a_fault_inside_a_stream_is_an_error_and_keeps_what_was_said(
    fault: bytes, error_type: str
) -> None:
    call = streamed(BEGIN, delta(text="Hel"), fault)

    assert (call.error_type, call.error_message) == (error_type, "Too many tokens")
    assert (call.output_text, call.status) == ("Hel", 200)


def test_a_stream_that_ends_inside_a_frame_keeps_what_was_said() -> None:
    call = streamed(BEGIN, PIECES[1], PIECES[2][:40], ended="failed", error_type="ReadError")

    assert (call.output_text, call.error_type) == ("Hel", "ReadError")
    assert call.usage == Usage()


def test_a_stream_may_bring_its_trace_with_the_usage() -> None:
    call = streamed(*PIECES[:-1], event("metadata", {"usage": USAGE, "trace": GUARDED["trace"]}))

    assert [flag.category for flag in call.flags] == ["Stocks", "NAME"]
    assert call.usage.input_tokens == 8
