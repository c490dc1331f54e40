"""Our own `calls.jsonl`: what the program under test asked and was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_litmus.drift.seen import Reader, Seen, number, said_in, tools_named, word
from pytest_litmus.wire.otel import fields_of


def _knows(record: Mapping[str, Any]) -> bool:
    return record.get("kind") == "header" or (
        record.get("kind") == "call" and "wire_format" in record
    )


def _calls(record: Mapping[str, Any]) -> list[Seen] | None:
    if record.get("kind") != "call":
        return [] if isinstance(record.get("kind"), str) else None
    # Those of judges and those that run no model tell nothing of the program's answers.
    if record.get("purpose") != "subject" or record.get("runs_model") is False:
        return []
    attributes, content = record.get("attributes"), record.get("content") or {}
    if not isinstance(attributes, Mapping) or not isinstance(content, Mapping):
        return None
    fields = fields_of(attributes, content)
    return [
        seen_of(
            fields,
            tools=record.get("tool_calls"),
            latency_s=number(record.get("duration_s")),
            failed="error_type" in fields or record.get("ended", "eof") != "eof",
            fingerprint=word(record.get("system_fingerprint")),
        )
    ]


def seen_of(
    fields: Mapping[str, Any],
    *,
    tools: Any,
    latency_s: float | None,
    failed: bool,
    fingerprint: str | None,
) -> Seen:
    """A call by the fields of the OpenTelemetry attributes, and what stands beside them."""
    usage, reasons = fields["usage"], fields.get("finish_reasons")
    return Seen(
        input=said_in(fields.get("input_messages"), ("user",)),
        output=said_in(fields.get("output_messages")),
        finish=word(reasons[0] if isinstance(reasons, list) and reasons else reasons),
        tools=tools_named(tools) if isinstance(tools, list) else None,
        failed=failed,
        latency_s=latency_s,
        input_tokens=number(usage.get("input_tokens")),
        output_tokens=number(usage.get("output_tokens")),
        model=word(fields.get("response_model")) or word(fields.get("request_model")),
        fingerprint=fingerprint,
    )


READER = Reader("calls.jsonl of a report", _knows, _calls)
