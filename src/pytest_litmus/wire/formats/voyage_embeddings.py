"""Voyage's embeddings of pictures and of chunks in their documents; those of texts are OpenAI's.

Format: https://docs.voyageai.com/reference/multimodal-embeddings-api and
https://docs.voyageai.com/reference/contextualized-embeddings-api.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, input_usage
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.parts import content_parts, reference
from pytest_litmus.wire.tokens import units

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "voyage.embeddings"

_PATHS = ("/multimodalembeddings", "/contextualizedembeddings")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The embeddings call that an exchange is, or None."""
    if not _is_embeddings(exchange.request):
        return None
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said = record(body)
    vectors = [one.get("embedding") for one in _embedded(said)]
    fault = fault_of(exchange, body, readable="data" in said)
    return Call(
        operation_name="embeddings",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        input_messages=tuple(_message(one) for one in items(asked.get("inputs"))),
        usage=_usage(said.get("usage"), provider_of(exchange.request)),
        embedding_dimensions=(
            dimensions_of(vectors[0], text(asked.get("output_dtype"))) if vectors else None
        )
        or count(asked.get("output_dimension")),
        embedding_count=len(vectors) if "data" in said else None,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_embeddings(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith(_PATHS):
        return False
    asked = record(request.json)
    return model_host(request) == "voyageai" or (
        text(asked.get("model")) is not None and "inputs" in asked
    )


def _message(given: Any) -> Message:
    """A document's chunks, or the texts and pictures that make one vector."""
    held = record(given).get("content") if isinstance(given, dict) else given
    return Message("user", tuple(part for one in items(held) for part in _parts(one)))


def _parts(one: Any) -> tuple[Part, ...]:
    kind = text(record(one).get("type")) or ""
    modality, found, _ = kind.partition("_base64")
    data = text(record(one).get(kind))
    return (reference(data, modality),) if found and data else content_parts([one])


def _embedded(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The vectors; those of chunks stand under their documents."""
    held = records(said.get("data"))
    return [one for each in held for one in (records(each.get("data")) or [each])]


def _usage(usage: Any, provider_name: str) -> Usage:
    """Pictures are among the tokens, and are billed by their pixels."""
    counted = input_usage(usage, provider_name=provider_name)
    pixels = record(usage).get("image_pixels")
    return replace(counted, billed_units={**counted.billed_units, **units(image_pixels=pixels)})
