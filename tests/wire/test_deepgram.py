"""Deepgram: to text and to speech."""

from __future__ import annotations

from typing import Any

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.deepgram import DEEPGRAM, HEARD, LISTEN, SPEAK
from tests.wire.recordings import exchange

AUDIO = (
    ("content-type", "audio/mpeg"),
    ("dg-model-name", "aura-2-thalia-en-v1"),
    ("dg-char-count", "6"),
    ("dg-request-id", "d-2"),
)


def asked(url: str, given: Any, said: Any, **fields: Any) -> Call:
    call = decode(exchange(url, given, said, **fields))
    assert call is not None
    return call


def test_a_recording_is_billed_by_its_seconds() -> None:
    call = asked(LISTEN, {"url": "https://shop.example/call.wav"}, HEARD)

    assert (call.operation_name, call.output_text) == ("audio_transcription", "Hello!")
    assert (call.request_model, call.response_id) == ("nova-3", "d-1")
    assert call.usage.billed_units == {"audio_seconds": 9}
    assert call.input_messages[0].parts[0].uri == "https://shop.example/call.wav"


def test_each_channel_is_a_message() -> None:
    channels = [{"alternatives": [{"transcript": said}, {}]} for said in ("Hello!", "Hi.")]

    call = asked(LISTEN, b"RIFF", {**HEARD, "results": {"channels": channels}})

    assert [one.text for one in call.output_messages] == ["Hello!", "Hi."]


def test_speech_is_told_of_by_headers() -> None:
    call = asked(SPEAK, {"text": "Hello!"}, b"ID3", headers=AUDIO)

    assert (call.operation_name, call.input_text) == ("speech", "Hello!")
    assert (call.request_model, call.response_model) == ("aura-2-thalia-en", "aura-2-thalia-en-v1")
    assert (call.response_id, call.usage.billed_units) == ("d-2", {"input_characters": 6})
    assert call.output_messages[0].parts == (
        Part("blob", content="SUQz", mime_type="audio/mpeg", modality="audio"),
    )


def test_speech_that_is_no_audio_is_an_error() -> None:
    assert asked(SPEAK, {"text": "Hello!"}, b"<html>").error_type == "unreadable_response"


def test_an_error_has_names_of_its_own() -> None:
    said = {"err_code": "INVALID_AUTH", "err_msg": "Invalid credentials.", "request_id": "d-3"}

    call = asked(LISTEN, b"RIFF", said, status=401)

    assert (call.error_type, call.error_message) == ("INVALID_AUTH", "Invalid credentials.")


def test_another_server_s_listen_is_no_call() -> None:
    assert decode(exchange("https://shop.example/v1/listen", {"topic": "orders"}, {})) is None
    assert not asked(f"{DEEPGRAM}/projects", b"", {}, method="GET").runs_model
