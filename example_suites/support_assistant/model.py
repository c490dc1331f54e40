"""The three ways in which the assistant talks to its model: say, stream, and call a function."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from openai import OpenAI

MODEL = os.environ.get("SHOP_LLM_MODEL", "qwen2.5-coder-1.5b-instruct")
BASE_URL = os.environ.get("SHOP_LLM_BASE_URL", "http://127.0.0.1:18080/v1")
# A local server takes any key.
API_KEY = os.environ.get("OPENAI_API_KEY", "local")

client = OpenAI(base_url=BASE_URL, api_key=API_KEY, timeout=120, max_retries=1)

Messages = list[dict[str, Any]]
SETTINGS: dict[str, Any] = {"model": MODEL, "temperature": 0, "seed": 7}


def say(messages: Messages, *, max_tokens: int = 120) -> str:
    """The model's answer."""
    response = client.chat.completions.create(messages=messages, max_tokens=max_tokens, **SETTINGS)
    return (response.choices[0].message.content or "").strip()


def stream(messages: Messages, *, max_tokens: int = 120) -> Iterator[str]:
    """The model's answer, piece by piece as it comes."""
    with client.chat.completions.create(
        messages=messages,
        max_tokens=max_tokens,
        stream=True,
        stream_options={"include_usage": True},
        **SETTINGS,
    ) as chunks:
        for chunk in chunks:
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content


def call(function: dict[str, Any], messages: Messages) -> tuple[str, dict[str, Any]]:
    """Have the model call this function: the call's id and the arguments.

    Naming the function, rather than leaving the choice to the model, is what small models and
    small servers do reliably.
    """
    response = client.chat.completions.create(
        messages=messages,
        max_tokens=80,
        tools=[{"type": "function", "function": function}],
        tool_choice={"type": "function", "function": {"name": function["name"]}},
        **SETTINGS,
    )
    (tool_call,) = response.choices[0].message.tool_calls or ()
    return tool_call.id, json.loads(tool_call.function.arguments)
