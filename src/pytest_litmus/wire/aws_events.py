"""AWS event streams: binary frames, each an event with headers and a payload.

Format: https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from zlib import crc32

from pytest_litmus.wire.sse import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.capture.exchange import Chunk

_PRELUDE = struct.Struct(">III")
"""Bytes of the whole frame, bytes of its headers, CRC-32 of these two numbers."""
_CHECKSUM_BYTES = 4
_FIXED_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header value by its type; types 6 and 7 (bytes, text) say theirs themselves."""
_TEXT = 7


def looks_like_frames(body: bytes) -> bool:
    """Whether a body begins with a frame: its prelude has a checksum of its own."""
    if len(body) < _PRELUDE.size:
        return False
    return crc32(body[:8]) == int.from_bytes(body[8:12], "big")


def read_frames(chunks: Iterable[Chunk]) -> Iterator[Event]:
    """The events of a body: named by event, exception or error type; the payload as text.

    Ends at the first frame that is cut off or broken. A frame's own checksum is not looked at:
    where a secret in it was replaced, it no longer fits.
    """
    pending = b""
    for chunk in chunks:
        pending, at = pending + chunk.data, 0
        while frame := _whole_frame(pending, at):
            at += len(frame)
            yield _event(frame, chunk.offset_s)
        pending = pending[at:]


def _whole_frame(pending: bytes, at: int) -> bytes | None:
    if not looks_like_frames(pending[at : at + _PRELUDE.size]):
        return None
    total, headers, _ = _PRELUDE.unpack_from(pending, at)
    smallest = _PRELUDE.size + headers + _CHECKSUM_BYTES
    return pending[at : at + total] if smallest <= total <= len(pending) - at else None


def _event(frame: bytes, offset_s: float) -> Event:
    _, size, _ = _PRELUDE.unpack_from(frame)
    payload = frame[_PRELUDE.size + size : -_CHECKSUM_BYTES]
    headers = dict(_headers(frame[_PRELUDE.size : _PRELUDE.size + size]))
    names = (headers.get(name) for name in (":event-type", ":exception-type", ":error-code"))
    name = next((name for name in names if name), "")
    said = payload.decode("utf-8", "replace") or headers.get(":error-message", "")
    return Event(offset_s, name, said)


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
