"""Anthropic's text completions."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Message, Part, Usage
from tests.wire.formats.anthropic_complete import ASKED, COMPLETE, SAID, STREAM, event, piece
from tests.wire.recordings import exchange, stream


def test_a_completion_is_decoded() -> None:
    asked = {**ASKED, "temperature": 0, "top_k": 5, "top_p": 0.5, "stop_sequences": ["END"]}

    call = decode(exchange(COMPLETE, asked, SAID))

    assert call is not None
    assert (call.operation_name, call.provider_name) == ("text_completion", "anthropic")
    assert (call.request_model, call.response_model) == ("claude-2.1", "claude-2.1")
    assert call.response_id == "compl_1"
    assert call.input_messages == (
        Message("user", (Part("text", content="\n\nHuman: Hi\n\nAssistant:"),)),
    )
    assert call.finish_reasons == ("stop_sequence",)
    assert call.parameters == {
        "temperature": 0,
        "top_p": 0.5,
        "top_k": 5,
        "max_tokens": 64,
        "stop_sequences": ["END"],
    }


def test_tokens_that_this_api_never_reports_are_unknown() -> None:
    plain, streamed = exchange(COMPLETE, ASKED, SAID), stream(COMPLETE, ASKED, *STREAM)

    for call in map(decode, (plain, streamed)):
        assert call is not None
        assert call.usage == Usage()


def test_the_pieces_of_a_stream_are_joined_and_its_last_event_has_the_reason() -> None:
    call = decode(stream(COMPLETE, ASKED, *STREAM))

    assert call is not None
    assert (call.output_text, call.finish_reasons) == ("Hello!", ("stop_sequence",))


def test_an_error_event_is_an_error_with_what_was_said_before() -> None:
    fault = event("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})

    call = decode(stream(COMPLETE, ASKED, piece("Hel"), fault))

    assert call is not None
    assert (call.output_text, call.error_type) == ("Hel", "overloaded_error")


@pytest.mark.parametrize("asked", [{"model": "m", "prompt": "p"}, {"max_tokens_to_sample": 1}, []])
def test_another_server_s_completion_is_none_of_ours(asked: Any) -> None:
    assert decode(exchange("https://shop.example/v1/complete", asked, SAID)) is None
