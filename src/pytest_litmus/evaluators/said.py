"""Said: the text that an evaluator looks at, whatever it was given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.calls import Call, Message

if TYPE_CHECKING:
    from typing import TypeAlias

Said: TypeAlias = "str | Call | Message | Mapping[str, Any] | Iterable[str]"
"""What was said: a text, a call (its output), a message, a JSON object (as its text), or the pieces
of a stream."""


def text_of(said: Said | object) -> str:
    """The text of an output.

    Raises:
        TypeError: It is none of these; says what to pass.
    """
    if isinstance(said, str):
        return said
    if isinstance(said, Call):
        return said.output_text
    if isinstance(said, Message):
        return said.text
    if isinstance(said, Mapping):
        return json.dumps(said, ensure_ascii=False)
    if isinstance(said, Iterable) and not isinstance(said, bytes):
        return "".join(map(str, said))
    raise TypeError(
        f"an evaluator takes a text, a Call, a message, a dict or the pieces of a stream, not "
        f"{type(said).__name__}: pass the answer's text"
    )


def lower_case(text: str) -> str:
    """A text in lower case, its letters at the same places; as it is where some would move."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text
