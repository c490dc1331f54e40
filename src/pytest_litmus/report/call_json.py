"""Call JSON: one call as a line of `calls.jsonl` holds it, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.report.json_ready import (
    decimal_of,
    decimal_text,
    json_ready,
    moment_of,
    moment_text,
    unchanged,
)
from pytest_litmus.wire.calls import Attempt, Call, Flag, Message, Part, ToolUse, Usage
from pytest_litmus.wire.otel import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_litmus.report.json_ready import Redact

LONGEST_ERROR = 500
"""Characters of a provider's error message that are kept: some send a whole page."""

# Fields that stand under their own names; those further down may hold words of the program's.
_PLAIN_FIELDS = (
    "id",
    "source",
    "purpose",
    "wire_format",
    "served_by",
    "runs_model",
    "duration_s",
    "ended",
    "polls",
    "embedding_count",
    "server_times_s",
    "cost_source",
    "cost_note",
)
_TOLD_FIELDS = (
    "step",
    "step_path",
    "task",
    "session_id",
    "metadata",
    "parameters",
    "service_tier",
    "system_fingerprint",
    "handles",
    "poll_of",
)


def call_as_json(
    call: Call, *, nodeid: str, content: bool, redact: Redact = unchanged
) -> dict[str, Any]:
    """A call as a JSON-ready object: our own fields, and its OpenTelemetry `attributes`.

    Args:
        call: The call.
        nodeid: The test that made it.
        content: Whether what was said goes along, by the OpenTelemetry message schema, and what
            the provider said of an error, which may quote it.
        redact: Applied to every text that the program, its user or the provider wrote.
    """
    error = redact(call.error_message)[:LONGEST_ERROR] if call.error_message and content else None
    written = {
        "kind": "call",
        "test": nodeid,
        **{name: getattr(call, name) for name in _PLAIN_FIELDS},
        "started_at": moment_text(call.started_at),
        "cost_usd": decimal_text(call.cost_usd),
        "reported_cost_usd": decimal_text(call.reported_cost_usd),
        "billed_units": call.usage.billed_units,
        "usage_incomplete": call.usage.incomplete,
        "error_message": error,
        "attempts": call.attempts,
    }
    told = {
        **{name: getattr(call, name) for name in _TOLD_FIELDS},
        "tool_calls": [part.name for part in call.tool_calls],
        "tool_uses": call.tool_uses if content else [*map(_without_content, call.tool_uses)],
        "flags": call.flags,
        "attributes": call.attributes(),
    }
    said = call.content_attributes() if content else {}
    if said:
        told["content"] = said
    ready: dict[str, Any] = json_ready(written) | json_ready(told, redact=redact)
    return ready


def call_from_json(line: Mapping[str, Any]) -> Call:
    """The call that `call_as_json` wrote; without what it left out.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, ArithmeticError: It wrote something else.
    """
    fields = fields_of(line["attributes"], line.get("content", {}))
    fields |= {name: line[name] for name in (*_PLAIN_FIELDS, *_TOLD_FIELDS)}
    units, incomplete = line["billed_units"], line["usage_incomplete"]
    usage = Usage(**fields.pop("usage"), billed_units=units, incomplete=incomplete)
    return Call(
        **(fields | _tuples(fields)),
        usage=usage,
        tool_uses=tuple(ToolUse(**use) for use in line["tool_uses"]),
        flags=tuple(Flag(**flag) for flag in line["flags"]),
        started_at=moment_of(line["started_at"]),
        cost_usd=decimal_of(line["cost_usd"]),
        reported_cost_usd=decimal_of(line["reported_cost_usd"]),
        error_message=line["error_message"],
        attempts=tuple(_attempt_of(attempt) for attempt in line["attempts"]),
    )


def _without_content(use: ToolUse) -> ToolUse:
    return replace(use, arguments=None, response=None)


def _attempt_of(line: Mapping[str, Any]) -> Attempt:
    return Attempt(**{**line, "started_at": moment_of(line["started_at"])})


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the fields that JSON has as arrays, as a call has them."""
    read: dict[str, Callable[[Any], Any]] = {
        "system_instructions": Part.from_dict,
        "input_messages": Message.from_dict,
        "output_messages": Message.from_dict,
        "tool_definitions": dict,
        "finish_reasons": str,
        "step_path": str,
        "handles": str,
    }
    return {name: tuple(map(one, fields[name])) for name, one in read.items() if name in fields}
