"""Mistral's own endpoints: conversations with its agents, and OCR. Its chat is OpenAI's.

Formats: https://docs.mistral.ai/api/endpoint/beta/conversations and
https://docs.mistral.ai/api/endpoint/ocr.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import count, json_or_text, record, records, text
from pytest_litmus.wire.parts import content_parts, tool_call, tool_response
from pytest_litmus.wire.tokens import units, usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "mistral"

_CONVERSATION = re.compile(r"/v1/conversations(/[^/]+(/restart)?)?/?$")
_OCR = re.compile(r"/ocr/?$")
_ENTRIES = ("message.output", "function.call", "tool.execution", "agent.handoff")
"""What the events of a stream are about, by how their types begin."""


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The turn of a conversation or the reading of a document that an exchange is, or None."""
    request = exchange.request
    if request.method != "POST":
        return None
    if _is_conversation(request):
        return _conversation(exchange)
    return _ocr(exchange) if _is_ocr(request) else None


def _is_conversation(request: Request) -> bool:
    """OpenAI has conversations too, which are stores without `inputs`."""
    asked = record(request.json)
    if not _CONVERSATION.search(request.path) or "inputs" not in asked:
        return False
    named = text(asked.get("agent_id")) or text(asked.get("model"))
    return named is not None or provider_of(request) == "mistral_ai"


def _is_ocr(request: Request) -> bool:
    asked = record(request.json)
    if not _OCR.search(request.path) or not isinstance(asked.get("document"), dict):
        return False
    return text(asked.get("model")) is not None or provider_of(request) == "mistral_ai"


def _conversation(exchange: Exchange) -> Call:
    asked, answer = record(exchange.request.json), read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = record(body)
    outputs = records(said.get("outputs"))
    fault = fault_of(exchange, body, readable="outputs" in said)
    models = [model for one in outputs if (model := text(one.get("model")))]
    given = record(asked.get("completion_args"))
    return Call(
        operation_name="invoke_agent" if text(asked.get("agent_id")) else "chat",
        provider_name=provider_of(exchange.request),
        wire_format=f"{WIRE_FORMAT}.conversations",
        request_model=text(asked.get("model")),
        response_model=models[-1] if models else None,
        response_id=text(said.get("conversation_id")),
        system_instructions=content_parts(asked.get("instructions")),
        input_messages=_input_messages(asked.get("inputs")),
        output_messages=_output_messages(outputs) if "outputs" in said else (),
        tool_definitions=tool_definitions(asked.get("tools")),
        parameters=chat_parameters({**given, "seed": given.get("random_seed")}),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(record(said.get("usage"))),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _input_messages(inputs: Any) -> tuple[Message, ...]:
    """A text, or entries: messages, and what functions returned."""
    if isinstance(inputs, str):
        return (Message("user", content_parts(inputs)),)
    return tuple(Message(_role(entry), _entry_parts(entry)) for entry in records(inputs))


def _role(entry: dict[str, Any]) -> str:
    role = "tool" if entry.get("type") == "function.result" else text(entry.get("role"))
    kind = text(entry.get("type")) or "message.input"
    return role or ("user" if kind == "message.input" else "assistant")


def _output_messages(outputs: list[dict[str, Any]]) -> tuple[Message, ...]:
    """All entries of the answer as one message: they are steps of one turn."""
    return (Message("assistant", tuple(part for one in outputs for part in _entry_parts(one))),)


def _entry_parts(entry: dict[str, Any]) -> tuple[Part, ...]:
    kind, name = text(entry.get("type")) or "", text(entry.get("name"))
    if kind == "function.call":
        return (tool_call(entry.get("tool_call_id"), name, entry.get("arguments")),)
    if kind == "function.result":
        return (tool_response(entry.get("tool_call_id"), entry.get("result")),)
    if kind == "tool.execution":
        asked = json_or_text(entry.get("arguments"))
        part = Part("server_tool_call", id=text(entry.get("id")), name=name, arguments=asked)
        returned = Part("server_tool_call_response", id=part.id, response=entry.get("info"))
        return (part, returned) if entry.get("info") else (part,)
    if kind == "agent.handoff":
        return (Part(kind, name=text(entry.get("next_agent_name"))),)
    return content_parts(entry.get("content"))


def _usage(said: dict[str, Any]) -> Usage:
    """The tokens that connectors brought in are counted apart from the prompt's."""
    counted = usage_of(said, provider_name="mistral_ai")
    brought, uses = count(said.get("connector_tokens")), record(said.get("connectors"))
    read = counted.input_tokens
    return replace(
        counted,
        input_tokens=read if read is None else read + (brought or 0),
        billed_units=units(
            web_searches=uses.get("web_search"),
            code_executions=uses.get("code_interpreter"),
            images=uses.get("image_generation"),
        ),
    )


def _has_content(event: dict[str, Any]) -> bool:
    said = any(event.get(name) for name in ("content", "arguments"))
    return said or event.get("type") == "tool.execution.started"


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain response that it adds up to; an entry grows under its id."""
    said: dict[str, Any] = {}
    entries: dict[Any, dict[str, Any]] = {}
    for _, event in answer.records:
        kind = text(event.get("type")) or ""
        if kind == "conversation.response.error":
            said["error"] = {name: event.get(name) for name in ("code", "message")}
        said |= {name: event[name] for name in ("conversation_id", "usage") if event.get(name)}
        own = next((name for name in _ENTRIES if kind.startswith(name)), None)
        if own:
            key = text(event.get("id")) or own
            entries[key] = _grown(entries.get(key, {}), {**event, "type": own})
    return {**said, "outputs": [*entries.values()]} if said or entries else said


def _grown(entry: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """An entry with what an event adds: text and arguments come in pieces, other chunks whole."""
    content = [*_chunks(entry.get("content")), *_chunks(event.get("content"))]
    if len(content) > 1 and isinstance(content[-1], str) and isinstance(content[-2], str):
        content[-2:] = [content[-2] + content[-1]]
    spelled = "".join(text(one.get("arguments")) or "" for one in (entry, event))
    known = {name: value for name, value in event.items() if value is not None}
    return {**entry, **known, "content": content, "arguments": spelled}


def _chunks(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    return [content] if content else []


def _ocr(exchange: Exchange) -> Call:
    asked, body = record(exchange.request.json), read_answer(exchange).json
    said = record(body)
    fault = fault_of(exchange, body, readable="pages" in said)
    pages = tuple(
        part for one in records(said.get("pages")) for part in content_parts(one.get("markdown"))
    )
    noted = text(said.get("document_annotation"))
    notes = (Part("document_annotation", content=noted),) if noted else ()
    return Call(
        operation_name="prediction",
        provider_name=provider_of(exchange.request),
        wire_format=f"{WIRE_FORMAT}.ocr",
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        input_messages=(Message("user", content_parts([asked["document"]])),),
        output_messages=(Message("assistant", (*pages, *notes)),) if "pages" in said else (),
        usage=Usage(billed_units=_pages(asked, record(said.get("usage_info")))),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _pages(asked: dict[str, Any], said: dict[str, Any]) -> dict[str, int]:
    """The pages read; those that are annotated too cost more."""
    annotates = asked.get("document_annotation_format") or asked.get("bbox_annotation_format")
    read = said.get("pages_processed")
    return units(
        input_document_pages=read, input_annotated_document_pages=read if annotates else None
    )
