"""Any bytes decode to a call or None, whole and by the schemas; chunk boundaries mean nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.report.given import problems as line_problems
from tests.wire.formats import PLAIN, STREAMS
from tests.wire.otel import problems
from tests.wire.recorded import exchange_of as recorded_exchange
from tests.wire.recorded import is_missing, truths
from tests.wire.recordings import body_of, stream

from pytest_litmus.capture.exchange import Chunk, Exchange, Request
from pytest_litmus.pricing import price
from pytest_litmus.report.call_json import call_as_json, call_from_json
from pytest_litmus.report.json_ready import one_line
from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.loose import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

# The first example imports all formats.
settings.register_profile("wire", deadline=None)
settings.load_profile("wire")

URLS = [
    *PLAIN,
    *STREAMS,
    "https://shop.example/",
    "https://shop.example/messages",
    "http://[::1/v1/chat/completions",
    "",
]
HEADERS = [
    "content-type",
    "x-amzn-bedrock-input-token-count",
    "x-amzn-bedrock-output-token-count",
    "x-amzn-bedrock-invocation-latency",
    "x-amzn-errortype",
    "x-litellm-response-cost",
    "x-inference-provider",
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
numbers = st.integers() | st.floats() | st.sampled_from([-1, -0.5, 2**63, 1e300, float("nan")])
headers = st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=9) | numbers.map(str))
methods = st.sampled_from(["POST", "POST", "POST", "GET", "DELETE", "PUT"])
statuses = st.sampled_from([None, 200, 200, 202, 400, 429, 503])


def exchange_of(url: str, asked: bytes, pieces: list[bytes], **fields: Any) -> Exchange:
    method, said = fields.pop("method", "POST"), fields.pop("headers", {})
    return Exchange(
        request=Request(method=method, url=url, body=asked),
        chunks=tuple(Chunk(0.1 * index, piece) for index, piece in enumerate(pieces)),
        headers=tuple(said.items()),
        **{"status": 200, "duration_s": 9.0, "ended": "eof", **fields},
    )


def decoded(exchange: Exchange) -> Call | None:
    """The call, if it is sound; a decoder that gave up on its own exception counts as raising."""
    call = decode(exchange)
    assert call is None or isinstance(call, Call)
    if call is not None:
        assert call.error_type != "undecodable", call.error_message
        assert_measured(call, exchange)
        assert_written(call)
    return call


def assert_measured(call: Call, exchange: Exchange) -> None:
    """No count, time or amount is below zero, and none of them comes out of nowhere."""
    usage = call.usage
    counts = [
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        usage.cache_write_input_tokens,
        usage.reasoning_output_tokens,
        call.embedding_count,
        call.embedding_dimensions,
    ]
    assert all(type(count) is int and count >= 0 for count in counts if count is not None)
    assert all(type(count) is int and count > 0 for count in usage.billed_units.values())
    assert all(0 <= seconds < float("inf") for seconds in call.server_times_s.values())
    last_s = max((chunk.offset_s for chunk in exchange.chunks), default=0.0)
    assert call.time_to_first_chunk_s is None or 0 <= call.time_to_first_chunk_s <= last_s
    assert all(flag.score is None or 0 <= flag.score <= 1 for flag in call.flags)
    cost = price(call, prices=None, at=date(2026, 8, 1)).cost_usd
    assert cost is None or (cost.is_finite() and cost >= 0)


def assert_written(call: Call) -> None:
    """What it says of itself keeps OpenTelemetry's schemas and ours, and is read back the same."""
    assert problems(call) == []
    json.dumps(call.attributes(), allow_nan=False)
    line = json.loads(one_line(call_as_json(call, nodeid="t", content=True)))
    assert line_problems(line, "call") == []
    again = call_from_json(line)
    assert json.loads(one_line(call_as_json(again, nodeid="t", content=True))) == line


@given(st.sampled_from(URLS), st.binary(), st.lists(st.binary()), methods, headers, statuses)
def test_any_bytes_decode_to_a_call_or_none(
    url: str, asked: bytes, pieces: list[bytes], method: str, said: Any, status: int | None
) -> None:
    decoded(exchange_of(url, asked, pieces, method=method, headers=said, status=status))


@given(st.sampled_from(URLS), values, values, methods, headers, statuses)
def test_any_json_decodes_to_a_call_or_none(
    url: str, asked: Any, answer: Any, method: str, said: Any, status: int | None
) -> None:
    bodies = (body_of(asked), [body_of(answer)])

    decoded(exchange_of(url, *bodies, method=method, headers=said, status=status))


@given(st.sampled_from(list(STREAMS)), values, st.lists(values, max_size=6))
def test_any_events_decode_to_a_call_or_none(url: str, asked: Any, events: list[Any]) -> None:
    pieces = [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]

    decoded(exchange_of(url, json.dumps(asked).encode(), pieces))


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


def replaced(value: Any, new: Any) -> Iterator[Any]:
    """The value with each of its parts replaced in turn; of a list, only of the first two."""
    yield new
    for key in value if isinstance(value, dict) else range(min(len(value), 2)):
        inner = value[key] if isinstance(value[key], dict | list) else []
        for one in replaced(inner, new):
            grown = dict(value) if isinstance(value, dict) else list(value)
            grown[key] = one
            yield grown


@pytest.mark.parametrize("new", [[], {}, -1, 0.5, "x"], ids=repr)
@pytest.mark.parametrize("url", [url for url, (_, said) in PLAIN.items() if isinstance(said, dict)])
def test_any_value_of_an_answer_may_be_anything(url: str, new: Any) -> None:
    asked, answer = PLAIN[url]

    for said in replaced(answer, new):
        call = decode(exchange_of(url, body_of(asked), [body_of(said)]))
        assert call is None or call.error_type != "undecodable", call.error_message


@pytest.mark.parametrize("url", list(PLAIN))
@settings(max_examples=12)
@given(paths, paths, values | numbers, headers)
def test_a_damaged_answer_decodes_to_a_call_or_none(
    url: str, asked_at: list[int], said_at: list[int], new: Any, said: Any
) -> None:
    asked, answer = PLAIN[url]
    bodies = (body_of(mutated(asked, asked_at, new)), [body_of(mutated(answer, said_at, new))])

    decoded(exchange_of(url, body_of(asked), bodies[1], headers=said))
    decoded(exchange_of(url, *bodies, headers=said))


@pytest.mark.parametrize("url", list(STREAMS))
@settings(max_examples=12)
@given(st.integers(0, 9), paths, values | numbers)
def test_a_damaged_event_decodes_to_a_call(url: str, at: int, path: list[int], new: Any) -> None:
    asked, pieces = STREAMS[url]
    at %= len(pieces)
    head, found, event = pieces[at].rpartition(b"data: ")
    said = parsed(event.strip().strip(b"[],"))
    damaged = head + found + body_of(mutated(said, path, new)) + b"\n\n"

    assert decoded(stream(url, asked, *pieces[:at], damaged, *pieces[at + 1 :])) is not None


@pytest.mark.parametrize("url", list(STREAMS))
@settings(max_examples=12)
@given(st.integers(0, 3000), st.binary(max_size=4), st.integers(0, 4))
def test_damaged_bytes_of_a_stream_decode_to_a_call(
    url: str, at: int, new: bytes, lost: int
) -> None:
    asked, pieces = STREAMS[url]
    body = b"".join(pieces)
    at %= len(body)

    assert decoded(stream(url, asked, body[:at] + new + body[at + lost :])) is not None


@pytest.mark.parametrize("url", list(STREAMS))
@settings(max_examples=12)
@given(st.lists(st.integers(0, 2000), max_size=12))
def test_chunk_boundaries_do_not_change_what_was_said(url: str, cuts: list[int]) -> None:
    asked, pieces = STREAMS[url]
    body = b"".join(pieces)

    whole, cut_up = decode(stream(url, asked, body)), decode(stream(url, asked, *cut(body, cuts)))

    assert whole is not None
    assert whole.output_text == "Hello!"
    assert timeless(whole) == timeless(cut_up)


def cut(body: bytes, cuts: list[int]) -> list[bytes]:
    ends = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    return [body[start:end] for start, end in pairwise(ends)]


def timeless(call: Call | None) -> Call:
    assert call is not None
    return replace(call, time_to_first_chunk_s=None)


@pytest.mark.parametrize("url", list(STREAMS))
@settings(max_examples=12)
@given(st.integers(0, 3000))
def test_a_stream_that_stops_anywhere_says_a_beginning(url: str, end: int) -> None:
    asked, pieces = STREAMS[url]

    call = decoded(stream(url, asked, b"".join(pieces)[:end], ended="closed"))

    assert call is not None
    assert "Hello!".startswith(call.output_text)
    assert call.error_type is None


FAMILIES = sorted({truth["family"] for truth in truths()} if not is_missing() else ())


def recorded(data: st.DataObject, family: str) -> Exchange:
    """One of the recordings of a family."""
    return recorded_exchange(
        data.draw(st.sampled_from([one for one in truths() if one["family"] == family]))
    )


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25)
@given(st.data(), paths, values | numbers)
def test_a_damaged_real_answer_decodes_to_a_call_or_none(
    family: str, data: st.DataObject, path: list[int], new: Any
) -> None:
    exchange = recorded(data, family)
    if exchange.body.startswith((b"{", b"[")) and parsed(exchange.body) is not None:
        damaged = body_of(mutated(parsed(exchange.body), path, new))
    else:
        at = data.draw(st.integers(0, len(exchange.body)))
        damaged = exchange.body[:at] + data.draw(st.binary(max_size=4)) + exchange.body[at + 2 :]

    decoded(replace(exchange, chunks=(Chunk(0.5, damaged),)))


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25)
@given(st.data(), paths, values | numbers)
def test_a_damaged_real_request_decodes_to_a_call_or_none(
    family: str, data: st.DataObject, path: list[int], new: Any
) -> None:
    exchange = recorded(data, family)
    asked = body_of(mutated(exchange.request.json, path, new))

    decoded(replace(exchange, request=replace(exchange.request, body=asked)))


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=10)
@given(st.data(), st.lists(st.integers(0, 9000), max_size=20))
def test_chunk_boundaries_do_not_change_what_a_real_answer_says(
    family: str, data: st.DataObject, cuts: list[int]
) -> None:
    exchange = recorded(data, family)
    pieces = tuple(Chunk(0.25, piece) for piece in cut(exchange.body, cuts))

    assert decode(replace(exchange, chunks=pieces)) == decode(exchange)
