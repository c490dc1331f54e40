"""Purpose: whether the program under test asks a model, or a judge of its answers does.

An evaluator that asks a model runs inside the test whose calls are captured. Without a word on it,
what the judge costs and how slow it is would be told of the program.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_purpose: ContextVar[Literal["subject", "judge"]] = ContextVar("litmus_purpose", default="subject")


@contextmanager
def judging() -> Iterator[None]:
    """Mark the calls made inside, by this thread and task, as those of a judge."""
    token = _purpose.set("judge")
    try:
        yield
    finally:
        _purpose.reset(token)


def purpose_now() -> Literal["subject", "judge"]:
    """What a call that is made at this moment is for."""
    return _purpose.get()
