"""Differences: where two JSON-like values are not the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from numbers import Number
from typing import Any, Final, NamedTuple


class _Missing:
    def __repr__(self) -> str:
        return "(nothing)"

    __str__ = __repr__


MISSING: Final = _Missing()
"""Stands for a value that one side has not."""


class Difference(NamedTuple):
    """A place where one value is not the other."""

    path: str
    """`orders.A-1.items[0]`; empty for the whole."""
    one: Any
    """`MISSING` where only the other has something there."""
    other: Any


def differences(one: Any, other: Any, *, subset: bool = False) -> Iterator[Difference]:
    """The places where two values differ, as deep as both go together.

    Numbers are the same whatever their type (20 and 20.0), but no truth value is a number.

    Args:
        one: Dicts, lists, tuples, and what can be compared by `==`.
        other: Likewise.
        subset: Whether dicts of `other` may have further keys; lists are as long as in `one`.
    """
    pairs = [Difference("", one, other)]
    while pairs:
        pair = pairs.pop()
        inner = _inner(pair, subset=subset)
        if inner is not None:
            pairs += reversed(inner)
        elif not _same(pair.one, pair.other):
            yield pair


def _inner(pair: Difference, *, subset: bool) -> list[Difference] | None:
    path, one, other = pair
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        keys = one if subset else {**one, **other}
        return [
            Difference(
                f"{path}.{key}" if path else str(key),
                one.get(key, MISSING),
                other.get(key, MISSING),
            )
            for key in keys
        ]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        both = zip_longest(one, other, fillvalue=MISSING)
        return [Difference(f"{path}[{at}]", *values) for at, values in enumerate(both)]
    return None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Number) and isinstance(other, Number):
        return isinstance(one, bool) == isinstance(other, bool) and (one is other or one == other)
    return one is other or bool(one == other)
