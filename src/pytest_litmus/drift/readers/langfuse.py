"""Langfuse: observations in JSONL, JSON or CSV, as its table, API and blob storage export them.

Names are in camel case from the table and the API, in snake case from blob storage:
https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields. In CSV, nested
values are JSON in text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_litmus.drift.seen import (
    Reader,
    Seen,
    between,
    number,
    said_in,
    tools_named,
    unpacked,
    word,
)

_KINDS = frozenset(
    {"GENERATION", "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR"}
    | {"EMBEDDING", "GUARDRAIL"}
)


def _knows(record: Mapping[str, Any]) -> bool:
    traced = "trace_id" in record or "traceId" in record
    return traced and record.get("type") in _KINDS


def _calls(record: Mapping[str, Any]) -> list[Seen] | None:
    if not _knows(record):
        return None
    return [_seen(record)] if record["type"] == "GENERATION" else []


def _seen(record: Mapping[str, Any]) -> Seen:
    output = unpacked(record.get("output"))
    return Seen(
        input=said_in(record.get("input"), ("user",)),
        output=said_in(record.get("output")),
        finish=_finish(output),
        tools=_tools(record, output),
        failed=record.get("level") == "ERROR" if "level" in record else None,
        latency_s=_latency(record),
        input_tokens=_tokens(record, "input", "promptTokens", "inputUsage"),
        output_tokens=_tokens(record, "output", "completionTokens", "outputUsage"),
        model=_first(record, "provided_model_name", "providedModelName", "model"),
    )


def _latency(record: Mapping[str, Any]) -> float | None:
    """By start and end, because exports tell `latency` in seconds or in milliseconds."""
    start = record.get("start_time", record.get("startTime"))
    return between(start, record.get("end_time", record.get("endTime")))


def _tokens(record: Mapping[str, Any], kind: str, *flat: str) -> float | None:
    usage = unpacked(record.get("usage_details", record.get("usageDetails", record.get("usage"))))
    told = usage.get(kind) if isinstance(usage, Mapping) else None
    return number(told if told is not None else next(filter(None, map(record.get, flat)), None))


def _finish(output: Any) -> str | None:
    """Langfuse has no field for it; it stands in a provider's whole answer, if that was logged."""
    value = output
    if isinstance(value, Mapping) and isinstance(value.get("choices"), list):
        value = value["choices"]
    if isinstance(value, list) and value:
        value = value[0]
    return _first(value, "finish_reason", "stop_reason") if isinstance(value, Mapping) else None


def _tools(record: Mapping[str, Any], output: Any) -> str | None:
    names = unpacked(record.get("tool_call_names", record.get("toolCallNames")))
    if isinstance(names, list):
        return tools_named(names)
    calls = output.get("tool_calls") if isinstance(output, Mapping) else None
    if not isinstance(calls, list):
        return None
    functions = [call.get("function", call) for call in calls if isinstance(call, Mapping)]
    return tools_named(one.get("name") for one in functions if isinstance(one, Mapping))


def _first(record: Mapping[str, Any], *keys: str) -> str | None:
    return next((found for key in keys if (found := word(record.get(key)))), None)


READER = Reader("Langfuse observations", _knows, _calls)
