"""ElevenLabs: text to speech and recordings to text.

Format: https://elevenlabs.io/docs/api-reference.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Usage
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.formats.hugging_face import medium
from pytest_litmus.wire.forms import asked_of, file_parts
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import number, parsed, record, text
from pytest_litmus.wire.parts import blob, content_parts
from pytest_litmus.wire.tokens import units

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange

WIRE_FORMAT = "elevenlabs"

_PATH = re.compile(
    r"/v1/(?P<verb>text-to-speech/[^/]+|speech-to-text)(/stream)?(/with-timestamps)?/?$"
)


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The speech or the transcription that an exchange is, or None."""
    request = exchange.request
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None or provider_of(request) != "elevenlabs":
        return None
    return _listens(exchange) if found["verb"] == "speech-to-text" else _speaks(exchange)


def _speaks(exchange: Exchange) -> Call:
    """The audio is the body, or base64 in it, where the times of the letters stand beside it."""
    asked, answer = record(exchange.request.json), read_answer(exchange)
    encoded = text(record(answer.json).get("audio_base64"))
    audio = blob(encoded, None, modality="audio") if encoded else medium(exchange)
    fault = _fault(exchange, answer.json, readable=audio is not None or answer.is_stream)
    words = content_parts(asked.get("text"))
    spoken = len(text(asked.get("text")) or "") if audio or answer.is_stream else 0
    spent = parsed(exchange.header("character-cost") or "")
    return Call(
        operation_name="speech",
        provider_name="elevenlabs",
        wire_format=f"{WIRE_FORMAT}.speech",
        request_model=text(asked.get("model_id")),
        response_id=exchange.header("request-id"),
        input_messages=(Message("user", words),) if words else (),
        output_messages=(Message("assistant", (audio,)),) if audio else (),
        streamed=answer.is_stream,
        usage=Usage(billed_units=units(input_characters=spoken, credits=spent)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _listens(exchange: Exchange) -> Call:
    asked, body = asked_of(exchange.request), read_answer(exchange).json
    said = record(body)
    files = file_parts(exchange.request, "audio")
    fault = _fault(exchange, body, readable="text" in said or "transcripts" in said)
    return Call(
        operation_name="audio_transcription",
        provider_name="elevenlabs",
        wire_format=f"{WIRE_FORMAT}.transcription",
        request_model=text(asked.get("model_id")),
        response_id=text(said.get("transcription_id")),
        input_messages=(Message("user", files),) if files else (),
        output_messages=(Message("assistant", content_parts(said["text"])),)
        if "text" in said
        else (),
        usage=Usage(billed_units=_seconds(said)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _seconds(said: dict[str, Any]) -> dict[str, int]:
    return units(audio_seconds=math.ceil(number(said.get("audio_duration_secs")) or 0))


def _fault(exchange: Exchange, body: Any, *, readable: bool) -> Fault:
    """An error's `detail` is an object whose `status` is the name."""
    detail = record(record(body).get("detail"))
    return fault_of(exchange, {"error": detail} if detail else body, readable=readable)
