"""Realtime sessions as far as they are HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Part
from tests.wire.formats.openai_realtime import CALLS, OPENAI, PLAIN
from tests.wire.recordings import exchange


@pytest.mark.parametrize("url", PLAIN)
def test_a_session_is_set_up_without_a_model(url: str) -> None:
    call = decode(exchange(url, *PLAIN[url]))

    assert call is not None
    assert (call.operation_name, call.runs_model, call.error_type) == ("realtime", False, None)


def test_a_session_tells_its_instructions() -> None:
    url = f"{OPENAI}/client_secrets"
    call = decode(exchange(url, *PLAIN[url]))

    assert call is not None
    assert call.system_instructions == (Part("text", content="Be brief."),)


@pytest.mark.parametrize(
    "url", [f"{CALLS}/rtc_1/hangup", "https://api.openai.com/v1/live/sessions/s_1/hangup"]
)
def test_a_call_that_is_hung_up_is_answered_with_nothing(url: str) -> None:
    call = decode(exchange(url, b"", b""))

    assert call is not None
    assert (call.runs_model, call.error_type) == (False, None)


@pytest.mark.parametrize(
    "url",
    [
        f"{CALLS}/rtc_1/accept",
        "https://r.openai.azure.com/openai/realtimeapi/sessions?api-version=1",
        "https://r.cognitiveservices.azure.com/openai/v1/realtime/client_secrets",
        f"{OPENAI}/transcription_sessions",
    ],
)
def test_every_way_to_set_up_is_known(url: str) -> None:
    call = decode(exchange(url, {}))

    assert call is not None
    assert call.wire_format == "openai.realtime"


@pytest.mark.parametrize(
    ("url", "asked"),
    [("https://phone.example/realtime/calls", {}), (f"{OPENAI}/models", {})],
)
def test_other_requests_are_no_set_up(url: str, asked: Any) -> None:
    call = decode(exchange(url, asked))

    assert call is None or call.wire_format != "openai.realtime"
