"""Routing: which capture a request belongs to, and what becomes of it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from pytest_litmus.capture.exchange import Exchange, Request
from pytest_litmus.capture.tape import Recording, Tape, played
from pytest_litmus.errors import CaptureStop, OrphanCall

if TYPE_CHECKING:
    from pytest_litmus.capture.matching import Matching
    from pytest_litmus.capture.secrets import Scrubber


class Store(Protocol):
    """What a capture asks of a cassette."""

    @property
    def replaying(self) -> bool:
        """Whether a request without a recording is a miss."""
        ...

    def claim(self, request: Request, key: str) -> Recording | None:
        """The next recording for this key, or None where a new one may be made.

        Raises:
            CassetteMiss: There is none, and none may be made.
        """
        ...

    def note_end(self, tape: Tape) -> None:
        """A live exchange of this capture has ended."""
        ...

    def knows_host(self, host: str, port: int | None) -> bool:
        """Whether a recording was made against this host and port."""
        ...


@dataclass(eq=False, kw_only=True)
class Capture:
    """The HTTP traffic of one test, or of one `capturing` block."""

    recognise: Callable[[Exchange], Any]
    """None for a request that does not go to a model."""
    scrubber: Scrubber
    matching: Matching
    store: Store | None = None
    """None: every call is live."""
    record_other: Callable[[Request], bool] = lambda _request: False
    """Which requests that go to no model are recorded all the same."""
    only_watch: Callable[[Any, Request], bool] = lambda _call, _request: False
    """Which recognised requests are always sent, replay or not: they are looked at, and no
    cassette holds them."""
    before_live: Callable[[Any], Any] | None = None
    """Asked with the recognised call before it is sent; may raise. What it gives is kept in the
    tape's notes as `reserved`."""
    annotate: Callable[[], dict[str, Any]] = dict
    on_end: Callable[[Tape], None] | None = None
    real_time: bool = False
    label: str = ""
    """Whose capture it is, for messages."""
    tapes: list[Tape] = field(default_factory=list)
    """In order of issue."""
    stops: list[CaptureStop] = field(default_factory=list)
    """What was refused, in case the program swallowed it."""
    closed: bool = False

    @property
    def replaying(self) -> bool:
        """Whether nothing may reach a model."""
        return self.store is not None and self.store.replaying

    def begin(self, request: Request) -> Tape | None:
        """Decide on a request: None lets it pass, a recorded tape is to be played, a live one fed.

        Raises:
            CaptureStop: The request may not be sent.
        """
        try:
            return self._begin(request)
        except CaptureStop as stop:
            self.stops.append(stop)
            raise

    def _begin(self, request: Request) -> Tape | None:
        call = self.recognise(Exchange(request=request))
        if call is None and not self.record_other(request):
            return None
        self.scrubber.learn_request(request)
        if call is not None and self.only_watch(call, request):
            return self._watched(request)
        keyed = cache(partial(self._key, request))
        recording = self.store.claim(request, keyed()) if self.store is not None else None
        if recording is not None:
            tape = played(recording, request, real_time=self.real_time)
            tape.notes, tape.on_stop = self.annotate(), self.refuse
        else:
            ask = self.before_live if call is not None else None
            reserved = ask(call) if ask else None
            tape = Tape(request=request, keyed=keyed, on_end=self._live_end)
            tape.notes = self.annotate() | {"reserved": reserved}
        self.tapes.append(tape)
        if recording is not None and self.on_end is not None:
            self.on_end(tape)
        return tape

    def _key(self, request: Request) -> str:
        return self.matching.key(self.scrubber.request(request))

    def would_play(self, request: Request) -> bool:
        """Whether a replay answers such a request from its cassette."""
        call = self.recognise(Exchange(request=request))
        return call is not None and not self.only_watch(call, request)

    def _watched(self, request: Request) -> Tape:
        tape = Tape(request=request, on_end=self._live_end, kept=False)
        tape.notes = self.annotate()
        self.tapes.append(tape)
        return tape

    def _live_end(self, tape: Tape) -> None:
        if self.closed:
            return
        if self.store is not None and tape.kept:
            self.store.note_end(tape)
        if self.on_end is not None:
            self.on_end(tape)

    def refuse(self, stop: CaptureStop) -> CaptureStop:
        """Keep a refusal made elsewhere, so that a program that swallows it still fails."""
        self.stops.append(stop)
        return stop


_current: ContextVar[Capture | None] = ContextVar("litmus_capture", default=None)
_open: list[Capture] = []
_lock = threading.Lock()


@contextmanager
def opened(capture: Capture) -> Iterator[Capture]:
    """Route this context's traffic, and that of threads with no context, to a capture."""
    enter(capture)
    try:
        yield capture
    finally:
        leave(capture)


def enter(capture: Capture) -> None:
    """Open a capture."""
    with _lock:
        _open.append(capture)
    _current.set(capture)


def leave(capture: Capture) -> None:
    """Close a capture; captures may close in any order."""
    capture.closed = True
    with _lock:
        if capture in _open:
            _open.remove(capture)
    if _current.get() is capture:
        _current.set(_open[-1] if _open else None)


def active() -> Capture | None:
    """The capture that traffic of this moment belongs to.

    A context may outlive its test (a session's event loop, a thread pool): then, as for a thread
    without a context, it is the capture that was opened last and is still open.
    """
    mine = _current.get()
    if mine is not None and not mine.closed:
        return mine
    with _lock:
        return _open[-1] if _open else None


_unpatched: list[tuple[Any, str, Any]] = []


def carry_into_threads() -> None:
    """Give threads the context of what starts them, until `carry_no_more`.

    While several captures are open at a time, a thread without a context could be anyone's. Python
    3.14 does so by itself where it has no GIL (https://docs.python.org/3/whatsnew/3.14.html).
    """
    from concurrent.futures import ThreadPoolExecutor

    if _unpatched:
        return
    start, submit = threading.Thread.start, ThreadPoolExecutor.submit
    _unpatched.extend([(threading.Thread, "start", start), (ThreadPoolExecutor, "submit", submit)])

    def carrying_start(thread: threading.Thread) -> None:
        thread.run = partial(copy_context().run, thread.run)  # type: ignore[method-assign]
        start(thread)

    def carrying_submit(pool: ThreadPoolExecutor, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        return submit(pool, copy_context().run, work, *args, **kwargs)

    threading.Thread.start = carrying_start  # type: ignore[method-assign, assignment]
    ThreadPoolExecutor.submit = carrying_submit  # type: ignore[method-assign, assignment]


def carry_no_more() -> None:
    """Leave threads as they were."""
    while _unpatched:
        setattr(*_unpatched.pop())


def begin(request: Request) -> Tape | None:
    """Route a request; see `Capture.begin`.

    Raises:
        OrphanCall: Its test is over, no other test is running, and its calls were replayed.
    """
    if _suppressed():
        return None
    capture = active()
    if capture is not None:
        return capture.begin(request)
    mine = _current.get()
    if mine is not None and mine.replaying and mine.would_play(request):
        raise OrphanCall(
            f"{request.method} {request.url} was sent after its test had ended ({mine.label})"
        )
    return None


def _suppressed() -> bool:
    """Whether OpenTelemetry's suppress-instrumentation flag is set in this context."""
    context = sys.modules.get("opentelemetry.context")
    if context is None:
        return False
    names = ("_SUPPRESS_INSTRUMENTATION_KEY", "_SUPPRESS_HTTP_INSTRUMENTATION_KEY")
    keys = [getattr(context, name) for name in names if hasattr(context, name)]
    return any(context.get_value(key) for key in (*keys, "suppress_instrumentation"))
