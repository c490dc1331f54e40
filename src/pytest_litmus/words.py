"""Words: what to say to someone who typed a word that nobody knows."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR = 0.6
_LISTED = 24


def hint(word: str, known: Iterable[str]) -> str:
    """The end of a message on an unknown word: the word that was meant, or those that there are."""
    words = list(known)
    # What all share says nothing: `--llm-` is like `--llm-`.
    same = len(commonprefix([word, *words]))  # noqa: RUF071 - of letters, not of paths
    # Of words that begin alike, the shorter one is nearer.
    nearness, _, near = max(
        (_likeness(word[same:], right[same:]), -len(right), right) for right in words
    )
    if nearness >= _NEAR:
        return f"did you mean {near}?"
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return f"known are {', '.join(words[:_LISTED])}{more}"


def _likeness(word: str, right: str) -> float:
    """In [0, 1]. A right word may go on where the word ends: `max_cots` for `max_cost_usd`."""
    from difflib import SequenceMatcher

    wholes = (right, right[: len(word)])
    return max(SequenceMatcher(a=word, b=whole).ratio() for whole in wholes)
