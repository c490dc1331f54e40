"""AWS event streams: binary frames, each an event with headers and a payload.

Format: https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from pytest_litmus.wire.loose import parsed, record, text
from pytest_litmus.wire.sse import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_litmus.capture.exchange import Chunk

_PRELUDE = struct.Struct(">III")
"""Bytes of the whole frame, bytes of its headers, CRC-32 of these two numbers."""
_CHECKSUM_BYTES = 4
_FIXED_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header value by its type; types 6 and 7 (bytes, text) say theirs themselves."""
_TEXT = 7


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it came."""

    offset_s: float
    """Seconds from sending the request to the chunk that completed the frame."""
    headers: Mapping[str, str]
    """The headers that are texts: `:event-type`, `:exception-type`, ..."""
    payload: bytes

    @property
    def fault(self) -> str | None:
        """What an exception or an error is called; None for an event."""
        names = (self.headers.get(name) for name in (":exception-type", ":error-code"))
        return next((name for name in names if name), None)

    @property
    def event(self) -> Event:
        """The frame as an event.

        An exception or an error is one whose payload is as other formats report theirs:
        `{"error": {"type": "throttlingException", "message": "Too many tokens"}}`.
        """
        said = self.payload.decode("utf-8", "replace")
        name = self.fault or self.headers.get(":event-type", "")
        return Event(self.offset_s, name, _error(self, said) if self.fault else said)


def looks_like_frames(body: bytes | bytearray) -> bool:
    """Whether a body begins with a frame: its prelude has a checksum of its own."""
    if len(body) < _PRELUDE.size:
        return False
    return crc32(body[:8]) == int.from_bytes(body[8:12], "big")


def read_frames(chunks: Iterable[Chunk]) -> Iterator[Event]:
    """The events of a body, named by their types; the payload as text."""
    return (frame.event for frame in split_frames(chunks))


def split_frames(chunks: Iterable[Chunk]) -> Iterator[Frame]:
    """The frames of a body.

    Ends at the first that is cut off or broken. A frame's own checksum is not looked at: where a
    secret in it was replaced, it no longer fits.
    """
    pending = bytearray()
    for chunk in chunks:
        pending += chunk.data
        at = 0
        while frame := _whole_frame(pending, at):
            at += len(frame)
            yield _split(frame, chunk.offset_s)
        del pending[:at]


def _whole_frame(pending: bytearray, at: int) -> bytes | None:
    if not looks_like_frames(pending[at : at + _PRELUDE.size]):
        return None
    total, headers, _ = _PRELUDE.unpack_from(pending, at)
    smallest = _PRELUDE.size + headers + _CHECKSUM_BYTES
    return bytes(pending[at : at + total]) if smallest <= total <= len(pending) - at else None


def _split(frame: bytes, offset_s: float) -> Frame:
    _, size, _ = _PRELUDE.unpack_from(frame)
    payload = _PRELUDE.size + size
    headers = dict(_headers(frame[_PRELUDE.size : payload]))
    return Frame(offset_s, headers, frame[payload:-_CHECKSUM_BYTES])


def _headers(data: bytes) -> Iterator[tuple[str, str]]:
    """The headers that are texts."""
    at = 0
    while at < len(data):
        start, at = at + 1, at + 1 + data[at]
        name, kind = data[start:at].decode("utf-8", "replace"), data[at] if at < len(data) else 0
        size, at = _FIXED_SIZES.get(kind), at + 1
        if size is None:
            size, at = int.from_bytes(data[at : at + 2], "big"), at + 2
        if kind == _TEXT:
            yield name, data[at : at + size].decode("utf-8", "replace")
        at += size


def _error(frame: Frame, said: str) -> str:
    """Exceptions have a JSON payload, SageMaker's with capitals; errors have headers only."""
    payload = record(parsed(said))
    messages = (payload.get("message"), payload.get("Message"), frame.headers.get(":error-message"))
    message = next((one for one in messages if text(one)), said)
    return json.dumps({"error": {"type": frame.fault, "message": message}})
