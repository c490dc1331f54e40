"""Deepgram: recordings to text (`/v1/listen`) and text to speech (`/v1/speak`).

Format: https://developers.deepgram.com/reference. What is asked stands in the query.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Usage
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.formats.hugging_face import medium
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import number, parsed, record, records, text
from pytest_litmus.wire.parts import content_parts, reference
from pytest_litmus.wire.tokens import units

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange

WIRE_FORMAT = "deepgram"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The transcription or the speech that an exchange is, or None."""
    request = exchange.request
    if request.method != "POST" or provider_of(request) != "deepgram":
        return None
    path = request.path.rstrip("/")
    if path.endswith("/v1/listen"):
        return _listens(exchange)
    return _speaks(exchange) if path.endswith("/v1/speak") else None


def _listens(exchange: Exchange) -> Call:
    body = read_answer(exchange).json
    said = record(body)
    facts, url = record(said.get("metadata")), text(record(exchange.request.json).get("url"))
    channels = records(record(said.get("results")).get("channels"))
    heard = [next(iter(records(one.get("alternatives"))), {}) for one in channels]
    seconds = number(facts.get("duration")) or 0
    fault = _fault(exchange, body, readable="results" in said)
    return Call(
        operation_name="audio_transcription",
        provider_name="deepgram",
        wire_format=f"{WIRE_FORMAT}.listen",
        request_model=_model(exchange),
        response_id=text(facts.get("request_id")),
        input_messages=(Message("user", (reference(url, "audio"),)),) if url else (),
        output_messages=tuple(
            Message("assistant", content_parts(one.get("transcript"))) for one in heard
        ),
        usage=Usage(billed_units=units(audio_seconds=math.ceil(seconds))),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _speaks(exchange: Exchange) -> Call:
    """The audio is the body; headers tell of it."""
    body, audio = read_answer(exchange).json, medium(exchange)
    counted = parsed(exchange.header("dg-char-count") or "")
    words = content_parts(record(exchange.request.json).get("text"))
    fault = _fault(exchange, body, readable=audio is not None)
    return Call(
        operation_name="speech",
        provider_name="deepgram",
        wire_format=f"{WIRE_FORMAT}.speak",
        request_model=_model(exchange),
        response_model=exchange.header("dg-model-name"),
        response_id=exchange.header("dg-request-id"),
        input_messages=(Message("user", words),) if words else (),
        output_messages=(Message("assistant", (audio,)),) if audio else (),
        usage=Usage(billed_units=units(input_characters=counted)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _model(exchange: Exchange) -> str | None:
    return dict(exchange.request.query).get("model")


def _fault(exchange: Exchange, body: Any, *, readable: bool) -> Fault:
    """Errors have names of their own."""
    said = record(body)
    if code := text(said.get("err_code")) or text(said.get("category")):
        message = said.get("err_msg") or said.get("message")
        body = {"error": {"code": code, "message": message}}
    return fault_of(exchange, body, readable=readable)
