"""What holds for every wire format, on recordings of our own making."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call
from tests.wire.formats import BINARY, PLAIN, STREAMS
from tests.wire.recordings import body_of, exchange, stream

SPEAKS = {"chat", "generate_content", "text_completion", "invoke_agent", "audio_transcription"}


def plain(url: str, said: Any = None, **fields: Any) -> Call:
    asked, recorded = PLAIN[url]
    call = decode(exchange(url, asked, recorded if said is None else said, **fields))
    assert call is not None
    return call


def streamed(url: str, *pieces: bytes, **fields: Any) -> Call:
    call = decode(stream(url, STREAMS[url][0], *pieces, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize("url", [*PLAIN, *STREAMS])
def test_a_request_is_known_before_it_is_sent(url: str) -> None:
    asked, _ = PLAIN.get(url) or STREAMS[url]

    call = decode(exchange(url, asked))

    assert call is not None
    assert (call.status, call.error_type, call.output_messages) == (None, None, ())
    assert not call.wire_format.startswith("other")


@pytest.mark.parametrize("url", list(PLAIN))
def test_a_plain_answer_is_read(url: str) -> None:
    call = plain(url)

    assert (call.error_type, call.streamed) == (None, False)
    assert call.time_to_first_chunk_s is None
    if call.operation_name in SPEAKS and call.runs_model:
        assert call.output_text == "Hello!"


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_is_read(url: str) -> None:
    pieces = STREAMS[url][1]
    first = next(at for at, _ in enumerate(pieces) if _text(url, pieces[: at + 1]) == "Hel")

    call = streamed(url, *pieces)

    assert (call.error_type, call.streamed, call.output_text) == (None, True, "Hello!")
    assert call.time_to_first_chunk_s == (first + 1) / 2


def _text(url: str, pieces: list[bytes]) -> str:
    return streamed(url, *pieces, ended="closed").output_text


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_that_its_reader_abandoned_is_no_error(url: str) -> None:
    pieces = STREAMS[url][1]

    for end in range(len(pieces)):
        call = streamed(url, *pieces[:end], ended="closed")
        assert call.error_type is None
        assert "Hello!".startswith(call.output_text)


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_that_broke_off_is_an_error_and_keeps_what_was_said(url: str) -> None:
    pieces = STREAMS[url][1]
    said = next(at for at, _ in enumerate(pieces) if _text(url, pieces[: at + 1]) == "Hello!")

    call = streamed(url, *pieces[: said + 1], ended="failed", error_type="ReadTimeout")

    assert (call.output_text, call.error_type) == ("Hello!", "ReadTimeout")


@pytest.mark.parametrize("url", [url for url in PLAIN if url not in BINARY])
def test_gzip_that_no_header_tells_of_is_unpacked(url: str) -> None:
    packed, call = plain(url, gzip.compress(body_of(PLAIN[url][1]))), plain(url)

    assert (packed.usage, packed.output_messages) == (call.usage, call.output_messages)


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_gzipped_stream_is_unpacked(url: str) -> None:
    assert streamed(url, gzip.compress(b"".join(STREAMS[url][1]))).output_text == "Hello!"


@pytest.mark.parametrize("url", [url for url in PLAIN if url not in BINARY])
@pytest.mark.parametrize("body", [b"", b"ok", b"<html>", b"\x1f\x8bxx", b"\x00\x01"])
def test_a_whole_answer_of_another_format_is_an_error(url: str, body: bytes) -> None:
    assert plain(url, body).error_type == "unreadable_response"


@pytest.mark.parametrize("url", list(PLAIN))
@pytest.mark.parametrize(
    ("status", "said", "error_type"),
    [
        (401, {"error": {"type": "a", "code": "bad_key", "message": "m"}}, "bad_key"),
        (404, {"error": "no such model"}, "404"),
        (422, {"detail": "no"}, "422"),
        (429, b"", "429"),
        (500, b"<html>bad gateway", "500"),
    ],
)
def test_a_refused_request_is_an_error(url: str, status: int, said: Any, error_type: str) -> None:
    call = plain(url, said, status=status)

    assert (call.error_type, call.status, call.output_messages) == (error_type, status, ())
    assert call.request_model == plain(url).request_model
    assert call.usage.output_tokens is None


@pytest.mark.parametrize("url", [*PLAIN, *STREAMS])
def test_another_method_than_the_format_s_is_not_its_call(url: str) -> None:
    asked, _ = PLAIN.get(url) or STREAMS[url]
    call = decode(exchange(url, asked, method="OPTIONS"))

    assert call is None or not call.runs_model
