"""Tool failures: whether what a tool returned says that it failed.

Formats without a mark for it (OpenAI's among them) leave that to the text, and agent frameworks
write one of a few: `Error: ...`, `Error executing tool ...`, `An error occurred while running the
tool`, a traceback, or an object with a key that says so. Not seen: a failure told in other words,
or in another language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_litmus.wire.calls import ToolUse

_BEGINS = re.compile(
    r"error(?::| (?:executing|calling|invoking|running|in) )|exception:|<error>"
    r"|traceback \(most recent call last\)|an error (?:occurred|was encountered)"
    r"|tool (?:execution|call) failed|[a-z_.]{1,60}(?:error|exception):",
    re.IGNORECASE,
)
_LOOKED_AT = 400
"""Characters from the beginning, blanks left out."""
_TRUE_SAYS_SO = ("error", "is_error", "isError")
_FALSE_SAYS_SO = ("success", "ok")
_STATUS = {"error", "failed", "failure"}


def failure_of(use: ToolUse) -> str:
    """How the result of a use says that it failed: `is marked as failed`; empty where it does not.

    A format's own mark is taken at its word, also where the text reads otherwise.
    """
    if use.is_error is not None:
        return "is marked as failed" if use.is_error else ""
    said = use.response
    if isinstance(said, Mapping):
        return _by_key(said)
    return "returned an error's text" if _BEGINS.match(_beginning(said)) else ""


def _by_key(said: Mapping[str, Any]) -> str:
    keys = [key for key in _TRUE_SAYS_SO if said.get(key)]
    keys += [key for key in _FALSE_SAYS_SO if said.get(key) is False]
    status = said.get("status")
    keys += ["status"] if isinstance(status, str) and status.lower() in _STATUS else []
    return f"has {keys[0]!r} in its result" if keys else ""


def _beginning(said: Any) -> str:
    """The beginning of a text, or of the first text among parts."""
    if isinstance(said, list) and said and isinstance(said[0], Mapping):
        said = said[0].get("text")
    return said.lstrip()[:_LOOKED_AT] if isinstance(said, str) else ""
