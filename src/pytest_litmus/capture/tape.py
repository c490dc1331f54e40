"""Tapes: an exchange while it happens, live or played from a recording."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pytest_litmus.capture.encodings import decoder, known
from pytest_litmus.capture.exchange import Chunk, Ended, Exchange, Headers, Request, Source, header
from pytest_litmus.errors import RecordingEnds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIRE_ONLY = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
"""Response headers that speak of bytes on the wire, which a decoded body no longer has."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One interaction as a cassette keeps it."""

    request: Request
    """Scrubbed."""
    key: str
    """What the request is matched by; see `matching.Matching.key`."""
    exchange: Exchange
    """`source` is `recorded`."""
    complete: bool = True
    """False when the reader of a stream left before the model had finished."""
    foreign: bool = False
    """Recorded by plain vcrpy or pytest-recording: no times, no chunks."""
    told: str = ""
    """Lines for messages: whose it is, and what to type to record it anew."""


@dataclass(eq=False)
class Tape:
    """One exchange as it happens. A transport feeds a live tape, and reads a played one."""

    request: Request
    keyed: Callable[[], str] = str
    """Gives `key`; not asked before it is needed, because it takes a while the first time."""
    source: Source = "live"
    recording: Recording | None = None
    status: int | None = None
    reason: str = ""
    headers: Headers = ()
    chunks: list[Chunk] = field(default_factory=list)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    headers_s: float | None = None
    duration_s: float | None = None
    ended: Ended = "open"
    error: BaseException | None = None
    error_type: str | None = None
    error_message: str | None = None
    on_end: Callable[[Tape], None] | None = None
    on_stop: Callable[[RecordingEnds], object] | None = None
    """Told of a refusal, in case the program swallows it."""
    real_time: bool = False
    """Whether playing sleeps as long as the recorded model took."""
    kept: bool = True
    """Whether it belongs into a cassette."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What the recorder knows of the moment of sending: step, user, thread and task."""

    def __post_init__(self) -> None:
        self._sent = time.perf_counter()
        self._decoder = decoder(None)
        self._lock = threading.Lock()

    @property
    def key(self) -> str:
        """What the request is matched by; see `matching.Matching.key`."""
        return self.keyed()

    # A live tape is fed by its transport.

    def elapsed_s(self) -> float:
        """Seconds since the request was sent."""
        return time.perf_counter() - self._sent

    def respond(self, status: int, reason: str, headers: Headers, *, decoded: bool = False) -> None:
        """The headers are here. `decoded`: the transport hands on a body already decompressed."""
        self.headers_s = self.elapsed_s()
        self.status, self.reason, self.headers = status, reason, headers
        coding = "identity" if decoded else header(headers, "content-encoding")
        self._decoder = decoder(coding)

    def feed(self, data: bytes) -> None:
        """A piece of the body, as the wire delivered it."""
        if data and (plain := self._decoder.feed(bytes(data))):
            self.chunks.append(Chunk(self.elapsed_s(), plain))

    def end(self, ended: Ended, error: BaseException | None = None) -> None:
        """The body is over; only the first end counts."""
        with self._lock:
            if self.ended != "open":
                return
            self.ended = ended
        if rest := self._decoder.finish():
            self.chunks.append(Chunk(self.elapsed_s(), rest))
        self.duration_s = self.elapsed_s()
        if error is not None:
            self.error, self.error_type, self.error_message = (
                error,
                type(error).__name__,
                str(error),
            )
        if self.on_end is not None:
            self.on_end(self)

    def fail(self, error: BaseException) -> None:
        """The transport raised, or the reader left: a break, a cancelled task."""
        if isinstance(error, Exception):
            self.end("failed", error)
        else:
            self.end("closed")

    def abandon(self) -> None:
        """The capture is over, and the body was neither read to its end nor closed."""
        if self.ended == "open" and self.status is not None:
            last = self.chunks[-1].offset_s if self.chunks else self.headers_s
            self.duration_s = self.duration_s or last

    # A played tape is read by its transport.

    def play(self) -> Iterator[bytes]:
        """The recorded pieces; with `real_time`, each no earlier than it came."""
        for chunk in self.chunks:
            self._wait_until(chunk.offset_s)
            yield chunk.data
        self.past_the_end()

    async def aplay(self) -> Any:
        """As `play`, for asynchronous transports."""
        import asyncio

        for chunk in self.chunks:
            if self.real_time:
                await asyncio.sleep(max(0.0, chunk.offset_s - self.elapsed_s()))
            yield chunk.data
        self.past_the_end()

    def _wait_until(self, offset_s: float) -> None:
        if self.real_time:
            time.sleep(max(0.0, offset_s - self.elapsed_s()))

    def past_the_end(self) -> None:
        """A reader has come to the end of what was recorded.

        Raises:
            RecordingEnds: The recording's reader left the stream before the model had finished, so
                nobody knows what comes next.
        """
        if self.recording is None or self.recording.complete or self.ended == "failed":
            return
        size = sum(len(chunk.data) for chunk in self.chunks)
        stop = RecordingEnds(
            f"the recorded answer of {self.request.method} {self.request.url} ends after {size} "
            f"bytes, where its reader left it, and the program reads on\n{self.recording.told}"
        )
        if self.on_stop is not None:
            self.on_stop(stop)
        raise stop

    def _plain_headers(self) -> Headers:
        """The headers, without the content coding that the chunks no longer have."""
        if not known(header(self.headers, "content-encoding")):
            return self.headers
        return tuple(pair for pair in self.headers if pair[0].lower() != "content-encoding")

    def exchange(self) -> Exchange:
        """The exchange as far as it has come."""
        return Exchange(
            request=self.request,
            status=self.status,
            reason=self.reason,
            headers=self._plain_headers(),
            chunks=tuple(self.chunks),
            started_at=self.started_at,
            headers_s=self.headers_s,
            duration_s=self.duration_s,
            ended=self.ended,
            source=self.source,
            error_type=self.error_type,
            error_message=self.error_message,
        )


def played(recording: Recording, request: Request, *, real_time: bool = False) -> Tape:
    """A tape that plays a recording as the answer to `request`."""
    kept = recording.exchange
    return Tape(
        request=request,
        keyed=lambda: recording.key,
        source="recorded",
        recording=recording,
        status=kept.status,
        reason=kept.reason,
        headers=tuple(pair for pair in kept.headers if pair[0].lower() not in WIRE_ONLY),
        chunks=list(kept.chunks),
        started_at=kept.started_at or datetime.now(UTC),
        headers_s=kept.headers_s,
        duration_s=kept.duration_s,
        ended=kept.ended,
        error_type=kept.error_type,
        error_message=kept.error_message,
        real_time=real_time,
    )
