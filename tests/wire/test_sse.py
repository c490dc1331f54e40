"""Server-sent events, as servers really send them."""

from __future__ import annotations

import pytest

from pytest_litmus.capture.exchange import Chunk
from pytest_litmus.wire.sse import Event, looks_like_events, read_events


def events(*pieces: bytes) -> list[Event]:
    return list(read_events(Chunk(float(index), piece) for index, piece in enumerate(pieces, 1)))


def test_an_event_has_its_name_and_its_data() -> None:
    assert events(b"event: ping\ndata: {}\n\n") == [Event(1.0, "ping", "{}")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_standard_ends_a_line(end: bytes) -> None:
    body = end.join([b"data: a", b"", b"data: b", b"", b""])

    assert [event.data for event in events(body)] == ["a", "b"]


def test_data_needs_no_space_after_its_colon_and_keeps_a_second_one() -> None:
    assert [event.data for event in events(b"data:a\n\ndata:  b\n\n")] == ["a", " b"]


def test_several_data_lines_are_one_text() -> None:
    assert [event.data for event in events(b"data: a\ndata: b\n\n")] == ["a\nb"]


def test_comments_and_events_without_data_are_left_out() -> None:
    body = b": OPENROUTER PROCESSING\n\nevent: ping\n\nid: 7\nretry: 9\ndata: a\n\n"

    assert events(body) == [Event(1.0, "", "a")]


def test_a_last_event_without_its_blank_line_counts() -> None:
    assert [event.data for event in events(b"data: a\n\ndata: b")] == ["a", "b"]


def test_a_byte_order_mark_is_no_part_of_the_first_field() -> None:
    assert [event.data for event in events(b"\xef\xbb\xbfdata: a\n\n")] == ["a"]


def test_an_event_carries_the_offset_of_the_chunk_that_completed_it() -> None:
    found = events(b"data: a", b"\n", b"\ndata: b\n\n")

    assert [(event.offset_s, event.data) for event in found] == [(3.0, "a"), (3.0, "b")]


def test_a_carriage_return_at_the_end_of_a_chunk_may_be_half_a_line_end() -> None:
    assert [event.data for event in events(b"data: a\r", b"\n\r", b"\ndata: b\r\n\r\n")] == [
        "a",
        "b",
    ]


def test_a_character_split_over_chunks_is_whole_again() -> None:
    assert [event.data for event in events(b"data: \xe2\x82", b"\xac\n\n")] == ["\N{EURO SIGN}"]


@pytest.mark.parametrize(
    "body", [b"data: x", b"event: x", b": hi", b"id: 1", b"\n\ndata: x", b"\xef\xbb\xbfdata:x"]
)
def test_a_stream_is_known_by_its_first_field(body: bytes) -> None:
    assert looks_like_events(body)


@pytest.mark.parametrize("body", [b"", b'{"data": 1}', b"[1]", b"<html>", b"database: x", b"\xff"])
def test_other_bodies_are_no_streams(body: bytes) -> None:
    assert not looks_like_events(body)
