"""Patching: each HTTP library is wrapped as soon as it is imported, and none is imported for it."""

from __future__ import annotations

import importlib
import sys
import threading
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest import mock

from pytest_litmus.capture import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Patches: TypeAlias = Callable[[Any], Iterable[Any]]


def _httpx(library: Any) -> Iterator[Any]:
    from pytest_litmus.capture.stacks.httpx import async_handler, sync_handler

    plain, asynchronous = library.HTTPTransport, library.AsyncHTTPTransport
    yield mock.patch.object(plain, "handle_request", sync_handler(library, plain.handle_request))
    yield mock.patch.object(
        asynchronous,
        "handle_async_request",
        async_handler(library, asynchronous.handle_async_request),
    )


def _aiohttp(library: Any) -> Iterator[Any]:
    from pytest_litmus.capture.stacks.aiohttp import session_request

    owner = library.ClientSession
    yield mock.patch.object(owner, "_request", session_request(owner._request))  # noqa: SLF001


def _urllib3(library: Any) -> Iterator[Any]:
    """Also requests and botocore, whose pools inherit from urllib3's."""
    from pytest_litmus.capture.stacks.urllib3 import make_request

    pool = library.HTTPConnectionPool
    yield mock.patch.object(pool, "_make_request", make_request(pool._make_request))  # noqa: SLF001


def _http_client(library: Any) -> Iterator[Any]:
    from pytest_litmus.capture.stacks import http_client

    owner = library.HTTPConnection
    for name, wrap in (
        ("request", http_client.request),
        ("getresponse", http_client.getresponse),
    ):
        yield mock.patch.object(owner, name, wrap(getattr(owner, name)))


_STACKS: dict[str, Patches] = {
    "httpx": _httpx,
    "httpx2": _httpx,
    "aiohttp": _aiohttp,
    "urllib3": _urllib3,
    "http.client": _http_client,
    **guard.C_STACKS,
}
"""What makes the patches of a module, when it is there."""


class Installation:
    """The patches in place, once a process, however many captures open.

    vcrpy enters its patches for each test and cassette; these route by context (`routing.begin`).
    """

    def __init__(self) -> None:
        self._ensuring, self._lock = threading.Lock(), threading.Lock()
        self._stack: ExitStack | None = None
        self._patchers: list[Any] = []
        self._watching = False

    def ensure(self) -> None:
        """Put the patches in place, unless they are."""
        if self._stack is not None and self._watching:
            return
        with self._ensuring:
            if self._stack is None:
                self._enter()
            if not self._watching:
                self._watch()
                self._watching = True

    def _enter(self) -> None:
        with self._lock, ExitStack() as stack:
            for patcher in self._patchers:
                stack.enter_context(patcher)
            self._stack = stack.pop_all()

    def _watch(self) -> None:
        import wrapt

        self._add(guard.patchers())
        for name, patches in _STACKS.items():
            if name in sys.modules:
                importlib.import_module(name)  # waits for a thread that is at it
            wrapt.register_post_import_hook(partial(self._imported, patches), name)

    def _imported(self, patches: Patches, module: Any) -> None:
        self._add(patches(module))

    def _add(self, patchers: Iterable[Any]) -> None:
        made = list(patchers)  # imports, and so is done before the lock is taken
        with self._lock:
            self._patchers += made
            if self._stack is not None:
                for patcher in made:
                    self._stack.enter_context(patcher)

    def remove(self) -> None:
        """Take all patches off, in the reverse order."""
        with self._lock:
            stack, self._stack = self._stack, None
        if stack is not None:
            stack.close()


installation = Installation()
