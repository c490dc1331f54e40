"""Trace: the calls of a test as a tree of steps, branches, calls, and the tools that they used."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from pytest_litmus.wire.calls import Call, Message, Part

Kind = Literal["test", "step", "branch", "call", "tool"]

EXECUTE_TOOL = "execute_tool"
"""The operation of a request that runs a tool: `tools/call` of an MCP server."""

_RESULT = "tool_call_response"
_LONGEST = 100
"""Characters of arguments and of a result that a line of the tree shows."""


@dataclass(frozen=True, kw_only=True)
class ToolUse:
    """A tool that a model asked for, or ran on its own server."""

    name: str | None
    id: str | None
    """As the provider names this use; some name none."""
    arguments: Any
    where: Literal["program", "server"]
    """Whether the program under test had to run it, or the provider did."""
    answered: bool
    """Whether what it returned is known: it stands in a later request, or in the answer itself."""
    response: Any = None
    """What it returned, parsed JSON or text; None too where that is not known."""
    request: Call | None = None
    """The HTTP request to an MCP server that ran it, where there was one."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """A node of the tree. `print` it: a line a span, those below it indented."""

    kind: Kind
    name: str
    children: tuple[Span, ...] = ()
    """In the order in which they began."""
    call: Call | None = None
    """Of a call; of a tool, the request to its MCP server where there was one."""
    tool: ToolUse | None = None

    @property
    def started_at(self) -> datetime | None:
        """When the call, or the first one below, was sent; None where that is not known."""
        if self.call is not None:
            return self.call.started_at
        starts = [span.started_at for span in self.children]
        return min((start for start in starts if start is not None), default=None)

    @property
    def duration_s(self) -> float | None:
        """Seconds from then to the end of the last one; None where an end below is not known.

        A tool that the program ran itself has none: only its result is seen.
        """
        if self.call is not None:
            return self.call.duration_s
        start, ends = self.started_at, [_end(span) for span in self.children if span.kind != "tool"]
        if start is None or not ends or None in ends:
            return None
        return max(end for end in ends if end is not None) - start.timestamp()

    def walk(self) -> Iterator[Span]:
        """This span and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def tools(self) -> tuple[ToolUse, ...]:
        """The tools that were used, here and below, in order."""
        return tuple(span.tool for span in self.walk() if span.tool is not None)

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def trace_of(requests: Iterable[Call], *, name: str) -> Span:
    """The tree of a test's requests.

    Steps are nested as the program entered them. Calls of different threads or tasks that overlap
    in time are put apart, in a branch each. Below a call are the tools that it asked for.

    Args:
        requests: In the order in which they were sent, those to MCP servers among them.
        name: What the root is called: the test.
    """
    sent = list(requests)
    uses = tool_uses(sent)
    by_model = {id(use.request) for found in uses.values() for use in found if use.request}
    leaves = [
        _leaf(call, uses.get(call.id, ()))
        for call in sent
        if call.runs_model or (call.operation_name == EXECUTE_TOOL and id(call) not in by_model)
    ]
    return Span(kind="test", name=name, children=_nested(leaves, depth=0))


def _leaf(call: Call, uses: Sequence[ToolUse]) -> Span:
    if call.operation_name == EXECUTE_TOOL:
        use = _own_use(call)
        return Span(kind="tool", name=use.name or "tool", call=call, tool=use)
    model = call.response_model or call.request_model or call.provider_name
    tools = tuple(Span(kind="tool", name=u.name or "tool", call=u.request, tool=u) for u in uses)
    return Span(kind="call", name=f"{call.operation_name} {model}", call=call, children=tools)


def _nested(leaves: Sequence[Span], *, depth: int) -> tuple[Span, ...]:
    """Leaves that share a step from `depth` on, together in it, where the first of them stands."""
    own: list[Span] = []
    steps: dict[str, list[Span]] = {}
    for leaf in leaves:
        path = leaf.call.step_path if leaf.call else ()
        (steps.setdefault(path[depth], []) if len(path) > depth else own).append(leaf)
    inner = [
        Span(kind="step", name=name, children=_nested(found, depth=depth + 1))
        for name, found in steps.items()
    ]
    places = {id(leaf): place for place, leaf in enumerate(leaves)}
    return tuple(sorted([*_branched(own), *inner], key=lambda span: _first_place(span, places)))


def _first_place(span: Span, places: dict[int, int]) -> int:
    return min(places[id(one)] for one in span.walk() if id(one) in places)


def _branched(leaves: Sequence[Span]) -> list[Span]:
    """The leaves as they are, or where threads or tasks worked side by side, a branch for each."""
    branches: dict[str, list[Span]] = {}
    for leaf in leaves:
        branches.setdefault(_branch(leaf), []).append(leaf)
    if len(branches) < 2 or not _overlap(leaves):
        return list(leaves)
    return [
        Span(kind="branch", name=name, children=tuple(found)) for name, found in branches.items()
    ]


def _branch(leaf: Span) -> str:
    thread, task = (leaf.call.thread, leaf.call.task) if leaf.call else (None, None)
    return task or thread or ""


def _overlap(leaves: Sequence[Span]) -> bool:
    """Whether a call of one branch began before one of another had ended."""
    busy_until: dict[str, float] = {}
    for start, end, branch in sorted(_timed(leaves)):
        if any(until > start for other, until in busy_until.items() if other != branch):
            return True
        busy_until[branch] = max(end, busy_until.get(branch, end))
    return False


def _timed(leaves: Sequence[Span]) -> Iterator[tuple[float, float, str]]:
    for leaf in leaves:
        start, end = leaf.started_at, _end(leaf)
        if start is not None and end is not None:
            yield start.timestamp(), end, _branch(leaf)


def _end(span: Span) -> float | None:
    start, duration_s = span.started_at, span.duration_s
    return None if start is None or duration_s is None else start.timestamp() + duration_s


# Tools and what they returned


def tool_uses(requests: Sequence[Call]) -> dict[str, tuple[ToolUse, ...]]:
    """The tools that each call used, by the call's id.

    What a tool of the program returned stands in the first later request that carries the result:
    by the id of the use, or by the tool's name where the provider gives no ids.
    """
    carried = _carried(requests)
    over_mcp = [call for call in requests if call.operation_name == EXECUTE_TOOL]
    found = {}
    for place, call in enumerate(requests):
        if call.runs_model and call.output_messages:
            own = [_used(part, place, carried, over_mcp) for part in call.tool_calls]
            found[call.id] = (*own, *_server_uses(call))
    return {id_: uses for id_, uses in found.items() if uses}


_Carried = dict[tuple[str | None, str | None], list[tuple[int, "Part"]]]
"""By id and name of a use: the places of the requests that carry its result, and the result."""


def _carried(requests: Sequence[Call]) -> _Carried:
    carried: _Carried = defaultdict(list)
    for place, call in enumerate(requests):
        if not call.runs_model:
            continue
        for part in _results(call):
            carried[_key(part)].append((place, part))
    return carried


def _key(part: Part) -> tuple[str | None, str | None]:
    return (part.id, None) if part.id else (None, part.name)


def _results(call: Call) -> Iterator[Part]:
    """The tool results that a request carries; of those without an id, only the newest."""
    spoken = [at for at, one in enumerate(call.input_messages) if one.role in _MODEL_ROLES]
    last = spoken[-1] if spoken else -1
    for at, message in enumerate(call.input_messages):
        for part in message.parts:
            if part.type == _RESULT and (part.id or at > last):
                yield part


_MODEL_ROLES = {"assistant", "model", "chatbot", "CHATBOT"}


def _used(part: Part, place: int, carried: _Carried, over_mcp: list[Call]) -> ToolUse:
    results = carried.get(_key(part), [])
    at = bisect_right(results, place, key=lambda result: result[0])
    result = results[at][1] if at < len(results) else None
    if result is not None and not part.id:
        del results[: at + 1]  # the next use of this name has the next result
    request = next((call for call in over_mcp if _runs(call, part)), None)
    if request is not None:
        over_mcp.remove(request)
    return ToolUse(
        name=part.name,
        id=part.id,
        arguments=part.arguments,
        where="program",
        answered=result is not None,
        response=result.response if result is not None else None,
        request=request,
    )


def _runs(call: Call, part: Part) -> bool:
    """Whether a request to an MCP server runs a use: frameworks put the server before the name."""
    use = _own_use(call)
    named = bool(use.name) and (part.name or "").endswith(use.name or "")
    return named and use.arguments == part.arguments


def _own_use(call: Call) -> ToolUse:
    """The use that a request to an MCP server is."""
    asked, said = _first(call.input_messages, "tool_call"), _first(call.output_messages, _RESULT)
    return ToolUse(
        name=asked.name if asked else None,
        id=asked.id if asked else None,
        arguments=asked.arguments if asked else None,
        where="program",
        answered=said is not None,
        response=said.response if said is not None else None,
        request=call,
    )


def _first(messages: Sequence[Message], kind: str) -> Part | None:
    parts = (part for message in messages for part in message.parts if part.type == kind)
    return next(parts, None)


def _server_uses(call: Call) -> Iterator[ToolUse]:
    parts = [part for message in call.output_messages for part in message.parts]
    results = {part.id: part for part in parts if part.type == "server_tool_call_response"}
    for part in parts:
        if part.type == "server_tool_call":
            result = results.get(part.id)
            yield ToolUse(
                name=part.name,
                id=part.id,
                arguments=part.arguments,
                where="server",
                answered=result is not None,
                response=result.response if result is not None else None,
            )


# A line of the tree


def _lines(span: Span, indent: str = "") -> Iterator[str]:
    yield indent + _told(span)
    for child in span.children:
        yield from _lines(child, indent + "  ")


def _told(span: Span) -> str:
    if span.tool is not None:
        return _tool_told(span.tool)
    call, took = span.call, span.duration_s
    facts = [f"{span.kind} {span.name}" if call is None else span.name]
    facts += [] if took is None else [f"{took:.2f} s"]
    if call is not None:
        facts += [f"{call.polls} polls"] if call.polls else []
        facts += [f"error {call.error_type}"] if call.error_type else []
    return "  ".join(facts)


def _tool_told(tool: ToolUse) -> str:
    over = " over MCP" if tool.request is not None else ""
    ran = " on the server" if tool.where == "server" else over
    gave = _short(tool.response) if tool.answered else "(no result seen)"
    return f"tool {tool.name}({_short(tool.arguments)}){ran} -> {gave}"


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(said.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
