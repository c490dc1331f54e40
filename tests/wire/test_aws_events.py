"""AWS event streams: what is in a frame, and frames that are cut, broken or lie."""

from __future__ import annotations

import json
import struct
import time
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.capture.exchange import Chunk
from pytest_litmus.wire.aws_events import looks_like_frames, read_frames, split_frames
from pytest_litmus.wire.sse import Event
from tests.wire.frames import error, event, exception, frame, frame_of

STREAM = [event("messageStart", {"role": "assistant"}), event("metadata", {"usage": {}})]

# A header of each type, as the format packs it: name, type, value.
HEADERS = b"".join(
    bytes([1]) + name + value
    for name, value in (
        (b"a", b"\x00"),
        (b"b", b"\x01"),
        (b"c", b"\x02\x07"),
        (b"d", b"\x03\x00\x07"),
        (b"e", b"\x04\x00\x00\x00\x07"),
        (b"f", b"\x05\x00\x00\x00\x00\x00\x00\x00\x07"),
        (b"g", b"\x06\x00\x02hi"),
        (b"h", b"\x07\x00\x03yes"),
        (b"i", b"\x08\x00\x00\x00\x00\x00\x00\x00\x07"),
        (b"j", b"\x09" + b"\x07" * 16),
        (b"k", b"\x07\x00\x04last"),
    )
)


def chunks(*pieces: bytes) -> list[Chunk]:
    return [Chunk(float(index), piece) for index, piece in enumerate(pieces)]


def read(*pieces: bytes) -> list[Event]:
    return list(read_frames(chunks(*pieces)))


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def test_an_event_is_named_by_its_type_and_has_its_payload() -> None:
    assert read(*STREAM) == [
        Event(0.0, "messageStart", '{"role": "assistant"}'),
        Event(1.0, "metadata", '{"usage": {}}'),
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 11, 12, 13, 100, 10_000])
def test_pieces_of_the_transport_are_no_frames(size: int) -> None:
    body = b"".join(STREAM)

    assert [(one.name, one.data) for one in read(*cut(body, size))] == [
        (one.name, one.data) for one in read(body)
    ]


def test_an_event_came_with_the_piece_that_completes_it() -> None:
    first, second = STREAM

    events = read(first[:20], first[20:] + second[:5], second[5:])

    assert [one.offset_s for one in events] == [1.0, 2.0]


def test_headers_of_every_type_are_stepped_over() -> None:
    (found,) = split_frames(chunks(frame_of(HEADERS, b"{}")))

    assert (found.headers, found.payload) == ({"h": "yes", "k": "last"}, b"{}")


@pytest.mark.parametrize(
    ("sent", "name", "fault"),
    [
        (
            exception("throttlingException", "Too many tokens"),
            "throttlingException",
            {"type": "throttlingException", "message": "Too many tokens"},
        ),
        (
            error("InternalFailure", "Try again"),
            "InternalFailure",
            {"type": "InternalFailure", "message": "Try again"},
        ),
        (
            frame(b'{"Message": "Gone"}', exception_type="ModelStreamError"),
            "ModelStreamError",
            {"type": "ModelStreamError", "message": "Gone"},
        ),
        (
            frame(b"no JSON", exception_type="validationException"),
            "validationException",
            {"type": "validationException", "message": "no JSON"},
        ),
        (
            frame(b'{"message": 7}', exception_type="validationException"),
            "validationException",
            {"type": "validationException", "message": '{"message": 7}'},
        ),
    ],
)
def test_a_fault_is_an_event_that_reports_an_error(sent: bytes, name: str, fault: Any) -> None:
    (found,) = read(sent)

    assert (found.name, found.json) == (name, {"error": fault})


def test_a_payload_may_be_empty_or_no_text() -> None:
    assert [one.data for one in read(event("a", b""), event("b", b"\xff{"))] == ["", "\ufffd{"]


@pytest.mark.parametrize("end", range(len(STREAM[1])))
def test_half_a_frame_at_the_end_is_left_out(end: int) -> None:
    assert [one.name for one in read(STREAM[0], STREAM[1][:end])] == ["messageStart"]


def test_nothing_is_read_behind_a_broken_frame() -> None:
    broken = bytearray(STREAM[0])
    broken[0] ^= 1

    assert read(STREAM[0], bytes(broken), STREAM[1]) == read(STREAM[0])


def test_a_secret_that_was_replaced_breaks_no_frame() -> None:
    changed = STREAM[0].replace(b"assistant", b"XXXXXXXXX")

    assert [one.json for one in read(changed, STREAM[1])] == [{"role": "XXXXXXXXX"}, {"usage": {}}]


def lying(total: int, headers: int, rest: bytes) -> bytes:
    """A frame whose prelude has a right checksum of wrong numbers."""
    start = struct.pack(">II", total, headers)
    return start + struct.pack(">I", crc32(start)) + rest


@pytest.mark.parametrize(
    ("total", "headers"),
    [(0, 0), (12, 0), (15, 0), (16, 2**32 - 1), (2**32 - 1, 0), (2**32 - 1, 2**32 - 1), (20, 9)],
)
def test_lengths_that_cannot_be_end_the_stream(total: int, headers: int) -> None:
    assert read(STREAM[0], lying(total, headers, b"\x00" * 64), STREAM[1]) == read(STREAM[0])


@pytest.mark.parametrize(
    "headers",
    [
        b"\x05",
        b"\xff:e",
        b"\x02:e",
        b"\x02:e\x07",
        b"\x02:e\x07\x00",
        b"\x02:e\x07\xff\xffx",
        b"\x02:e\x63\x00\x01x",
        b"\x00" * 9,
    ],
)
def test_broken_headers_are_those_that_could_be_read(headers: bytes) -> None:
    (found,) = split_frames(chunks(frame_of(headers, b"{}")))

    assert set(found.headers.values()) <= {"x", ""}
    assert found.payload == b"{}"


@given(st.lists(st.binary(max_size=60)))
def test_any_bytes_have_events_or_none(pieces: list[bytes]) -> None:
    assert isinstance(read(*pieces), list)


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_headers_and_payload_make_one_frame(headers: bytes, payload: bytes) -> None:
    assert [one.payload for one in split_frames(chunks(frame_of(headers, payload)))] == [payload]


def test_frames_are_known_by_the_checksum_of_their_prelude() -> None:
    assert looks_like_frames(STREAM[0])
    assert not looks_like_frames(STREAM[0][:11])
    assert not looks_like_frames(b"{" + STREAM[0])
    assert not looks_like_frames(b"data: {}\n\n")
    assert not looks_like_frames(b"\x00" * 32)


@pytest.mark.parametrize("size", [1_000_000, 16_384, 64])
def test_thousands_of_frames_are_read_in_time_that_grows_as_they_do(size: int) -> None:
    one = event("contentBlockDelta", {"delta": {"text": "a word"}, "contentBlockIndex": 0})
    few, many = cut(one * 2_000, size), cut(one * 8_000, size)

    assert (len(read(*few)), len(read(*many))) == (2_000, 8_000)
    assert seconds(many) < 12 * seconds(few) + 0.05


def test_a_large_frame_in_small_pieces_is_read_in_time_that_grows_as_it_does() -> None:
    few = cut(event("image", b"x" * 1_000_000), 500)
    many = cut(event("image", b"x" * 4_000_000), 500)

    assert len(read(*many)[0].data) == 4_000_000
    assert seconds(many) < 12 * seconds(few) + 0.05


def seconds(pieces: list[bytes]) -> float:
    def once() -> float:
        start = time.process_time()
        read(*pieces)
        return time.process_time() - start

    return min(once() for _ in range(3))


def test_botocore_reads_the_same_frames_as_we_do() -> None:
    eventstream = pytest.importorskip("botocore.eventstream")
    sent = [
        *STREAM,
        frame_of(HEADERS, b'{"a": 1}'),
        event("chunk", "ä€😀"),
        exception("throttlingException", "Too many tokens"),
        error("InternalFailure", "Try again"),
        event("empty", b""),
    ]
    buffer = eventstream.EventStreamBuffer()
    theirs = []
    for piece in cut(b"".join(sent), 33):
        buffer.add_data(piece)
        theirs += list(buffer)

    ours = list(split_frames(chunks(*cut(b"".join(sent), 33))))

    assert [one.payload for one in ours] == [one.payload for one in theirs]
    assert [one.headers for one in ours] == [
        {name: value for name, value in one.headers.items() if isinstance(value, str)}
        for one in theirs
    ]
    assert json.loads(ours[3].payload) == "ä€😀"
