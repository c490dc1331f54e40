"""Built-in hook implementations: the same hooks that others get, asked after everyone else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., object]")

_mark = HookimplMarker("pytest")


def builtin(function: _Function) -> _Function:
    """Mark a function as a built-in implementation of the `pytest_llm_*` hook that it is named for.

    It is what `pytest.hookimpl(trylast=True)` does, for the stages that do not know pytest.
    """
    return _mark(trylast=True)(function)
