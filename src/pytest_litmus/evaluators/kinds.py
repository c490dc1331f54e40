"""Kinds: which common English words say which others, and which exclude each other.

From WordNet (https://wordnet.princeton.edu): an actor is a performer, and no singer. Words are
stems, as `terms` makes them; `training/kinds.py` writes the file.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Kind(NamedTuple):
    """What is known of a word."""

    said: frozenset[str]
    """Words that are true where it is: `performer` of `actor`."""
    opposites: frozenset[str]
    """Words that contradict it."""
    classes: frozenset[str]
    """What it is directly one of; two of one class are not each other, unless one says the other:
    `actor` and `dancer`."""


_NOTHING = Kind(frozenset(), frozenset(), frozenset())


@cache
def kind_of(stem: str) -> Kind:
    """What is known of a stem; of most, nothing."""
    told = _lines().get(stem)
    if told is None:
        return _NOTHING
    said, opposites, classes = (frozenset(part.split()) for part in told.split("|"))
    return Kind(said, opposites, classes)


@cache
def _lines() -> dict[str, str]:
    raw = Path(__file__).with_name("kinds.json").read_text(encoding="utf-8")
    pairs = (line.partition(" ") for line in json.loads(raw)["words"].split("\n"))
    return {stem: told for stem, _, told in pairs}
