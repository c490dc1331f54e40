"""Cohere's first API: chat, generate, summarize and classify.

Format: https://docs.cohere.com/v1/reference/chat. A stream has one JSON object a line
(`application/stream+json`), or is sent as server-sent events.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import (
    as_text,
    count,
    first_count,
    items,
    record,
    records,
    text,
    without_none,
)
from pytest_litmus.wire.parts import content_parts, prompt_messages, tool_call
from pytest_litmus.wire.tokens import units
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "cohere.v1"

_PATH = re.compile(r"(?P<version>/v1)?/(?P<endpoint>chat|generate|summarize|classify)/?$")
# Endpoint: operation, and where the request has what the model is to read.
_ENDPOINTS = {
    "chat": ("chat", "message"),
    "generate": ("text_completion", "prompt"),
    "summarize": ("text_completion", "text"),
    "classify": ("classify", "inputs"),
}
_ANSWERS = ("text", "generations", "summary", "classifications")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call of Cohere's first API that an exchange is, or None."""
    endpoint = _endpoint(exchange.request)
    return None if endpoint is None else cohere_call(exchange, endpoint)


def cohere_call(exchange: Exchange, endpoint: str) -> Call:
    """The call of an exchange whose bodies have the shape of an endpoint's, wherever it is.

    Args:
        exchange: The one to read.
        endpoint: `chat`, `generate`, `summarize` or `classify`.
    """
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer, endpoint)
    said = record(body)
    spoke = any(name in said for name in _ANSWERS)
    fault = fault_of(exchange, failed_reply(body), readable=spoke)
    return Call(
        operation_name=_ENDPOINTS[endpoint][0],
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        # An error has an id too.
        response_id=(text(said.get("generation_id")) or text(said.get("id"))) if spoke else None,
        system_instructions=content_parts(asked.get("preamble")),
        input_messages=tuple(_input_messages(asked, endpoint)),
        output_messages=tuple(_output_messages(said)),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=_finish_reasons(said),
        parameters=cohere_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=billed_usage(said.get("meta")),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def billed_usage(meta: Any) -> Usage:
    """The counts of a `meta` (first API, embed, rerank) or a `usage` (second API).

    Cohere bills fewer tokens than its models read, and reports both: the bill counts. What it
    reports as cached is part of what was read, and may be more than what is billed.
    """
    said = record(meta)
    billed, worked = record(said.get("billed_units")), record(said.get("tokens"))
    read = first_count(billed.get("input_tokens"), worked.get("input_tokens"))
    seen = count(billed.get("image_tokens"))
    return Usage(
        input_tokens=seen if read is None else read + (seen or 0),
        output_tokens=first_count(billed.get("output_tokens"), worked.get("output_tokens")),
        cache_read_input_tokens=count(said.get("cached_tokens")),
        billed_units=units(
            input_image_tokens=seen,
            **{name: billed.get(name) for name in ("images", "search_units", "classifications")},
        ),
    )


def cohere_parameters(asked: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a request, of either API, by their OpenTelemetry names."""
    named = {
        "top_p": asked.get("p"),
        "top_k": asked.get("k"),
        "stop": asked.get("stop_sequences"),
        "n": asked.get("num_generations"),
    }
    return chat_parameters({**asked, **named})


def documents_message(documents: Any) -> tuple[Message, ...]:
    """The documents that a chat is to be grounded in, as a message before the conversation."""
    parts = tuple(Part("text", content=as_text(document)) for document in items(documents))
    return (Message("user", parts, name="documents"),) if parts else ()


def cited_parts(citations: Any) -> tuple[Part, ...]:
    """What the answer took from documents and tools, named by their ids."""
    return tuple(
        Part("citation", content=text(one.get("text")), name=_sources(one))
        for one in records(citations)
    )


def _sources(citation: dict[str, Any]) -> str | None:
    sources = (source.get("id") for source in records(citation.get("sources")))
    ids = [id_ for id_ in (*items(citation.get("document_ids")), *sources) if text(id_)]
    return ", ".join(ids) or None


def failed_reply(body: Any) -> Any:
    """The body, with an error where the finish reason is one."""
    said = record(body)
    if said.get("finish_reason") != "ERROR":
        return body
    return {"error": {"type": "ERROR", "message": said.get("error")}}


def _endpoint(request: Request) -> str | None:
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return None
    endpoint, ours = found["endpoint"], model_host(request) == "cohere"
    if ours:
        return None if "/v2/" in request.path else endpoint
    # Elsewhere a chat and a generation are known by their shape; others have endpoints like these.
    asked = record(request.json)
    shaped = text(asked.get("model")) and text(asked.get(_ENDPOINTS[endpoint][1]))
    return endpoint if found["version"] and shaped and endpoint in {"chat", "generate"} else None


def _input_messages(asked: dict[str, Any], endpoint: str) -> Iterable[Message]:
    yield from documents_message(asked.get("documents"))
    for said in records(asked.get("chat_history")):
        yield _history_message(said)
    yield from prompt_messages(asked.get(_ENDPOINTS[endpoint][1]))
    if results := _tool_results(asked):
        yield Message("tool", results)


def _history_message(said: dict[str, Any]) -> Message:
    role = (text(said.get("role")) or "user").lower()
    parts = (*content_parts(said.get("message")), *_tool_calls(said), *_tool_results(said))
    return Message("assistant" if role == "chatbot" else role, parts)


def _tool_calls(said: dict[str, Any]) -> tuple[Part, ...]:
    """Tool calls have no ids here: a result repeats the call that it answers."""
    calls = records(said.get("tool_calls"))
    return tuple(tool_call(None, call.get("name"), call.get("parameters")) for call in calls)


def _tool_results(said: dict[str, Any]) -> tuple[Part, ...]:
    return tuple(
        Part(
            "tool_call_response",
            name=text(record(result.get("call")).get("name")),
            response=result.get("outputs"),
        )
        for result in records(said.get("tool_results"))
    )


def _output_messages(said: dict[str, Any]) -> Iterable[Message]:
    many = records(said.get("generations")) or records(said.get("classifications"))
    for one in many:
        words = content_parts(one.get("text") or one.get("prediction"))
        yield Message("assistant", words)
    if "text" in said or "summary" in said:
        queries = records(said.get("search_queries"))
        searches = (Part("search_query", content=text(query.get("text"))) for query in queries)
        words = content_parts(said.get("text") or said.get("summary"))
        cited = cited_parts(said.get("citations"))
        yield Message("assistant", (*words, *cited, *searches, *_tool_calls(said)))


def _finish_reasons(said: dict[str, Any]) -> tuple[str, ...]:
    """One a generation; a chat and an old stream have one for all."""
    reasons = [text(one.get("finish_reason")) for one in records(said.get("generations"))]
    each = [reason for reason in reasons if reason]
    stop = text(said.get("finish_reason"))
    return tuple(each or ([stop] if stop else []))


def _has_content(line: dict[str, Any]) -> bool:
    if line.get("event_type") == "stream-end":
        return False
    return any(line.get(name) for name in ("text", "tool_call_delta", "tool_calls"))


def _folded(answer: Answer, endpoint: str) -> Any:
    """A stream as the response that it adds up to: its last line has that whole.

    A stream that was left after its first line looks like a plain answer. Old generations name no
    event types.
    """
    lines = [line for _, line in answer.records] or records([answer.json])
    if not any("event_type" in line or "is_finished" in line for line in lines):
        return {} if answer.is_stream else answer.json
    pieces = _pieces(lines, endpoint)
    for line in lines:
        pieces |= without_none(
            generation_id=text(line.get("generation_id")),
            tool_calls=line.get("tool_calls"),
            error=line.get("err") or line.get("error"),
            finish_reason=text(line.get("finish_reason")),
        )
        pieces |= record(line.get("response"))
    return pieces


def _pieces(lines: list[dict[str, Any]], endpoint: str) -> dict[str, Any]:
    """What was said without the last line."""
    words: defaultdict[int, str] = defaultdict(str)
    tools: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for line in lines:
        if line.get("event_type", "text-generation") == "text-generation":
            words[count(line.get("index")) or 0] += text(line.get("text")) or ""
        if delta := record(line.get("tool_call_delta")):
            words[0] += text(delta.get("text")) or ""
            tool = tools[count(delta.get("index")) or 0]
            for name in ("name", "parameters"):
                tool[name] = tool.get(name, "") + (text(delta.get(name)) or "")
    if endpoint == "generate":
        return {"generations": [{"text": words[index]} for index in sorted(words)]}
    return {
        "text": words[0],
        "tool_calls": [tools[index] for index in sorted(tools)],
        "citations": [cited for line in lines for cited in items(line.get("citations"))],
    }
