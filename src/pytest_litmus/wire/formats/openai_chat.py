"""OpenAI's chat completions, as OpenAI and every compatible server speak them.

Format: https://platform.openai.com/docs/api-reference/chat. Known by the path
(`.../chat/completions` under any prefix), whoever the host is; some servers have it elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.content_filters import flags_of
from pytest_litmus.wire.formats.openai_chunks import folded, has_content, usage_in
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    as_text,
    count,
    first_count,
    items,
    json_or_text,
    number,
    record,
    records,
    text,
    without_none,
)
from pytest_litmus.wire.parts import citation_parts, content_parts, tool_call, tool_response
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import cost_of, usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "openai.chat"

_NAMED = re.compile(
    # Azure's deployments, OpenAI's engines of old; Databricks; Hugging Face's models.
    r"/(?:deployments|engines)/([^/]+)/"
    r"|/serving-endpoints/([^/]+)/invocations$"
    r"|/models/([^/]+/[^/]+)/v1/"
)
# Where some servers answer in this format, and what a request has to have there.
_ELSEWHERE = (
    (r"/agents/completions$", "messages"),  # Mistral
    (r"/serving-endpoints/[^/]+/invocations$", "messages"),  # Databricks
    (r"/prompts/[^/]+/completions$", "variables"),  # Portkey
)


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The chat that an exchange is, or None."""
    return chat_call(exchange) if _is_chat(exchange.request) else None


def chat_call(exchange: Exchange) -> Call:
    """The chat of an exchange whose bodies have OpenAI's shape, at whatever endpoint."""
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = folded(chunk for _, chunk in answer.records) if answer.is_stream else answer.json
    said = record(body)
    provider_name, usage = _provider(exchange.request, said), usage_in(said)
    choices = records(said.get("choices"))
    # A prompt that Azure or OpenRouter refuses can come back as an error inside the choice.
    failed = next((choice for choice in choices if record(choice.get("error"))), None)
    fault = fault_of(exchange, failed or body, readable="choices" in said)
    return Call(
        operation_name="chat",
        provider_name=provider_name,
        served_by=_served_by(exchange, said),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")) or deployment(exchange.request),
        response_model=text(said.get("model")),
        # Together's errors have an id too: that of the request.
        response_id=text(said.get("id")) if "choices" in said else None,
        system_fingerprint=text(said.get("system_fingerprint")),
        service_tier=_service_tier(said, asked),
        input_messages=tuple(message_of(one, "user") for one in records(asked.get("messages"))),
        output_messages=_output_messages(said, choices),
        tool_definitions=tool_definitions(asked.get("tools") or asked.get("functions")),
        finish_reasons=tuple(r for c in choices if (r := text(c.get("finish_reason")))),
        flags=flags_of(said),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=usage_of(usage, provider_name=provider_name),
        reported_cost_usd=cost_of(usage),
        time_to_first_chunk_s=answer.first_content_s(has_content),
        server_times_s=server_times_s(exchange, {**said, "usage": usage}),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def deployment(request: Request) -> str | None:
    """The model that a path names, as Azure's `/openai/deployments/NAME/...`; None for most."""
    found = _NAMED.search(request.path)
    return next(unquote(name) for name in found.groups() if name) if found else None


def chat_parameters(asked: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a request by their OpenTelemetry names, as far as it sets them."""
    stop = asked.get("stop")
    stops = [stop] if isinstance(stop, str) else [s for s in items(stop) if isinstance(s, str)]
    effort = asked.get("reasoning_effort") or record(asked.get("reasoning")).get("effort")
    limits = (asked.get(f"max_{side}tokens") for side in ("completion_", "output_", ""))
    return without_none(
        temperature=number(asked.get("temperature")),
        top_p=number(asked.get("top_p")),
        top_k=count(asked.get("top_k")),
        max_tokens=first_count(*limits),
        frequency_penalty=number(asked.get("frequency_penalty")),
        presence_penalty=number(asked.get("presence_penalty")),
        seed=number(asked.get("seed")),
        stop_sequences=stops or None,
        choice_count=count(asked.get("n")),
        **{"reasoning.level": text(effort)},
        **{"previous_response.id": text(asked.get("previous_response_id"))},
    )


def _is_chat(request: Request) -> bool:
    path = request.path.rstrip("/")
    if request.method != "POST":
        return False
    if path.endswith("/chat/completions"):
        return True
    if path.endswith("/chat"):
        return request.host == "api.writer.com"
    asked = record(request.json)
    return any(re.search(pattern, path) and name in asked for pattern, name in _ELSEWHERE)


def _provider(request: Request, said: dict[str, Any]) -> str:
    """By the host, but for OpenRouter: its answers tell it, and recordings of it name others."""
    routed = text(said.get("provider")) and (text(said.get("id")) or "").startswith("gen-")
    return "openrouter" if routed else provider_of(request)


def _served_by(exchange: Exchange, said: dict[str, Any]) -> str | None:
    """Who worked for a router: OpenRouter's answers tell, Hugging Face's headers, or its paths."""
    if exchange.request.host != "router.huggingface.co":
        return text(said.get("provider"))
    first = exchange.request.path.lstrip("/").partition("/")[0]
    return exchange.header("x-inference-provider") or (None if first == "v1" else first)


def _service_tier(said: dict[str, Any], asked: dict[str, Any]) -> str | None:
    """Mistral puts it among the counts."""
    places = (said, record(said.get("usage")), asked)
    return next((tier for place in places if (tier := text(place.get("service_tier")))), None)


def _output_messages(said: dict[str, Any], choices: list[dict[str, Any]]) -> tuple[Message, ...]:
    """One a choice. Perplexity and xAI name the sources of their only one beside it."""
    beside = citation_parts(said.get("search_results") or said.get("citations"))
    messages = tuple(_output_message(choice) for choice in choices)
    return (*(_citing(one, beside) for one in messages[:1]), *messages[1:])


def _output_message(choice: dict[str, Any]) -> Message:
    """Completions, older than chats, have a text where these have a message."""
    said = record(choice.get("message")) or {"content": choice.get("text")}
    # The sources of the text: web pages, or documents of Azure's data sources.
    context = record(said.get("context"))
    sources = citation_parts(said.get("annotations") or context.get("citations"))
    return _citing(message_of(said, "assistant"), sources)


def _citing(message: Message, sources: tuple[Part, ...]) -> Message:
    return replace(message, parts=(*message.parts, *sources))


def message_of(message: dict[str, Any], role: str) -> Message:
    """A message as OpenAI's format writes it.

    Args:
        message: The object as sent.
        role: Whose it is when it does not say.
    """
    role = text(message.get("role")) or role
    parts: tuple[Part, ...]
    if role in {"tool", "function"}:
        answered = tool_response(message.get("tool_call_id"), message.get("content"))
        parts = (replace(answered, name=text(message.get("name"))),)
    else:
        parts = (
            *_thoughts(message),
            *_served(message),
            *_words(message),
            *tool_calls_in(message),
        )
    return Message(role, parts, name=text(message.get("name")))


def _thoughts(message: dict[str, Any]) -> tuple[Part, ...]:
    thought = text(message.get("reasoning_content")) or text(message.get("reasoning"))
    details = records(message.get("reasoning_details"))
    if not thought and not details:
        return ()
    # OpenRouter may have nothing but details, and those may be encrypted.
    words = (text(one.get("text")) or text(one.get("summary")) or "" for one in details)
    return (Part("reasoning", content=thought or "".join(words)),)


def _served(message: dict[str, Any]) -> tuple[Part, ...]:
    """The tools that Groq's compound systems ran by themselves, each with its result."""
    parts: list[Part] = []
    for tool in records(message.get("executed_tools")):
        id_, name = as_text(count(tool.get("index"))), text(tool.get("type"))
        arguments, gave = json_or_text(tool.get("arguments")), tool.get("output")
        parts.append(Part("server_tool_call", id=id_, name=name, arguments=arguments))
        if gave is not None:
            parts.append(Part("server_tool_call_response", id=id_, name=name, response=gave))
    return tuple(parts)


def _words(message: dict[str, Any]) -> tuple[Part, ...]:
    audio = record(message.get("audio"))
    words = content_parts(message.get("content")) or content_parts(audio.get("transcript"))
    if refusal := text(message.get("refusal")):
        words = (*words, Part("refusal", content=refusal))
    if data := text(audio.get("data")):
        words = (*words, Part("blob", content=data, id=text(audio.get("id")), modality="audio"))
    return (*words, *content_parts(message.get("images")))


def tool_calls_in(message: dict[str, Any]) -> tuple[Part, ...]:
    """The tool calls of a message, as OpenAI, Cohere and Ollama write them."""
    calls = tuple(_tool_call(call) for call in records(message.get("tool_calls")))
    legacy = record(message.get("function_call"))
    # Snowflake puts a function call without a name into every message.
    if not calls and text(legacy.get("name")):
        calls = (tool_call(None, legacy.get("name"), legacy.get("arguments")),)
    return calls


def _tool_call(call: dict[str, Any]) -> Part:
    function, custom = record(call.get("function")), record(call.get("custom"))
    arguments = function.get("arguments") if function else custom.get("input")
    return tool_call(call.get("id"), (function or custom).get("name"), arguments)
