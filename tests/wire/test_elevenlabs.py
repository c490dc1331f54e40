"""ElevenLabs: to speech and to text."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.elevenlabs import ASKED, PLAIN, SPEECH, STREAMED, TIMED, TRANSCRIPTION
from tests.wire.recordings import exchange

AUDIO = (("content-type", "audio/mpeg"), ("request-id", "e-1"), ("character-cost", "3"))


def asked(url: str, given: Any, said: Any, **fields: Any) -> Call:
    call = decode(exchange(url, given, said, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize("url", [SPEECH, STREAMED])
def test_speech_is_billed_by_characters_and_credits(url: str) -> None:
    call = asked(url, ASKED, b"ID3", headers=AUDIO)

    assert (call.operation_name, call.request_model) == ("speech", "eleven_multilingual_v2")
    assert (call.input_text, call.response_id) == ("Hello!", "e-1")
    assert call.usage.billed_units == {"input_characters": 6, "credits": 3}
    assert call.output_messages[0].parts == (
        Part("blob", content="SUQz", mime_type="audio/mpeg", modality="audio"),
    )


def test_speech_with_times_is_json() -> None:
    call = asked(TIMED, *PLAIN[TIMED])

    assert call.output_messages[0].parts[0].content == "aGVsbG8="
    assert call.usage.billed_units == {"input_characters": 6}


def test_what_was_not_spoken_is_not_billed() -> None:
    detail = {"status": "quota_exceeded", "message": "No credits left"}

    call = asked(SPEECH, ASKED, {"detail": detail}, status=401)

    assert (call.error_type, call.error_message) == ("quota_exceeded", "No credits left")
    assert call.usage.billed_units == {}


def test_a_recording_is_sent_in_a_form() -> None:
    call = asked(TRANSCRIPTION, *PLAIN[TRANSCRIPTION])

    assert (call.operation_name, call.output_text) == ("audio_transcription", "Hello!")
    assert (call.request_model, call.usage.billed_units) == ("scribe_v1", {"audio_seconds": 9})
    assert call.input_messages[0].parts[0].name == "a.wav"


def test_another_server_s_speech_is_no_call() -> None:
    assert decode(exchange("https://shop.example/v1/text-to-speech/7", ASKED, b"ID3")) is None
