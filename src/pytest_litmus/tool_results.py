"""Tool results: what the tools that a model asked for returned, as far as the traffic shows it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_litmus.wire.calls import ToolUse
from pytest_litmus.wire.otel import EXECUTE_TOOL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_litmus.wire.calls import Call, Part

_RESULT = "tool_call_response"
_MODEL_ROLES = {"assistant", "model", "chatbot", "CHATBOT"}

_Key = tuple[str | None, str | None]
"""The id of a use; its tool's name where it has none."""


def with_tools(requests: Sequence[Call]) -> list[Call]:
    """The requests, each call with the tools that it used.

    What a tool of the program returned stands in the first later request that carries the result:
    by the id of the use, or by the tool's name where the provider gives no ids.

    Args:
        requests: In the order in which they were sent, those to MCP servers among them.
    """
    carried = _carried(requests)
    over_mcp = [call for call in requests if call.operation_name == EXECUTE_TOOL]
    return [
        replace(call, tool_uses=uses)
        if call.runs_model and (uses := tuple(_uses(call, place, carried, over_mcp)))
        else call
        for place, call in enumerate(requests)
    ]


def _uses(
    call: Call, place: int, carried: dict[_Key, list[tuple[int, Part]]], over_mcp: list[Call]
) -> Iterator[ToolUse]:
    for part in call.tool_calls:
        use = _use(part, _result_of(part, carried.get(_key(part), []), after=place))
        request = next((one for one in over_mcp if _runs(one, part)), None)
        if request is not None:
            over_mcp.remove(request)
            use = replace(use, request_id=request.id)
        yield use
    yield from _server_uses(call)


def _use(part: Part, result: Part | None) -> ToolUse:
    return ToolUse(
        name=part.name,
        id=part.id,
        arguments=part.arguments,
        answered=result is not None,
        response=result.response if result is not None else None,
        is_error=result.is_error if result is not None else None,
    )


def _carried(requests: Sequence[Call]) -> dict[_Key, list[tuple[int, Part]]]:
    """The results that requests carry, each with the place of its request."""
    carried: dict[_Key, list[tuple[int, Part]]] = defaultdict(list)
    for place, call in enumerate(requests):
        if call.runs_model:
            for part in _results(call):
                carried[_key(part)].append((place, part))
    return carried


def _key(part: Part) -> _Key:
    return (part.id, None) if part.id else (None, part.name)


def _results(call: Call) -> Iterator[Part]:
    """The tool results that a request carries; of those without an id, only the newest."""
    spoken = [at for at, one in enumerate(call.input_messages) if one.role in _MODEL_ROLES]
    last = spoken[-1] if spoken else -1
    for at, message in enumerate(call.input_messages):
        for part in message.parts:
            if part.type == _RESULT and (part.id or at > last):
                yield part


def _result_of(part: Part, results: list[tuple[int, Part]], *, after: int) -> Part | None:
    """The first result after a place; one without an id is used up by it."""
    at = bisect_right(results, after, key=lambda result: result[0])
    if at == len(results):
        return None
    found = results[at][1]
    if not part.id:
        del results[: at + 1]
    return found


def _runs(call: Call, part: Part) -> bool:
    """Whether a request to an MCP server runs a use: frameworks put the server before the name."""
    return any(
        bool(use.name)
        and (part.name or "").endswith(use.name or "")
        and use.arguments == part.arguments
        for use in call.tool_uses
    )


def _server_uses(call: Call) -> Iterator[ToolUse]:
    """What the provider ran; the results stand after it, by id, or one after the other."""
    parts = [part for message in call.output_messages for part in message.parts]
    results = [part for part in parts if part.type == f"server_{_RESULT}"]
    for part in parts:
        if part.type == "server_tool_call":
            result = next((one for one in results if one.id == part.id), None)
            if result is not None:
                results.remove(result)
            yield replace(_use(part, result), where="server")
