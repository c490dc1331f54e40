"""OpenAI's Responses API: `POST .../responses`, polls of what runs in the background, compaction.

Format: https://platform.openai.com/docs/api-reference/responses. `/responses/input_tokens` counts
tokens and is read elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.content_filters import flags_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.formats.openai_items import input_messages, output_parts
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, record, records, text, without_none
from pytest_litmus.wire.parts import content_parts
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import cost_of, units, usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "openai.responses"

_PATH = re.compile(r"/responses(?:/(?P<id>[^/]+)(?:/(?P<verb>cancel|input_items))?)?/?$")
_COMPACT = "compact"
_UNFINISHED = {"queued", "in_progress"}


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The response that an exchange is or asks for, or None."""
    request = exchange.request
    found = _PATH.search(request.path)
    if found is None or request.path.endswith("/input_tokens"):
        return None
    method, id_, verb = request.method, found["id"], found["verb"]
    if id_ in {None, _COMPACT}:
        return _response(exchange) if method == "POST" and _asks(request) else None
    # A survey has responses too.
    if not _is_openai_s(request) and not id_.startswith("resp_"):
        return None
    if (method, verb) in {("GET", None), ("POST", "cancel")}:
        return _response(exchange, poll_of=id_)
    return _stored(exchange)


def _asks(request: Request) -> bool:
    # Any web form may post to /responses: on an unknown host the body has to look like ours.
    asked = record(request.json)
    return _is_openai_s(request) or (text(asked.get("model")) is not None and "input" in asked)


def _is_openai_s(request: Request) -> bool:
    """Whether host or path say so; gateways and Azure have `/openai/` in the path."""
    return model_host(request) is not None or "/openai/" in request.path


def _response(exchange: Exchange, *, poll_of: str | None = None) -> Call:
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, provider_name = record(body), provider_of(exchange.request)
    fault = fault_of(exchange, body, readable="output" in said or "status" in said)
    output = output_parts(said.get("output"))
    return Call(
        operation_name="chat",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        poll_of=poll_of,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        service_tier=text(said.get("service_tier")) or text(asked.get("service_tier")),
        system_instructions=content_parts(asked.get("instructions")),
        input_messages=(*_template(asked, said), *input_messages(asked.get("input"))),
        output_messages=(Message("assistant", output),) if "output" in said else (),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=_finish_reasons(said),
        flags=flags_of(said),
        parameters=_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(said, provider_name=provider_name),
        reported_cost_usd=cost_of(said.get("usage")),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _stored(exchange: Exchange) -> Call:
    """A response that is deleted, or whose input is read: no model works."""
    body = read_answer(exchange).json
    fault = fault_of(exchange, body, readable="object" in record(body))
    return Call(
        operation_name="responses",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        runs_model=False,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _template(asked: dict[str, Any], said: dict[str, Any]) -> tuple[Message, ...]:
    """The messages of a prompt that is kept at OpenAI: only the answer tells them."""
    return input_messages(records(said.get("instructions"))) if "prompt" in asked else ()


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    conversation, prompt = asked.get("conversation"), record(asked.get("prompt"))
    named = {
        "conversation.id": text(record(conversation).get("id")) or text(conversation),
        "prompt.name": text(prompt.get("id")),
        "prompt.version": text(prompt.get("version")),
    }
    return chat_parameters(asked) | without_none(**named)


def _usage(said: dict[str, Any], *, provider_name: str) -> Usage:
    """Searches are billed beside the tokens; only newer models count them in `tool_usage`."""
    served, items = record(said.get("tool_usage")), records(said.get("output"))
    searches = count(record(served.get("web_search")).get("num_requests"))
    if searches is None:
        searches = _number_of(items, "web_search_call")
    usage = usage_of(said.get("usage"), provider_name=provider_name)
    billed = units(web_searches=searches, storage_searches=_number_of(items, "file_search_call"))
    drawn = count(record(served.get("image_gen")).get("total_tokens"))
    if drawn is None:
        drawn = _number_of(items, "image_generation_call")
    return replace(
        usage,
        billed_units={**usage.billed_units, **billed},
        incomplete="an image model worked too, and is billed apart" if drawn else None,
    )


def _number_of(items: list[dict[str, Any]], kind: str) -> int:
    return sum(item.get("type") == kind for item in items)


def _finish_reasons(said: dict[str, Any]) -> tuple[str, ...]:
    """The reason of an incomplete response, else its final status."""
    reason = text(record(said.get("incomplete_details")).get("reason"))
    reason = reason or text(said.get("status"))
    return (reason,) if reason and reason not in _UNFINISHED else ()


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
    "response.code_interpreter_call_code.delta": "code",
}


def _has_content(said: dict[str, Any]) -> bool:
    """A delta of words or of what a tool is asked, or an image as far as it is drawn."""
    kind = text(said.get("type"))
    is_delta = bool(said.get("delta")) and (kind in _DELTAS or kind in _ARGUMENTS)
    return is_delta or bool(said.get("partial_image_b64"))


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
