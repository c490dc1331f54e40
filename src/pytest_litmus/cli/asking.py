"""Asking: what the commands share: how words are taken, and how a mistake is told."""

from __future__ import annotations

import argparse
import difflib
import sys
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
"""argparse has no public name for it."""


def nothing_asked(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """The command of a word that needs another one after it: it prints the help."""

    def explain(_: argparse.Namespace) -> int:
        parser.print_help(sys.stderr)
        return 2

    return explain


def one_of(noun: str, names: Iterable[str]) -> Callable[[str], str]:
    """An argparse type that takes one of the names, and for another says the nearest of them."""

    def check(word: str) -> str:
        if word in names:
            return word
        near = difflib.get_close_matches(word, list(names), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there is: {listed(names)}"
        raise argparse.ArgumentTypeError(f"unknown {noun} {word!r}; {hint}")

    return check


def field_and_key(
    text: str, names: Iterable[str], *, is_field: Callable[[str], bool] | None = None
) -> tuple[str, str]:
    """What `--map FIELD=KEY` says.

    Args:
        text: As it was typed.
        names: Of the fields, for the hint.
        is_field: Whether a word names a field, where that are not the names alone.

    Raises:
        argparse.ArgumentTypeError: It says nothing of the kind.
    """
    from pytest_litmus.words import hint

    known = list(names)
    field, equals, key = text.partition("=")
    if not (is_field(field) if is_field else field in known):
        raise argparse.ArgumentTypeError(f"unknown field {field!r}; {hint(field, known)}")
    if not equals or not key:
        raise argparse.ArgumentTypeError(f"{text!r} names no key, as in {field}=KEY")
    return field, key


def listed(names: Iterable[str]) -> str:
    """The names in the alphabet's order."""
    return ", ".join(sorted(names))


def printable(text: str) -> str:
    """A text without what the terminal's encoding lacks, which would stop it in its middle."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def refused(command: str, problem: object) -> int:
    """Tell why a command did not do what was asked; gives the exit code."""
    sys.stderr.write(f"litmus {command}: error: {problem}\n")
    return 2
