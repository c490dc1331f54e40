"""Bedrock's Converse and ConverseStream: one format for the models of all families.

Format: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html. Nova's own
format for InvokeModel is nearly the same: https://docs.aws.amazon.com/nova/latest/userguide/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.aws_faults import with_aws_fault
from pytest_litmus.wire.formats.bedrock_guardrails import trace_flags
from pytest_litmus.wire.formats.bedrock_parameters import parameters_of
from pytest_litmus.wire.formats.bedrock_parts import block_parts, message_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    count,
    first_count,
    items,
    record,
    records,
    seconds,
    text,
    without_none,
)
from pytest_litmus.wire.tokens import units
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "bedrock.converse"

_PATH = re.compile(r"/model/(?P<model>.+)/converse(?P<stream>-stream)?/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The conversation that an exchange is, or None."""
    found = _PATH.search(exchange.request.path)
    if found is None or not _is_converse(exchange.request):
        return None
    call = converse_call(exchange, request_model=unquote(found["model"]))
    return with_aws_fault(call, exchange)


def converse_call(exchange: Exchange, *, request_model: str) -> Call:
    """The conversation of an exchange whose bodies have this shape, at whatever endpoint."""
    asked, answer = record(exchange.request.json), read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = record(body)
    fault = fault_of(exchange, body, readable="output" in said)
    trace, stop = record(said.get("trace")), text(said.get("stopReason"))
    router = record(trace.get("promptRouter"))
    latency = seconds(record(said.get("metrics")).get("latencyMs"))
    return Call(
        operation_name="chat",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=request_model,
        response_model=text(router.get("invokedModelId")),
        service_tier=_service_tier(said) or _service_tier(asked),
        system_instructions=block_parts(asked.get("system")),
        input_messages=tuple(message_of(one, "user") for one in records(asked.get("messages"))),
        output_messages=(message_of(record(record(said["output"]).get("message")), "assistant"),)
        if "output" in said
        else (),
        tool_definitions=tool_definitions(record(asked.get("toolConfig")).get("tools")),
        finish_reasons=(stop,) if stop else (),
        flags=trace_flags(trace.get("guardrail")),
        parameters=_parameters(asked),
        streamed=answer.is_stream or exchange.request.path.rstrip("/").endswith("-stream"),
        usage=_usage(record(said.get("usage"))),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        server_times_s=without_none(latency=latency),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_converse(request: Request) -> bool:
    if request.method != "POST":
        return False
    ours = provider_of(request) == "aws.bedrock"
    return ours or isinstance(record(request.json).get("messages"), list)


def _service_tier(said: dict[str, Any]) -> str | None:
    """Models optimized for latency have a price of their own, so that it counts as a tier."""
    fast = record(said.get("performanceConfig")).get("latency") == "optimized"
    return "optimized" if fast else text(record(said.get("serviceTier")).get("type"))


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    """The parameters: what Converse has no name for stands in additional fields.

    There the model's family spells it, Nova in an `inferenceConfig` once more.
    """
    more = record(asked.get("additionalModelRequestFields"))
    configs = ("inferenceConfig", "outputConfig", "output_config", "reasoningConfig")
    return parameters_of(*(source.get(name) for source in (asked, more) for name in configs), more)


def _usage(usage: dict[str, Any]) -> Usage:
    """All tokens; the input is reported without the cache. Nova's own format has other names."""
    read, written = (
        first_count(usage.get(f"cache{side}InputTokens"), usage.get(f"cache{side}InputTokenCount"))
        for side in ("Read", "Write")
    )
    uncached = count(usage.get("inputTokens"))
    lifetimes = {
        text(detail.get("ttl")): detail.get("inputTokens")
        for detail in records(usage.get("cacheDetails"))
    }
    return Usage(
        input_tokens=None if uncached is None else uncached + (read or 0) + (written or 0),
        output_tokens=count(usage.get("outputTokens")),
        cache_read_input_tokens=read,
        cache_write_input_tokens=written,
        billed_units=units(
            cache_write_5m_tokens=lifetimes.get("5m"), cache_write_1h_tokens=lifetimes.get("1h")
        ),
    )


def _moments(answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kind of each event and what it says; in Nova's own format the kind is its only key."""
    for event, said in answer.records:
        if event.name or "error" in said:
            yield event.name, said
        else:
            yield from ((kind, record(held)) for kind, held in said.items())


def _has_content(said: dict[str, Any]) -> bool:
    event = record(said.get("contentBlockDelta")) or record(said.get("contentBlockStart")) or said
    delta, start = record(event.get("delta")), record(event.get("start"))
    thought = record(delta.get("reasoningContent"))
    words = (delta.get("text"), thought.get("text"), thought.get("redactedContent"))
    return any(words) or bool(start.get("toolUse") or record(delta.get("toolUse")).get("input"))


_STARTED = {"toolUse", "toolResult", "image"}
"""Kinds of blocks that have an event at their start; the others come as deltas only."""


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain answer that it adds up to."""
    said: dict[str, Any] = {}
    blocks: dict[int, dict[str, Any]] = {}
    role = None
    for kind, event in _moments(answer):
        if kind == "messageStart":
            role = event.get("role")
        elif kind in {"messageStop", "metadata"} or "error" in event:
            said |= event
        elif kind in {"contentBlockStart", "contentBlockDelta"}:
            _add(blocks.setdefault(count(event.get("contentBlockIndex")) or 0, {}), event)
    if role or blocks:
        message = {"role": role, "content": [blocks[index] for index in sorted(blocks)]}
        said["output"] = {"message": message}
    return said


def _add(block: dict[str, Any], event: dict[str, Any]) -> None:
    """Grow a block by an event that starts or continues it."""
    for kind, start in record(event.get("start")).items():
        if kind in _STARTED:
            block[kind] = dict(record(start))
    for kind, delta in record(event.get("delta")).items():
        if kind == "text":
            block[kind] = _longer(block.get(kind), delta)
        elif kind == "toolUse":
            held = block.setdefault(kind, {})
            held["input"] = _longer(held.get("input"), record(delta).get("input"))
        elif kind == "toolResult":
            held = block.setdefault(kind, {})
            held["content"] = [*items(held.get("content")), *items(delta)]
        elif kind == "reasoningContent":
            thought = block.setdefault(kind, {"reasoningText": {}})["reasoningText"]
            thought["text"] = _longer(thought.get("text"), record(delta).get("text"))
        elif kind == "image":
            block.setdefault(kind, {}).update(record(delta))


def _longer(grown: Any, piece: Any) -> str:
    return (text(grown) or "") + (text(piece) or "")
