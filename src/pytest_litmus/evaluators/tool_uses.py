"""Tool uses: what an agent did with its tools, from whatever a test has of it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_litmus.trace import Span
from pytest_litmus.verdicts import Evidence
from pytest_litmus.wire.calls import Call, Part, ToolUse
from pytest_litmus.wire.otel import EXECUTE_TOOL

if TYPE_CHECKING:
    from typing import TypeAlias

_LONGEST = 100
"""Characters of arguments, or of a name, that are shown."""
_BY_SERVER = "server_tool_call"
_ASKS = {"tool_call", _BY_SERVER}
"""Parts of a message that are a tool's use."""


class HasCalls(Protocol):
    """The recorder that the `llm` fixture gives, or one of its steps."""

    @property
    def calls(self) -> Sequence[Call]:
        """The model calls, in the order in which they were sent."""


Acted: TypeAlias = "HasCalls | Span | Call | Iterable[ToolUse | Part]"
"""What an agent did: the recorder (`llm`), a step (`llm.steps["plan"]`), a span of the trace, a
call, or tool calls one after the other."""


class Acts(NamedTuple):
    """What an agent did."""

    uses: tuple[ToolUse, ...]
    """In the order in which the tools were asked for."""
    calls: tuple[Call, ...] | None
    """The calls of the model under test; None where only tool calls were given."""

    @property
    def unseen(self) -> str:
        """Why it says nothing that no tool was used: no call, or none that worked; or empty."""
        if self.uses or self.calls is None:
            return ""
        failures = {call.error_type for call in self.calls}
        if None in failures:
            return ""
        named = ", ".join(sorted(shown(failure) for failure in failures))
        return f"every model call failed ({named})" if named else "no model call was seen"

    @property
    def offered(self) -> set[str]:
        """The tools that the model could ask for, as far as the requests say."""
        defined = (one for call in self.calls or () for one in call.tool_definitions)
        return {name for one in defined if isinstance(name := one.get("name"), str)}

    def of(self, tool: str) -> tuple[ToolUse, ...]:
        """The uses of one tool."""
        return tuple(use for use in self.uses if use.name == tool)


def acts_of(acted: Acted) -> Acts:
    """The tools that were used, and the model calls; those of a judge are left out.

    Raises:
        TypeError: It is nothing that uses tools; says what to pass.
    """
    if isinstance(acted, Span) and acted.kind == "tool":
        return Acts(acted.tools, None)
    requests = _requests(acted)
    if requests is not None:
        own = [call for call in requests if call.purpose == "subject"]
        return Acts(tuple(_uses(own)), tuple(call for call in own if call.runs_model))
    if isinstance(acted, Iterable) and not isinstance(acted, str | bytes | Mapping):
        return Acts(tuple(_listed(acted)), None)
    raise _unfit(acted)


def shown(value: Any) -> str:
    """A value on one line, cut where it is long, its invisible and control characters escaped."""
    try:
        text = (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        )
    except (TypeError, ValueError, RecursionError):
        text = "(cannot be shown)"
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in cut)


def name_of(use: ToolUse) -> str:
    """The tool's name as it is shown."""
    return shown(use.name or "(unnamed)")


def told(use: ToolUse) -> str:
    """A use as people write it: `refund({"order_id": "A-1"})`."""
    arguments = "" if use.arguments in (None, {}) else shown(use.arguments)
    return f"{name_of(use)}({arguments})"


def evidence_of(uses: Iterable[ToolUse], *, nearest: str | None = None) -> tuple[Evidence, ...]:
    """The uses as evidence, a place each: its tool, and the arguments."""
    return tuple(
        Evidence(rule=name_of(use), text=shown(use.arguments or {}), nearest=nearest)
        for use in uses
    )


def canonical(value: Any) -> Hashable:
    """A key that is the same for the same JSON; like nothing else where it is not JSON."""
    try:
        return json.dumps(value, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return object()


def _requests(acted: object) -> Sequence[Call] | None:
    """The calls in the order in which they were sent, those to MCP servers among them."""
    if isinstance(acted, Call):
        return [acted]
    if isinstance(acted, Span):
        return [span.call for span in acted.walk() if span.call is not None]
    sent: Sequence[Call] | None = getattr(acted, "traced", None)
    return getattr(acted, "calls", None) if sent is None else sent


def _uses(requests: Sequence[Call]) -> Iterator[ToolUse]:
    served = {call.id: call for call in requests if call.operation_name == EXECUTE_TOOL}
    asked_for = {use.request_id for call in requests for use in call.tool_uses}
    for call in requests:
        if call.operation_name != EXECUTE_TOOL:
            for use in call.tool_uses or _listed(call.tool_calls):
                server = served.get(use.request_id or "")
                yield _over_mcp(use, server) if server else use
        elif call.id not in asked_for:
            yield from (_over_mcp(use, call) for use in call.tool_uses)


def _over_mcp(use: ToolUse, request: Call) -> ToolUse:
    """A use with what its MCP server answered: the later request need not carry it, or its flag."""
    if request.error_type is not None:
        response = use.response if use.answered else request.error_message
        return replace(use, answered=True, is_error=True, response=response)
    ran = next((one for one in request.tool_uses if one.answered), None)
    if ran is None or use.answered:
        return use
    return replace(use, answered=True, response=ran.response, is_error=ran.is_error)


def _listed(given: Iterable[object]) -> Iterator[ToolUse]:
    for one in given:
        if isinstance(one, ToolUse):
            yield one
        elif not isinstance(one, Part):
            raise _unfit(one)
        elif one.type in _ASKS:
            yield ToolUse(
                name=one.name,
                id=one.id,
                arguments=one.arguments,
                where="server" if one.type == _BY_SERVER else "program",
            )


def _unfit(given: object) -> TypeError:
    return TypeError(
        "what an agent did is the recorder (llm), a step, a span, a Call, or a sequence of tool "
        f"calls, not {type(given).__name__}: pass llm"
    )
