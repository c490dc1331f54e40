"""Bedrock's agents, flows and knowledge bases.

Formats: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Agents_for_Amazon_Bedrock_Runtime.html.
Usage is known only where the request asks for a trace: its events count each run of a model.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.aws_faults import with_aws_fault
from pytest_litmus.wire.formats.bedrock_guardrails import trace_flags
from pytest_litmus.wire.formats.bedrock_parameters import parameters_of
from pytest_litmus.wire.formats.bedrock_parts import message_of
from pytest_litmus.wire.formats.bedrock_traces import (
    models_of,
    step_parts,
    steps_of,
    usage_of_steps,
)
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, items, record, records, text
from pytest_litmus.wire.parts import blob, content_parts, tool_call, tool_response
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer
    from pytest_litmus.wire.formats.bedrock_traces import Step

WIRE_FORMAT = "bedrock.agents"

# Path, what the JSON body has one of on a host that is not AWS's, operation.
_ENDPOINTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        r"/agents/[^/]+/agentAliases/[^/]+/sessions/[^/]+/text",
        ("inputText", "sessionState"),
        "invoke_agent",
    ),
    (r"/agents/[^/]+", ("foundationModel",), "invoke_agent"),
    (r"/retrieveAndGenerate(Stream)?", ("retrieveAndGenerateConfiguration",), "invoke_agent"),
    (r"/flows/[^/]+/aliases/[^/]+", ("inputs",), "invoke_agent"),
    (r"/knowledgebases/[^/]+/retrieve", ("retrievalQuery",), "retrieval"),
    (r"/rerank", ("rerankingConfiguration",), "rerank"),
)
_STREAMED = re.compile(r"/(agents|flows)/|Stream/?$")
_RESULTS = {"retrieval": "retrievalResults", "rerank": "results"}
_RERANKING = "bedrockRerankingConfiguration"
_GENERATIONS = ("knowledgeBaseConfiguration", "externalSourcesConfiguration")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call of an agent, a flow or a knowledge base that an exchange is, or None."""
    operation_name = _operation(exchange.request)
    if operation_name is None:
        return None
    asked, answer = record(exchange.request.json), read_answer(exchange)
    heard = _heard(answer)
    models = models_of(heard.steps)
    fault = fault_of(
        exchange,
        {"error": heard.error} if answer.is_stream else answer.json,
        readable=heard.spoke or _RESULTS.get(operation_name) in record(answer.json),
    )
    call = Call(
        operation_name=operation_name,
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        runs_model=operation_name != "retrieval",
        request_model=_request_model(asked),
        response_model=models[0] if len(models) == 1 else None,
        system_instructions=content_parts(asked.get("instruction")),
        input_messages=tuple(_input_messages(asked)),
        output_messages=(Message("assistant", heard.parts),) if heard.spoke else (),
        tool_definitions=_tool_definitions(asked),
        finish_reasons=(heard.reason,) if heard.reason else (),
        flags=tuple(flag for step in heard.steps for flag in trace_flags(step.said)),
        parameters=_parameters(asked),
        streamed=answer.is_stream or _STREAMED.search(exchange.request.path) is not None,
        usage=usage_of_steps(heard.steps),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )
    return with_aws_fault(call, exchange)


def _operation(request: Request) -> str | None:
    if request.method != "POST":
        return None
    path, asked = request.path.rstrip("/"), record(request.json)
    ours = provider_of(request) == "aws.bedrock"
    return next(
        (
            operation_name
            for pattern, needed, operation_name in _ENDPOINTS
            if re.search(rf"{pattern}$", path) and (ours or any(name in asked for name in needed))
        ),
        None,
    )


def _generation(asked: dict[str, Any]) -> dict[str, Any]:
    """How a knowledge base's answer is to be written."""
    config = record(asked.get("retrieveAndGenerateConfiguration"))
    return next((held for name in _GENERATIONS if (held := record(config.get(name)))), {})


def _request_model(asked: dict[str, Any]) -> str | None:
    reranking = record(record(asked.get("rerankingConfiguration")).get(_RERANKING))
    arns = (
        asked.get("foundationModel"),
        _generation(asked).get("modelArn"),
        record(reranking.get("modelConfiguration")).get("modelArn"),
    )
    return next((name for arn in arns if (name := text(arn))), None)


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    generation = record(_generation(asked).get("generationConfiguration"))
    inference = record(generation.get("inferenceConfig")).get("textInferenceConfig")
    return parameters_of(inference, generation.get("additionalModelRequestFields"))


def _input_messages(asked: dict[str, Any]) -> list[Message]:
    session = record(asked.get("sessionState"))
    history = record(session.get("conversationHistory")).get("messages")
    told = [message_of(one, "user") for one in records(history)]
    answers = tuple(_tool_answers(session))
    texts = (
        *(_source(one) for one in records(asked.get("sources"))),
        *(_document(one) for one in records(asked.get("inputs"))),
        *(record(one.get("textQuery")).get("text") for one in records(asked.get("queries"))),
        record(asked.get("input")).get("text"),
        record(asked.get("retrievalQuery")).get("text"),
        asked.get("inputText"),
    )
    users = [Message("user", content_parts(one)) for one in texts if text(one)]
    return [*told, *([Message("tool", answers)] if answers else []), *users]


def _source(source: dict[str, Any]) -> str | None:
    """A document that is to be ranked."""
    held = record(source.get("inlineDocumentSource"))
    words = text(record(held.get("textDocument")).get("text"))
    return words or as_text(held.get("jsonDocument"))


def _document(given: dict[str, Any]) -> str | None:
    """What goes into, or comes out of a node of a flow: a text, or any other JSON."""
    return as_text(record(given.get("content")).get("document"))


def _tool_answers(session: dict[str, Any]) -> list[Part]:
    """What the program did for the agent, and gives back with its next request."""
    asked_by = session.get("invocationId")
    results = (
        held
        for one in records(session.get("returnControlInvocationResults"))
        for held in one.values()
    )
    return [
        tool_response(asked_by, record(body).get("body"))
        for held in results
        for body in record(record(held).get("responseBody")).values()
    ]


def _tool_definitions(asked: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    groups = records(asked.get("actionGroups"))
    schemas = (record(group.get("functionSchema")).get("functions") for group in groups)
    return tool_definitions(
        [
            {**function, "parameters": {"type": "object", "properties": function["parameters"]}}
            if isinstance(function.get("parameters"), dict)
            else function
            for functions in schemas
            for function in records(functions)
        ]
    )


@dataclass
class _Heard:
    """An answer as it grows."""

    words: bytes = b""
    """UTF-8; a chunk may end inside a character."""
    reason: str | None = None
    more: list[Part] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    error: Any = None
    spoke: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the agent thought and did, what it says, and what it wants the program to do."""
        done = (part for step in self.steps for part in step_parts(step))
        return (*done, *content_parts(self.words.decode("utf-8", "replace")), *self.more)


def _heard(answer: Answer) -> _Heard:
    heard = _Heard()
    for event, said in answer.records:
        if "error" in said:
            heard.error = said["error"]
        else:
            _add(heard, event.name, said)
    said = record(answer.json)
    if "output" in said:
        _add(heard, "output", record(said["output"]))
        _add(heard, "guardrail", {"action": said.get("guardrailAction")})
    return heard


def _add(heard: _Heard, kind: str, said: dict[str, Any]) -> None:
    heard.spoke = heard.spoke or kind in _SPEAKS
    if kind == "chunk":
        heard.words += _bytes(said.get("bytes"))
    elif kind == "output":
        heard.words += (text(said.get("text")) or "").encode("utf-8", "replace")
    elif kind in {"flowOutputEvent", "flowMultiTurnInputRequestEvent"}:
        heard.words += (_document(said) or "").encode("utf-8", "replace")
    elif kind == "flowCompletionEvent":
        heard.reason = text(said.get("completionReason"))
    elif kind == "guardrail" and said.get("action") != "NONE":
        heard.reason = text(said.get("action"))
    elif kind == "returnControl":
        heard.more += _wanted(said)
    elif kind == "files":
        heard.more += [_file(one) for one in records(said.get("files"))]
    elif kind == "trace":
        heard.steps += steps_of(said.get("trace"))
    elif kind == "flowTraceEvent":
        heard.steps += _flow_steps(record(said.get("trace")))


_SPEAKS = {
    "chunk",
    "output",
    "flowOutputEvent",
    "flowMultiTurnInputRequestEvent",
    "returnControl",
    "files",
}


def _bytes(data: Any) -> bytes:
    try:
        return b64decode(text(data) or "")
    except ValueError:
        return b""


def _flow_steps(trace: dict[str, Any]) -> list[Step]:
    """The steps of the agents that a flow has among its nodes."""
    elements = record(record(trace.get("nodeDependencyTrace")).get("traceElements"))
    traces = (one.get("trace") for one in records(elements.get("agentTraces")))
    return [step for one in traces for step in steps_of(one)]


def _wanted(said: dict[str, Any]) -> list[Part]:
    """The calls that the agent leaves to the program."""
    inputs = (held for one in records(said.get("invocationInputs")) for held in one.values())
    return [_tool_call(said.get("invocationId"), record(held)) for held in inputs]


def _tool_call(id_: Any, held: dict[str, Any]) -> Part:
    content = record(record(held.get("requestBody")).get("content"))
    bodies = (one for body in content.values() for one in records(record(body).get("properties")))
    given = (*records(held.get("parameters")), *bodies)
    arguments = {name: one.get("value") for one in given if (name := text(one.get("name")))}
    return tool_call(id_, held.get("function") or held.get("apiPath"), arguments)


def _file(file: dict[str, Any]) -> Part:
    made = blob(text(file.get("bytes")), text(file.get("type")))
    return replace(made, name=text(file.get("name")))


def _has_content(said: dict[str, Any]) -> bool:
    return bool(
        said.get("bytes")
        or text(said.get("text"))
        or items(said.get("invocationInputs"))
        or "content" in said
    )
