"""Socket files: what `http.client` reads a response from, listened to or played."""

from __future__ import annotations

import io
from collections import deque
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.tape import Tape


def listen(response: HTTPResponse, tape: Tape) -> None:
    """Feed a tape with the body that is read from a live response, as it is read."""
    tape.respond(response.status, response.reason or "", tuple(response.getheaders()))
    file: Any = response.fp  # None where there is no body
    if file is None:
        tape.end("eof")
    else:
        response.fp = _Listener(file, tape, _Framing(response))  # type: ignore[assignment]


def replay(tape: Tape, method: str) -> HTTPResponse:
    """A real `HTTPResponse` that reads the recorded pieces, one HTTP chunk each."""
    response = HTTPResponse(_Socket(tape), method=method)  # type: ignore[arg-type]
    response.begin()
    return response


class _Framing:
    """Takes the HTTP framing off the bytes of a body: chunked, by length, or to the end."""

    def __init__(self, response: HTTPResponse) -> None:
        self._chunked = bool(response.chunked)
        self._left = response.length
        self._buffer = bytearray()
        self._need: int | None = None
        self.to_the_end = not self._chunked and self._left is None
        """Whether the body ends where the peer closes."""
        self.done = not self._chunked and self._left == 0

    def pieces(self, wire: bytes) -> Iterator[bytes]:
        """The payload of the chunks that are complete with these bytes."""
        if not self._chunked:
            self._count(len(wire))
            yield wire
            return
        self._buffer += wire
        while (piece := self._next()) is not None:
            yield piece

    def _count(self, size: int) -> None:
        if self._left is not None:
            self._left -= size
            self.done = self._left <= 0
        elif not size:
            self.done = True

    def _next(self) -> bytes | None:
        if self.done or (self._need is None and not self._read_size()):
            return None
        need = self._need or 0
        if len(self._buffer) < need:
            return None
        piece = bytes(self._buffer[:need])
        del self._buffer[:need]
        self._need = None
        return piece

    def _read_size(self) -> bool:
        """Read a chunk's size line; False when it is not complete, or was the last."""
        if self._buffer[:2] == b"\r\n":
            del self._buffer[:2]
        end = self._buffer.find(b"\n")
        if end < 0:
            return False
        try:
            self._need = int(bytes(self._buffer[:end]).split(b";")[0], 16)
        except ValueError:
            self._need = 0
        del self._buffer[: end + 1]
        self.done = self._need == 0
        return not self.done


class _Listener:
    """A socket file that tells a tape what is read from it."""

    def __init__(self, file: Any, tape: Tape, framing: _Framing) -> None:
        self._file, self._tape, self._framing = file, tape, framing

    def _heard(self, wire: bytes) -> bytes:
        for piece in self._framing.pieces(wire):
            self._tape.feed(piece)
        if self._framing.done:
            self._tape.end("eof")
        return wire

    def _read(self, name: str, *args: Any) -> bytes:
        try:
            wire: bytes = getattr(self._file, name)(*args)
        except BaseException as error:
            self._tape.fail(error)
            raise
        if not wire and args != (0,) and not self._framing.done:
            self._over()
        return self._heard(wire) if wire else wire

    def _over(self) -> None:
        """The peer has closed: the end of a body without a length, or a body cut off."""
        if self._framing.to_the_end:
            self._tape.end("eof")
        else:
            self._tape.end("failed", ConnectionError("the server closed the connection early"))

    def read(self, *args: Any) -> bytes:
        return self._read("read", *args)

    def read1(self, *args: Any) -> bytes:
        return self._read("read1", *args)

    def readline(self, *args: Any) -> bytes:
        return self._read("readline", *args)

    def readinto(self, buffer: Any) -> int:
        wire = self._read("read", len(buffer))
        buffer[: len(wire)] = wire
        return len(wire)

    def close(self) -> None:
        self._file.close()
        self._tape.end("closed")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class _Socket:
    """A socket that has received a recorded response."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def makefile(self, *_args: Any, **_options: Any) -> io.BufferedReader:
        return io.BufferedReader(_Played(self._tape), 1 << 16)

    def close(self) -> None:
        """Nothing was opened."""


class _Played(io.RawIOBase):
    """The response as its bytes would have come: the head, then one HTTP chunk a read."""

    def __init__(self, tape: Tape) -> None:
        self._wire = self._frames(tape)
        self._ready: deque[bytes] = deque()

    @staticmethod
    def _frames(tape: Tape) -> Iterator[bytes]:
        reason = tape.reason.encode("latin-1", "replace")
        lines = [b"HTTP/1.1 %d %s" % (tape.status or 0, reason)]
        lines += [f"{name}: {value}".encode("latin-1", "replace") for name, value in tape.headers]
        yield b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", b""])
        for piece in tape.play():
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        if tape.ended != "failed":  # a body that was cut off has no last chunk
            yield b"0\r\n\r\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._ready:
            self._ready.append(next(self._wire, b""))
        wire = self._ready.popleft()
        taken = wire[: len(buffer)]
        if len(wire) > len(taken):
            self._ready.appendleft(wire[len(taken) :])
        buffer[: len(taken)] = taken
        return len(taken)
