"""Call JSON: one call as a line of `calls.jsonl` holds it, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pytest_litmus.report.json_ready import (
    decimal_of,
    decimal_text,
    json_ready,
    moment_of,
    moment_text,
    unchanged,
)
from pytest_litmus.wire.calls import Attempt, Call, Message, Part, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.report.json_ready import Redact

LONGEST_ERROR = 500
"""Characters of a provider's error message that are kept: some send a whole page."""

# What `Call.attributes` writes, by the field it comes from.
_FIELDS = {
    "gen_ai.operation.name": "operation_name",
    "gen_ai.provider.name": "provider_name",
    "gen_ai.request.model": "request_model",
    "gen_ai.request.stream": "streamed",
    "gen_ai.response.model": "response_model",
    "gen_ai.response.id": "response_id",
    "gen_ai.response.time_to_first_chunk": "time_to_first_chunk_s",
    "gen_ai.conversation.id": "session_id",
    "gen_ai.embeddings.dimension.count": "embedding_dimensions",
    "openai.response.system_fingerprint": "system_fingerprint",
    "server.address": "server_address",
    "server.port": "server_port",
    "http.response.status_code": "status",
    "error.type": "error_type",
    "user.id": "user_id",
}
_USAGE_FIELDS = {
    "gen_ai.usage.input_tokens": "input_tokens",
    "gen_ai.usage.output_tokens": "output_tokens",
    "gen_ai.usage.cache_read.input_tokens": "cache_read_input_tokens",
    "gen_ai.usage.cache_write.input_tokens": "cache_write_input_tokens",
    "gen_ai.usage.reasoning.output_tokens": "reasoning_output_tokens",
}
_PARAMETER = "gen_ai.request."
_PLAIN_FIELDS = (
    "id",
    "source",
    "purpose",
    "wire_format",
    "step",
    "duration_s",
    "cost_source",
    "cost_note",
    "ended",
    "embedding_count",
)


def call_as_json(
    call: Call, *, nodeid: str, content: bool, redact: Redact = unchanged
) -> dict[str, Any]:
    """A call as a JSON-ready object: our own fields, and its OpenTelemetry `attributes`.

    Args:
        call: The call.
        nodeid: The test that made it.
        content: Whether what was said goes along, by the OpenTelemetry message schema, and what
            the provider said of an error, which may quote it.
        redact: Applied to every text that the program, its user or the provider wrote.
    """
    error = redact(call.error_message)[:LONGEST_ERROR] if call.error_message and content else None
    written = {
        "kind": "call",
        "test": nodeid,
        **{name: getattr(call, name) for name in _PLAIN_FIELDS},
        "started_at": moment_text(call.started_at),
        "cost_usd": decimal_text(call.cost_usd),
        "reported_cost_usd": decimal_text(call.reported_cost_usd),
        "error_message": error,
        "attempts": [_attempt_as_json(attempt) for attempt in call.attempts],
    }
    told = {
        "step": call.step,
        "tool_calls": [part.name for part in call.tool_calls],
        "attributes": call.attributes(),
        "metadata": call.metadata,
    }
    said = call.content_attributes() if content else {}
    if said:
        told["content"] = said
    ready: dict[str, Any] = json_ready(written) | json_ready(told, redact=redact)
    return ready


def call_from_json(line: Mapping[str, Any]) -> Call:
    """The call that `call_as_json` wrote; without what it left out.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, ArithmeticError: It wrote something else.
    """
    attributes = dict(line["attributes"])
    fields = {name: attributes.pop(key) for key, name in _FIELDS.items() if key in attributes}
    usage = {name: attributes.pop(key) for key, name in _USAGE_FIELDS.items() if key in attributes}
    return Call(
        **{name: line[name] for name in _PLAIN_FIELDS},
        **fields,
        **_content_of(line.get("content", {})),
        usage=Usage(**usage),
        finish_reasons=tuple(attributes.pop("gen_ai.response.finish_reasons", ())),
        parameters=_parameters_of(attributes),
        metadata=line["metadata"],
        started_at=moment_of(line["started_at"]),
        cost_usd=decimal_of(line["cost_usd"]),
        reported_cost_usd=decimal_of(line["reported_cost_usd"]),
        error_message=line["error_message"],
        attempts=tuple(_attempt_of(attempt) for attempt in line["attempts"]),
    )


def _attempt_as_json(attempt: Attempt) -> dict[str, Any]:
    return asdict(attempt) | {"started_at": moment_text(attempt.started_at)}


def _attempt_of(line: Mapping[str, Any]) -> Attempt:
    return Attempt(**{**line, "started_at": moment_of(line["started_at"])})


def _parameters_of(attributes: Mapping[str, Any]) -> dict[str, Any]:
    named = {
        key.removeprefix(_PARAMETER): value
        for key, value in attributes.items()
        if key.startswith(_PARAMETER)
    }
    if "choice.count" in named:
        named["choice_count"] = named.pop("choice.count")
    return named


def _content_of(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "system_instructions": _parts_of(content.get("gen_ai.system_instructions", ())),
        "input_messages": _messages_of(content.get("gen_ai.input.messages", ())),
        "output_messages": _messages_of(content.get("gen_ai.output.messages", ())),
        "tool_definitions": tuple(content.get("gen_ai.tool.definitions", ())),
    }


def _messages_of(messages: Any) -> tuple[Message, ...]:
    return tuple(
        Message(role=message["role"], parts=_parts_of(message["parts"]), name=message.get("name"))
        for message in messages
    )


def _parts_of(parts: Any) -> tuple[Part, ...]:
    return tuple(Part(**part) for part in parts)
