"""http.client, and with it urllib.request: a connection's request and response, wrapped.

vcrpy swaps the connection classes by name, and must swap them back while it builds a connection
(`HTTPSConnection` finds its base by that name): under threads most calls are lost. Wrapping two
methods needs no swap. Connections of urllib3 send by other methods and pass here untouched.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from pytest_litmus.capture import guard, routing
from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.stacks import sockets
from pytest_litmus.capture.stacks.urllib3 import as_bytes, materialised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_litmus.capture.tape import Tape

_SLOT = "_litmus_tape"


def request(original: Callable[..., Any]) -> Callable[..., Any]:
    """`HTTPConnection.request`, captured."""

    def request(
        connection: Any,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, Any] = {},
        *,
        encode_chunked: bool = False,
    ) -> Any:
        __tracebackhide__ = True

        def send(payload: Any) -> Any:
            return original(
                connection, method, url, payload, headers, encode_chunked=encode_chunked
            )

        if routing.active() is None:
            return send(body)
        body = materialised(body)
        tape = routing.begin(_request(connection, method, url, body, headers))
        if tape is None:
            with guard.passing(_host(connection)[0]):
                return send(body)
        connection.__dict__[_SLOT] = tape
        return _replayed(tape) if tape.source == "recorded" else _sent(tape, send, body)

    return request


def _replayed(tape: Tape) -> None:
    """Nothing is sent; a connection that failed fails again, here, where its caller expects it."""
    if tape.status is None and "Timeout" not in (tape.error_type or ""):
        raise _error(tape)


def _sent(tape: Tape, send: Callable[[Any], Any], body: Any) -> Any:
    try:
        return send(body)
    except BaseException as error:
        tape.fail(error)
        raise


def getresponse(original: Callable[..., Any]) -> Callable[..., Any]:
    """`HTTPConnection.getresponse`, captured."""

    def getresponse(connection: Any) -> Any:
        __tracebackhide__ = True
        tape = connection.__dict__.pop(_SLOT, None)
        if tape is None:
            return original(connection)
        if tape.source == "recorded":
            if tape.status is None:
                raise _error(tape)
            return sockets.replay(tape, tape.request.method)
        try:
            response = original(connection)
        except BaseException as error:
            tape.fail(error)
            raise
        sockets.listen(response, tape)
        return response

    return getresponse


def _error(tape: Tape) -> OSError:
    said = tape.error_message or "recorded transport error"
    kind = getattr(builtins, tape.error_type or "", None)
    if isinstance(kind, type) and issubclass(kind, OSError):
        return kind(said)
    return TimeoutError(said) if "Timeout" in (tape.error_type or "") else ConnectionError(said)


def _host(connection: Any) -> tuple[str, int | None]:
    tunnel = getattr(connection, "_tunnel_host", None)
    if tunnel:
        return tunnel, getattr(connection, "_tunnel_port", None)
    return connection.host, connection.port


def _request(
    connection: Any, method: str, url: str, body: Any, headers: Mapping[str, Any]
) -> Request:
    if "://" not in url:  # a proxy is sent the whole URL
        host, port = _host(connection)
        secure = connection.default_port == 443
        shown = "" if port in (None, 443 if secure else 80) else f":{port}"
        name = f"[{host}]" if ":" in host else host
        url = f"{'https' if secure else 'http'}://{name}{shown}{url}"
    pairs = tuple((str(name), str(value)) for name, value in headers.items())
    return Request(method=method, url=url, headers=pairs, body=as_bytes(body))
