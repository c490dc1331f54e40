"""OpenAI's chat completions, as OpenAI and every compatible server speak them.

Format: https://platform.openai.com/docs/api-reference/chat. Known by the path
(`.../chat/completions` under any prefix), whoever the host is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    as_text,
    count,
    first_count,
    items,
    number,
    record,
    records,
    text,
    without_none,
)
from pytest_litmus.wire.parts import content_parts, tool_call, tool_response
from pytest_litmus.wire.tokens import cost_of, usage_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "openai.chat"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The chat that an exchange is, or None."""
    if not _is_chat(exchange.request):
        return None
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, provider_name = record(body), provider_of(exchange.request)
    choices = records(said.get("choices"))
    # A prompt that Azure or OpenRouter refuses can come back as an error inside the choice.
    failed = next((choice for choice in choices if record(choice.get("error"))), None)
    fault = fault_of(exchange, failed or body, readable="choices" in said)
    return Call(
        operation_name="chat",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")) or deployment(exchange.request),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        system_fingerprint=text(said.get("system_fingerprint")),
        service_tier=text(said.get("service_tier")) or text(asked.get("service_tier")),
        input_messages=tuple(_message(one, "user") for one in records(asked.get("messages"))),
        output_messages=tuple(_message(record(c.get("message")), "assistant") for c in choices),
        tool_definitions=tuple(records(asked.get("tools")) or records(asked.get("functions"))),
        finish_reasons=tuple(r for c in choices if (r := text(c.get("finish_reason")))),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=usage_of(_usage(said), provider_name=provider_name),
        reported_cost_usd=cost_of(_usage(said)),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def deployment(request: Request) -> str | None:
    """The deployment in an Azure path, `/openai/deployments/NAME/...`; it names the model there."""
    _, found, rest = request.path.partition("/deployments/")
    return rest.partition("/")[0] or None if found else None


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
    return path.endswith("/chat") and request.host == "api.writer.com"


def _usage(said: dict[str, Any]) -> Any:
    """Groq's streams report usage under a name of their own."""
    return said.get("usage") or record(said.get("x_groq")).get("usage")


def _message(message: dict[str, Any], role: str) -> Message:
    role = text(message.get("role")) or role
    parts: tuple[Part, ...]
    if role in {"tool", "function"}:
        parts = (tool_response(message.get("tool_call_id"), message.get("content")),)
    else:
        parts = (*_thoughts(message), *_words(message), *_tool_calls(message))
    return Message(role, parts, name=text(message.get("name")))


def _thoughts(message: dict[str, Any]) -> tuple[Part, ...]:
    thought = text(message.get("reasoning_content")) or text(message.get("reasoning"))
    return (Part("reasoning", content=thought),) if thought else ()


def _words(message: dict[str, Any]) -> tuple[Part, ...]:
    audio = record(message.get("audio"))
    words = content_parts(message.get("content")) or content_parts(audio.get("transcript"))
    if refusal := text(message.get("refusal")):
        words = (*words, Part("refusal", content=refusal))
    if data := text(audio.get("data")):
        words = (*words, Part("blob", content=data, id=text(audio.get("id")), modality="audio"))
    return words


def _tool_calls(message: dict[str, Any]) -> tuple[Part, ...]:
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


def _has_content(said: dict[str, Any]) -> bool:
    keys = ("content", "reasoning_content", "reasoning", "refusal", "tool_calls")
    deltas = (_delta(choice) for choice in records(said.get("choices")))
    return any(
        any(delta.get(key) for key in keys) or _tool_calls(delta) or record(delta.get("audio"))
        for delta in deltas
    )


def _delta(choice: dict[str, Any]) -> dict[str, Any]:
    return record(choice.get("delta")) or record(choice.get("message"))


@dataclass
class _Pieces:
    """A choice of a stream as it grows."""

    role: str | None = None
    finish_reason: str | None = None
    parts: list[Any] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    tools: list[_Tool] = field(default_factory=list)
    audio: dict[str, str] = field(default_factory=dict)

    def as_choice(self) -> dict[str, Any]:
        """The choice as a plain response holds it."""
        words = "".join(self.words)
        content: Any = words
        if self.parts:
            content = [*self.parts, *([{"type": "text", "text": words}] if words else [])]
        message = {
            "role": self.role,
            "content": content,
            "reasoning": "".join(self.thoughts),
            "refusal": "".join(self.refusal),
            "tool_calls": [tool.as_call() for tool in self.tools],
            "audio": self.audio,
        }
        return {"message": message, "finish_reason": self.finish_reason}


@dataclass
class _Tool:
    """A tool call of a stream as it grows."""

    index: int | None
    id: str | None = None
    name: str | None = None
    arguments: list[str] = field(default_factory=list)

    def as_call(self) -> dict[str, Any]:
        function = {"name": self.name, "arguments": "".join(self.arguments)}
        return {"id": self.id, "function": function}


_NAMES = ("id", "model", "system_fingerprint", "service_tier")


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain response that it adds up to.

    Usage overwrites: some servers send it in every chunk, cumulative. Names keep the first that is
    not empty: Azure's first chunk has an empty model.
    """
    said: dict[str, Any] = {}
    choices: dict[int, _Pieces] = {}
    for _, chunk in answer.records:
        said = {name: chunk[name] for name in _NAMES if text(chunk.get(name))} | said
        said |= without_none(usage=_usage(chunk) or None, error=chunk.get("error") or None)
        for choice in records(chunk.get("choices")):
            pieces = choices.setdefault(count(choice.get("index")) or 0, _Pieces())
            _add(pieces, choice)
        if "choices" in chunk:
            said["choices"] = ()
    if "choices" in said:
        said["choices"] = [choices[index].as_choice() for index in sorted(choices)]
    return said


def _add(pieces: _Pieces, choice: dict[str, Any]) -> None:
    delta = _delta(choice)
    pieces.role = pieces.role or text(delta.get("role"))
    pieces.finish_reason = text(choice.get("finish_reason")) or pieces.finish_reason
    _add_content(pieces, delta.get("content"))
    pieces.thoughts.append(
        text(delta.get("reasoning_content")) or text(delta.get("reasoning")) or ""
    )
    pieces.refusal.append(text(delta.get("refusal")) or "")
    for call in _tool_deltas(delta):
        _add_tool(pieces.tools, call)
    _add_audio(pieces.audio, record(delta.get("audio")))


def _add_audio(grown: dict[str, str], audio: dict[str, Any]) -> None:
    if id_ := text(audio.get("id")):
        grown["id"] = id_
    for name in ("data", "transcript"):
        grown[name] = grown.get(name, "") + (text(audio.get(name)) or "")


def _add_content(pieces: _Pieces, content: Any) -> None:
    """Mistral sends lists of parts inside deltas."""
    if isinstance(content, str):
        pieces.words.append(content)
        return
    for part, item in zip(content_parts(content), _typed(content), strict=True):
        if part.type == "text":
            pieces.words.append(part.content or "")
        elif part.type == "reasoning":
            pieces.thoughts.append(part.content or "")
        else:
            pieces.parts.append(item)


def _typed(content: Any) -> list[Any]:
    return [item for item in items(content) if isinstance(item, dict | str)]


def _tool_deltas(delta: dict[str, Any]) -> Iterable[dict[str, Any]]:
    legacy = record(delta.get("function_call"))
    if text(legacy.get("name")) or text(legacy.get("arguments")):
        return [{"index": 0, "function": legacy}]
    return records(delta.get("tool_calls"))


def _add_tool(tools: list[_Tool], call: dict[str, Any]) -> None:
    function = record(call.get("function")) or record(call.get("custom"))
    id_, name = text(call.get("id")), text(function.get("name"))
    tool = _grown(tools, index=count(call.get("index")), id_=id_, name=name)
    tool.id, tool.name = tool.id or id_, tool.name or name
    tool.arguments.append(as_text(function.get("arguments") or function.get("input")) or "")


def _grown(tools: list[_Tool], *, index: int | None, id_: str | None, name: str | None) -> _Tool:
    """The call that a delta continues, else a new one.

    Some servers leave the index out; Google's gives several whole calls the index 0, each with an
    id and a name of its own; OpenRouter repeats id and name in every delta.
    """
    same = [tool for tool in tools if index is None or tool.index == index]
    if same and not (id_ and name and same[-1].id not in {None, id_}):
        return same[-1]
    tools.append(_Tool(index))
    return tools[-1]
