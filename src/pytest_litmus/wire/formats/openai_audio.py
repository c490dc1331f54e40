"""OpenAI's audio: `/audio/transcriptions`, `/audio/translations` and `/audio/speech`.

Format: https://platform.openai.com/docs/api-reference/audio. Mistral and Groq have it too, with
names of their own in the events of a stream.
"""

from __future__ import annotations

import base64
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import Answer, read_answer, unpacked
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters, deployment
from pytest_litmus.wire.forms import asked_of, file_parts
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import number, parsed, record, text
from pytest_litmus.wire.parts import blob, content_parts, reference
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import cost_of, units, usage_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

TRANSCRIPTION = "openai.audio.transcription"
SPEECH = "openai.audio.speech"

_PATH = re.compile(r"/audio/(transcriptions|translations|speech)/?$")
_PLAIN_TEXT = {"text", "srt", "vtt"}
"""The response formats that are no JSON."""


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The transcription, translation or speech that an exchange is, or None."""
    request = exchange.request
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return None
    asked = asked_of(request)
    named = text(asked.get("model")) or deployment(request)
    if found[1] == "speech":
        known = model_host(request) is not None or (named is not None and "input" in asked)
        return _speech(exchange, asked, named) if known else None
    known = model_host(request) is not None or named is not None
    return _transcription(exchange, asked, named) if known else None


def _transcription(exchange: Exchange, asked: dict[str, Any], named: str | None) -> Call:
    answer = read_answer(exchange)
    body = _transcript(exchange, asked, answer)
    said, provider_name = record(body), provider_of(exchange.request)
    words = content_parts(said.get("text"))
    fault = fault_of(exchange, body, readable="text" in said)
    return Call(
        operation_name="audio_transcription",
        provider_name=provider_name,
        wire_format=TRANSCRIPTION,
        request_model=named,
        response_model=text(said.get("model")),
        input_messages=_heard(exchange.request, asked),
        output_messages=(Message("assistant", words),) if "text" in said else (),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(said, provider_name=provider_name),
        reported_cost_usd=cost_of(said.get("usage")),
        time_to_first_chunk_s=answer.first_content_s(lambda event: bool(_delta(event))),
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _heard(request: Request, asked: dict[str, Any]) -> tuple[Message, ...]:
    """The recording, and the words that are to guide its transcription."""
    url = text(asked.get("file_url")) or text(asked.get("url"))
    parts = (
        *file_parts(request, "audio"),
        *((reference(url, "audio"),) if url else ()),
        *content_parts(asked.get("prompt")),
    )
    return (Message("user", parts),) if parts else ()


def _transcript(exchange: Exchange, asked: dict[str, Any], answer: Answer) -> Any:
    """The answer as JSON, whatever form it came in."""
    if answer.is_stream:
        return _folded(answer)
    succeeded = exchange.status is not None and 200 <= exchange.status < 300
    if succeeded and text(asked.get("response_format")) in _PLAIN_TEXT:
        pieces = unpacked(exchange)
        return {"text": b"".join(piece.data for piece in pieces).decode("utf-8", "replace")}
    return answer.json


def _usage(said: dict[str, Any], *, provider_name: str) -> Usage:
    """Tokens, or the seconds of the recording: begun ones count, as OpenAI counts them."""
    usage = record(said.get("usage"))
    counted = usage_of(usage, provider_name=provider_name)
    if counted.input_tokens is not None:
        return counted
    seconds = number(usage.get("seconds")) or number(said.get("duration"))
    return replace(counted, billed_units=units(audio_seconds=math.ceil(seconds or 0)))


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the answer that it adds up to; its last event holds the whole text."""
    said: dict[str, Any] = {}
    words: list[str] = []
    for _, event in answer.records:
        words.append(_delta(event))
        if event.get("error"):
            said["error"] = event["error"]
        if str(event.get("type")).endswith(".done"):
            said |= event
    if any(words):
        said.setdefault("text", "".join(words))
    return said


def _delta(event: dict[str, Any]) -> str:
    is_delta = str(event.get("type")).endswith(".text.delta")
    return (text(event.get("delta")) or text(event.get("text")) or "") if is_delta else ""


def _speech(exchange: Exchange, asked: dict[str, Any], named: str | None) -> Call:
    answer = _sounds(exchange, asked)
    body = _spoken(answer) if answer.is_stream else answer.json
    said, provider_name = record(body), provider_of(exchange.request)
    audio = text(said.get(_AUDIO)) or _whole_audio(exchange, answer)
    fault = fault_of(exchange, body, readable=audio is not None)
    words, form = text(asked.get("input")), exchange.header("content-type") or ""
    return Call(
        operation_name="speech",
        provider_name=provider_name,
        wire_format=SPEECH,
        request_model=named,
        system_instructions=content_parts(asked.get("instructions")),
        input_messages=(Message("user", content_parts(words)),) if words else (),
        output_messages=(Message("assistant", (_sound(audio, form),)),) if audio else (),
        streamed=answer.is_stream or _asks_events(asked),
        usage=_spoken_usage(said, words if audio else None, provider_name=provider_name),
        time_to_first_chunk_s=answer.first_content_s(lambda event: bool(_piece(event))),
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


_AUDIO = "audio_data"
"""Where Mistral's answers have the audio, in base64."""


def _asks_events(asked: dict[str, Any]) -> bool:
    return asked.get("stream_format") == "sse" or asked.get("stream") is True


def _sounds(exchange: Exchange, asked: dict[str, Any]) -> Answer:
    """Audio is neither JSON nor events, though its first bytes may look so: the request tells."""
    if _asks_events(asked):
        return read_answer(exchange)
    return Answer(json=record(parsed(exchange.body)) or None)


def _spoken(answer: Answer) -> dict[str, Any]:
    """`speech.audio.delta` events as the answer that they add up to."""
    said: dict[str, Any] = {}
    pieces: list[bytes] = []
    for _, event in answer.records:
        said |= {name: event[name] for name in ("usage", "error") if event.get(name)}
        pieces.append(_piece(event))
    return {**said, _AUDIO: base64.b64encode(b"".join(pieces)).decode()}


def _piece(event: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(text(event.get("audio")) or text(event.get(_AUDIO)) or "")
    except ValueError:
        return b""


def _whole_audio(exchange: Exchange, answer: Answer) -> str | None:
    """The body, base64; None when it is no audio."""
    failed = exchange.status is None or not 200 <= exchange.status < 300
    if failed or answer.is_stream or answer.json is not None:
        return None
    return base64.b64encode(exchange.body).decode() or None


def _sound(audio: str, content_type: str) -> Part:
    form = content_type.partition(";")[0].strip()
    return blob(audio, form if form.startswith("audio/") else None, modality="audio")


def _spoken_usage(said: dict[str, Any], words: str | None, *, provider_name: str) -> Usage:
    """Older models are billed by the characters that they spoke, newer ones by tokens."""
    counted = usage_of(said.get("usage"), provider_name=provider_name)
    billed = units(input_characters=len(words or ""))
    return replace(counted, billed_units={**counted.billed_units, **billed})
