"""Gemini's interactions: plain, streamed, or in the background and asked for later.

Format: https://ai.google.dev/api/interactions-api. What was done comes as `steps`; until May 2026
it came as `outputs`, and in a stream as `content` events:
https://ai.google.dev/gemini-api/docs/interactions-breaking-changes-may-2026.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.formats.gemini import (
    billed_searches,
    generation_parameters,
    server_times,
    service_tier,
    usage_of,
)
from pytest_litmus.wire.formats.gemini_parts import file_at
from pytest_litmus.wire.formats.proto_json import many
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import count, items, json_or_text, record, records, text
from pytest_litmus.wire.parts import blob, citation_parts, content_parts, tool_call
from pytest_litmus.wire.tokens import units
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "gemini.interactions"

_UNFINISHED = {"queued", "in_progress"}
_FAILED = "failed"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The interaction that an exchange starts or asks for, or None."""
    request = exchange.request
    if request.method == "POST" and _is_start(request):
        return _interaction(exchange)
    polled = _polled(request) if request.method == "GET" else None
    return replace(_interaction(exchange), poll_of=polled) if polled else None


def _is_start(request: Request) -> bool:
    if not request.path.rstrip("/").endswith("/interactions"):
        return False
    # Anyone may have interactions: on an unknown host the body has to look like ours.
    asked = record(request.json)
    named = text(asked.get("model")) or text(asked.get("agent"))
    return _is_google(request) or (named is not None and "input" in asked)


def _polled(request: Request) -> str | None:
    """The id that a path ends with; Google's own begin with the version of the format."""
    found = re.search(r"/interactions/([^/:]+)/?$", unquote(request.path))
    known = found and (_is_google(request) or found[1].startswith("v1_"))
    return found[1] if found and known else None


def _is_google(request: Request) -> bool:
    return provider_of(request).startswith("gcp.")


def _interaction(exchange: Exchange) -> Call:
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = record(body)
    model, status = text(said.get("model")), text(said.get("status"))
    fault = _failure(said) or fault_of(exchange, body, readable=status is not None)
    done = [one for one in _steps(said) if one.get("type") != "user_input"]
    output = Message("assistant", tuple(part for one in done for part in _parts(one)))
    return Call(
        operation_name="generate_content",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=model or text(said.get("agent")),
        response_id=text(said.get("id")),
        service_tier=service_tier(exchange, asked, {"serviceTier": said.get("service_tier")}),
        system_instructions=content_parts(asked.get("system_instruction")),
        input_messages=tuple(_input_messages(asked.get("input"))),
        output_messages=(output,) if status or done else (),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=(status,) if status and status not in _UNFINISHED else (),
        parameters=_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(record(said.get("usage")), done, model or ""),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        server_times_s=server_times(exchange),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    earlier = text(asked.get("previous_interaction_id"))
    named = {"previous_response.id": earlier} if earlier else {}
    return {**generation_parameters(record(asked.get("generation_config"))), **named}


def _failure(said: dict[str, Any]) -> Fault | None:
    """Why an interaction failed; its status says that it did."""
    if text(said.get("status")) != _FAILED:
        return None
    told = (*records(said.get("errors")), *(record(one.get("error")) for one in _steps(said)))
    error = next((one for one in told if one), {})
    return Fault(text(error.get("code")) or _FAILED, text(error.get("message")))


def _steps(said: dict[str, Any]) -> list[dict[str, Any]]:
    return records(said.get("steps")) or records(said.get("outputs"))


def _input_messages(given: Any) -> Iterator[Message]:
    """What follows each other in one role is one message: contents, steps, or whole turns."""
    pieces = [given] if isinstance(given, str | dict) else items(given)
    known = [piece for piece in pieces if isinstance(piece, str | dict)]
    for role, group in groupby(known, key=_role):
        yield Message(role, tuple(part for piece in group for part in _parts(piece)))


_CONTENTS = {"text", "image", "audio", "video", "document"}
_TURN = "turn"


def _role(piece: dict[str, Any] | str) -> str:
    if isinstance(piece, str):
        return "user"
    kind, role = text(piece.get("type")) or _TURN, text(piece.get("role"))
    if kind in {*_CONTENTS, _TURN, "user_input"}:
        return "assistant" if role == "model" else role or "user"
    return "tool" if kind == "function_result" else "assistant"


def _parts(piece: dict[str, Any] | str) -> tuple[Part, ...]:
    """The parts of a step, a content or a turn."""
    if isinstance(piece, str):
        return content_parts(piece)
    kind = text(piece.get("type")) or _TURN
    if kind in {_TURN, "user_input", "model_output"}:
        return (*_held(piece.get("content")), *citation_parts(piece.get("annotations")))
    if kind in _CONTENTS:
        return _content(kind, piece)
    if kind == "thought":
        thoughts = [part.content or "" for part in _held(piece.get("summary"))]
        return (Part("reasoning", content="".join(thoughts)),)
    return (_tool_part(kind, piece),)


def _held(contents: Any) -> tuple[Part, ...]:
    if isinstance(contents, str):
        return content_parts(contents)
    return tuple(part for content in many(contents) for part in _parts(content))


def _content(kind: str, content: dict[str, Any]) -> tuple[Part, ...]:
    if kind == "text":
        words = content_parts(text(content.get("text")))
        return (*words, *citation_parts(content.get("annotations")))
    data, mime_type = text(content.get("data")), text(content.get("mime_type"))
    if data:
        return (blob(data, mime_type, modality=kind),)
    return (replace(file_at(text(content.get("uri")), mime_type), modality=kind),)


def _tool_part(kind: str, step: dict[str, Any]) -> Part:
    """Calls end in `_call` and name an id, results in `_result` and name the call's."""
    id_, asked_by = text(step.get("id")), text(step.get("call_id"))
    name, result = text(step.get("name")), json_or_text(step.get("result"))
    if kind == "function_call":
        return tool_call(id_, name, step.get("arguments"))
    if kind == "function_result":
        return Part("tool_call_response", id=asked_by, name=name, response=result)
    if kind.endswith("_call"):
        name, arguments = name or kind.removesuffix("_call"), json_or_text(step.get("arguments"))
        return Part("server_tool_call", id=id_, name=name, arguments=arguments)
    if kind.endswith("_result"):
        name = name or kind.removesuffix("_result")
        return Part("server_tool_call_response", id=asked_by, name=name, response=result)
    return Part(kind)


_COUNTS = {
    # The counts by the names that generateContent has for them.
    "total_input_tokens": "promptTokenCount",
    "total_tool_use_tokens": "toolUsePromptTokenCount",
    "total_output_tokens": "candidatesTokenCount",
    "total_thought_tokens": "thoughtsTokenCount",
    "total_cached_tokens": "cachedContentTokenCount",
}
_DETAILS = {
    "input_tokens_by_modality": "promptTokensDetails",
    "tool_use_tokens_by_modality": "toolUsePromptTokensDetails",
    "output_tokens_by_modality": "candidatesTokensDetails",
    "cached_tokens_by_modality": "cacheTokensDetails",
}
_SEARCH = "google_search"


def _usage(counted: dict[str, Any], done: list[dict[str, Any]], model: str) -> Usage:
    counts = {name: counted.get(ours) for ours, name in _COUNTS.items()}
    details = {name: _by_modality(counted.get(ours)) for ours, name in _DETAILS.items()}
    usage = usage_of(counts | details)
    searches = units(web_searches=billed_searches(_searches(counted, done), model))
    return replace(usage, billed_units={**usage.billed_units, **searches})


def _by_modality(details: Any) -> list[dict[str, Any]]:
    return [
        {"modality": (text(one.get("modality")) or "").upper(), "tokenCount": one.get("tokens")}
        for one in records(details)
    ]


def _searches(counted: dict[str, Any], done: list[dict[str, Any]]) -> int:
    """As the usage counts them; where it counts no tools, the different queries."""
    if used := records(counted.get("grounding_tool_count")):
        return sum(count(one.get("count")) or 0 for one in used if one.get("type") == _SEARCH)
    asked = (record(one.get("arguments")) for one in done if one.get("type") == f"{_SEARCH}_call")
    return len({query for one in asked for query in items(one.get("queries")) if text(query)})


def _has_content(event: dict[str, Any]) -> bool:
    """The beginning of a call, or any delta that says something."""
    started = _started(event)
    said = _parts(started) if started else ()
    if delta := record(event.get("delta")):
        said = (*said, *_parts(_grown({"type": _TURN}, delta)))
    return any(part.type != "reasoning" or part.content for part in said)


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the interaction that it adds up to: the last event leaves out what was done.

    Usage overwrites: it counts from the start.
    """
    said: dict[str, Any] = {}
    grown: dict[int, dict[str, Any]] = {}
    for _, event in answer.records:
        interaction = record(event.get("interaction"))
        said |= {name: event[name] for name in ("status", "error") if event.get(name)}
        said |= {name: value for name, value in interaction.items() if value}
        said |= {"usage": counted} if (counted := _counted(event)) else {}
        _add(grown, event)
    if grown and not _steps(said):
        said["steps"] = [grown[index] for index in sorted(grown)]
    return said


def _counted(event: dict[str, Any]) -> dict[str, Any]:
    """What an event counts up to itself, wherever it says so."""
    beside = record(event.get("metadata"))
    places = (record(event.get("interaction")).get("usage"), event.get("usage"))
    counts = (*places, beside.get("total_usage"), beside.get("usage"))
    return next((found for one in counts if (found := record(one))), {})


def _started(event: dict[str, Any]) -> dict[str, Any]:
    return record(event.get("step")) or record(event.get("content"))


def _add(grown: dict[int, dict[str, Any]], event: dict[str, Any]) -> None:
    index = count(event.get("index"))
    if index is None:
        return
    if started := _started(event):
        grown[index] = started
    if delta := record(event.get("delta")):
        grown[index] = _grown(grown.get(index, {"type": "model_output"}), delta)


_ANNOTATIONS = {"text_annotation_delta", "text_annotation"}


def _grown(step: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    """A step with what a delta adds to it."""
    kind = text(delta.get("type"))
    if kind == "thought_signature":
        return step
    if kind == "thought_summary":
        summary = _more(step.get("summary"), record(delta.get("content")))
        return {**step, "type": "thought", "summary": summary}
    if kind == "arguments_delta":
        return {**step, "arguments": _continued(step.get("arguments"), delta.get("arguments"))}
    if kind in _ANNOTATIONS:
        cited = (*items(step.get("annotations")), *items(delta.get("annotations")))
        return {**step, "annotations": [*cited]}
    if kind in _CONTENTS and kind != step.get("type"):
        return {**step, "content": _more(step.get("content"), delta)}
    if kind == "text":
        return {**step, "text": _continued(step.get("text"), delta.get("text"))}
    return {**step, **delta}


def _continued(spelled: Any, more: Any) -> str:
    return (text(spelled) or "") + (text(more) or "")


def _more(contents: Any, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The contents and one more; what follows a text continues it."""
    *before, last = records(contents) or [{}]
    if last.get("type") == content.get("type") == "text":
        return [*before, {**last, "text": _continued(last.get("text"), content.get("text"))}]
    return [*records(contents), content]
