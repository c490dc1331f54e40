"""Cohere's embeddings, of its first and its second API.

Format: https://docs.cohere.com/reference/embed and https://docs.cohere.com/v1/reference/embed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.cohere_v1 import billed_usage
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, without_output
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.parts import content_parts, reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "cohere.embed"

_PATH = re.compile(r"(?P<version>/v[12])?/embed/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The embeddings call that an exchange is, or None."""
    if not _is_embed(exchange.request):
        return None
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said = record(body)
    dtype, vectors = _vectors(said.get("embeddings"))
    types = [one for one in items(asked.get("embedding_types")) if isinstance(one, str)]
    fault = fault_of(exchange, body, readable="embeddings" in said)
    return Call(
        operation_name="embeddings",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_id=text(said.get("id")) if "embeddings" in said else None,
        input_messages=tuple(_input_messages(asked)),
        parameters={"encoding_formats": types} if types else {},
        usage=without_output(billed_usage(said.get("meta"))),
        embedding_dimensions=(dimensions_of(vectors[0], dtype) if vectors else None)
        or count(asked.get("output_dimension")),
        embedding_count=len(vectors) if "embeddings" in said else None,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_embed(request: Request) -> bool:
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return False
    asked = record(request.json)
    given = any(items(asked.get(name)) for name in ("texts", "images", "inputs"))
    shaped = text(asked.get("model")) is not None and given
    return model_host(request) == "cohere" or (found["version"] is not None and shaped)


def _input_messages(asked: dict[str, Any]) -> Iterable[Message]:
    """One message a vector; an input of the second API may mix texts and pictures."""
    for one in items(asked.get("texts")):
        yield Message("user", content_parts(one))
    for one in items(asked.get("images")):
        yield Message("user", (reference(text(one) or "", "image"),))
    for given in records(asked.get("inputs")):
        yield Message("user", content_parts(given.get("content")))


def _vectors(embeddings: Any) -> tuple[str | None, list[Any]]:
    """The vectors, of one type where several were asked for, and that type."""
    if isinstance(embeddings, list):
        return None, embeddings
    typed = ((name, items(vectors)) for name, vectors in record(embeddings).items())
    return next(((name, vectors) for name, vectors in typed if vectors), (None, []))
