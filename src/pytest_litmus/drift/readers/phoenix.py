"""Phoenix: spans as its data frames are saved, or as its API tells them, by OpenInference's names.

Columns are `span_kind`, `start_time`, `end_time`, `status_code` and `attributes.*`:
https://arize.com/docs/phoenix/how-to/extract-data-from-spans. The attributes are those of
https://arize-ai.github.io/openinference/spec/attributes/semantic-conventions.html; lists of
messages stand as one value, or flat with their places.
"""

from __future__ import annotations

import re
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

_TOOL = re.compile(
    r"llm\.output_messages\.\d+\.message\.tool_calls\.\d+\.tool_call\.function\.name"
)
_PREFIX = "attributes."


def _knows(record: Mapping[str, Any]) -> bool:
    return "span_kind" in record and any(
        key in record for key in ("attributes", "status_code", "context.span_id", "start_time")
    )


def _calls(record: Mapping[str, Any]) -> list[Seen] | None:
    if not _knows(record):
        return None
    attributes = attributes_of(record)
    seen = seen_by_openinference(
        {"openinference.span.kind": record["span_kind"], **attributes},
        latency_s=between(record.get("start_time"), record.get("end_time")),
        failed=str(record.get("status_code")).upper() == "ERROR",
    )
    return [] if seen is None else [seen]


def seen_by_openinference(
    attributes: Mapping[str, Any], *, latency_s: float | None, failed: bool
) -> Seen | None:
    """The call of a span with OpenInference's attributes; None where it is of another kind."""
    if str(attributes.get("openinference.span.kind")).upper() != "LLM":
        return None
    return Seen(
        input=said_in(messages_of(attributes, "input"), ("user",)),
        output=said_in(messages_of(attributes, "output")),
        finish=word(attributes.get("llm.finish_reason")),
        tools=_tools(attributes),
        failed=failed,
        latency_s=latency_s,
        input_tokens=number(attributes.get("llm.token_count.prompt")),
        output_tokens=number(attributes.get("llm.token_count.completion")),
        model=word(attributes.get("llm.model_name")),
    )


def attributes_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Of columns with the prefix, or of the object that the API gives."""
    packed = unpacked(record.get("attributes"))
    found = dict(packed) if isinstance(packed, Mapping) else {}
    for key, value in record.items():
        if key.startswith(_PREFIX):
            found[key.removeprefix(_PREFIX)] = value
    return found


def messages_of(attributes: Mapping[str, Any], side: str) -> Any:
    """The messages of a side, `input` or `output`, however they are written; None for none."""
    whole = attributes.get(f"llm.{side}_messages")
    if whole not in (None, ""):
        return whole
    flat = [
        {"role": attributes.get(f"{stem}.role"), "content": attributes[f"{stem}.content"]}
        for place in range(len(attributes))
        if f"{(stem := f'llm.{side}_messages.{place}.message')}.content" in attributes
    ]
    return flat or attributes.get(f"{side}.value")


def _messages(value: Any) -> Any:
    return unpacked(value) if isinstance(value, str) else value


def _tools(attributes: Mapping[str, Any]) -> str | None:
    whole = attributes.get("llm.output_messages")
    if whole not in (None, ""):
        messages = _messages(whole)
        calls = [
            call
            for message in (messages if isinstance(messages, list) else [])
            if isinstance(message, Mapping)
            for call in message.get("message.tool_calls") or []
        ]
        return tools_named(
            call.get("tool_call.function.name") for call in calls if isinstance(call, Mapping)
        )
    if not any(key.startswith("llm.output_messages.") for key in attributes):
        return None
    return tools_named(value for key, value in attributes.items() if _TOOL.fullmatch(key))


READER = Reader("Phoenix spans", _knows, _calls)
