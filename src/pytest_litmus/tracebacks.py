"""Tracebacks: the program's own frames of an exception, without those of libraries."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIBRARIES = (
    Path(sysconfig.get_paths()["stdlib"]),
    Path(sysconfig.get_paths()["platstdlib"]),
    Path(__file__).parent,
)
_INSTALLED = frozenset({"site-packages", "dist-packages"})


def tells_of(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    """Whether an exception is of these kinds, or a group that holds one."""
    return any(isinstance(member, kinds) for member in _members(error))


def shorten(error: BaseException) -> None:
    """Drop the frames of libraries from an exception, from a group's members, and from causes.

    A cause that a library met on its own is dropped as a whole. An exception that has no frame
    but a library's keeps what it has: something has to be shown.
    """
    for member in list(_members(error)):
        own = _own_frames(member.__traceback__)
        if own is not None:
            member.__traceback__ = own
        _drop_foreign_causes(member)


def _drop_foreign_causes(error: BaseException) -> None:
    if error.__cause__ is not None and _own_frames(error.__cause__.__traceback__) is None:
        error.__cause__ = None  # sets __suppress_context__ as well
    if error.__context__ is not None and _own_frames(error.__context__.__traceback__) is None:
        error.__context__ = None


def _members(error: BaseException) -> Iterator[BaseException]:
    """The exception, those of a group, and those that led to them; each once."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()


def _own_frames(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback with the frames of the project alone; None where it has none."""
    frames = []
    while traceback is not None:
        if _is_own(Path(traceback.tb_frame.f_code.co_filename)):
            frames.append(traceback)
        traceback = traceback.tb_next
    own: TracebackType | None = None
    for one in reversed(frames):
        own = TracebackType(own, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return own


def _is_own(path: Path) -> bool:
    if not path.is_absolute() or _INSTALLED.intersection(path.parts):
        return False
    return not any(path.is_relative_to(folder) for folder in _LIBRARIES)
