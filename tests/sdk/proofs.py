"""What each row of the SDK table has to prove: live, recorded, replayed, chunk by chunk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pytest_litmus.errors import CassetteMiss
from pytest_litmus.recorder import capturing
from tests.sdk.answers import INPUT_TOKENS
from tests.sdk.loopback import Lockstep

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.wire.calls import Call
    from tests.sdk.loopback import Provider
    from tests.sdk.rows import Row

PROMPT = "hello"
TEXTS = ["You said ", "hello", "."]
FINISH = {
    "openai.chat": ("stop",),
    "openai.responses": ("completed",),
    "anthropic.messages": ("end_turn",),
    "openai.embeddings": (),
}


def a_live_call_is_captured(row: Row, provider: Provider) -> None:
    with capturing(mode="live") as recorder:
        texts = row.run(provider.url, PROMPT)

    (call,) = recorder.calls
    assert call.source == "live"
    assert_read_by_the_program(row, provider, texts)
    assert_complete(recorder.exchanges[0], row)
    assert_decoded(call, row)


def a_recording_holds_one_call_and_leaves_the_answer(
    row: Row, provider: Provider, path: Path
) -> None:
    with capturing(cassette=path, mode="once") as recorder:
        texts = row.run(provider.url, PROMPT)

    assert len(recorder.calls) == len(provider.seen) == 1
    assert recorder.calls[0].source == "live"
    assert_read_by_the_program(row, provider, texts)
    assert path.is_file()


def a_chunk_reaches_the_program_before_the_server_sends_the_next(
    row: Row, provider: Provider, path: Path
) -> None:
    """The provider holds each piece until the program has the one before: see `Lockstep`."""
    provider.lockstep = Lockstep()

    with capturing(cassette=path, mode="once") as recorder:
        row.run(provider.url, PROMPT, provider.lockstep.saw)

    assert not provider.lockstep.broken, "something holds the stream back"
    assert pieces(recorder.exchanges[0]) == provider.sent
    with capturing(cassette=path, mode="none") as replayed:
        row.run(provider.url, PROMPT)
    assert pieces(replayed.exchanges[0]) == provider.sent


def a_replay_is_the_recording_and_never_reaches_the_provider(
    row: Row, provider: Provider, path: Path
) -> None:
    with capturing(cassette=path, mode="once") as recorded:
        texts = row.run(provider.url, PROMPT)
    with capturing(cassette=path, mode="none") as first:
        row.run(provider.url, PROMPT)
    provider.is_refusing = True
    reached = provider.reached

    with capturing(cassette=path, mode="none") as second:
        assert row.run(provider.url, PROMPT) == texts

    assert provider.reached == reached == (1, 1)
    assert_same_body(second.exchanges[0], recorded.exchanges[0], row)
    assert_same_call(second.calls[0], recorded.calls[0])
    assert times(second.exchanges[0]) == times(first.exchanges[0])
    assert_same_times(second.exchanges[0], recorded.exchanges[0], row)
    first_chunk_s = second.calls[0].time_to_first_chunk_s
    assert first_chunk_s == first.calls[0].time_to_first_chunk_s
    assert first_chunk_s == pytest.approx(recorded.calls[0].time_to_first_chunk_s, abs=0.0001)


def a_miss_is_one_try_and_comes_through_the_sdk_as_itself(
    row: Row, provider: Provider, path: Path
) -> None:
    with capturing(cassette=path, mode="none") as recorder, pytest.raises(CassetteMiss) as caught:
        row.run(provider.url, "never recorded")

    assert recorder.misses == (caught.value,)
    assert provider.reached == (0, 0)
    assert provider.url in str(caught.value)


def assert_read_by_the_program(row: Row, provider: Provider, texts: list[str]) -> None:
    """The program got what the provider sent; the transport may join pieces."""
    if row.is_raw and row.is_streamed:
        assert "".join(texts).encode() == b"".join(provider.sent)
    elif row.wire_format == "openai.embeddings":
        assert texts == ["[0.015, 0.5, -0.25]"]
    else:
        assert texts == (TEXTS if row.is_streamed else ["".join(TEXTS)])


def assert_complete(exchange: Exchange, row: Row) -> None:
    assert exchange.status == 200
    assert exchange.duration_s is not None
    assert exchange.headers_s is not None
    assert 0 < exchange.headers_s <= exchange.chunks[0].offset_s <= exchange.duration_s
    assert exchange.request.method == "POST"


def assert_decoded(call: Call, row: Row) -> None:
    """What a decoder has to know; for a format without a decoder nothing is known."""
    if row.wire_format is None:
        return
    assert call.wire_format == row.wire_format
    assert call.streamed == row.is_streamed
    assert call.finish_reasons == FINISH[row.wire_format]
    assert call.error_type is None
    assert (call.time_to_first_chunk_s is not None) == row.is_streamed
    if row.wire_format == "openai.embeddings":
        assert (call.embedding_count, call.embedding_dimensions) == (1, 3)
        assert call.usage.input_tokens == INPUT_TOKENS
        return
    assert call.output_text == "".join(TEXTS)
    assert call.input_text == PROMPT
    if row.tells_usage:
        assert call.usage.input_tokens == INPUT_TOKENS
        assert call.usage.output_tokens == len(TEXTS)


def assert_same_call(replayed: Call, recorded: Call) -> None:
    assert replayed.source == "recorded"
    assert replayed.output_messages == recorded.output_messages
    assert replayed.input_messages == recorded.input_messages
    assert replayed.usage == recorded.usage
    assert replayed.finish_reasons == recorded.finish_reasons
    assert replayed.request_model == recorded.request_model
    assert replayed.status == recorded.status == 200


def pieces(exchange: Exchange) -> list[bytes]:
    return [chunk.data for chunk in exchange.chunks]


def times(exchange: Exchange, *, of_chunks: bool = True) -> list[float | None]:
    offsets = [chunk.offset_s for chunk in exchange.chunks] if of_chunks else []
    return [exchange.headers_s, *offsets, exchange.duration_s]


def assert_same_body(replayed: Exchange, recorded: Exchange, row: Row) -> None:
    """A stream comes back byte by byte and piece by piece; a plain answer means the same."""
    if row.is_streamed:
        assert pieces(replayed) == pieces(recorded)
    else:
        assert json.loads(replayed.body) == json.loads(recorded.body)


def assert_same_times(replayed: Exchange, recorded: Exchange, row: Row) -> None:
    """A replay has the recording's times, but for the digits that a cassette does not write."""
    again = times(replayed, of_chunks=row.is_streamed)
    assert again == pytest.approx(times(recorded, of_chunks=row.is_streamed), abs=0.0001)
