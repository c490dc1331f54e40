"""Cloudflare's Workers AI by its own path, `/ai/run/MODEL`, directly and through its gateway.

Format: https://developers.cloudflare.com/api/resources/ai/methods/run and the models' schemas,
https://developers.cloudflare.com/workers-ai/models. The answer stands in `result`; newer models
have OpenAI's shape there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.formats.hugging_face import medium
from pytest_litmus.wire.formats.openai_chat import chat_parameters, message_of
from pytest_litmus.wire.formats.openai_chunks import folded
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, without_output
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, items, record, records, text
from pytest_litmus.wire.parts import blob, content_parts, prompt_messages, tool_call
from pytest_litmus.wire.tokens import usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "cloudflare.workers_ai"

_PATH = re.compile(r"/(?:ai/run|workers-ai)/(?P<model>(?:@|%40)[^/]+/.+?)/?$")
_EMBEDS = re.compile("embed|/bge-")
_ASKS = ("prompt", "input", "text")
_SAYS = ("response", "translated_text", "text", "description", "summary")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call that an exchange is, or None. The path is like no other's."""
    request = exchange.request
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return None
    asked, answer = record(request.json), read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    result = record(body).get("result")
    said, model = record(result), unquote(found["model"])
    vectors = [vector for vector in items(said.get("data")) if isinstance(vector, list)]
    fault = _fault(exchange, body)
    choices = records(said.get("choices"))
    provider_name = provider_of(request)
    return Call(
        operation_name=_operation(model, asked, said),
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=model,
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        input_messages=_input_messages(asked),
        output_messages=() if vectors else _output_messages(exchange, result),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=tuple(r for c in choices if (r := text(c.get("finish_reason")))),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(said.get("usage"), provider_name=provider_name, embeds=bool(vectors)),
        embedding_dimensions=dimensions_of(vectors[0], None) if vectors else None,
        embedding_count=len(vectors) or None,
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _operation(model: str, asked: dict[str, Any], said: dict[str, Any]) -> str:
    """The request tells most; but a prompt may be answered with an image."""
    if "data" in said or ("text" in asked and _EMBEDS.search(model)):
        return "embeddings"
    if "image" in said:
        return "image_generation"
    if "messages" in asked or "input" in asked:
        return "chat"
    return "text_completion" if "prompt" in asked else "prediction"


def _fault(exchange: Exchange, body: Any) -> Fault:
    """Errors come as a list; the first one says what was wrong."""
    said = record(body)
    first = next(iter(records(said.get("errors"))), None)
    readable = said.get("result") is not None or medium(exchange) is not None
    return fault_of(exchange, {"error": first} if first else body, readable=readable)


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    said = tuple(message_of(one, "user") for one in records(asked.get("messages")))
    return (*said, *(one for name in _ASKS for one in prompt_messages(asked.get(name))))


def _output_messages(exchange: Exchange, result: Any) -> tuple[Message, ...]:
    """One message a choice; of any other answer one."""
    choices = records(record(result).get("choices"))
    tools = tuple(_tool(call) for call in records(record(result).get("tool_calls")))
    if choices:
        said = [message_of(record(one.get("message")), "assistant") for one in choices]
        return (replace(said[0], parts=(*said[0].parts, *tools)), *said[1:])
    if parts := (*_words(exchange, result), *tools):
        return (Message("assistant", parts),)
    return () if result is None else (Message("assistant"),)


def _words(exchange: Exchange, result: Any) -> tuple[Part, ...]:
    """Text, an image, a sound; labels and boxes as the JSON that spells them."""
    said = record(result)
    if part := medium(exchange):
        return (part,)
    if image := text(said.get("image")):
        return (blob(image, None, modality="image"),)
    words = [said[name] for name in _SAYS if name in said]
    spelled = words[0] if words else None if "tool_calls" in said else result
    return content_parts(as_text(spelled))


def _tool(call: dict[str, Any]) -> Part:
    function = record(call.get("function")) or call
    return tool_call(call.get("id"), function.get("name"), function.get("arguments"))


def _usage(usage: Any, *, provider_name: str, embeds: bool) -> Usage:
    counted = usage_of(usage, provider_name=provider_name)
    return without_output(counted) if embeds else counted


def _has_content(event: dict[str, Any]) -> bool:
    """Whether an event says something; the first ones may only name the role."""
    return bool(_said(event).parts)


def _said(event: dict[str, Any]) -> Message:
    choices = records(folded([_chunk(event)]).get("choices"))
    return message_of(record(choices[0].get("message")) if choices else {}, "assistant")


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain response that it adds up to.

    Some models stream OpenAI's chunks, and end with an event of the other kind, whose usage counts
    all: that of the chunks is for each of them.
    """
    events = [event for _, event in answer.records]
    said = folded(_chunk(event) for event in events)
    tools = [event["tool_calls"] for event in events if event.get("tool_calls")]
    errors = [error for event in events for error in records(event.get("errors"))]
    result = {**said, "tool_calls": tools[-1] if tools else None}
    return {"result": result, "errors": errors, "error": said.get("error")}


def _chunk(event: dict[str, Any]) -> dict[str, Any]:
    if "choices" in event or "response" not in event:
        return event
    return {**event, "choices": [{"delta": {"content": as_text(event["response"])}}]}
