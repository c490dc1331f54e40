"""Embeddings in OpenAI's format, floats or base64, as many other servers give them too.

Format: https://platform.openai.com/docs/api-reference/embeddings.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import deployment
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.parts import prompt_messages
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import cost_of, usage_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "openai.embeddings"

_PATH = re.compile(r"/(embeddings|serving-endpoints/[^/]+/invocations)/?$")
_FLOAT_BITS = 32
_BITS = {"int8": 8, "uint8": 8, "binary": 1, "ubinary": 1}
"""Bits of a dimension by the type that Cohere, Voyage and Jina give vectors."""


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
    dtype = text(asked.get("output_dtype")) or text(asked.get("embedding_type"))
    return Call(
        operation_name="embeddings",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")) or deployment(exchange.request),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        input_messages=prompt_messages(asked.get("input")),
        parameters={"encoding_formats": [form]} if form else {},
        usage=input_usage(said.get("usage"), provider_name=provider_name),
        reported_cost_usd=cost_of(said.get("usage")),
        embedding_dimensions=_dimensions(vectors, dtype) or count(asked.get("dimensions")),
        embedding_count=len(vectors) if "data" in said else None,
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_embeddings(request: Request) -> bool:
    if request.method != "POST" or not _PATH.search(request.path):
        return False
    # Ollama's own /api/embeddings is another format, and Databricks serves agents beside vectors.
    asked = record(request.json)
    if any("role" in one for one in records(asked.get("input"))):
        return False
    named = text(asked.get("model")) or deployment(request)
    return bool(model_host(request)) or (named is not None and "input" in asked)


def input_usage(usage: Any, *, provider_name: str) -> Usage:
    """The counts of a model that writes nothing. Voyage reports the total only: all is input."""
    counted = usage_of(usage, provider_name=provider_name)
    read = counted.input_tokens
    read = count(record(usage).get("total_tokens")) if read is None else read
    return without_output(replace(counted, input_tokens=read))


def without_output(counted: Usage) -> Usage:
    """The counts of a model that writes no tokens, as providers of vectors and scores leave out."""
    return replace(counted, output_tokens=None if counted.input_tokens is None else 0)


def _dimensions(vectors: list[dict[str, Any]], dtype: str | None) -> int | None:
    return dimensions_of(vectors[0].get("embedding"), dtype) if vectors else None


def dimensions_of(vector: Any, dtype: str | None) -> int | None:
    """The dimensions of a vector: numbers, or their bytes in base64; of `binary`, eight a number.

    Args:
        vector: As sent.
        dtype: What the request calls the type of its numbers; None for floats.
    """
    bits = _BITS.get(dtype or "", _FLOAT_BITS)
    if isinstance(vector, str):
        # Four base64 characters are three bytes.
        return (len(vector.rstrip("=")) * 3 // 4) * 8 // bits or None
    return len(items(vector)) * (8 if bits == 1 else 1) or None
