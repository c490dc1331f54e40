"""Attacks: our own ways to put a payload, one family a file, each with its source."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from pytest_litmus.builtin import builtin
from pytest_litmus.suites.attack import Adaptive, Attack

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTACKS = ("encodings", "obfuscations", "structures", "framings", "carriers", "conversations")
"""The modules here that hold them, in the order of the families."""


@cache
def builtin_attacks() -> tuple[Attack, ...]:
    """All of them, in the order in which the files tell them."""
    modules = [import_module(f"{__name__}.{name}") for name in ATTACKS]
    return tuple(
        thing for module in modules for thing in vars(module).values() if isinstance(thing, Attack)
    )


@builtin
def pytest_llm_attacks() -> Sequence[Attack | Adaptive]:
    """Ours, by the hook by which others add theirs."""
    from pytest_litmus.suites.attacks.adaptive import ADAPTIVE

    return (*builtin_attacks(), *ADAPTIVE)
