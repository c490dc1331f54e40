"""Embeddings in OpenAI's format, floats or base64, as many other servers give them too.

Format: https://platform.openai.com/docs/api-reference/embeddings.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.openai_chat import deployment
from pytest_litmus.wire.tokens import cost_of, usage_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "openai.embeddings"

_FLOAT_BYTES = 4


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The embeddings call that an exchange is, or None."""
    if not _is_embeddings(exchange.request):
        return None
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said, provider_name = record(body), provider_of(exchange.request)
    vectors = records(said.get("data"))
    fault = fault_of(exchange, body, readable="data" in said)
    form = text(asked.get("encoding_format"))
    return Call(
        operation_name="embeddings",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")) or deployment(exchange.request),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        input_messages=_input_messages(asked.get("input")),
        parameters={"encoding_formats": [form]} if form else {},
        usage=_usage(said.get("usage"), provider_name=provider_name),
        reported_cost_usd=cost_of(said.get("usage")),
        embedding_dimensions=_dimensions(vectors) or count(asked.get("dimensions")),
        embedding_count=len(vectors) if "data" in said else None,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_embeddings(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith("/embeddings"):
        return False
    # Ollama's own /api/embeddings is another format.
    asked = record(request.json)
    named = text(asked.get("model")) or deployment(request)
    return bool(model_host(request)) or (named is not None and "input" in asked)


def _input_messages(given: Any) -> tuple[Message, ...]:
    """One message a text; an array of numbers is one text in tokens."""
    many = items(given)
    texts = many if many and not isinstance(many[0], int) else [given]
    return tuple(Message("user", (_input_part(one),)) for one in texts if one)


def _input_part(given: Any) -> Part:
    if isinstance(given, str):
        return Part("text", content=given)
    return Part("token_ids", content=json.dumps(given, separators=(",", ":")))


def _usage(usage: Any, *, provider_name: str) -> Usage:
    """Voyage reports the total only, which is all input: an embedding has no output."""
    counted = usage_of(usage, provider_name=provider_name)
    read = counted.input_tokens
    read = count(record(usage).get("total_tokens")) if read is None else read
    return replace(counted, input_tokens=read, output_tokens=None if read is None else 0)


def _dimensions(vectors: list[dict[str, Any]]) -> int | None:
    vector = vectors[0].get("embedding") if vectors else None
    if isinstance(vector, str):
        # Four base64 characters are three bytes; a float32 is four.
        return (len(vector.rstrip("=")) * 3 // 4) // _FLOAT_BYTES or None
    return len(items(vector)) or None
