"""Bedrock's agents, flows and knowledge bases: what they said, did and cost."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.bedrock_agents import (
    AGENT,
    AGENT_ASKED,
    FLOW,
    FLOW_ASKED,
    HAIKU,
    HOST,
    INLINE,
    INLINE_ASKED,
    PLAIN,
    RAG,
    RAG_ASKED,
    RERANK,
    RETRIEVE,
    runs,
    said,
    trace,
)
from tests.wire.frames import event, exception
from tests.wire.recordings import exchange, stream

SONNET = "anthropic.claude-3-5-sonnet-20240620-v1:0"


def decoded(one: Any) -> Call:
    call = decode(one)
    assert call is not None
    return call


def agent(*pieces: bytes, **fields: Any) -> Call:
    return decoded(stream(AGENT, AGENT_ASKED, *pieces, **fields))


def test_an_agent_is_invoked() -> None:
    call = agent(said("Hello!"))

    assert (call.operation_name, call.provider_name, call.wire_format) == (
        "invoke_agent",
        "aws.bedrock",
        "bedrock.agents",
    )
    assert (call.request_model, call.response_model, call.usage) == (None, None, Usage())
    assert (call.input_text, call.output_text, call.streamed) == ("Hi", "Hello!", True)


def test_runs_of_a_model_in_the_trace_add_up() -> None:
    call = agent(*runs(HAIKU, 255, 136), *runs(HAIKU, 608, 111), said("Hello!"))

    assert call.usage == Usage(input_tokens=863, output_tokens=247)
    assert call.response_model == HAIKU


@pytest.mark.parametrize(
    "step", ["preProcessingTrace", "postProcessingTrace", "routingClassifierTrace"]
)
def test_every_kind_of_step_counts_its_runs(step: str) -> None:
    output = {"metadata": {"usage": {"inputTokens": 5, "outputTokens": 1}}}

    call = agent(*runs(HAIKU, 6, 1), trace(**{step: {"modelInvocationOutput": output}}))

    assert call.usage == Usage(input_tokens=11, output_tokens=2)


def test_a_collaborator_s_runs_count_once() -> None:
    metadata = {"usage": {"inputTokens": 6, "outputTokens": 1}}
    observed = {
        "agentCollaboratorInvocationOutput": {"metadata": metadata, "output": {"text": "55"}},
        "traceId": "t-1",
    }

    call = agent(*runs(HAIKU, 6, 1), trace(orchestrationTrace={"observation": observed}))

    assert call.usage == Usage(input_tokens=6, output_tokens=1)


def test_models_of_different_prices_have_no_price_together() -> None:
    call = agent(*runs(HAIKU, 6, 1), *runs(SONNET, 2, 1), said("Hello!"))

    assert call.usage == Usage(
        input_tokens=8, output_tokens=2, incomplete=f"{HAIKU}, {SONNET} worked together"
    )
    assert call.response_model is None


def test_what_an_agent_thought_and_did_comes_before_what_it_says() -> None:
    steps: list[dict[str, Any]] = [
        {"rationale": {"text": "I need the weather", "traceId": "t-1"}},
        {
            "invocationInput": {
                "actionGroupInvocationInput": {
                    "actionGroupName": "weather",
                    "function": "get_weather",
                    "executionType": "LAMBDA",
                    "parameters": [{"name": "city", "type": "string", "value": "Ulm"}],
                },
                "invocationType": "ACTION_GROUP",
                "traceId": "t-1",
            }
        },
        {
            "observation": {
                "actionGroupInvocationOutput": {"text": "Sunny", "metadata": {"totalTimeMs": 9}},
                "traceId": "t-1",
                "type": "ACTION_GROUP",
            }
        },
        {
            "invocationInput": {
                "knowledgeBaseLookupInput": {"knowledgeBaseId": "KB1", "text": "Ulm"},
                "traceId": "t-2",
            }
        },
        {
            "observation": {
                "knowledgeBaseLookupOutput": {"retrievedReferences": []},
                "traceId": "t-2",
            }
        },
        {"observation": {"finalResponse": {"text": "Sunny"}, "traceId": "t-3", "type": "FINISH"}},
    ]

    call = agent(*(trace(orchestrationTrace=step) for step in steps), said("It is sunny"))

    assert call.output_messages[0].parts == (
        Part("reasoning", content="I need the weather"),
        Part("server_tool_call", id="t-1", name="get_weather", arguments={"city": "Ulm"}),
        Part(
            "server_tool_call_response",
            id="t-1",
            name="actionGroupInvocation",
            response="Sunny",
        ),
        Part(
            "server_tool_call",
            id="t-2",
            name="knowledgeBaseLookup",
            arguments={"knowledgeBaseId": "KB1", "text": "Ulm"},
        ),
        Part(
            "server_tool_call_response",
            id="t-2",
            name="knowledgeBaseLookup",
            response={"retrievedReferences": []},
        ),
        Part("text", content="It is sunny"),
    )


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (
            {
                "functionInvocationInput": {
                    "actionGroup": "weather",
                    "function": "get_weather",
                    "parameters": [{"name": "city", "type": "string", "value": "Ulm"}],
                }
            },
            "get_weather",
        ),
        (
            {
                "apiInvocationInput": {
                    "apiPath": "/weather",
                    "httpMethod": "POST",
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "properties": [{"name": "city", "type": "string", "value": "Ulm"}]
                            }
                        }
                    },
                }
            },
            "/weather",
        ),
    ],
)
def test_control_that_is_returned_is_a_tool_call(wanted: Any, name: str) -> None:
    asked_for = {
        "invocationInput": {
            "actionGroupInvocationInput": {
                "function": "get_weather",
                "executionType": "RETURN_CONTROL",
            },
            "traceId": "t-1",
        }
    }
    control = {"invocationId": "i-1", "invocationInputs": [wanted]}

    call = agent(trace(orchestrationTrace=asked_for), event("returnControl", control))

    expected = Part("tool_call", id="i-1", name=name, arguments={"city": "Ulm"})
    assert call.output_messages == (Message("assistant", (expected,)),)
    assert (call.error_type, call.time_to_first_chunk_s) == (None, 1.0)


def test_what_the_program_gives_back_answers_that_call() -> None:
    result = {
        "functionResult": {
            "actionGroup": "weather",
            "function": "get_weather",
            "responseBody": {"TEXT": {"body": "Sunny"}},
        }
    }
    session = {
        "invocationId": "i-1",
        "returnControlInvocationResults": [result],
        "conversationHistory": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
    }

    call = decoded(exchange(AGENT, {"sessionState": session}))

    assert call.input_messages == (
        Message("user", (Part("text", content="Hi"),)),
        Message("tool", (Part("tool_call_response", id="i-1", response="Sunny"),)),
    )


def test_a_character_that_two_chunks_share_is_whole() -> None:
    euro = "€".encode()

    assert agent(said(b"1 " + euro[:1]), said(euro[1:])).output_text == "1 €"


def test_files_that_an_agent_made_are_parts() -> None:
    file = {"name": "a.png", "type": "image/png", "bytes": "AAAA"}

    call = agent(said("See"), event("files", {"files": [file]}))

    assert call.output_messages[0].parts[1] == Part(
        "blob", content="AAAA", mime_type="image/png", modality="image", name="a.png"
    )


def test_what_an_agent_s_guardrail_found_is_a_flag() -> None:
    filters = [{"type": "PROMPT_ATTACK", "confidence": "MEDIUM", "action": "BLOCKED"}]
    found = {"action": "INTERVENED", "inputAssessments": [{"contentPolicy": {"filters": filters}}]}

    call = agent(trace(guardrailTrace=found), said("Sorry"))

    assert call.flags == (
        Flag(category="PROMPT_ATTACK", subject="input", flagged=True, severity="MEDIUM"),
    )


def test_an_exception_inside_a_stream_is_an_error() -> None:
    call = agent(said("Hel"), exception("dependencyFailedException", "Lambda failed"))

    assert (call.error_type, call.error_message) == ("dependencyFailedException", "Lambda failed")
    assert call.output_text == "Hel"


def test_an_inline_agent_names_its_model_its_instruction_and_its_tools() -> None:
    call = decoded(exchange(INLINE, INLINE_ASKED))

    assert call.request_model == HAIKU
    assert call.system_instructions == (Part("text", content=INLINE_ASKED["instruction"]),)
    assert call.tool_definitions == (
        {
            "type": "function",
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "required": True}},
            },
        },
    )


def test_a_knowledge_base_s_answer_names_its_model_and_its_parameters() -> None:
    call = decoded(exchange(RAG, *PLAIN[RAG]))

    assert (call.operation_name, call.request_model) == ("invoke_agent", HAIKU)
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert call.parameters == {"max_tokens": 64, "top_p": 0.5}


def test_external_sources_name_the_model_too() -> None:
    config = {"type": "EXTERNAL_SOURCES", "externalSourcesConfiguration": {"modelArn": HAIKU}}

    call = decoded(
        exchange(RAG, {"input": {"text": "Hi"}, "retrieveAndGenerateConfiguration": config})
    )

    assert call.request_model == HAIKU


@pytest.mark.parametrize(("action", "reasons"), [("INTERVENED", ("INTERVENED",)), ("NONE", ())])
def test_a_guardrail_that_intervened_is_why_an_answer_ended(
    action: str, reasons: tuple[str, ...]
) -> None:
    answer = {"output": {"text": "Sorry"}, "guardrailAction": action}
    plain = decoded(exchange(RAG, RAG_ASKED, answer))
    pieces = (event("output", {"text": "Sorry"}), event("guardrail", {"action": action}))
    streamed = decoded(stream(f"{RAG}Stream", RAG_ASKED, *pieces))

    assert (plain.finish_reasons, streamed.finish_reasons) == (reasons, reasons)


def test_a_flow_s_outputs_are_texts_or_json_and_its_agents_are_counted() -> None:
    agents = [{"trace": {"orchestrationTrace": {"modelInvocationOutput": {"metadata": {}}}}}]
    counted = {"usage": {"inputTokens": 6, "outputTokens": 1}}
    agents[0]["trace"]["orchestrationTrace"]["modelInvocationOutput"]["metadata"] = counted
    elements = {"traceElements": {"agentTraces": agents}}
    pieces = (
        event("flowTraceEvent", {"trace": {"nodeDependencyTrace": elements}}),
        event("flowOutputEvent", {"content": {"document": {"a": 1}}}),
        event("flowCompletionEvent", {"completionReason": "INPUT_REQUIRED"}),
    )

    call = decoded(stream(FLOW, FLOW_ASKED, *pieces))

    assert (call.output_text, call.finish_reasons) == ('{"a": 1}', ("INPUT_REQUIRED",))
    assert call.usage == Usage(input_tokens=6, output_tokens=1)


def test_a_retrieval_runs_no_model() -> None:
    call = decoded(exchange(RETRIEVE, *PLAIN[RETRIEVE]))

    assert (call.operation_name, call.runs_model) == ("retrieval", False)
    assert (call.input_text, call.output_messages) == ("Hi", ())


def test_a_reranking_names_its_model_and_ends_with_the_query() -> None:
    call = decoded(exchange(RERANK, *PLAIN[RERANK]))

    assert (call.operation_name, call.runs_model) == ("rerank", True)
    assert call.request_model == "arn:aws:bedrock:us-west-2::foundation-model/r"
    assert [message.text for message in call.input_messages] == ["Hello", '{"title": "Bye"}', "Hi"]


def test_an_answer_without_frames_is_unreadable() -> None:
    call = decoded(exchange(AGENT, AGENT_ASKED, {"some": "answer"}))

    assert call.error_type == "unreadable_response"


def test_an_error_is_named_by_the_header() -> None:
    headers = (("x-amzn-errortype", "ResourceNotFoundException:http://internal/"),)

    call = decoded(
        exchange(AGENT, AGENT_ASKED, {"message": "No such agent"}, status=404, headers=headers)
    )

    assert (call.error_type, call.error_message) == ("ResourceNotFoundException", "No such agent")
    assert call.output_messages == ()


@pytest.mark.parametrize("url", [AGENT, INLINE, RAG, FLOW, RETRIEVE, RERANK])
@pytest.mark.parametrize("host", ["https://shop.example", "https://api.mistral.ai/v1"])
def test_on_another_host_a_body_of_another_shape_is_no_agent(url: str, host: str) -> None:
    call = decode(exchange(url.replace(HOST, host), {"name": "x"}))

    assert call is None or call.wire_format != "bedrock.agents"


@pytest.mark.parametrize(
    ("url", "streamed"),
    [(AGENT, True), (INLINE, True), (FLOW, True), (f"{RAG}Stream", True), (RAG, False)],
)
def test_the_path_tells_a_stream(url: str, streamed: bool) -> None:
    assert decoded(exchange(url, {})).streamed is streamed
