"""Audio in OpenAI's format, heard and spoken."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.openai_audio import (
    PLAIN,
    SAID,
    SPEECH,
    SPEECH_ASKED,
    SPOKEN,
    STREAMS,
    TRANSCRIPTIONS,
    form,
)
from tests.wire.recordings import exchange, sse, stream

RECORDING = Part(
    "blob",
    content=base64.b64encode(b"RIFF\x00\x01\r\n\xff").decode(),
    mime_type="audio/wav",
    name="a.wav",
    modality="audio",
)


def heard(asked: Any, said: Any, url: str = TRANSCRIPTIONS, **fields: Any) -> Call:
    call = decode(exchange(url, asked, said, **fields))
    assert call is not None
    return call


def spoken(said: Any, url: str = SPEECH, **fields: Any) -> Call:
    call = decode(exchange(url, SPEECH_ASKED, said, **fields))
    assert call is not None
    return call


def test_a_recording_is_the_input_and_its_words_the_output() -> None:
    call = heard(form(model="gpt-4o-transcribe", prompt="Ada", temperature="0.5"), SAID)

    assert (call.operation_name, call.request_model) == ("audio_transcription", "gpt-4o-transcribe")
    assert call.input_messages == (Message("user", (RECORDING, Part("text", content="Ada"))),)
    assert (call.output_text, call.parameters) == ("Hello!", {"temperature": 0.5})


def test_tokens_of_audio_are_told_from_those_of_text() -> None:
    assert heard(form(model="m"), SAID).usage == Usage(
        input_tokens=14, output_tokens=5, billed_units={"input_audio_tokens": 14}
    )


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"usage": {"type": "duration", "seconds": 9}, "duration": 8.47}, 9),
        ({"usage": {"type": "duration", "seconds": 7.2}}, 8),
        ({"duration": 8.47}, 9),
    ],
)
def test_a_recording_may_be_billed_by_its_seconds(said: dict[str, Any], seconds: int) -> None:
    usage = heard(form(model="whisper-1"), {"text": "Hello!", **said}).usage

    assert usage == Usage(billed_units={"audio_seconds": seconds})


@pytest.mark.parametrize(
    ("response_format", "body"),
    [
        ("text", "Grüße!\n"),
        ("text", "42"),
        ("srt", "1\n00:00:00,000 --> 00:00:01,000\nHello!\n"),
        ("vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello!\n"),
    ],
)
def test_an_answer_may_be_bare_text(response_format: str, body: str) -> None:
    call = heard(form(model="whisper-1", response_format=response_format), body.encode())

    assert (call.output_text, call.error_type) == (body, None)
    assert call.usage == Usage()


def test_bare_text_that_was_not_asked_for_is_an_error() -> None:
    assert heard(form(model="whisper-1"), b"Hello!").error_type == "unreadable_response"


@pytest.mark.parametrize("asked", [b"[multipart form data omitted]", b"--", b"--b1\r\nbroken"])
def test_a_form_that_cannot_be_read_leaves_the_model_unknown(asked: bytes) -> None:
    call = heard(asked, SAID)

    assert (call.request_model, call.input_messages, call.output_text) == (None, (), "Hello!")


def test_azure_s_deployment_is_the_model() -> None:
    url = next(url for url in PLAIN if "azure" in url)

    assert heard(*PLAIN[url], url=url).request_model == "my-whisper"


def test_mistral_listens_to_urls_and_counts_seconds_beside_tokens() -> None:
    url = "https://api.mistral.ai/v1/audio/transcriptions#stream"
    asked, pieces = STREAMS[url]

    call = decode(stream(url, asked, *pieces))

    assert call is not None
    assert call.input_messages[0].parts == (
        Part("uri", uri="https://x.example/a.wav", modality="audio"),
    )
    assert call.response_model == "voxtral-mini-2507"
    assert call.usage == Usage(input_tokens=3, output_tokens=5, billed_units={"audio_seconds": 4})


def test_a_form_may_ask_for_a_stream() -> None:
    call = decode(exchange(TRANSCRIPTIONS, form(model="m", stream="true")))

    assert call is not None
    assert call.streamed


@pytest.mark.parametrize(
    "url", ["https://shop.example/audio/transcriptions", "https://shop.example/audio/speech"]
)
def test_a_shop_s_own_audio_is_no_call(url: str) -> None:
    assert decode(exchange(url, {"input": "Hi"})) is None


def test_speech_is_billed_by_characters_and_is_a_blob() -> None:
    call = spoken(SPOKEN, headers=(("Content-Type", "audio/mpeg"),))

    assert (call.operation_name, call.request_model) == ("speech", "gpt-4o-mini-tts")
    assert call.input_text == "Hello!"
    assert call.output_messages[0].parts == (
        Part(
            "blob",
            content=base64.b64encode(SPOKEN).decode(),
            mime_type="audio/mpeg",
            modality="audio",
        ),
    )
    assert call.usage == Usage(billed_units={"input_characters": 6})


@pytest.mark.parametrize("start", [b":", b"data:", b"7", b"\x1f\x8b"])
def test_audio_that_begins_like_something_else_is_audio(start: bytes) -> None:
    body = start + b"\x00\x01"

    call = spoken(body)

    assert (call.error_type, call.streamed) == (None, False)
    assert call.output_messages[0].parts[0].content == base64.b64encode(body).decode()


def test_instructions_are_those_of_the_speaker() -> None:
    call = decode(exchange(SPEECH, {**SPEECH_ASKED, "instructions": "Whisper"}))

    assert call is not None
    assert call.system_instructions == (Part("text", content="Whisper"),)


def test_events_of_speech_are_joined_and_bring_the_counts() -> None:
    counts = {"input_tokens": 3, "output_tokens": 40, "total_tokens": 43}
    pieces = sse(
        {"type": "speech.audio.delta", "audio": base64.b64encode(SPOKEN[:4]).decode()},
        {"type": "speech.audio.delta", "audio": base64.b64encode(SPOKEN[4:]).decode()},
        {"type": "speech.audio.done", "usage": counts},
    )

    call = decode(stream(SPEECH, {**SPEECH_ASKED, "stream_format": "sse"}, *pieces))

    assert call is not None
    assert call.output_messages[0].parts[0].content == base64.b64encode(SPOKEN).decode()
    assert (call.streamed, call.usage.total_tokens, call.time_to_first_chunk_s) == (True, 43, 0.5)


def test_mistral_s_speech_is_json() -> None:
    call = spoken({"audio_data": "SUQz"}, url="https://api.mistral.ai/v1/audio/speech")

    assert call.output_messages[0].parts == (Part("blob", content="SUQz", modality="audio"),)


@pytest.mark.parametrize(
    ("said", "error_type"),
    [
        ({"error": {"code": "bad_voice", "message": "m"}}, "bad_voice"),
        ({"hello": 1}, "unreadable_response"),
        (b"", "unreadable_response"),
    ],
)
def test_an_answer_without_audio_is_an_error_and_not_billed(said: Any, error_type: str) -> None:
    call = spoken(said)

    assert (call.error_type, call.output_messages, call.usage) == (error_type, (), Usage())
