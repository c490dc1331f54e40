"""What the properties of attacks share: texts to attack, and an attack by its name."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from pytest_litmus.suites.attack import Attacked
from pytest_litmus.suites.attacks import builtin_attacks

ATTACKS = {one.name: one for one in builtin_attacks()}
ANY = st.text(st.characters(exclude_categories=()))
"""Halves of surrogate pairs and control characters too."""
PRINTED = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], include_characters="\n"))
"""What all formats of text can carry."""
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126, include_characters="\n"))
SEEDS = st.integers(0, 2**32)


def named(family: str) -> set[str]:
    return {name for name, one in ATTACKS.items() if one.family == family}


def attacked(name: str, payload: str, seed: int = 0) -> Attacked:
    return ATTACKS[name](payload, random.Random(seed))


def message(name: str, payload: str, seed: int = 0) -> str:
    """What a single message of it says, the turns of several one after the other."""
    made = attacked(name, payload, seed)
    return made if isinstance(made, str) else "\n".join(turn.text for turn in made)


def body(name: str, payload: str, seed: int = 0) -> str:
    """What stands behind the line that tells how to read it."""
    return message(name, payload, seed).partition("\n\n")[2]
