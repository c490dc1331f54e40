"""A model provider on a loopback port: every wire format, held, cut and failed on demand."""

from __future__ import annotations

import gzip
import json
import sys
import threading
import zlib
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from tests.sdk.answers import prompt_of, reply_to

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

PATIENCE_S = 10.0
"""How long the provider waits for the program before it calls a handshake failed."""


def three_texts(prompt: str, number: int) -> tuple[str, ...]:
    """The default answer: what was said comes back, in three pieces."""
    return "You said ", prompt, "."


def numbered_texts(prompt: str, number: int) -> tuple[str, ...]:
    """An answer that no other request gets."""
    return f"{prompt} ", f"#{number}"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request that reached the provider."""

    path: str
    prompt: str
    headers: Mapping[str, str]
    """Names in lower case."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An error to answer with instead of the reply."""

    status: int
    retry_after_ms: int = 1


class Lockstep:
    """Lets piece n+1 of a stream out only after the program has seen piece n.

    This is how a test proves that nothing holds a stream back, without a clock: with a buffer in
    between the program never sees the first piece, and `broken` tells so.
    """

    def __init__(self) -> None:
        self._seen = threading.Semaphore(0)
        self.broken = False

    def saw(self, _: object = None) -> None:
        """The program tells that it has the piece."""
        self._seen.release()

    def wait(self) -> None:
        """The provider waits for that."""
        if not self._seen.acquire(timeout=PATIENCE_S):
            self.broken = True

    def give_up(self) -> None:
        """Free a provider that still waits for a program that has left."""
        self._seen.release(1000)


class FinishOrder:
    """Lets requests finish in a given order, after all of them have arrived."""

    def __init__(self, prompts: Iterable[str]) -> None:
        self._left = deque(prompts)
        self._missing = set(self._left)
        self._changed = threading.Condition()
        self.broken = False

    def arrive(self, prompt: str) -> None:
        """Wait for this prompt's turn."""
        with self._changed:
            self._missing.discard(prompt)
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._is_turn_of(prompt), timeout=PATIENCE_S):
                self.broken = True

    def leave(self) -> None:
        """The turn is over: the answer is out."""
        with self._changed:
            self._left.popleft()
            self._changed.notify_all()

    def _is_turn_of(self, prompt: str) -> bool:
        return not self._missing and self._left[0] == prompt


@dataclass
class Provider:
    """The provider; a context manager. What it does to the next requests is in its fields."""

    texts: Callable[[str, int], tuple[str, ...]] = three_texts
    tls: ssl.SSLContext | None = None
    lockstep: Lockstep | None = None
    finish_order: FinishOrder | None = None
    failures: deque[Failure] = field(default_factory=deque)
    cut_after_pieces: int | None = None
    is_compressing: bool = False
    is_refusing: bool = False
    seen: list[Seen] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    """The pieces of all streams, before compression."""
    connections: int = 0
    faults: list[BaseException | None] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._server = _Server(self)
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.lockstep:
            self.lockstep.give_up()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        assert not self.faults, self.faults

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._server.server_port}"

    @property
    def reached(self) -> tuple[int, int]:
        """How often the provider was reached: connections, requests."""
        return self.connections, len(self.seen)

    def note(self, *, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        """Write down a request; its number, from 1."""
        with self._lock:
            self.seen.append(Seen(path=path, prompt=prompt_of(body), headers=headers))
            return len(self.seen)

    def next_failure(self) -> Failure | None:
        with self._lock:
            return self.failures.popleft() if self.failures else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.provider.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A program that hangs up is no fault of the provider; all else is."""
        fault = sys.exception()
        if not isinstance(fault, ConnectionError):
            self.provider.faults.append(fault)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep quiet."""

    def do_POST(self) -> None:
        provider = self.server.provider
        body = self._body()
        path = self.path.partition("?")[0]
        headers = {name.lower(): value for name, value in self.headers.items()}
        number = provider.note(path=path, body=body, headers=headers)
        failure = Failure(status=503) if provider.is_refusing else provider.next_failure()
        if failure:
            self._fail(failure)
            return
        answer = reply_to(path, body, provider.texts(prompt_of(body), number))
        if answer is None:
            self._send(404, {"error": {"message": f"no such path: {path}"}})
            return
        self._answer(prompt_of(body), *answer)

    def _answer(self, prompt: str, reply: Any, streamed: bool) -> None:
        order = self.server.provider.finish_order
        if order:
            order.arrive(prompt)
        if streamed:
            self._stream(reply.pieces, reply.content_type)
        else:
            self._send(200, reply.whole)
        if order:
            order.leave()

    def _body(self) -> dict[str, Any]:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            raw = b"".join(self._request_chunks())
        return dict(json.loads(raw or b"{}"))

    def _request_chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _fail(self, failure: Failure) -> None:
        kind = "rate_limit_error" if failure.status == 429 else "server_error"
        error = {"type": kind, "code": kind, "message": "not now"}
        wait = ("retry-after-ms", str(failure.retry_after_ms))
        self._send(failure.status, {"type": "error", "error": error}, wait)

    def _send(self, status: int, value: Mapping[str, Any], *headers: tuple[str, str]) -> None:
        data = json.dumps(value).encode()
        if self._compresses:
            data = gzip.compress(data, mtime=0)
        self._head(status, "application/json", ("Content-Length", str(len(data))), *headers)
        self.wfile.write(data)

    def _stream(self, pieces: Sequence[bytes], content_type: str) -> None:
        provider = self.server.provider
        self._head(200, content_type, ("Transfer-Encoding", "chunked"))
        squeeze = zlib.compressobj(wbits=zlib.MAX_WBITS | 16) if self._compresses else None
        for number, piece in enumerate(pieces):
            if number and provider.lockstep:
                provider.lockstep.wait()
            if number == provider.cut_after_pieces:
                self.close_connection = True
                return
            provider.sent.append(piece)
            self._chunk(_squeezed(squeeze, piece, is_last=number == len(pieces) - 1))
        self.wfile.write(b"0\r\n\r\n")

    def _head(self, status: int, content_type: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers:
            self.send_header(name, value)
        if self._compresses:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    @property
    def _compresses(self) -> bool:
        takes_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
        return self.server.provider.is_compressing and takes_gzip


def _squeezed(squeeze: zlib._Compress | None, piece: bytes, *, is_last: bool) -> bytes:
    """The piece, compressed such that it can be read without the next one."""
    if squeeze is None:
        return piece
    return squeeze.compress(piece) + squeeze.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
