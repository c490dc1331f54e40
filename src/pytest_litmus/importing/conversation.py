"""Conversation: what was said before an answer, as a log's messages tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pytest_litmus.drift.seen import said_in, text_in, unpacked

_ROLES = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "model": "assistant",
    "system": "system",
    "developer": "system",
}


class Message(NamedTuple):
    """One that a user, the assistant or the system said; what tools gave is left out."""

    role: str
    text: str


def conversation_in(value: Any) -> tuple[Message, ...]:
    """The messages up to the user's last one; empty where there are none with roles.

    Args:
        value: A list of messages, what holds one, or either packed into text.
    """
    read = unpacked(value)
    if isinstance(read, Mapping):
        read = read.get("messages")
    if not isinstance(read, list):
        return ()
    told = [message for one in read if (message := _message(one)) is not None]
    last = max((n for n, one in enumerate(told) if one.role == "user"), default=-1)
    return tuple(told[: last + 1])


def system_in(value: Any) -> str:
    """System instructions that stand apart from the messages."""
    return said_in(value) or ""


def _message(value: Any) -> Message | None:
    if not isinstance(value, Mapping):
        return None
    given = str(value.get("role", value.get("message.role", value.get("type")))).casefold()
    role, text = _ROLES.get(given), text_in(value)
    return Message(role, text) if role and text and text.strip() else None
