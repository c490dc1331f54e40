"""Bedrock's InvokeModel: the bodies are those of the model's family, a stream's inside frames.

Formats: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html. Claude's messages,
Nova, Command R and all that has OpenAI's shape are read by the formats of these; `bedrock_native`
reads the rest.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.capture.exchange import Chunk
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.formats.anthropic_messages import messages_call
from pytest_litmus.wire.formats.aws_faults import with_aws_fault
from pytest_litmus.wire.formats.bedrock_converse import converse_call
from pytest_litmus.wire.formats.bedrock_guardrails import trace_flags
from pytest_litmus.wire.formats.bedrock_native import native_call, native_operation
from pytest_litmus.wire.formats.cohere_v1 import cohere_call
from pytest_litmus.wire.formats.openai_chat import chat_call
from pytest_litmus.wire.formats.openai_embeddings import without_output
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    count,
    first_count,
    parsed,
    record,
    records,
    seconds,
    text,
    without_none,
)
from pytest_litmus.wire.sse import written

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer
    from pytest_litmus.wire.calls import Call, Usage
    from pytest_litmus.wire.sse import Event

WIRE_FORMAT = "bedrock.invoke"

_PATH = re.compile(r"/model/(?P<model>.+)/invoke(?P<stream>-with-response-stream)?/?$")
_OWN = "amazon-bedrock-"
"""How the fields begin that Bedrock adds to a model's answer."""


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The invocation that an exchange is, or None."""
    found = _PATH.search(exchange.request.path)
    if found is None or not _is_invocation(exchange.request):
        return None
    inner, model = _unwrapped(exchange), unquote(found["model"])
    answer = read_answer(inner)
    added = _added(answer)
    metrics = record(added.get(f"{_OWN}invocationMetrics"))
    guardrail = record(added.get(f"{_OWN}trace")).get("guardrail")
    call = _call(inner, answer, model)
    call = replace(
        call,
        wire_format=WIRE_FORMAT,
        request_model=model,
        service_tier=_service_tier(exchange) or call.service_tier,
        flags=(*call.flags, *trace_flags(guardrail)),
        streamed=answer.is_stream or found["stream"] is not None,
        usage=_completed(call, exchange, metrics),
        server_times_s=_times(exchange, metrics),
    )
    return with_aws_fault(call, exchange)


def _is_invocation(request: Request) -> bool:
    if request.method != "POST":
        return False
    ours = provider_of(request) == "aws.bedrock"
    return ours or native_operation(record(request.json), "") is not None


def _unwrapped(exchange: Exchange) -> Exchange:
    """The exchange with a stream as the family's own formats read it: server-sent.

    The frames hold the family's events as JSON in base64.
    """
    answer = read_answer(exchange)
    if not answer.is_stream:
        return exchange
    chunks = tuple(Chunk(event.offset_s, _server_sent(event)) for event in answer.events)
    return replace(exchange, chunks=chunks)


def _server_sent(event: Event) -> bytes:
    try:
        held = b64decode(text(record(event.json).get("bytes")) or "")
    except ValueError:
        held = b""
    return written(held or event.data.encode("utf-8", "replace"))


def _added(answer: Answer) -> dict[str, Any]:
    """What Bedrock itself says, beside the model: the last of each."""
    bodies = [said for _, said in answer.records] if answer.is_stream else [record(answer.json)]
    return {name: value for said in bodies for name, value in said.items() if name.startswith(_OWN)}


def _call(inner: Exchange, answer: Answer, model: str) -> Call:
    """The call as the family's format reads it, by the shape of the request."""
    asked = record(inner.request.json)
    if "message" in asked:
        return cohere_call(inner, "chat")
    if "messages" not in asked:
        return native_call(inner, model)
    if "anthropic_version" in asked or "anthropic." in model:
        return messages_call(inner)
    if _is_converse(asked):
        return converse_call(inner, request_model=model)
    call = chat_call(inner)
    # Mistral has OpenAI's shape with a name of its own for this.
    return replace(call, finish_reasons=call.finish_reasons or _stop_reasons(answer))


def _is_converse(asked: dict[str, Any]) -> bool:
    """Nova's blocks have no type."""
    blocks = (
        block for message in records(asked["messages"]) for block in records(message.get("content"))
    )
    return "schemaVersion" in asked or any("type" not in block for block in blocks)


def _stop_reasons(answer: Answer) -> tuple[str, ...]:
    bodies = [said for _, said in answer.records] if answer.is_stream else [record(answer.json)]
    found = {
        count(choice.get("index")) or 0: reason
        for said in bodies
        for choice in records(said.get("choices"))
        if (reason := text(choice.get("stop_reason")))
    }
    return tuple(found[index] for index in sorted(found))


def _service_tier(exchange: Exchange) -> str | None:
    """Models optimized for latency have a price of their own, so that it counts as a tier."""
    for header in (exchange.header, exchange.request.header):
        if header("x-amzn-bedrock-performanceconfig-latency") == "optimized":
            return "optimized"
        if tier := header("x-amzn-bedrock-service-tier"):
            return tier
    return None


def _completed(call: Call, exchange: Exchange, metrics: dict[str, Any]) -> Usage:
    """The usage with what the body does not count, from the headers or a stream's last event.

    Some families count nothing, and a guarded answer of Nova leaves its output out. These counts
    take the input without the cache.
    """
    usage = call.usage
    read, written, uncached, output = (
        first_count(_header_number(exchange, f"{name}-token-count"), metrics.get(metric))
        for name, metric in (
            ("cache-read-input", "cacheReadInputTokenCount"),
            ("cache-write-input", "cacheWriteInputTokenCount"),
            ("input", "inputTokenCount"),
            ("output", "outputTokenCount"),
        )
    )
    counted = None if uncached is None else uncached + (read or 0) + (written or 0)
    usage = replace(
        usage,
        input_tokens=first_count(usage.input_tokens, counted),
        output_tokens=first_count(usage.output_tokens, output),
        cache_read_input_tokens=first_count(usage.cache_read_input_tokens, read),
        cache_write_input_tokens=first_count(usage.cache_write_input_tokens, written),
    )
    return without_output(usage) if call.operation_name in {"embeddings", "rerank"} else usage


def _times(exchange: Exchange, metrics: dict[str, Any]) -> dict[str, float]:
    """How long the model took, and to its first byte, in seconds."""
    whole_ms = metrics.get("invocationLatency")
    if whole_ms is None:
        whole_ms = _header_number(exchange, "invocation-latency")
    return without_none(
        invocationLatency=seconds(whole_ms),
        firstByteLatency=seconds(metrics.get("firstByteLatency")),
    )


def _header_number(exchange: Exchange, name: str) -> Any:
    return parsed(exchange.header(f"x-amzn-bedrock-{name}") or "")
