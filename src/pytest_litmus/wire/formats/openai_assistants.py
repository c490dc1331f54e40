"""OpenAI's Assistants API, version 2, as Azure has it too: runs of an assistant over a thread.

Format: https://platform.openai.com/docs/api-reference/runs. A run is polled or streamed. Its usage
stands on the finished run only, and its words in the messages of its thread.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, record, records, text
from pytest_litmus.wire.parts import content_parts, tool_call, tool_response
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "openai.assistants"

_PATH = re.compile(r"/(?:assistants|threads)(?:/|$)")
_RUNS = re.compile(
    r"/threads/(?:[^/]+/)?runs(?:/(?P<run>[^/]+)(?:/(?P<verb>submit_tool_outputs|cancel))?)?/?$"
)
_MESSAGES = re.compile(r"/threads/[^/]+/messages(/[^/]+)?/?$")
_UNFINISHED = {"queued", "in_progress", "cancelling"}


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The run that an exchange starts or asks for, or what it sets up; None for anything else."""
    request = exchange.request
    if not _is_ours(request):
        return None
    found = _RUNS.search(request.path)
    method, run, verb = request.method, found and found["run"], found and found["verb"]
    if method == "POST" and found and (not run or verb == "submit_tool_outputs"):
        return _run(exchange)
    if run and method in {"GET", "POST"}:
        return _run(exchange, poll_of=run)
    return _resource(exchange)


def _is_ours(request: Request) -> bool:
    """Any forum has threads: the host, the beta's header or Azure's prefix tell that it is this."""
    if not _PATH.search(request.path) or request.method == "OPTIONS":
        return False
    beta = (request.header("openai-beta") or "").startswith("assistants")
    return beta or "/openai/" in request.path or model_host(request) is not None


def _run(exchange: Exchange, *, poll_of: str | None = None) -> Call:
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, provider_name = record(body), provider_of(exchange.request)
    broken = said.get("last_error")
    fault = fault_of(exchange, {"error": broken} if broken else body, readable="status" in said)
    return Call(
        operation_name="invoke_agent",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        poll_of=poll_of,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        system_instructions=_instructions(said) or _instructions(asked),
        input_messages=_input_messages(asked),
        output_messages=_output_messages(said),
        tool_definitions=tool_definitions(asked.get("tools") or said.get("tools")),
        finish_reasons=_finish_reasons(said),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=usage_of(said.get("usage"), provider_name=provider_name),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _instructions(said: dict[str, Any]) -> tuple[Part, ...]:
    """A run's own, into which those of the request and of the assistant went."""
    return (
        *content_parts(said.get("instructions")),
        *content_parts(said.get("additional_instructions")),
    )


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    """What a request adds to its thread: messages, or the results of tools."""
    given = (
        *records(record(asked.get("thread")).get("messages")),
        *records(asked.get("additional_messages")),
        *records(asked.get("messages")),
        *([asked] if "content" in asked else []),
    )
    results = records(asked.get("tool_outputs"))
    return (
        *(_message(one) for one in given),
        *(
            Message("tool", (tool_response(one.get("tool_call_id"), one.get("output")),))
            for one in results
        ),
    )


def _message(one: dict[str, Any]) -> Message:
    return Message(text(one.get("role")) or "user", content_parts(one.get("content")))


def _finish_reasons(said: dict[str, Any]) -> tuple[str, ...]:
    """Why a run is incomplete, else its status once it no longer works."""
    reason = text(record(said.get("incomplete_details")).get("reason")) or text(said.get("status"))
    return (reason,) if reason and reason not in _UNFINISHED else ()


def _output_messages(said: dict[str, Any]) -> tuple[Message, ...]:
    """What a stream said, and the tools that the program is to run; a run alone has no words."""
    required = record(record(said.get("required_action")).get("submit_tool_outputs"))
    functions = [
        (call.get("id"), record(call.get("function")))
        for call in records(required.get("tool_calls"))
    ]
    parts = (
        *(part for one in records(said.get("said")) for part in _said_parts(one)),
        *(tool_call(id_, one.get("name"), one.get("arguments")) for id_, one in functions),
    )
    return (Message("assistant", parts),) if parts else ()


def _said_parts(one: dict[str, Any]) -> tuple[Part, ...]:
    """The parts of a message, or of a step in which the assistant's own tools worked."""
    if "step_details" not in one:
        return content_parts(one.get("content"))
    calls = records(record(one.get("step_details")).get("tool_calls"))
    return tuple(part for call in calls for part in _served(call))


def _served(call: dict[str, Any]) -> tuple[Part, ...]:
    """A tool that the server ran, with what it gave; functions are those of the program."""
    kind, id_ = text(call.get("type")) or "unknown", text(call.get("id"))
    if kind == "function":
        return ()
    inner = record(call.get(kind))
    asked = Part("server_tool_call", id=id_, name=kind, arguments=inner.get("input"))
    gave = inner.get("outputs") or inner.get("results")
    if not gave:
        return (asked,)
    return (asked, Part("server_tool_call_response", id=id_, name=kind, response=gave))


def _resource(exchange: Exchange) -> Call:
    """What is set up, listed or read: no model works."""
    request = exchange.request
    asked, body = record(request.json), read_answer(exchange).json
    said = record(body)
    fault = fault_of(exchange, body, readable="object" in said)
    reads = request.method == "GET" and _MESSAGES.search(request.path)
    answered = _answers(said) if reads else []
    makes_agent = request.method == "POST" and request.path.rstrip("/").endswith("/assistants")
    return Call(
        operation_name="create_agent" if makes_agent else "assistants",
        provider_name=provider_of(request),
        wire_format=WIRE_FORMAT,
        runs_model=False,
        poll_of=text(answered[0].get("run_id")) if answered else None,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        system_instructions=content_parts(asked.get("instructions")),
        input_messages=_input_messages(asked),
        output_messages=_joined(answered),
        tool_definitions=tool_definitions(asked.get("tools")),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _answers(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of the newest run among the messages of a thread, oldest first.

    Each names its run: reading them is how a program comes to the words of one that it polled.
    """
    whole = [one for one in (*records(said.get("data")), said) if one.get("status") == "completed"]
    spoken = [one for one in whole if text(one.get("run_id")) and one.get("role") == "assistant"]
    spoken.sort(key=lambda one: count(one.get("created_at")) or 0)
    return [one for one in spoken if one["run_id"] == spoken[-1]["run_id"]]


def _joined(messages: list[dict[str, Any]]) -> tuple[Message, ...]:
    parts = tuple(part for one in messages for part in content_parts(one.get("content")))
    return (Message("assistant", parts),) if parts else ()


def _has_content(event: dict[str, Any]) -> bool:
    """Words, or a call of a tool: deltas of messages and steps."""
    delta = record(event.get("delta"))
    details = record(delta.get("step_details"))
    return bool(records(delta.get("content")) or records(details.get("tool_calls")))


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as its run, with the messages and steps that it made in `said`.

    Each event holds one object as it then is, but for the deltas of messages.
    """
    run: dict[str, Any] = {}
    grown: dict[str, dict[str, Any]] = {}
    for event, said in answer.records:
        kind, id_ = text(said.get("object")), text(said.get("id")) or ""
        if event.name == "error" or said.get("error"):
            run["error"] = record(said.get("error")) or said
        elif kind == "thread.run":
            run |= said
        elif kind == "thread.message.delta":
            message = grown.setdefault(id_, {"content": []})
            _add(message, records(record(said.get("delta")).get("content")))
        elif kind in {"thread.message", "thread.run.step"}:
            grown[id_] = dict(said)
    return {**run, "said": list(grown.values())}


def _add(message: dict[str, Any], deltas: list[dict[str, Any]]) -> None:
    """Add pieces of text to a message; other content comes whole."""
    content = message["content"] = list(records(message.get("content")))
    for delta in deltas:
        at = count(delta.get("index")) or 0
        if at >= len(content):
            content.append({**delta, "text": {"value": ""}} if "text" in delta else delta)
            at = len(content) - 1
        if piece := text(record(delta.get("text")).get("value")):
            words = text(record(content[at].get("text")).get("value")) or ""
            content[at] = {**content[at], "text": {"value": words + piece}}
