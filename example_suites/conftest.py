"""What the tests share: a shop whose calendar stands still, and a customer who is signed in."""

from __future__ import annotations

from datetime import date

import pytest
from support_assistant.assistant import Conversation
from support_assistant.orders import Shop


@pytest.fixture
def shop():
    return Shop(today=date(2025, 3, 20))


@pytest.fixture
def conversation(shop):
    return Conversation(shop, customer="ada")
