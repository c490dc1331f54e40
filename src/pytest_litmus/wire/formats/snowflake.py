"""Snowflake Cortex: `inference:complete` and `inference:embed`; the rest speaks OpenAI's format.

Format: https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/cortex-inference.
Contents stand in `content` and, typed, in `content_list`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters, message_of
from pytest_litmus.wire.formats.openai_chunks import folded
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, input_usage
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import items, record, records, text
from pytest_litmus.wire.parts import (
    blob,
    content_parts,
    prompt_messages,
    tool_call,
    tool_response,
)
from pytest_litmus.wire.tokens import units, usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "snowflake.cortex"

_PATH = re.compile(r"/cortex/inference[:/](?P<verb>complete|embed)/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The completion or the embedding that an exchange is, or None. The path is like no other's."""
    found = _PATH.search(exchange.request.path) if exchange.request.method == "POST" else None
    if found is None:
        return None
    asked, answer = record(exchange.request.json), read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    embeds = found["verb"] == "embed"
    said = record(body)
    choices, data = records(said.get("choices")), records(said.get("data"))
    fault = fault_of(exchange, body, readable="choices" in said or "data" in said)
    return Call(
        operation_name="embeddings" if embeds else "chat",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        input_messages=_input_messages(asked),
        output_messages=tuple(_message(record(c.get("message")), "assistant") for c in choices),
        tool_definitions=tool_definitions([_tool(tool) for tool in records(asked.get("tools"))]),
        finish_reasons=_finish_reasons(said, choices),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(record(said.get("usage")), embeds=embeds),
        embedding_dimensions=dimensions_of(_vector(data[0]), None) if data else None,
        embedding_count=len(data) or None,
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    said = tuple(_message(one, "user") for one in records(asked.get("messages")))
    return (*said, *prompt_messages(asked.get("text")))


def _message(message: dict[str, Any], role: str) -> Message:
    plain = message_of(message, role)
    parts = tuple(_part(item) for item in records(message.get("content_list")))
    return Message(plain.role, parts) if parts else plain


def _part(item: dict[str, Any]) -> Part:
    kind = text(item.get("type"))
    if kind == "tool_use":
        used = record(item.get("tool_use"))
        return tool_call(used.get("tool_use_id"), used.get("name"), used.get("input"))
    if kind == "tool_results":
        returned = record(item.get("tool_results"))
        return tool_response(returned.get("tool_use_id"), returned.get("content"))
    if kind == "image":
        image = record(item.get("details"))
        return blob(text(image.get("content")), text(image.get("content_type")), modality="image")
    if kind in _THINKERS:
        return Part("reasoning", content=_thought(item))
    return content_parts([item])[0]


_THINKERS = {"anthropic": ("thinking", "thinking"), "openai": ("reasoning", "summary")}
"""What a model's maker calls its thoughts, and the text of them."""


def _thought(item: dict[str, Any]) -> str | None:
    outer, inner = _THINKERS[item["type"]]
    return text(record(item.get(outer)).get(inner))


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    """A tool of the program's own is `generic`; Snowflake's own have a type each."""
    spec = record(tool.get("tool_spec"))
    return {**spec, "type": "function"} if spec.get("type") == "generic" else spec


def _finish_reasons(said: dict[str, Any], choices: list[dict[str, Any]]) -> tuple[str, ...]:
    reasons = (text(one.get("finish_reason")) for one in (*choices, said))
    return tuple(reason for reason in reasons if reason)


def _usage(said: dict[str, Any], *, embeds: bool) -> Usage:
    """Tokens as OpenAI counts them, beside those of the guard, which is billed apart."""
    if embeds:
        return input_usage(said, provider_name="snowflake")
    written = {"cache_creation_input_tokens": said.get("cache_write_input_tokens")}
    counted = usage_of({**said, **written}, provider_name="snowflake")
    return replace(counted, billed_units=units(guard_tokens=said.get("guard_tokens")))


def _vector(data: dict[str, Any]) -> list[Any]:
    """A vector, which may be in a list of one."""
    vector = items(data.get("embedding"))
    return items(vector[0]) if vector and isinstance(vector[0], list) else vector


def _has_content(event: dict[str, Any]) -> bool:
    deltas = (_delta(choice) for choice in records(event.get("choices")))
    return any(value for delta in deltas for value in delta.values())


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain response that it adds up to, in OpenAI's shape."""
    return folded(_chunk(event) for _, event in answer.records)


def _chunk(event: dict[str, Any]) -> dict[str, Any]:
    ended = {"finish_reason": event.get("finish_reason")}
    choices = [{**ended, **one, "delta": _delta(one)} for one in records(event.get("choices"))]
    return {**event, "choices": choices} if "choices" in event else event


def _delta(choice: dict[str, Any]) -> dict[str, Any]:
    """A delta as OpenAI writes it. A tool's name comes first, and its input in pieces after it."""
    delta = record(choice.get("delta"))
    kind = text(delta.get("type"))
    if kind in _THINKERS:
        return {"reasoning": _thought(delta)}
    if kind == "tool_use":
        function = {"name": delta.get("name"), "arguments": delta.get("input")}
        return {"tool_calls": [{"id": delta.get("tool_use_id"), "function": function}]}
    return {"content": delta.get("content")}
