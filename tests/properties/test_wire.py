"""Any bytes decode to a call or None, and chunk boundaries mean nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wire.formats import PLAIN, STREAMS
from tests.wire.recorded import exchange_of as recorded_exchange
from tests.wire.recorded import is_missing, truths
from tests.wire.recordings import body_of, stream

from pytest_litmus.capture.exchange import Chunk, Exchange, Request
from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.loose import parsed

URLS = [
    *PLAIN,
    *STREAMS,
    "https://shop.example/messages",
    "http://[::1/v1/chat/completions",
    "",
]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_BODIES = [body_of(body) for both in PLAIN.values() for body in both]
_BODIES += [piece for _, pieces in STREAMS.values() for piece in pieces]
WORDS = {word.decode() for body in _BODIES for word in re.findall(rb'"([\w.:/ -]{1,60})"', body)}
words = st.sampled_from(sorted(WORDS))
values = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=30,
)


def exchange_of(url: str, asked: bytes, pieces: list[bytes], status: int | None) -> Exchange:
    return Exchange(
        request=Request(method="POST", url=url, body=asked),
        status=status,
        chunks=tuple(Chunk(0.1 * index, piece) for index, piece in enumerate(pieces)),
        ended="eof",
    )


def decoded(exchange: Exchange) -> Call | None:
    """The call; a decoder that gave up on its own exception counts as one that raised."""
    call = decode(exchange)
    assert call is None or isinstance(call, Call)
    assert call is None or call.error_type != "undecodable", call.error_message
    if call is not None:
        json.dumps([call.attributes(), call.content_attributes()])
    return call


@given(st.sampled_from(URLS), st.binary(), st.lists(st.binary()), st.none() | st.integers(100, 599))
def test_any_bytes_decode_to_a_call_or_none(
    url: str, asked: bytes, pieces: list[bytes], status: int | None
) -> None:
    decoded(exchange_of(url, asked, pieces, status))


@given(st.sampled_from(URLS), values, values, st.sampled_from([None, 200, 400]))
def test_any_json_decodes_to_a_call_or_none(
    url: str, asked: Any, said: Any, status: int | None
) -> None:
    decoded(exchange_of(url, json.dumps(asked).encode(), [json.dumps(said).encode()], status))


@given(st.sampled_from(list(STREAMS)), values, st.lists(values, max_size=6))
def test_any_events_decode_to_a_call_or_none(url: str, asked: Any, events: list[Any]) -> None:
    pieces = [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]

    decoded(exchange_of(url, json.dumps(asked).encode(), pieces, 200))


paths = st.lists(st.integers(0, 6), max_size=6)


def mutated(value: Any, path: list[int], new: Any) -> Any:
    """The value with what stands at a path replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    if isinstance(value, dict):
        key = list(value)[path[0] % len(value)]
        return {**value, key: mutated(value[key], path[1:], new)}
    at = path[0] % len(value)
    return [*value[:at], mutated(value[at], path[1:], new), *value[at + 1 :]]


@given(st.sampled_from(list(PLAIN)), paths, paths, values)
def test_a_damaged_answer_decodes_to_a_call(
    url: str, asked_at: list[int], said_at: list[int], new: Any
) -> None:
    asked, said = PLAIN[url]
    bodies = (mutated(asked, asked_at, new), mutated(said, said_at, new))

    decoded(exchange_of(url, body_of(bodies[0]), [body_of(bodies[1])], 200))


@given(st.sampled_from(list(STREAMS)), st.integers(0, 9), paths, values)
def test_a_damaged_event_decodes_to_a_call(url: str, at: int, path: list[int], new: Any) -> None:
    asked, pieces = STREAMS[url]
    at %= len(pieces)
    head, found, event = pieces[at].rpartition(b"data: ")
    said = parsed(event.strip().strip(b"[],"))
    damaged = head + found + body_of(mutated(said, path, new)) + b"\n\n"

    assert decoded(stream(url, asked, *pieces[:at], damaged, *pieces[at + 1 :])) is not None


@given(st.sampled_from(list(STREAMS)), st.lists(st.integers(0, 2000), max_size=12))
def test_chunk_boundaries_do_not_change_what_was_said(url: str, cuts: list[int]) -> None:
    asked, pieces = STREAMS[url]
    body = b"".join(pieces)
    ends = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    cut = [body[start:end] for start, end in pairwise(ends)]

    whole, cut_up = decode(stream(url, asked, body)), decode(stream(url, asked, *cut))

    assert whole is not None
    assert cut_up is not None
    assert whole.output_text == "Hello!"
    same_time = {"time_to_first_chunk_s": None}
    assert replace(whole, **same_time) == replace(cut_up, **same_time)


@given(st.sampled_from(list(STREAMS)), st.integers(0, 3000))
def test_a_stream_that_stops_anywhere_says_a_beginning(url: str, end: int) -> None:
    asked, pieces = STREAMS[url]

    call = decode(stream(url, asked, b"".join(pieces)[:end], ended="closed"))

    assert call is not None
    assert "Hello!".startswith(call.output_text)
    assert call.error_type is None


@pytest.mark.skipif(is_missing(), reason="the recordings of ../shared are not here")
@settings(max_examples=200, deadline=None)
@given(st.data(), paths, values)
def test_a_damaged_real_answer_decodes_to_a_call_or_none(
    data: st.DataObject, path: list[int], new: Any
) -> None:
    exchange = recorded_exchange(data.draw(st.sampled_from(truths())))
    if exchange.body.startswith((b"{", b"[")):
        damaged = body_of(mutated(parsed(exchange.body), path, new))
    else:
        at = data.draw(st.integers(0, len(exchange.body)))
        damaged = exchange.body[:at] + data.draw(st.binary(max_size=4)) + exchange.body[at + 2 :]

    decoded(replace(exchange, chunks=(Chunk(0.5, damaged),)))


@pytest.mark.skipif(is_missing(), reason="the recordings of ../shared are not here")
@settings(max_examples=200, deadline=None)
@given(st.data(), paths, values)
def test_a_damaged_real_request_decodes_to_a_call_or_none(
    data: st.DataObject, path: list[int], new: Any
) -> None:
    exchange = recorded_exchange(data.draw(st.sampled_from(truths())))
    asked = body_of(mutated(exchange.request.json, path, new))

    decoded(replace(exchange, request=replace(exchange.request, body=asked)))
