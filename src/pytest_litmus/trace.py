"""Trace: the calls of a test as a tree of steps, branches, calls, and the tools that they used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.wire.calls import ToolUse
from pytest_litmus.wire.otel import EXECUTE_TOOL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pytest_litmus.wire.calls import Call

Kind = Literal["test", "step", "branch", "call", "tool"]

_LONGEST = 100
"""Characters of arguments and of a result that a line of the tree shows."""


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

        A tool that the program ran itself has none: only its result is seen. Neither have recorded
        calls beside live ones: their clocks are days apart.
        """
        if self.call is not None:
            return self.call.duration_s
        start, ends = self.started_at, [_end(span) for span in self.children]
        if start is None or None in ends or len(_sources(self)) > 1:
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
    in time are put apart, in a branch each. Below a call are the tools that it used.

    Args:
        requests: In the order in which they were sent, those to MCP servers among them.
        name: What the root is called: the test.
    """
    sent = list(requests)
    over_mcp = {call.id: call for call in sent if call.operation_name == EXECUTE_TOOL}
    asked_for = {use.request_id for call in sent for use in call.tool_uses}
    alone = over_mcp.keys() - asked_for
    leaves = [_leaf(call, over_mcp) for call in sent if call.runs_model or call.id in alone]
    return Span(kind="test", name=name, children=_nested(leaves, depth=0))


def _leaf(call: Call, over_mcp: Mapping[str, Call]) -> Span:
    if call.operation_name == EXECUTE_TOOL:
        use = call.tool_uses[0] if call.tool_uses else ToolUse(name=None)
        return Span(kind="tool", name=use.name or "tool", call=call, tool=use)
    model = call.response_model or call.request_model or call.provider_name
    tools = tuple(
        Span(
            kind="tool", name=use.name or "tool", call=over_mcp.get(use.request_id or ""), tool=use
        )
        for use in call.tool_uses
    )
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


def _sources(span: Span) -> set[str]:
    """Where the times of a span come from: recordings, live calls, or both."""
    if span.call is not None:
        return {span.call.source}
    return {source for child in span.children for source in _sources(child)}


def _end(span: Span) -> float | None:
    start, duration_s = span.started_at, span.duration_s
    return None if start is None or duration_s is None else start.timestamp() + duration_s


# A line of the tree


def _lines(span: Span, indent: str = "") -> Iterator[str]:
    yield indent + _told(span)
    for child in span.children:
        yield from _lines(child, indent + "  ")


def _told(span: Span) -> str:
    call, took = span.call, span.duration_s
    facts = [span.name if span.kind == "call" else f"{span.kind} {span.name}"]
    if span.tool is not None:
        facts = [_tool_told(span.tool, over_mcp=call is not None)]
    facts += [] if took is None else [f"{took:.2f} s"]
    if call is not None:
        facts += [f"{call.polls} polls"] if call.polls else []
        facts += [f"error {call.error_type}"] if call.error_type else []
    return "  ".join(facts)


def _tool_told(tool: ToolUse, *, over_mcp: bool) -> str:
    ran = " on the provider's server" if tool.where == "server" else ""
    gave = _short(tool.response) if tool.answered else "(no result seen)"
    gave = f"failed: {gave}" if tool.is_error else gave
    return f"tool {tool.name}({_short(tool.arguments)}){' over MCP' if over_mcp else ran} -> {gave}"


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(said.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
