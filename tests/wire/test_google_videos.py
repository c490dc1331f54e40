"""Veo's videos: how they are started, asked for and filtered."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part
from tests.wire.formats.gemini import GEMINI
from tests.wire.formats.google_videos import ASKED, NAME, PLAIN, VEO, VERTEX_NAME, VERTEX_VEO
from tests.wire.recordings import exchange

POLL = f"{GEMINI}/{NAME}"


def decoded(*args: Any, **fields: Any) -> Call:
    call = decode(exchange(*args, **fields))
    assert call is not None
    return call


def test_a_video_is_started_under_a_name() -> None:
    call = decoded(f"{VEO}:predictLongRunning", ASKED, {"name": NAME})

    assert (call.operation_name, call.wire_format) == ("prediction", "google.videos")
    assert (call.request_model, call.response_id) == ("veo-3.0-generate-001", NAME)
    assert (call.input_text, call.poll_of, call.output_messages) == ("A cat", None, ())


def test_a_poll_of_the_gemini_api_is_a_get_of_that_name() -> None:
    samples = [{"video": {"uri": "https://x.example/cat"}}]
    response = {"generateVideoResponse": {"generatedSamples": samples}}

    call = decoded(POLL, b"", {"name": NAME, "done": True, "response": response}, method="GET")

    assert (call.poll_of, call.response_id) == (NAME, NAME)
    assert call.output_messages == (
        Message(
            "assistant",
            (Part("uri", uri="https://x.example/cat", mime_type="video/mp4", modality="video"),),
        ),
    )


def test_a_poll_of_vertex_ai_names_the_operation_in_its_body() -> None:
    asked, said = PLAIN[f"{VERTEX_VEO}:fetchPredictOperation"]

    call = decoded(f"{VERTEX_VEO}:fetchPredictOperation", asked, said)

    assert (call.poll_of, call.request_model) == (VERTEX_NAME, "veo-3.0-generate-001")
    assert call.output_messages[0].parts[0].uri == "gs://b/cat.mp4"


def test_a_video_that_is_not_there_yet_is_no_error() -> None:
    call = decoded(POLL, b"", {"name": NAME}, method="GET")

    assert (call.error_type, call.output_messages) == (None, ())


@pytest.mark.parametrize(
    "response",
    [
        {"raiMediaFilteredReasons": ["celebrity"]},
        {"generateVideoResponse": {"raiMediaFilteredReasons": ["celebrity"]}},
    ],
)
def test_a_video_that_was_filtered_is_flagged(response: Any) -> None:
    call = decoded(POLL, b"", {"name": NAME, "done": True, "response": response}, method="GET")

    assert call.flags == (Flag(category="celebrity", subject="output", flagged=True),)


def test_a_video_that_failed_is_an_error_inside_a_200() -> None:
    fault = {"code": 8, "message": "no capacity"}

    call = decoded(POLL, b"", {"name": NAME, "done": True, "error": fault}, method="GET")

    assert (call.error_type, call.error_message) == ("8", "no capacity")


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/models/chair/operations/7",
        f"{GEMINI}/models/veo-3.0-generate-001",
    ],
)
def test_what_polls_no_video_runs_no_model(url: str) -> None:
    call = decode(exchange(url, b"", {"name": "x"}, method="GET"))

    assert call is None or not call.runs_model
