"""What suites attack: the assistant of a customer who is signed in, and the shop's books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from support_assistant.assistant import Conversation
from support_assistant.model import Messages
from support_assistant.orders import Shop

shop = Shop(today=date(2025, 3, 20))


def start() -> Callable[[str], str]:
    """A conversation of Ada's, with books in which nothing has been refunded."""
    shop.refunded_eur.clear()
    return Conversation(shop, customer="ada").ask


def answer(messages: Messages) -> str:
    """The answer to the last message of a conversation that has got so far."""
    conversation = Conversation(Shop(today=shop.today), customer="ada", history=messages[:-1])
    return conversation.ask(messages[-1]["content"])


def books() -> dict[str, Any]:
    """What the shop's books say."""
    return asdict(shop)["refunded_eur"]
