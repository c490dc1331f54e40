"""AI21's Jurassic models: completions and their chat. Jamba speaks OpenAI's format.

Format: https://docs.ai21.com/reference/j2-complete-ref. It reports no usage, but all tokens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, items, record, records, text
from pytest_litmus.wire.parts import content_parts

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange

WIRE_FORMAT = "ai21.studio"

_PATH = re.compile(r"/studio/v1/(?:(?P<model>j[^/]+)/)(?:[^/]+/)?(?P<verb>complete|chat)/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The completion or the chat that an exchange is, or None."""
    request = exchange.request
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return None
    asked, body = record(request.json), read_answer(exchange).json
    said = record(body)
    outputs = records(said.get("completions")) or records(said.get("outputs"))
    fault = fault_of(exchange, body, readable="completions" in said or "outputs" in said)
    reasons = (text(record(one.get("finishReason")).get("reason")) for one in outputs)
    return Call(
        operation_name="chat" if found["verb"] == "chat" else "text_completion",
        provider_name=provider_of(request),
        wire_format=WIRE_FORMAT,
        request_model=unquote(found["model"]),
        response_id=as_text(said.get("id")),
        system_instructions=content_parts(asked.get("system")),
        input_messages=_input_messages(asked),
        output_messages=tuple(_output_message(one) for one in outputs),
        finish_reasons=tuple(reason for reason in reasons if reason),
        parameters=_parameters(asked),
        usage=_usage(said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    said = records(asked.get("messages")) or [{"text": asked.get("prompt")}]
    return tuple(
        Message(text(one.get("role")) or "user", content_parts(one.get("text"))) for one in said
    )


def _output_message(output: dict[str, Any]) -> Message:
    words = text(record(output.get("data")).get("text")) or text(output.get("text"))
    return Message("assistant", content_parts(words))


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    renamed = {
        "max_tokens": asked.get("maxTokens"),
        "top_p": asked.get("topP"),
        "stop": asked.get("stopSequences"),
        "n": asked.get("numResults"),
    }
    return chat_parameters({**asked, **renamed})


def _usage(said: dict[str, Any]) -> Usage:
    """Counted from the tokens themselves, which a completion spells one by one."""
    made = [record(one.get("data")).get("tokens") for one in records(said.get("completions"))]
    given = record(said.get("prompt")).get("tokens")
    return Usage(
        input_tokens=len(given) if isinstance(given, list) else None,
        output_tokens=sum(map(len, map(items, made))) if any(made) else None,
    )
