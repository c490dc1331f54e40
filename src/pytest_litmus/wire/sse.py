"""Server-sent events, with the moment at which each was complete."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.loose import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.capture.exchange import Chunk

_FIELDS = ("data:", "event:", "id:", "retry:", ":")


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream."""

    offset_s: float
    """Seconds from sending the request to the chunk that completed the event."""
    name: str
    """The `event` field; empty where the stream names none."""
    data: str
    """The `data` lines, joined by line feeds."""

    @property
    def json(self) -> Any:
        """The data as JSON, or None where it is none (`[DONE]`)."""
        return parsed(self.data)


def looks_like_events(body: bytes) -> bool:
    """Whether a body begins as an event stream does; content types are often absent or wrong."""
    start = body[:64].removeprefix(codecs.BOM_UTF8).lstrip().decode("utf-8", "replace")
    return start.startswith(_FIELDS)


def read_events(chunks: Iterable[Chunk]) -> Iterator[Event]:
    """The events of a body, by https://html.spec.whatwg.org/multipage/server-sent-events.html.

    Differs from it in one point: a last event without its blank line counts, because servers that
    leave it out are many, and a broken stream's last event says how far it came.

    Args:
        chunks: The body in the transport's pieces; an event, a line and a character may be split
            over pieces.
    """
    name, data, offset_s = "", list[str](), 0.0
    for offset_s, line in _lines(chunks):
        if not line:
            if data:
                yield Event(offset_s, name, "\n".join(data))
            name, data = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
    if data:
        yield Event(offset_s, name, "\n".join(data))


def written(data: bytes) -> bytes:
    """Data as an event, for streams that came in another envelope; JSON may have line ends."""
    return b"\n\ndata: " + data.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n\n"


def _lines(chunks: Iterable[Chunk]) -> Iterator[tuple[float, str]]:
    """Lines without their ends (CRLF, LF or CR), with the offset of the chunk that ended them.

    A line that comes in many pieces, such as a picture, is joined once.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    line, held, offset_s = list[str](), "", 0.0
    for chunk in chunks:
        offset_s = chunk.offset_s
        piece = held + decoder.decode(chunk.data)
        # A CR at the very end may be half of a CRLF.
        held = "\r" if piece.endswith("\r") else ""
        *ended, rest = _split(piece.removesuffix("\r"))
        for end in ended:
            yield offset_s, "".join((*line, end)) if line else end
            line = []
        line.append(rest)
    for last in _split("".join(line) + decoder.decode(b"", final=True)):
        yield offset_s, last


def _split(piece: str) -> list[str]:
    return piece.replace("\r\n", "\n").replace("\r", "\n").split("\n")
