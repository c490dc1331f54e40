"""Waiting: for what another thread or an `async` function gives, so that Ctrl-C still ends it.

All that is awaited is so in one event loop, in a thread of its own, as long as the process lives: a
client that was made in one loop cannot be used in another, nor after its loop was closed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable
    from concurrent.futures import Future

T = TypeVar("T")

_LOOK_S = 0.2
_lock = threading.Lock()
_running: list[tuple[threading.Thread, asyncio.AbstractEventLoop]] = []


def waited_for(given: Any) -> Any:
    """What an awaitable comes to, and what it raises; anything else as it is.

    Context variables are those of the caller.
    """
    if not hasattr(given, "__await__"):
        return given
    from asyncio import run_coroutine_threadsafe

    future = run_coroutine_threadsafe(_awaited(given), _loop())
    try:
        return result_of(future)
    except BaseException:
        future.cancel()  # the caller was interrupted: nobody waits any more
        raise


def result_of(future: Future[T]) -> T:
    """What a future comes to, and what it raises.

    Python runs the handler of a signal in the main thread alone, and a signal that the system
    gave to another thread does not wake it: one that waits without end would never see it.
    """
    from concurrent.futures import wait

    while not wait((future,), timeout=_LOOK_S).done:
        pass
    return future.result()


async def _awaited(given: Awaitable[Any]) -> Any:
    return await given


def _loop() -> asyncio.AbstractEventLoop:
    """The loop; a new one where a coroutine ended the last one's thread, such as by SystemExit.

    A coroutine that itself waits here blocks its loop: what it waits for runs in a further one.
    """
    with _lock:
        threads = [thread for thread, _ in _running]
        here = threading.current_thread()
        place = threads.index(here) + 1 if here in threads else 0
        if place == len(_running):
            _running.append(_started())
        elif not threads[place].is_alive():
            _running[place] = _started()
        return _running[place][1]


def _started() -> tuple[threading.Thread, asyncio.AbstractEventLoop]:
    from asyncio import new_event_loop

    loop = new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="litmus-awaiting", daemon=True)
    thread.start()
    return thread, loop
