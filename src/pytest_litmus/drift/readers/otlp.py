"""OTLP JSON: lines of `resourceSpans`, as OpenTelemetry's file exporters write them.

The file format is https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/; the attributes
are the GenAI conventions', in which messages stand in attributes or, before version 1.37, in events
of the span: https://github.com/open-telemetry/semantic-conventions-genai.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_litmus.drift.readers.phoenix import seen_by_openinference
from pytest_litmus.drift.readers.report import seen_of
from pytest_litmus.drift.seen import Reader, Seen, number, unpacked, word
from pytest_litmus.wire.otel import fields_of

_NO_ANSWER = frozenset(
    {"embeddings", "execute_tool", "create_agent", "invoke_agent", "invoke_workflow", "retrieval"}
)
"""Operations that are no single answer of a model; an agent's span holds those of its calls."""
_ERROR = (2, "STATUS_CODE_ERROR")
_OLD_USAGE = {
    "gen_ai.usage.prompt_tokens": "gen_ai.usage.input_tokens",
    "gen_ai.usage.completion_tokens": "gen_ai.usage.output_tokens",
}
_OLD_EVENTS = {
    # By event, the attribute that holds what was said, and the attribute of today.
    "gen_ai.content.prompt": ("gen_ai.prompt", "gen_ai.input.messages"),
    "gen_ai.content.completion": ("gen_ai.completion", "gen_ai.output.messages"),
    "gen_ai.user.message": ("content", "gen_ai.input.messages"),
    "gen_ai.choice": ("message", "gen_ai.output.messages"),
}
_DETAILS = "gen_ai.client.inference.operation.details"
_CONTENT = ("gen_ai.input.messages", "gen_ai.output.messages")


def _knows(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("resourceSpans"), list)


def _calls(record: Mapping[str, Any]) -> list[Seen] | None:
    if not _knows(record):
        return None
    return [seen for span in spans_in(record) if (seen := seen_of_span(span)) is not None]


def spans_in(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The spans of a record, of which the reader knows that it is one."""
    for resource in objects_in(record["resourceSpans"]):
        # Before 2022, scopes were called instrumentation libraries.
        scopes = resource.get("scopeSpans", resource.get("instrumentationLibrarySpans"))
        for scope in objects_in(scopes):
            yield from objects_in(scope.get("spans"))


def seen_of_span(span: Mapping[str, Any]) -> Seen | None:
    """The call of a span; None of one that is no single answer of a model."""
    attributes = attributes_in(span)
    latency_s = _latency(span)
    failed = _failed(span)
    if "openinference.span.kind" in attributes:
        return seen_by_openinference(attributes, latency_s=latency_s, failed=failed)
    operation = attributes.get("gen_ai.operation.name")
    if operation in _NO_ANSWER or not (operation or "gen_ai.request.model" in attributes):
        return None
    said = messages_of(span, attributes)
    fields = fields_of(_today(attributes), said)
    return seen_of(
        fields,
        tools=_tools(said.get("gen_ai.output.messages")),
        latency_s=latency_s,
        failed=failed or "error_type" in fields,
        fingerprint=word(
            attributes.get("openai.response.system_fingerprint")
            or attributes.get("gen_ai.openai.response.system_fingerprint")
        ),
    )


def messages_of(span: Mapping[str, Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Messages by the name of today, from wherever the writer has put them."""
    said: dict[str, Any] = {}
    for event in objects_in(span.get("events")):
        named, told = event.get("name"), attributes_in(event)
        if named == _DETAILS:
            said |= {name: told[name] for name in _CONTENT if name in told}
        elif named in _OLD_EVENTS:
            key, today = _OLD_EVENTS[named]
            said[today] = told.get(key, told.get("content"))
    said |= _numbered(attributes)
    said |= {name: attributes[name] for name in _CONTENT if name in attributes}
    return said


def _numbered(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Messages that stand one attribute a text, `gen_ai.prompt.0.content`, as of OpenLLMetry."""
    asked = [
        attributes[f"gen_ai.prompt.{place}.content"]
        for place in range(len(attributes))
        if f"gen_ai.prompt.{place}.content" in attributes
        and attributes.get(f"gen_ai.prompt.{place}.role", "user") == "user"
    ]
    said = {"gen_ai.input.messages": asked[-1]} if asked else {}
    answer = attributes.get("gen_ai.completion.0.content")
    return said if answer is None else {**said, "gen_ai.output.messages": answer}


def _tools(messages: Any) -> list[Any] | None:
    """The tools that an answer calls; None where what was answered is not told part by part."""
    messages = unpacked(messages)
    if not isinstance(messages, list):
        return None
    parts = [part for message in objects_in(messages) for part in objects_in(message.get("parts"))]
    return [part.get("name") for part in parts if part.get("type") == "tool_call"]


def _today(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {_OLD_USAGE.get(name, name): value for name, value in attributes.items()}


def _failed(span: Mapping[str, Any]) -> bool:
    status = span.get("status")
    return isinstance(status, Mapping) and status.get("code") in _ERROR


def _latency(span: Mapping[str, Any]) -> float | None:
    start, end = number(span.get("startTimeUnixNano")), number(span.get("endTimeUnixNano"))
    return None if not start or not end else number((end - start) / 1e9)


def attributes_in(holder: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a span or an event, by name."""
    return {
        str(pair.get("key")): _value(pair.get("value"))
        for pair in objects_in(holder.get("attributes"))
    }


def _value(packed: Any, depth: int = 0) -> Any:
    """A value out of OTLP's envelope, in which 64-bit numbers are texts."""
    if not isinstance(packed, Mapping) or depth > 12:
        return None
    for kind, value in packed.items():
        if kind == "arrayValue" and isinstance(value, Mapping):
            return [_value(one, depth + 1) for one in value.get("values") or []]
        if kind == "kvlistValue" and isinstance(value, Mapping):
            return {
                str(pair.get("key")): _value(pair.get("value"), depth + 1)
                for pair in objects_in(value.get("values"))
            }
        return number(value) if kind in ("intValue", "doubleValue") else value
    return None


def objects_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; none of what is no list."""
    return (
        (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else iter(())
    )


READER = Reader("OTLP JSON", _knows, _calls)
