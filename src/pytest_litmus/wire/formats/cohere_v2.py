"""Cohere's second API: chat.

Format: https://docs.cohere.com/reference/chat and https://docs.cohere.com/reference/chat-stream.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.cohere_v1 import (
    billed_usage,
    cited_parts,
    cohere_parameters,
    documents_message,
    failed_reply,
)
from pytest_litmus.wire.formats.openai_chat import tool_calls_in
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, record, records, text, without_none
from pytest_litmus.wire.parts import content_parts, tool_response
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "cohere.v2"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The chat that an exchange is, or None."""
    if not _is_chat(exchange.request):
        return None
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, stop = record(body), text(record(body).get("finish_reason"))
    # The message of an error is a text.
    spoke = isinstance(said.get("message"), dict)
    fault = fault_of(exchange, failed_reply(body), readable=spoke)
    return Call(
        operation_name="chat",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_id=text(said.get("id")) if spoke else None,
        input_messages=(
            *documents_message(asked.get("documents")),
            *(_message(one, "user") for one in records(asked.get("messages"))),
        ),
        output_messages=(_answer(said["message"]),) if spoke else (),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=(stop,) if stop else (),
        parameters=cohere_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=billed_usage(said.get("usage")),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_chat(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith("/v2/chat"):
        return False
    asked = record(request.json)
    shaped = text(asked.get("model")) is not None and bool(records(asked.get("messages")))
    return shaped or model_host(request) == "cohere"


def _answer(message: dict[str, Any]) -> Message:
    said = _message(message, "assistant")
    return replace(said, parts=(*said.parts, *cited_parts(message.get("citations"))))


def _message(message: dict[str, Any], role: str) -> Message:
    role = text(message.get("role")) or role
    if role == "tool":
        answered = tool_response(message.get("tool_call_id"), message.get("content"))
        return Message(role, (answered,))
    return Message(
        role,
        (*_plan(message), *content_parts(message.get("content")), *tool_calls_in(message)),
    )


def _plan(message: dict[str, Any]) -> tuple[Part, ...]:
    """What the model thinks before it calls tools."""
    plan = text(message.get("tool_plan"))
    return (Part("reasoning", content=plan),) if plan else ()


# What a delta of the message says beside its content.
_SAID = ("tool_plan", "tool_calls")


def _has_content(event: dict[str, Any]) -> bool:
    delta = _delta(event)
    content = record(delta.get("content"))
    return any((content.get("text"), content.get("thinking"), *map(delta.get, _SAID)))


def _delta(event: dict[str, Any]) -> dict[str, Any]:
    return record(record(event.get("delta")).get("message"))


_GROWING = ("text", "thinking", "arguments")


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the response that it adds up to."""
    said: dict[str, Any] = {}
    message: dict[str, Any] = {"tool_plan": "", "citations": []}
    contents: defaultdict[int, dict[str, str]] = defaultdict(dict)
    tools: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for _, event in answer.records:
        end, delta = record(event.get("delta")), _delta(event)
        said |= without_none(
            id=text(event.get("id")),
            finish_reason=end.get("finish_reason"),
            usage=end.get("usage"),
            error=end.get("error") or event.get("error"),
            message=message if delta else None,
        )
        message["tool_plan"] += text(delta.get("tool_plan")) or ""
        message["citations"].append(delta.get("citations"))
        index, tool = count(event.get("index")) or 0, record(delta.get("tool_calls"))
        _grow(contents[index], record(delta.get("content")))
        _grow(tools[index], tool | record(tool.get("function")))
    message["content"] = [_typed(contents[index]) for index in sorted(contents) if contents[index]]
    message["tool_calls"] = [_called(tools[index]) for index in sorted(tools) if tools[index]]
    return said


def _grow(part: dict[str, str], piece: dict[str, Any]) -> None:
    for name, value in piece.items():
        if isinstance(value, str):
            part[name] = part.get(name, "") + value if name in _GROWING else value


def _typed(content: dict[str, str]) -> dict[str, str]:
    return {"type": "thinking" if "thinking" in content else "text", **content}


def _called(tool: dict[str, str]) -> dict[str, Any]:
    return {"id": tool.get("id"), "function": tool}
