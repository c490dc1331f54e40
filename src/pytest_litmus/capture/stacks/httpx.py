"""httpx and httpx2: the transport's request method, wrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.capture import guard, routing
from pytest_litmus.capture.exchange import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from pytest_litmus.capture.tape import Tape


def sync_handler(library: Any, original: Callable[..., Any]) -> Callable[..., Any]:
    """`HTTPTransport.handle_request` of `httpx` or `httpx2`, captured."""
    tee, replay = _sync_streams(library)

    def handle_request(transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        if not _has_body(request) or routing.active() is None:
            return original(transport, request)
        request.read()
        tape = routing.begin(_request(request))
        if tape is None:
            with guard.passing(request.url.host):
                return original(transport, request)
        if tape.source == "recorded":
            return _response(library, tape, request, replay(tape))
        try:
            response = original(transport, request)
        except BaseException as error:
            tape.fail(error)
            raise
        _respond(tape, response)
        response.stream = tee(response.stream, tape)
        return response

    return handle_request


def async_handler(library: Any, original: Callable[..., Any]) -> Callable[..., Any]:
    """`AsyncHTTPTransport.handle_async_request` of `httpx` or `httpx2`, captured."""
    tee, replay = _async_streams(library)

    async def handle_async_request(transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        if not _has_body(request) or routing.active() is None:
            return await original(transport, request)
        await request.aread()
        tape = routing.begin(_request(request))
        if tape is None:
            with guard.passing(request.url.host):
                return await original(transport, request)
        if tape.source == "recorded":
            return _response(library, tape, request, replay(tape))
        try:
            response = await original(transport, request)
        except BaseException as error:
            tape.fail(error)
            raise
        _respond(tape, response)
        response.stream = tee(response.stream, tape)
        return response

    return handle_async_request


def _has_body(request: Any) -> bool:
    return request.method not in ("HEAD", "OPTIONS", "CONNECT")


def _request(request: Any) -> Request:
    return Request(
        method=request.method,
        url=str(request.url),
        headers=tuple(request.headers.multi_items()),
        body=request.content,
    )


def _respond(tape: Tape, response: Any) -> None:
    tape.respond(
        response.status_code, response.reason_phrase, tuple(response.headers.multi_items())
    )


def _response(library: Any, tape: Tape, request: Any, stream: Any) -> Any:
    """The recorded response.

    Raises:
        The transport's own error, by the recorded name, where no response had come.
    """
    if tape.status is None:
        raise _error(library, tape, request)
    return library.Response(
        tape.status,
        headers=list(tape.headers),
        stream=stream,
        request=request,
        extensions={"reason_phrase": tape.reason.encode("ascii", "replace")},
    )


def _error(library: Any, tape: Tape, request: Any | None = None) -> Exception:
    kind = getattr(library, tape.error_type or "", None)
    if not (isinstance(kind, type) and issubclass(kind, library.TransportError)):
        kind = library.ReadError
    error: Exception = kind(tape.error_message or "recorded transport error", request=request)
    return error


def _sync_streams(library: Any) -> tuple[type, type]:
    class Tee(library.SyncByteStream):  # type: ignore[misc]
        def __init__(self, inner: Any, tape: Tape) -> None:
            self._inner, self._tape = inner, tape

        def __iter__(self) -> Iterator[bytes]:
            try:
                for data in self._inner:
                    self._tape.feed(data)
                    yield data
            except BaseException as error:
                self._tape.fail(error)
                raise
            self._tape.end("eof")

        def close(self) -> None:
            try:
                self._inner.close()
            finally:
                self._tape.end("closed")

    class Replay(library.SyncByteStream):  # type: ignore[misc]
        def __init__(self, tape: Tape) -> None:
            self._tape = tape

        def __iter__(self) -> Iterator[bytes]:
            yield from self._tape.play()
            if self._tape.ended == "failed":
                raise _error(library, self._tape)

    return Tee, Replay


def _async_streams(library: Any) -> tuple[type, type]:
    class Tee(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, inner: Any, tape: Tape) -> None:
            self._inner, self._tape = inner, tape

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for data in self._inner:
                    self._tape.feed(data)
                    yield data
            except BaseException as error:
                self._tape.fail(error)
                raise
            self._tape.end("eof")

        async def aclose(self) -> None:
            try:
                await self._inner.aclose()
            finally:
                self._tape.end("closed")

    class Replay(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, tape: Tape) -> None:
            self._tape = tape

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for data in self._tape.aplay():
                yield data
            if self._tape.ended == "failed":
                raise _error(library, self._tape)

    return Tee, Replay
