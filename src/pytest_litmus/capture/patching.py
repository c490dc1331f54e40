"""Patching: vcrpy's patcher builder, with our stacks in the place of its stubs."""

from __future__ import annotations

import importlib.util
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest import mock

from vcr.patch import CassettePatcherBuilder  # noqa: TID253 - imported when a capture opens

from pytest_litmus.capture import guard

if TYPE_CHECKING:
    from collections.abc import Iterator


class Patchers(CassettePatcherBuilder):  # type: ignore[misc]
    """The interception points of vcrpy, group by group; a group whose library is missing is empty.

    vcrpy builds them for one cassette and enters them for each test. These route by context
    (`routing.begin`), so they are entered once a session.
    """

    def __init__(self) -> None:
        super().__init__(cassette=None)

    def build(self) -> Iterator[Any]:
        """All patchers, the guard last."""
        yield from self._httpx()
        yield from self._httpx2()
        yield from self._aiohttp()
        yield from self._urllib3()
        yield from self._httplib()
        yield from guard.patchers()

    def _httpx(self) -> Iterator[Any]:
        return _httpx_family("httpx")

    def _httpx2(self) -> Iterator[Any]:
        return _httpx_family("httpx2")

    def _aiohttp(self) -> Iterator[Any]:
        if importlib.util.find_spec("aiohttp"):
            import aiohttp

            from pytest_litmus.capture.stacks.aiohttp import session_request

            owner = aiohttp.ClientSession
            yield mock.patch.object(owner, "_request", session_request(owner._request))  # noqa: SLF001

    def _urllib3(self) -> Iterator[Any]:
        """Also requests and botocore, whose pools inherit from urllib3's."""
        if importlib.util.find_spec("urllib3"):
            from urllib3.connectionpool import HTTPConnectionPool as Pool

            from pytest_litmus.capture.stacks.urllib3 import make_request

            original = Pool._make_request  # noqa: SLF001
            yield mock.patch.object(Pool, "_make_request", make_request(original))

    def _httplib(self) -> Iterator[Any]:
        from http.client import HTTPConnection

        from pytest_litmus.capture.stacks import http_client

        for name, wrap in (
            ("request", http_client.request),
            ("getresponse", http_client.getresponse),
        ):
            yield mock.patch.object(HTTPConnection, name, wrap(getattr(HTTPConnection, name)))


def _httpx_family(name: str) -> Iterator[Any]:
    if not importlib.util.find_spec(name):
        return
    from pytest_litmus.capture.stacks.httpx import async_handler, sync_handler

    library: Any = importlib.import_module(name)
    plain, asynchronous = library.HTTPTransport, library.AsyncHTTPTransport
    yield mock.patch.object(plain, "handle_request", sync_handler(library, plain.handle_request))
    yield mock.patch.object(
        asynchronous,
        "handle_async_request",
        async_handler(library, asynchronous.handle_async_request),
    )


class Installation:
    """The patches in place, once a process, however many captures open."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._stack: ExitStack | None = None
        self._watching = False
        self._late: list[Any] = []

    def ensure(self) -> None:
        """Put the patches in place, unless they are."""
        with self._lock:
            if self._stack is not None:
                return
            with ExitStack() as stack:
                for patcher in (*Patchers().build(), *self._late):
                    stack.enter_context(patcher)
                self._stack = stack.pop_all()
            if not self._watching:
                self._watching = True
                guard.watch_c_stacks(self._add)

    def _add(self, patcher: Any) -> None:
        """A module that the guard wraps has been imported."""
        with self._lock:
            self._late.append(patcher)
            if self._stack is not None:
                self._stack.enter_context(patcher)

    def remove(self) -> None:
        """Take all patches off, in the reverse order."""
        with self._lock:
            stack, self._stack = self._stack, None
        if stack is not None:
            stack.close()


installation = Installation()
