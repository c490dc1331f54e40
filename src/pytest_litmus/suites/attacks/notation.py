"""Notation: what several families write alike: JSON, tables of signs, a text cut in three."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


def as_json(value: object) -> str:
    """Indented, with all characters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def quoted(text: str) -> str:
    """A string of JSON, Python and YAML alike."""
    return json.dumps(text, ensure_ascii=False)


def pairs(table: str) -> dict[str, str]:
    """A table of signs, written as `sign code sign code`."""
    words = iter(table.split())
    return dict(zip(words, words, strict=True))


def thirds(text: str, rng: Random) -> tuple[str, str, str]:
    """A text cut at two places of chance, so that each part has something of it."""
    if len(text) < 3:
        return text, "", ""
    first, second = sorted(rng.sample(range(1, len(text)), 2))
    return text[:first], text[first:second], text[second:]
