"""Ollama's own API: chat, generate and embeddings.

Format: https://docs.ollama.com/api. A chat or a generation is streamed, one JSON object a line,
unless the request says `"stream": false`; a stream that was left after its first line looks like a
plain answer. Its OpenAI-compatible API is read as that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters, tool_calls_in
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, without_output
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.parts import blob, content_parts, prompt_messages, tool_response
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "ollama"

_PATH = re.compile(r"/api/(chat|generate|embed|embeddings)/?$")
# Endpoint: where the request has what the model is to read, and where the answer has the answer.
_CHAT, _GENERATE = "chat", "generate"
_ASKED = {_CHAT: "messages", _GENERATE: "prompt", "embed": "input", "embeddings": "prompt"}
_ANSWERS = {
    _CHAT: "message",
    _GENERATE: "response",
    "embed": "embeddings",
    "embeddings": "embedding",
}
_ABOUT = re.compile(r"/api/(show|tags|ps|version)/?$")
"""What clients ask of Ollama beside: it is recorded, so that a replay needs no server."""
_NANOSECONDS = 1e9


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call to Ollama that an exchange is, or None."""
    endpoint = _endpoint(exchange.request)
    if endpoint is None:
        return _about(exchange)
    if endpoint in {_CHAT, _GENERATE}:
        return _text_call(exchange, endpoint)
    return _embeddings_call(exchange, endpoint)


def _about(exchange: Exchange) -> Call | None:
    """A request about the models, where the server is known to be Ollama."""
    found = _ABOUT.search(exchange.request.path)
    if found is None or provider_of(exchange.request) != "ollama":
        return None
    body = read_answer(exchange).json
    fault = fault_of(exchange, body, readable=isinstance(body, dict))
    return Call(
        operation_name=found[1],
        provider_name="ollama",
        wire_format=WIRE_FORMAT,
        runs_model=False,
        request_model=text(record(exchange.request.json).get("model")),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _endpoint(request: Request) -> str | None:
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return None
    endpoint = found[1]
    if provider_of(request) == "ollama":
        return endpoint
    # A web application may have an /api/chat of its own; those made with Vercel's SDK send an id.
    asked = record(request.json)
    given = asked.get(_ASKED[endpoint])
    if endpoint == _CHAT:
        given = [one for one in records(given) if text(one.get("role"))]
    return endpoint if text(asked.get("model")) and given and "id" not in asked else None


def _text_call(exchange: Exchange, endpoint: str) -> Call:
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = record(body)
    spoke = _ANSWERS[endpoint] in said
    fault = fault_of(exchange, body, readable=spoke)
    stop = text(said.get("done_reason"))
    return Call(
        operation_name="chat" if endpoint == _CHAT else "text_completion",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        # Without anything to read, the request loads the model or unloads it.
        runs_model=bool(asked.get(_ASKED[endpoint])),
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        system_instructions=content_parts(asked.get("system")),
        input_messages=_input_messages(asked),
        output_messages=(_output(said),) if spoke else (),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=(stop,) if stop else (),
        parameters=_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is not False,
        usage=Usage(
            input_tokens=count(said.get("prompt_eval_count")),
            output_tokens=count(said.get("eval_count")),
        ),
        time_to_first_chunk_s=answer.first_content_s(lambda line: bool(_output(line).parts)),
        server_times_s=_server_times_s(said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _embeddings_call(exchange: Exchange, endpoint: str) -> Call:
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said = record(body)
    vectors = items(said.get("embeddings")) or [v for v in [said.get("embedding")] if items(v)]
    fault = fault_of(exchange, body, readable=_ANSWERS[endpoint] in said)
    return Call(
        operation_name="embeddings",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        input_messages=prompt_messages(asked.get(_ASKED[endpoint])),
        parameters=_parameters(asked),
        usage=without_output(Usage(input_tokens=count(said.get("prompt_eval_count")))),
        embedding_dimensions=dimensions_of(vectors[0], None)
        if vectors
        else count(asked.get("dimensions")),
        embedding_count=len(vectors) if _ANSWERS[endpoint] in said else None,
        server_times_s=_server_times_s(said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    """Most options are called as OpenAI's are; a `num_predict` below 0 is no limit."""
    options = record(asked.get("options"))
    named = {"max_tokens": options.get("num_predict"), "reasoning_effort": asked.get("think")}
    return chat_parameters({**options, **named})


def _server_times_s(said: dict[str, Any]) -> dict[str, float]:
    times = ((name, count(value)) for name, value in said.items() if name.endswith("_duration"))
    return {name: spent / _NANOSECONDS for name, spent in times if spent is not None}


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    if "messages" in asked:
        return tuple(_message(one) for one in records(asked.get("messages")))
    parts = _parts({"content": asked.get("prompt"), "images": asked.get("images")})
    return (Message("user", parts),) if parts else ()


def _message(message: dict[str, Any]) -> Message:
    role, name = text(message.get("role")) or "user", text(message.get("tool_name"))
    if role == "tool":
        answered = tool_response(message.get("tool_call_id"), message.get("content"))
        return Message(role, (answered,), name=name)
    return Message(role, _parts(message))


def _output(said: dict[str, Any]) -> Message:
    """A chat has a message; a generation has its words beside the counts."""
    return Message("assistant", _parts(record(said.get("message")) or said))


def _parts(message: dict[str, Any]) -> tuple[Part, ...]:
    thought = text(message.get("thinking"))
    pictures = [text(one) for one in [*items(message.get("images")), message.get("image")]]
    return (
        *([Part("reasoning", content=thought)] if thought else []),
        *content_parts(text(message.get("content")) or text(message.get("response"))),
        *(blob(data, None, modality="image") for data in pictures if data),
        *tool_calls_in(message),
    )


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the answer that it adds up to: the last line has counts and durations."""
    said: dict[str, Any] = {}
    spoken: dict[str, Any] = {"content": "", "response": "", "thinking": "", "tool_calls": []}
    for _, line in answer.records:
        said |= line
        piece = record(line.get("message")) or line
        for name in ("content", "response", "thinking"):
            spoken[name] += text(piece.get(name)) or ""
        spoken["tool_calls"] += records(piece.get("tool_calls"))
    if "message" in said:
        return said | {"message": spoken}
    return said | spoken if "response" in said else said
