"""urllib3, and with it requests and botocore: one request on a connection, wrapped.

vcrpy swaps connection classes instead, and puts all of them back for the whole process while it
builds one: under threads, calls then reach the network. Nothing is swapped here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.capture import guard, routing
from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.stacks import sockets

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_litmus.capture.tape import Tape


def make_request(original: Callable[..., Any]) -> Callable[..., Any]:
    """`HTTPConnectionPool._make_request`, captured."""

    def _make_request(
        pool: Any,
        conn: Any,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        **options: Any,
    ) -> Any:
        __tracebackhide__ = True
        if routing.active() is None or method.upper() in ("HEAD", "OPTIONS", "CONNECT"):
            return original(pool, conn, method, url, body, headers, **options)
        body = materialised(body)
        tape = routing.begin(_request(pool, method, url, body, headers))
        if tape is None:
            with guard.passing(pool.host):
                return original(pool, conn, method, url, body, headers, **options)
        if tape.source == "recorded":
            return _replayed(tape, pool, conn, method, url, options)
        try:
            live = original(
                pool, conn, method, url, body, headers, **(options | {"preload_content": False})
            )
        except BaseException as error:
            tape.fail(error)
            raise
        return _listened(tape, live, options)

    return _make_request


def materialised(body: Any) -> Any:
    """A body that can be read twice: files and iterables become bytes, the rest stays."""
    if hasattr(body, "read"):
        data = body.read()
        return data.encode() if isinstance(data, str) else data
    if body is None or isinstance(body, (bytes, bytearray, memoryview, str)):
        return body
    return b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in body)


def as_bytes(body: Any) -> bytes:
    """A materialised body as bytes."""
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)


def _request(pool: Any, method: str, url: str, body: Any, headers: Any) -> Request:
    if "://" not in url:  # a proxy is sent the whole URL
        default = {"http": 80, "https": 443}.get(pool.scheme)
        port = "" if pool.port in (None, default) else f":{pool.port}"
        host = f"[{pool.host}]" if ":" in pool.host else pool.host
        url = f"{pool.scheme}://{host}{port}{url}"
    pairs = tuple((_text(name), _text(value)) for name, value in dict(headers or {}).items())
    return Request(method=method, url=url, headers=pairs, body=as_bytes(body))


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _listened(tape: Tape, live: Any, options: dict[str, Any]) -> Any:
    source = live._fp  # noqa: SLF001 - the http.client response under urllib3's
    if source is None or getattr(source, "fp", None) is None:
        tape.respond(live.status, live.reason or "", tuple(live.headers.items()))
        tape.end("eof")
    else:
        sockets.listen(source, tape)
    if options.get("preload_content", True):
        live._body = live.read(decode_content=options.get("decode_content", True))  # noqa: SLF001
    return live


def _replayed(
    tape: Tape, pool: Any, conn: Any, method: str, url: str, options: dict[str, Any]
) -> Any:
    from urllib3.response import HTTPResponse

    if tape.status is None:
        raise _error(tape, pool, conn, url)
    source = sockets.replay(tape, method)
    response = HTTPResponse(
        body=source,
        headers=source.headers.items(),
        status=source.status,
        version=11,
        version_string="HTTP/1.1",
        reason=source.reason,
        preload_content=options.get("preload_content", True),
        decode_content=options.get("decode_content", True),
        original_response=source,
        request_method=method,
        request_url=url,
    )
    response.retries = options.get("retries")
    response._connection = options.get("response_conn")  # type: ignore[attr-defined,unused-ignore]  # noqa: SLF001
    response._pool = pool  # type: ignore[attr-defined,unused-ignore]  # noqa: SLF001
    return response


def _error(tape: Tape, pool: Any, conn: Any, url: str) -> Exception:
    """The recorded transport error, as urllib3 raises its kind."""
    from urllib3 import exceptions

    said = tape.error_message or "recorded transport error"
    kind = tape.error_type or ""
    error: Exception
    if "ReadTimeout" in kind:
        error = exceptions.ReadTimeoutError(pool, url, said)
    elif "Timeout" in kind:
        error = exceptions.ConnectTimeoutError(conn, said)
    elif "NewConnection" in kind or "Connect" in kind:
        error = exceptions.NewConnectionError(conn, said)
    else:
        error = exceptions.ProtocolError(said)
    return error
