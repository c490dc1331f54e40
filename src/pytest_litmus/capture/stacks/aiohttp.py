"""aiohttp: a session's request, wrapped; vcrpy's stub response plays the recordings."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from pytest_litmus.capture import guard, routing
from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.tape import WIRE_ONLY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytest_litmus.capture.tape import Tape


def session_request(original: Callable[..., Any]) -> Callable[..., Any]:
    """`ClientSession._request`, captured."""
    from vcr.stubs import aiohttp_stubs as stubs

    pull, replayed, listened = _classes(stubs)

    async def _request(session: Any, method: str, str_or_url: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        if routing.active() is None or method.upper() in ("HEAD", "OPTIONS"):
            return await original(session, method, str_or_url, **options)
        request, options = await _read(session, method, str_or_url, options, stubs)
        tape = routing.begin(request)
        if tape is None:
            with guard.passing(request.host):
                return await original(session, method, str_or_url, **options)
        raise_for_status = options.pop("raise_for_status", None)
        if tape.source == "recorded":
            response = _response(tape, stubs, pull, replayed)
        else:
            response = await _sent(
                tape,
                original(
                    session,
                    method,
                    str_or_url,
                    **options,
                    raise_for_status=stubs._raise_for_status_stub,  # noqa: SLF001
                ),
            )
            _listen(tape, response, listened, pull, decoded=_is_decoded(session, options))
        await stubs._raise_for_status(session, raise_for_status, response)  # noqa: SLF001
        return response

    return _request


async def _read(
    session: Any, method: str, url: Any, options: dict[str, Any], stubs: Any
) -> tuple[Request, dict[str, Any]]:
    """The request, and the options with a body that can still be sent."""
    headers = session._prepare_headers(options.get("headers"))  # noqa: SLF001
    data: Any = options.get("data")
    if data is None and options.get("json") is not None:
        data = session._json_serialize(options["json"])  # noqa: SLF001
        headers.setdefault("content-type", "application/json")
    elif hasattr(data, "__aiter__"):
        data = b"".join([bytes(part) async for part in data])
        options = options | {"data": data}
    elif hasattr(data, "read"):
        data = data.read()
        options = options | {"data": data}
    full = str(session._build_url(url))  # noqa: SLF001
    if options.get("params"):
        full = str(stubs._build_url_with_params(full, options["params"]))  # noqa: SLF001
    request = Request(method=method, url=full, headers=tuple(headers.items()), body=_bytes(data))
    return request, options


def _bytes(data: Any) -> bytes:
    """The body as bytes; forms that aiohttp builds itself (multipart) are not read."""
    if isinstance(data, str):
        return data.encode()
    return bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else b""


async def _sent(tape: Tape, sending: Awaitable[Any]) -> Any:
    try:
        return await sending
    except BaseException as error:
        tape.fail(error)
        raise


def _is_decoded(session: Any, options: dict[str, Any]) -> bool:
    """Whether aiohttp takes the content coding off; httpx-aiohttp forbids it request by request."""
    asked = options.get("auto_decompress")
    return bool(session._auto_decompress if asked is None else asked)  # noqa: SLF001


def _listen(tape: Tape, response: Any, listened: Any, pull: type, *, decoded: bool) -> None:
    """Put a reader that tells the tape between the caller and the live body."""
    headers = tuple((str(name), value) for name, value in response.headers.items())
    if decoded:
        headers = tuple(pair for pair in headers if pair[0].lower() not in WIRE_ONLY)
    if type(response) is listened.__base__:  # else a subclass of the program's: leave it its class
        response.__class__, response.tape = listened, tape
    tape.respond(response.status, response.reason or "", headers, decoded=decoded)
    live = response.content

    async def read() -> bytes:
        try:
            data: bytes = await live.readany()
        except BaseException as error:
            tape.fail(error)
            raise
        if data:
            tape.feed(data)
        else:
            tape.end("eof")
        return data

    response.content = pull(read)


def _response(tape: Tape, stubs: Any, pull: type, replayed: type) -> Any:
    """The recorded response.

    Raises:
        aiohttp's own error, by the recorded name, where no response had come.
    """
    if tape.status is None:
        raise _error(tape)
    headers: dict[str, list[str]] = {}
    for name, value in tape.headers:
        headers.setdefault(name, []).append(value)
    stored = {
        "status": {"code": tape.status, "message": tape.reason},
        "headers": headers,
        "body": {},
    }
    request = stubs.Request(tape.request.method, tape.request.url, None, dict(tape.request.headers))
    response = stubs.build_response(request, stored, ())
    response.__class__, response._body = replayed, None  # noqa: SLF001
    pieces = tape.aplay()

    async def read() -> bytes:
        try:
            data: bytes = await anext(pieces)
        except StopAsyncIteration:
            if tape.ended == "failed":
                raise _error(tape) from None
            return b""
        return data

    response.content = pull(read)
    return response


def _error(tape: Tape) -> Exception:
    """The recorded transport error by its class, where a message alone can make one."""
    import aiohttp

    said = tape.error_message or "recorded transport error"
    kind = getattr(aiohttp, tape.error_type or "", None)
    if not (isinstance(kind, type) and issubclass(kind, aiohttp.ClientError)):
        timeout = "Timeout" in (tape.error_type or "")
        kind = aiohttp.ServerTimeoutError if timeout else aiohttp.ClientPayloadError
    try:
        error: Exception = kind(said)
    except TypeError:
        error = aiohttp.ClientConnectionError(said)
    return error


def _classes(stubs: Any) -> tuple[type, type, type]:
    class Pull(stubs.streams.StreamReader):  # type: ignore[misc]
        """A stream that fetches one piece each time its reader would have to wait."""

        __slots__ = ("_read_piece",)

        def __init__(self, read_piece: Callable[[], Awaitable[bytes]]) -> None:
            loop = asyncio.get_running_loop()
            super().__init__(stubs._NoConnection(), 2**24, loop=loop)  # noqa: SLF001
            self._read_piece = read_piece

        async def _wait(self, func_name: str) -> None:
            data = await self._read_piece()
            if data:
                self.feed_data(data)
            else:
                self.feed_eof()

    class Replayed(stubs.MockClientResponse):  # type: ignore[misc]
        """vcrpy's stub, read from the stream instead of from a body known up front."""

        async def read(self) -> bytes:
            known: bytes | None = self.__dict__.get("_body")
            if known is None:
                self._body = known = await self.content.read()
            return known

        async def text(self, encoding: str | None = "utf-8", errors: str = "strict") -> str:
            return (await self.read()).decode(encoding or "utf-8", errors)

        async def json(self, *, loads: Any = json.loads, **_options: Any) -> Any:
            body = (await self.read()).strip()
            return loads(body.decode()) if body else None

    class Listened(stubs.ClientResponse):  # type: ignore[misc]
        """A live response that tells its tape when its reader leaves before the end."""

        tape: Tape

        def release(self) -> Any:
            self.tape.end("closed")
            return super().release()

        def close(self) -> None:
            self.tape.end("closed")
            super().close()

    return Pull, Replayed, Listened
