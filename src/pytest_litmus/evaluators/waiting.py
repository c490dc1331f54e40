"""Waiting: what an `async` function gives, for a caller that is not, whether or not a loop runs.

All is awaited in one event loop, in a thread of its own, as long as the process lives: a client
that was made in one loop cannot be used in another, nor after its loop was closed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable

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
        return future.result()
    except BaseException:
        future.cancel()  # the caller was interrupted: nobody waits any more
        raise


async def _awaited(given: Awaitable[Any]) -> Any:
    return await given


def _loop() -> asyncio.AbstractEventLoop:
    """The loop; a new one where a coroutine ended the last one's thread, such as by SystemExit."""
    with _lock:
        if not _running or not _running[-1][0].is_alive():
            from asyncio import new_event_loop

            loop = new_event_loop()
            thread = threading.Thread(target=loop.run_forever, name="litmus-judges", daemon=True)
            thread.start()
            _running[:] = [(thread, loop)]
        return _running[-1][1]
