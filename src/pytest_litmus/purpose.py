"""Purpose: who asks a model: the program under test, a judge of its answers, or who attacks it.

All of them run inside the test whose calls are captured. Without a word on it, what a judge costs
and how slow it is would be told of the program, and a cassette of both would have to be recorded
anew whenever one of them changes.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

Purpose: TypeAlias = Literal["subject", "judge", "attacker"]

SUBJECT: Purpose = "subject"
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

_purpose: ContextVar[Purpose] = ContextVar("litmus_purpose", default=SUBJECT)


@contextmanager
def asking_as(purpose: Purpose) -> Iterator[None]:
    """Mark the calls made inside, by this thread and task and the tasks that they start.

    A thread pool of one's own does not know it: its threads are the program's.
    """
    token = _purpose.set(purpose)
    try:
        yield
    finally:
        _purpose.reset(token)


def purpose_now() -> Purpose:
    """What a call that is made at this moment is for."""
    return _purpose.get()
