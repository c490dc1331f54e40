"""Anthropic's text completions, which came before its messages.

Format: https://docs.anthropic.com/en/api/complete. It reports no tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.anthropic_messages import anthropic_parameters
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import record, text
from pytest_litmus.wire.parts import content_parts

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "anthropic.complete"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The completion that an exchange is, or None."""
    if not _is_completion(exchange.request):
        return None
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = record(body)
    fault = fault_of(exchange, body, readable="completion" in said)
    stop, words = text(said.get("stop_reason")), text(said.get("completion")) or ""
    return Call(
        operation_name="text_completion",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        input_messages=_prompt(asked.get("prompt")),
        output_messages=(Message("assistant", (Part("text", content=words),)),)
        if "completion" in said
        else (),
        finish_reasons=(stop,) if stop else (),
        parameters=anthropic_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        time_to_first_chunk_s=answer.first_content_s(lambda event: bool(event.get("completion"))),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_completion(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith("/complete"):
        return False
    asked = record(request.json)
    return request.host == "api.anthropic.com" or (
        text(asked.get("prompt")) is not None and "max_tokens_to_sample" in asked
    )


def _prompt(prompt: Any) -> tuple[Message, ...]:
    parts = content_parts(prompt)
    return (Message("user", parts),) if parts else ()


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the completion that it adds up to: the last event has the reason to stop."""
    said: dict[str, Any] = {}
    words: list[str] = []
    for _, event in answer.records:
        if event.get("type") == "error" or event.get("error"):
            said["error"] = event.get("error") or event
        elif "completion" in event:
            words.append(text(event.get("completion")) or "")
            said |= event | {"completion": "".join(words)}
    return said
