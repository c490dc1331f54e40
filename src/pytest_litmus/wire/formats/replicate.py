"""Replicate's predictions: started by a POST, followed by polls or by a stream of plain text.

Format: https://replicate.com/docs/reference/http (predictions) and
https://replicate.com/docs/topics/predictions/streaming (the stream).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, first_count, items, number, record, text
from pytest_litmus.wire.parts import content_parts, reference
from pytest_litmus.wire.tokens import units

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "replicate.predictions"

_START = re.compile(r"/(?:(?:models|deployments)/(?P<model>[^/]+/[^/]+)/)?predictions/?$")
_POLL = re.compile(r"/predictions/(?P<id>[^/]+)/?$")
_OVER = {"succeeded", "failed", "canceled", "aborted"}
_URL = re.compile(r"(https?://|data:)\S+$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The start of a prediction, a poll of one or its stream, or None."""
    request = exchange.request
    if request.method == "POST" and _is_start(request):
        return _started(exchange)
    if request.method != "GET" or not _is_replicate(request):
        return None
    if request.host.startswith("stream") and provider_of(request) == "replicate":
        return _streamed(exchange)
    polled = _POLL.search(request.path)
    return _prediction(exchange, poll_of=polled["id"]) if polled else None


def _is_start(request: Request) -> bool:
    found = _START.search(request.path)
    if found is None or _is_replicate(request):
        return found is not None
    # Any server may have a /predictions.
    asked = record(request.json)
    named = found["model"] or text(asked.get("version"))
    return bool(named) and isinstance(asked.get("input"), dict)


def _is_replicate(request: Request) -> bool:
    """Hugging Face's router and other gateways put the provider's name into the path."""
    return provider_of(request) == "replicate" or "/replicate/" in request.path


def _started(exchange: Exchange) -> Call:
    asked = record(exchange.request.json)
    given = record(asked.get("input"))
    words = text(given.get("prompt")) or text(given.get("text"))
    media = (reference(url, None) for value in given.values() if (url := _url(value)))
    parts = (*content_parts(words), *media)
    return _prediction(
        exchange,
        request_model=_model(exchange.request) or text(asked.get("version")),
        system_instructions=content_parts(given.get("system_prompt")),
        input_messages=(Message("user", parts),) if parts else (),
        streamed=asked.get("stream") is True,
    )


def _model(request: Request) -> str | None:
    found = _START.search(request.path)
    return unquote(found["model"]) if found and found["model"] else None


def _url(value: Any) -> str | None:
    return value if isinstance(value, str) and _URL.match(value) else None


def _prediction(exchange: Exchange, **asked: Any) -> Call:
    """A prediction as far as it has come."""
    body = read_answer(exchange).json
    said = record(body)
    urls, status = record(said.get("urls")), text(said.get("status"))
    fault = fault_of(exchange, body, readable="id" in said)
    return Call(
        operation_name="prediction",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        handles=tuple(url for name in ("get", "stream") if (url := text(urls.get(name)))),
        output_messages=_output_messages(said.get("output")) if "id" in said else (),
        finish_reasons=(status,) if status in _OVER else (),
        usage=_usage(record(said.get("metrics"))),
        server_times_s=_times(record(said.get("metrics"))),
        error_type=fault.error_type,
        error_message=fault.error_message,
        **asked,
    )


def _output_messages(output: Any) -> tuple[Message, ...]:
    """One message, empty as long as there is no output. Language models answer lists of tokens."""
    many = items(output) if isinstance(output, list) else [output]
    pieces = [piece for one in many if (piece := as_text(one))]
    if pieces and all(map(_url, pieces)):
        return (Message("assistant", tuple(reference(piece, None) for piece in pieces)),)
    return (Message("assistant", content_parts("".join(pieces))),)


def _usage(metrics: dict[str, Any]) -> Usage:
    """Models spell the counts in two ways; those that are billed by the second have none."""
    return Usage(
        input_tokens=first_count(
            metrics.get("input_token_count"), metrics.get("token_input_count")
        ),
        output_tokens=first_count(
            metrics.get("output_token_count"), metrics.get("token_output_count")
        ),
        billed_units=units(images=metrics.get("image_output_count") or metrics.get("image_count")),
    )


def _times(metrics: dict[str, Any]) -> dict[str, float]:
    """In seconds, as they come."""
    names = ("predict_time", "total_time", "time_to_first_token")
    found = ((name, number(metrics.get(name))) for name in names)
    return {name: spent_s for name, spent_s in found if spent_s is not None and spent_s >= 0}


def _streamed(exchange: Exchange) -> Call:
    """The stream of a prediction; its address is all that it tells of the prediction."""
    answer = read_answer(exchange)
    output = [event for event in answer.events if event.name == "output"]
    said = _ending(answer) if answer.is_stream else answer.json
    fault = fault_of(exchange, said, readable=answer.is_stream)
    reason = text(record(said).get("reason"))
    return Call(
        operation_name="prediction",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        poll_of=exchange.request.url,
        output_messages=_output_messages([event.data for event in output])
        if answer.is_stream
        else (),
        finish_reasons=(reason,) if reason else (),
        streamed=True,
        time_to_first_chunk_s=next((event.offset_s for event in output if event.data), None),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _ending(answer: Answer) -> dict[str, Any]:
    """What `error` (`{"detail": ...}` or a text) and `done` (`{}` or `{"reason": ...}`) say."""
    said: dict[str, Any] = {}
    for event in answer.events:
        if event.name == "error":
            said["error"] = text(record(event.json).get("detail")) or event.data or "error"
        elif event.name == "done":
            said |= record(event.json)
    if said.get("reason") == "error":
        said.setdefault("error", "the prediction failed")
    return said
