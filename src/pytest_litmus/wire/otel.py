"""OpenTelemetry: a call by the attribute names of the GenAI conventions, and back.

The one place that spells these names. They are those of
https://github.com/open-telemetry/semantic-conventions-genai, and of the version before where
backends still ask for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.wire.calls import Call

EXECUTE_TOOL = "execute_tool"
"""The operation of a request that runs a tool: `tools/call` of an MCP server."""
RESPONSE_ID = "gen_ai.response.id"
SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions"
INPUT_MESSAGES = "gen_ai.input.messages"
OUTPUT_MESSAGES = "gen_ai.output.messages"
EVALUATION_RESULT = "gen_ai.evaluation.result"
"""The event that tells what somebody thinks of a call; its attributes are those below."""
EVALUATION_NAME = "gen_ai.evaluation.name"
EVALUATION_LABEL = "gen_ai.evaluation.score.label"
EVALUATION_VALUE = "gen_ai.evaluation.score.value"
EVALUATION_EXPLANATION = "gen_ai.evaluation.explanation"

# By name, the field of a call, or of its usage, that holds the value.
_CALL = {
    "gen_ai.operation.name": "operation_name",
    "gen_ai.provider.name": "provider_name",
    "gen_ai.request.model": "request_model",
    "gen_ai.request.stream": "streamed",
    "gen_ai.response.model": "response_model",
    RESPONSE_ID: "response_id",
    "gen_ai.response.finish_reasons": "finish_reasons",
    "gen_ai.response.time_to_first_chunk": "time_to_first_chunk_s",
    "gen_ai.embeddings.dimension.count": "embedding_dimensions",
    "server.address": "server_address",
    "server.port": "server_port",
    "http.response.status_code": "status",
    "error.type": "error_type",
    "user.id": "user_id",
    "thread.name": "thread",
}
_USAGE = {
    "gen_ai.usage.input_tokens": "input_tokens",
    "gen_ai.usage.output_tokens": "output_tokens",
    "gen_ai.usage.cache_read.input_tokens": "cache_read_input_tokens",
    # Both spellings: the conventions renamed it, and backends know one or the other.
    "gen_ai.usage.cache_creation.input_tokens": "cache_write_input_tokens",
    "gen_ai.usage.cache_write.input_tokens": "cache_write_input_tokens",
    "gen_ai.usage.reasoning.output_tokens": "reasoning_output_tokens",
}
_BILLED_UNITS = {
    f"gen_ai.usage.{medium}.{name}": unit.format(medium)
    for medium in ("text", "image", "audio")
    for name, unit in (
        ("input_tokens", "input_{}_tokens"),
        ("output_tokens", "output_{}_tokens"),
        ("cache_read.input_tokens", "cache_{}_read_tokens"),
    )
}
_PARAMETERS = {
    "gen_ai.request.temperature": "temperature",
    "gen_ai.request.top_p": "top_p",
    "gen_ai.request.top_k": "top_k",
    "gen_ai.request.max_tokens": "max_tokens",
    "gen_ai.request.frequency_penalty": "frequency_penalty",
    "gen_ai.request.presence_penalty": "presence_penalty",
    "gen_ai.request.seed": "seed",
    "gen_ai.request.stop_sequences": "stop_sequences",
    "gen_ai.request.choice.count": "choice_count",
    "gen_ai.request.encoding_formats": "encoding_formats",
    "gen_ai.request.reasoning.level": "reasoning.level",
    "gen_ai.request.previous_response.id": "previous_response.id",
    "gen_ai.prompt.name": "prompt.name",
    "gen_ai.prompt.version": "prompt.version",
}
# Of the test's own session, else of the conversation that the provider remembers.
_CONVERSATION = "gen_ai.conversation.id"
# Of calls in OpenAI's formats, whoever serves them.
_OPENAI = {
    "openai.response.system_fingerprint": "system_fingerprint",
    "openai.response.service_tier": "service_tier",
}
_API_TYPE = "openai.api.type"
_API_TYPES = {"openai.chat": "chat_completions", "openai.responses": "responses"}
# Of a request that runs a tool, by the field of its use.
_TOOL = {"gen_ai.tool.name": "name", "gen_ai.tool.call.id": "id"}
_TOOL_CONTENT = {
    "gen_ai.tool.call.arguments": "arguments",
    "gen_ai.tool.call.result": "response",
}
_CONTENT = {
    SYSTEM_INSTRUCTIONS: "system_instructions",
    INPUT_MESSAGES: "input_messages",
    OUTPUT_MESSAGES: "output_messages",
    "gen_ai.tool.definitions": "tool_definitions",
}


def attributes_of(call: Call) -> dict[str, Any]:
    """What is known of a call, by name; without what was said."""
    known = {name: getattr(call, field) for name, field in _CALL.items()}
    known |= {name: getattr(call.usage, field) for name, field in _USAGE.items()}
    known |= {name: call.usage.billed_units.get(unit) for name, unit in _BILLED_UNITS.items()}
    if call.wire_format.startswith("openai."):
        known |= {name: getattr(call, field) for name, field in _OPENAI.items()}
        known[_API_TYPE] = _API_TYPES.get(call.wire_format)
    known |= {name: call.parameters.get(own) for name, own in _PARAMETERS.items()}
    if call.operation_name == EXECUTE_TOOL:
        known |= _use_by(_TOOL, call)
    known[_CONVERSATION] = call.session_id or call.parameters.get("conversation.id")
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in known.items()
        if not _is_absent(value)
    }


def content_of(call: Call) -> dict[str, Any]:
    """What was said, by name, in the JSON shapes of the message schema."""
    said = {
        "system_instructions": [part.as_dict() for part in call.system_instructions],
        "input_messages": [message.as_dict() for message in call.input_messages],
        "output_messages": [
            {**message.as_dict(), "finish_reason": reason}
            for message, reason in zip(call.output_messages, _finish_reasons(call), strict=True)
        ],
        "tool_definitions": [dict(tool) for tool in call.tool_definitions],
    }
    if call.operation_name == EXECUTE_TOOL:
        used = _use_by(_TOOL_CONTENT, call)
        return {name: value for name, value in used.items() if value is not None}
    return {name: said[field] for name, field in _CONTENT.items() if said[field]}


def _use_by(names: Mapping[str, str], call: Call) -> dict[str, Any]:
    """The tool that a request runs, by name."""
    return {name: getattr(use, field) for use in call.tool_uses for name, field in names.items()}


def fields_of(attributes: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a call that are read from what `attributes_of` and `content_of` wrote.

    Its token counts stand in an object of their own, `usage`.
    """
    known = _found(_CALL, attributes) | _found(_CONTENT, content)
    return known | {"usage": _found(_USAGE, attributes)}


def _found(names: Mapping[str, str], written: Mapping[str, Any]) -> dict[str, Any]:
    return {field: written[name] for name, field in names.items() if name in written}


def _is_absent(value: Any) -> bool:
    return value is None or value is False or value in ("", ())


def _finish_reasons(call: Call) -> list[str]:
    """One a choice; the conventions want the word `error` for one that ended without a reason."""
    if len(call.finish_reasons) == len(call.output_messages):
        return list(call.finish_reasons)
    broken = call.error_type is not None or call.ended != "eof"
    return ["error" if broken else "unknown"] * len(call.output_messages)
