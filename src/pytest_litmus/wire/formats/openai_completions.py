"""OpenAI's completions, `POST .../completions`: a prompt that the model continues, and no chat.

Format: https://platform.openai.com/docs/api-reference/completions. vLLM, llama.cpp, Together,
Writer, Azure and Databricks speak it too; Mistral's `/fim/completions` has this request and the
answer of a chat.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.calls import Message, Part
from pytest_litmus.wire.formats.openai_chat import chat_call, deployment
from pytest_litmus.wire.hosts import model_host
from pytest_litmus.wire.loose import record, text
from pytest_litmus.wire.parts import prompt_messages

if TYPE_CHECKING:
    from typing import Any

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.calls import Call

WIRE_FORMAT = "openai.completions"

_PATH = re.compile(r"/(completions|serving-endpoints/[^/]+/invocations)/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The completion that an exchange is, or None."""
    if not _is_completion(exchange.request):
        return None
    return replace(
        chat_call(exchange),
        operation_name="text_completion",
        wire_format=WIRE_FORMAT,
        input_messages=_input_messages(record(exchange.request.json)),
    )


def _is_completion(request: Request) -> bool:
    if request.method != "POST" or not _PATH.search(request.path):
        return False
    asked = record(request.json)
    if "prompt" not in asked:
        return model_host(request) is not None
    # llama.cpp serves one model, which a request need not name.
    named = text(asked.get("model")) or deployment(request)
    return named is not None or request.path.endswith("/v1/completions")


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    """One message a prompt; what the completion has to lead to is a part of the last."""
    messages = prompt_messages(asked.get("prompt"))
    suffix = text(asked.get("suffix"))
    if not messages or not suffix:
        return messages
    last = Message("user", (*messages[-1].parts, Part("suffix", content=suffix)))
    return (*messages[:-1], last)
