"""OpenAI's Responses API, `POST .../responses`.

Format: https://platform.openai.com/docs/api-reference/responses. Polls of a background run (GET)
repeat a call that was made already, and `/responses/compact` and `/responses/input_tokens` are no
chats: neither is decoded here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, record, records, text
from pytest_litmus.wire.openai_chat import chat_parameters
from pytest_litmus.wire.parts import content_parts, tool_call, tool_response
from pytest_litmus.wire.tokens import cost_of, units, usage_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "openai.responses"

_UNFINISHED = {"queued", "in_progress"}
_PROGRAM_RUNS = {"computer_call", "local_shell_call", "shell_call", "apply_patch_call"}
"""Calls of built-in tools that the program answers, as opposed to those that the server runs."""


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The response that an exchange is, or None."""
    if not _is_response(exchange.request):
        return None
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, provider_name = record(body), provider_of(exchange.request)
    fault = fault_of(exchange, body, readable="output" in said or "status" in said)
    output = _output_parts(said)
    return Call(
        operation_name="chat",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        service_tier=text(said.get("service_tier")) or text(asked.get("service_tier")),
        system_instructions=content_parts(asked.get("instructions")),
        input_messages=_input_messages(asked.get("input")),
        output_messages=(Message("assistant", output),) if "output" in said else (),
        tool_definitions=tuple(records(asked.get("tools"))),
        finish_reasons=_finish_reasons(said),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(said, provider_name=provider_name),
        reported_cost_usd=cost_of(said.get("usage")),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_response(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith("/responses"):
        return False
    # Any web form may post to /responses: on an unknown host the body has to look like ours.
    asked = record(request.json)
    return bool(model_host(request)) or (text(asked.get("model")) is not None and "input" in asked)


def _usage(said: dict[str, Any], *, provider_name: str) -> Usage:
    """Searches are billed beside the tokens; only newer models count them in `tool_usage`."""
    searches = record(record(said.get("tool_usage")).get("web_search")).get("num_requests")
    if count(searches) is None:
        searches = sum(
            item.get("type") == "web_search_call" for item in records(said.get("output"))
        )
    usage = usage_of(said.get("usage"), provider_name=provider_name)
    return replace(usage, billed_units={**usage.billed_units, **units(web_searches=searches)})


def _finish_reasons(said: dict[str, Any]) -> tuple[str, ...]:
    """The reason of an incomplete response, else its final status."""
    reason = text(record(said.get("incomplete_details")).get("reason"))
    reason = reason or text(said.get("status"))
    return (reason,) if reason and reason not in _UNFINISHED else ()


def _input_messages(given: Any) -> tuple[Message, ...]:
    if isinstance(given, str):
        return (Message("user", content_parts(given)),)
    return tuple(_input_message(item) for item in records(given))


def _input_message(item: dict[str, Any]) -> Message:
    kind = text(item.get("type")) or "message"
    if kind == "message" or "role" in item:
        return Message(text(item.get("role")) or "user", content_parts(item.get("content")))
    if kind.endswith("_output"):
        return Message("tool", (tool_response(item.get("call_id"), item.get("output")),))
    return Message("assistant", _item_parts(item))


def _output_parts(said: dict[str, Any]) -> tuple[Part, ...]:
    return tuple(part for item in records(said.get("output")) for part in _item_parts(item))


def _item_parts(item: dict[str, Any]) -> tuple[Part, ...]:
    """The parts of an output item, of which there are some twenty types."""
    kind = text(item.get("type")) or "message"
    if kind == "message":
        return content_parts(item.get("content"))
    if kind == "reasoning":
        return _reasoning(item)
    if kind == "function_call":
        return (tool_call(item.get("call_id"), item.get("name"), item.get("arguments")),)
    if kind == "custom_tool_call":
        return (tool_call(item.get("call_id"), item.get("name"), item.get("input")),)
    if kind in _PROGRAM_RUNS:
        return (tool_call(item.get("call_id"), kind, item.get("action") or item.get("operation")),)
    return _server_parts(kind, item)


def _reasoning(item: dict[str, Any]) -> tuple[Part, ...]:
    thoughts = (*records(item.get("summary")), *records(item.get("content")))
    words = (text(thought.get("text")) for thought in thoughts)
    return tuple(Part("reasoning", content=word) for word in words if word)


def _server_parts(kind: str, item: dict[str, Any]) -> tuple[Part, ...]:
    """What the server did by itself: searches, code, images, MCP tools."""
    if not kind.endswith("_call"):
        return (Part(kind, id=text(item.get("id"))),)
    arguments = tool_call(None, None, item.get("arguments") or item.get("action")).arguments
    name = text(item.get("name")) or kind
    return (Part("server_tool_call", id=text(item.get("id")), name=name, arguments=arguments),)


_DELTAS = {
    # Event that adds text to an item: where in the item it belongs.
    "response.output_text.delta": ("content", "output_text", "text"),
    "response.refusal.delta": ("content", "refusal", "refusal"),
    "response.reasoning_text.delta": ("content", "reasoning_text", "text"),
    "response.reasoning_summary_text.delta": ("summary", "summary_text", "text"),
}
_ARGUMENTS = {
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
    "response.mcp_call_arguments.delta": "arguments",
}


def _has_content(said: dict[str, Any]) -> bool:
    kind = text(said.get("type"))
    return bool(said.get("delta")) and (kind in _DELTAS or kind in _ARGUMENTS)


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the response that it adds up to.

    The last event holds the whole response; a stream that ends before it is put together from
    its items and deltas.
    """
    said: dict[str, Any] = {}
    grown: dict[int, dict[str, Any]] = {}
    for _, event in answer.records:
        said |= {k: v for k, v in record(event.get("response")).items() if v is not None}
        _add_item(grown, event)
        _add_delta(grown, event)
        if event.get("type") == "error" or event.get("error"):
            said["error"] = record(event.get("error")) or event
    if grown and not records(said.get("output")):
        said["output"] = [grown[index] for index in sorted(grown)]
    return said


def _add_item(grown: dict[int, dict[str, Any]], event: dict[str, Any]) -> None:
    index, item = count(event.get("output_index")), record(event.get("item"))
    if index is not None and item:
        grown[index] = dict(item)


def _add_delta(grown: dict[int, dict[str, Any]], event: dict[str, Any]) -> None:
    index, delta = count(event.get("output_index")), text(event.get("delta"))
    kind = event.get("type")
    if index is None or delta is None or not isinstance(kind, str):
        return
    if name := _ARGUMENTS.get(kind):
        item = grown.setdefault(index, {"type": "function_call"})
        item[name] = (text(item.get(name)) or "") + delta
    elif kind in _DELTAS:
        _add_text(grown.setdefault(index, {"type": "message"}), _DELTAS[kind], event, delta)


def _add_text(
    item: dict[str, Any], place: tuple[str, str, str], event: dict[str, Any], delta: str
) -> None:
    holder, kind, name = place
    at = count(event.get("content_index")) or count(event.get("summary_index")) or 0
    parts = item[holder] = records(item.get(holder))
    # Indexes count up by one; a jump would be hostile, and is not worth its memory.
    if at >= len(parts):
        parts.append({"type": kind})
        at = len(parts) - 1
    parts[at][name] = (text(parts[at].get(name)) or "") + delta
