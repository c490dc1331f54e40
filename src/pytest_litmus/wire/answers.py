"""The response of an exchange, sniffed by its bytes: one JSON value, or a stream of events."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.capture.exchange import Chunk
from pytest_litmus.wire.aws_events import looks_like_frames, read_frames
from pytest_litmus.wire.json_values import read_values
from pytest_litmus.wire.loose import parsed, record
from pytest_litmus.wire.sse import Event, looks_like_events, read_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_litmus.capture.exchange import Exchange

_GZIP = b"\x1f\x8b"
_MOST_BYTES = 64 * 1024 * 1024
"""Largest body that is unpacked here: more than any model answers, less than a zip bomb."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, before a format reads it."""

    json: Any = None
    """The body as JSON; None where it is none, and for a stream."""
    events: tuple[Event, ...] = ()
    """The events of a stream; empty for a plain body."""
    is_stream: bool = False

    @property
    def records(self) -> Iterator[tuple[Event, dict[str, Any]]]:
        """The events whose data is a JSON object, each with it."""
        return ((event, said) for event in self.events if (said := record(event.json)))

    def first_content_s(self, has_content: Callable[[dict[str, Any]], bool]) -> float | None:
        """Seconds to the first event that says something; None when none does."""
        return next((event.offset_s for event, said in self.records if has_content(said)), None)


def read_answer(exchange: Exchange, *, arrays_are_streams: bool = False) -> Answer:
    """The answer of an exchange; empty when no response came.

    Streams are known by how they begin: server-sent events, AWS frames, or several JSON values.

    Args:
        exchange: Its body may be cut off anywhere, and be gzip although no header says so.
        arrays_are_streams: Whether the elements of a JSON array are events (Gemini), even when
            the array came whole.
    """
    chunks = unpacked(exchange)
    body = b"".join(chunk.data for chunk in chunks)
    if looks_like_events(body):
        return Answer(events=tuple(read_events(chunks)), is_stream=True)
    if looks_like_frames(body):
        return Answer(events=tuple(read_frames(chunks)), is_stream=True)
    said = parsed(body)
    if said is None or (arrays_are_streams and isinstance(said, list)):
        values = tuple(read_values(chunks)) if body.lstrip()[:1] in {b"{", b"["} else ()
        return Answer(events=values, is_stream=bool(values))
    return Answer(json=said)


def unpacked(exchange: Exchange) -> tuple[Chunk, ...]:
    """The pieces of an answer, without the gzip that no header tells of."""
    gzipped = exchange.body.startswith(_GZIP)
    return tuple(_unpacked(exchange.chunks)) if gzipped else exchange.chunks


def _unpacked(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Gzip removed, the pieces kept: a stream keeps its times. Stops at the first broken byte."""
    unpack, left = zlib.decompressobj(31), _MOST_BYTES
    for chunk in chunks:
        try:
            data = unpack.decompress(chunk.data, left)
        except zlib.error:
            return
        left -= len(data)
        yield Chunk(chunk.offset_s, data)
        if left <= 0:
            return
