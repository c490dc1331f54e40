"""Traced: a logged call with what its log tells beside the answer: ids, time, messages, opinions.

`drift` reads calls quickly, and as much of them as it compares; here the same records are read once
more for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.readers import otlp, phoenix, plain, report
from pytest_litmus.drift.seen import moment, number, word
from pytest_litmus.importing.conversation import Message, conversation_in, system_in
from pytest_litmus.importing.opinions import Opinion, opinion_of, opinions_in
from pytest_litmus.wire.otel import EVALUATION_RESULT, INPUT_MESSAGES, SYSTEM_INSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_litmus.drift.logs import Log
    from pytest_litmus.drift.seen import Seen

NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "call_id", "span_id", "request_id", "trace_id"),
    "trace": ("trace_id", "traceId"),
    "time": ("timestamp", "time", "created_at", "started_at", "start_time"),
    "system": ("system", "system_prompt"),
    "rating": ("rating", "feedback", "thumbs", "score"),
    "comment": ("comment", "feedback_comment", "rating_comment"),
}
"""Of plain records: by field, the keys that may hold it, beside those of `drift`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A call of a model as a log tells it."""

    seen: Seen
    id: str = ""
    """Of the call, the span or the observation; empty where the log has none."""
    trace: str = ""
    """Of what the call is a part of: a trace; of our reports, the test."""
    at: str = ""
    """When it began, by ISO 8601; empty where it is not known."""
    messages: tuple[Message, ...] = ()
    """Up to the user's last one."""
    system: str = ""
    opinions: tuple[Opinion, ...] = ()


def traced(log: Log) -> Iterator[Traced]:
    """The calls of a log, in its order.

    Raises:
        ReportError: The file cannot be read, or was cut off; names the line.
    """
    read = _READ.get(log.reader.name)
    names = NAMES | {name: (key,) for name, key in log.mapping.items()}
    for record, calls in log.read():
        if read is not None:
            yield from read(record, calls)
        else:
            yield from (_of_plain(record, seen, names) for seen in calls)


def _of_report(record: Mapping[str, Any], calls: Iterable[Seen]) -> Iterator[Traced]:
    content = record.get("content") or {}
    for seen in calls:
        yield Traced(
            seen=seen,
            id=_text(record.get("id")),
            trace=_text(record.get("test")),
            at=_time(record.get("started_at")),
            messages=conversation_in(content.get(INPUT_MESSAGES)),
            system=system_in(content.get(SYSTEM_INSTRUCTIONS)),
        )


def _of_otlp(record: Mapping[str, Any], _: Iterable[Seen]) -> Iterator[Traced]:
    for span in otlp.spans_in(record):
        seen = otlp.seen_of_span(span)
        if seen is not None:
            yield _of_span(span, seen)


def _of_span(span: Mapping[str, Any], seen: Seen) -> Traced:
    attributes = otlp.attributes_in(span)
    said = otlp.messages_of(span, attributes).get(INPUT_MESSAGES)
    if "openinference.span.kind" in attributes:
        said = phoenix.messages_of(attributes, "input")
    started_ns = number(span.get("startTimeUnixNano"))
    events = [
        one for one in otlp.objects_in(span.get("events")) if one.get("name") == EVALUATION_RESULT
    ]
    return Traced(
        seen=seen,
        id=_text(span.get("spanId")),
        trace=_text(span.get("traceId")),
        at=_moment_text(started_ns and started_ns / 1e9),
        messages=conversation_in(said),
        system=system_in(attributes.get(SYSTEM_INSTRUCTIONS)),
        opinions=tuple(opinion_of(otlp.attributes_in(one)) for one in events),
    )


def _of_langfuse(record: Mapping[str, Any], calls: Iterable[Seen]) -> Iterator[Traced]:
    for seen in calls:
        yield Traced(
            seen=seen,
            id=_first(record, "id"),
            trace=_first(record, "trace_id", "traceId"),
            at=_time(record.get("start_time", record.get("startTime"))),
            messages=conversation_in(record.get("input")),
            opinions=tuple(opinions_in(record.get("scores"))),
        )


def _of_phoenix(record: Mapping[str, Any], calls: Iterable[Seen]) -> Iterator[Traced]:
    context = record.get("context")
    inner = context if isinstance(context, Mapping) else {}
    for seen in calls:
        yield Traced(
            seen=seen,
            id=_first(record, "context.span_id", "span_id") or _first(inner, "span_id"),
            trace=_first(record, "context.trace_id", "trace_id") or _first(inner, "trace_id"),
            at=_time(record.get("start_time")),
            messages=conversation_in(
                phoenix.messages_of(phoenix.attributes_of(record), "input"),
            ),
            opinions=tuple(opinions_in(record.get("annotations"))),
        )


def _of_plain(
    record: Mapping[str, Any], seen: Seen, names: Mapping[str, tuple[str, ...]]
) -> Traced:
    told = {name: plain.found_in(record, keys) for name, keys in names.items()}
    known = {name: None if value is plain.NOTHING else value for name, value in told.items()}
    asked = plain.found_in(record, names.get("input", plain.NAMES["input"]))
    rated = [] if known["rating"] is None else [opinion_of(known["rating"])]
    comment = word(known["comment"]) or ""
    return Traced(
        seen=seen,
        id=_text(known["id"]),
        trace=_text(known["trace"]),
        at=_time(known["time"]),
        messages=conversation_in(asked),
        system=system_in(known["system"]),
        opinions=tuple(Opinion(value=one.value, comment=one.comment or comment) for one in rated),
    )


_READ: dict[str, Callable[[Mapping[str, Any], Iterable[Seen]], Iterator[Traced]]] = {
    report.READER.name: _of_report,
    otlp.READER.name: _of_otlp,
    "Langfuse observations": _of_langfuse,
    phoenix.READER.name: _of_phoenix,
}


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _first(record: Mapping[str, Any], *keys: str) -> str:
    return next((found for key in keys if (found := _text(record.get(key)))), "")


def _time(value: Any) -> str:
    """A time by ISO 8601, or in seconds or milliseconds since 1970."""
    told = number(value)
    if told is None:
        return _moment_text(moment(value))
    return _moment_text(told / 1000 if told > 1e11 else told)


def _moment_text(seconds: float | None) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""
    except (OverflowError, ValueError, OSError):
        return ""
