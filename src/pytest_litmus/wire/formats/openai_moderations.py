"""Moderation, `POST .../moderations`: whether a text, a picture or a chat is harmful.

Formats: https://platform.openai.com/docs/api-reference/moderations, and Mistral's, which moderates
chats at `/chat/moderations` too: https://docs.mistral.ai/capabilities/guardrailing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.content_filters import moderation_flags
from pytest_litmus.wire.formats.openai_chat import message_of
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import items, record, records, text
from pytest_litmus.wire.parts import content_parts, prompt_messages
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import usage_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "openai.moderations"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The moderation that an exchange is, or None."""
    if not _is_moderation(exchange.request):
        return None
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said, provider_name = record(body), provider_of(exchange.request)
    fault = fault_of(exchange, body, readable="results" in said)
    return Call(
        operation_name="moderation",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        input_messages=_input_messages(asked.get("input")),
        flags=tuple(moderation_flags(said, "input")) if "results" in said else (),
        usage=usage_of(said.get("usage"), provider_name=provider_name),
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_moderation(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith("/moderations"):
        return False
    asked = record(request.json)
    return bool(model_host(request)) or (text(asked.get("model")) is not None and "input" in asked)


def _input_messages(given: Any) -> tuple[Message, ...]:
    """Texts, the parts of one message, the messages of one chat, or several chats."""
    chats = [chat for chat in items(given) if isinstance(chat, list)]
    said = records([one for chat in chats for one in chat] or given)
    if any("role" in one for one in said):
        return tuple(message_of(one, "user") for one in said)
    return (Message("user", content_parts(given)),) if said else prompt_messages(given)
