"""The guard: while calls are replayed, no other stack reaches a model.

Captured libraries never get here with a model request. What does get here is a stack that is not
captured: websockets, a raw socket, gRPC, curl. It is refused where it names a known model host, or
a host and port that the test's cassette was recorded against.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import urlsplit

from pytest_litmus.capture import routing
from pytest_litmus.errors import UnguardedConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PROVIDERS = (
    "openai.com",
    "openai.azure.com",
    "services.ai.azure.com",
    "anthropic.com",
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "mistral.ai",
    "cohere.com",
    "cohere.ai",
    "groq.com",
    "deepseek.com",
    "openrouter.ai",
    "together.xyz",
    "together.ai",
    "fireworks.ai",
    "x.ai",
    "perplexity.ai",
    "cerebras.ai",
    "api-inference.huggingface.co",
    "router.huggingface.co",
    "replicate.com",
    "voyageai.com",
    "writer.com",
    "moonshot.ai",
    "z.ai",
)
_passing: Counter[str] = Counter()
_lock = threading.Lock()
_names: dict[str, str] = {}
"""Addresses by the name they were looked up for."""


def is_model_host(host: str) -> bool:
    """Whether a host name belongs to a model provider."""
    name = host.lower().rstrip(".")
    if name.startswith("bedrock") and name.endswith((".amazonaws.com", ".api.aws")):
        return True
    if name.endswith("-aiplatform.googleapis.com"):
        return True
    return any(name == known or name.endswith("." + known) for known in _PROVIDERS)


@contextmanager
def passing(host: str) -> Iterator[None]:
    """A captured stack lets a request pass that goes to no model: its connection is free."""
    with _lock:
        _passing[host] += 1
    try:
        yield
    finally:
        with _lock:
            _passing[host] -= 1


def check(host: str, port: int | None, *, by: str) -> None:
    """Refuse a connection to a model while calls are replayed.

    Raises:
        UnguardedConnection: The host is a model's, and this test's calls come from its cassette.
    """
    capture = routing.active()
    if capture is None or not capture.replaying or _passing[host] > 0:
        return
    name = _names.get(host, host)
    if _passing[name] > 0:
        return
    store = capture.store
    if is_model_host(name) or (store is not None and store.knows_host(name, port)):
        raise capture.refuse(
            UnguardedConnection(
                f"{by} reaches for a model at {name}{f':{port}' if port else ''}, uncaptured\n"
                f"  test      {capture.label}\n"
                "  why       calls are replayed, and this stack (websocket, gRPC, curl or a raw "
                "socket) cannot be\n"
                "  run live  pytest --llm-live TEST"
            )
        )


def patchers() -> Iterator[Any]:
    """What puts the guard in place at Python's sockets."""
    for name in ("connect", "connect_ex"):
        yield mock.patch.object(socket.socket, name, _connect(getattr(socket.socket, name)))
    yield mock.patch.object(socket, "getaddrinfo", _getaddrinfo(socket.getaddrinfo))


def _connect(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(sock: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and len(address) >= 2 and isinstance(address[0], str):
            try:
                check(address[0], address[1], by="a socket")
            except UnguardedConnection:
                sock.close()  # its opener closes it on an Exception only
                raise
        return original(sock, address)

    return connect


def _getaddrinfo(original: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and is_model_host(name):
            check(name, port if isinstance(port, int) else None, by="a name lookup")
            found = original(host, port, *args, **options)
            _names.update((entry[4][0], name) for entry in found)
            return found
        return original(host, port, *args, **options)

    return getaddrinfo


def _grpc(module: Any) -> Iterator[Any]:
    original = module.Channel.__init__

    def __init__(channel: Any, target: Any, *args: Any, **options: Any) -> None:  # noqa: N807
        text = target.decode() if isinstance(target, bytes) else str(target)
        _check_url("//" + text.rsplit("/", 1)[-1], by="gRPC")
        original(channel, target, *args, **options)

    yield mock.patch.object(module.Channel, "__init__", __init__)


def _pycurl(module: Any) -> Iterator[Any]:
    class Curl(module.Curl):  # type: ignore[misc]
        def setopt(self, option: int, value: Any) -> Any:
            if option == module.URL:
                _check_url(value.decode() if isinstance(value, bytes) else str(value), by="curl")
            return super().setopt(option, value)

    yield mock.patch.object(module, "Curl", Curl)


def _curl_cffi(module: Any) -> Iterator[Any]:
    original = module.Curl.setopt

    def setopt(curl: Any, option: Any, value: Any) -> Any:
        if option == module.CurlOpt.URL:
            _check_url(value.decode() if isinstance(value, bytes) else str(value), by="curl")
        return original(curl, option, value)

    yield mock.patch.object(module.Curl, "setopt", setopt)


C_STACKS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "grpc._channel": _grpc,
    "grpc.aio._channel": _grpc,
    "pycurl": _pycurl,
    "curl_cffi.curl": _curl_cffi,
}
"""What wraps the entry points of gRPC and curl, by their module: they use no Python socket."""


def _check_url(url: str, *, by: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return
    if host:
        check(host, port or {"http": 80, "https": 443}.get(parts.scheme), by=by)
