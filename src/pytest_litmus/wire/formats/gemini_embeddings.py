"""Google's embeddings: Gemini's embedContent and batchEmbedContents, and Vertex AI's predict.

Formats: https://ai.google.dev/api/embeddings,
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api and, for
pictures and videos, .../model-reference/multimodal-embeddings-api.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.gemini import (
    Endpoint,
    endpoint,
    server_times,
    service_tier,
    usage_of,
)
from pytest_litmus.wire.formats.gemini_parts import file_at, parts_of
from pytest_litmus.wire.formats.proto_json import field, many
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.parts import blob
from pytest_litmus.wire.tokens import units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange

WIRE_FORMAT = "gemini.embeddings"

_METHODS = {"embedContent", "batchEmbedContents"}


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The embeddings call that an exchange is, or None."""
    at = endpoint(exchange.request)
    if at is None or not (at.method in _METHODS or is_predicted(at)):
        return None
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said = record(body)
    vectors = list(_vectors(said))
    fault = fault_of(exchange, body, readable=_is_readable(said))
    return Call(
        operation_name="embeddings",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=at.model,
        service_tier=service_tier(exchange, asked, record(said.get("usageMetadata"))),
        input_messages=tuple(_input_messages(asked)),
        usage=_usage(said),
        embedding_dimensions=len(vectors[0]) if vectors else _asked_dimensions(asked),
        embedding_count=len(vectors) if _is_readable(said) else None,
        server_times_s=server_times(exchange),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def is_predicted(at: Endpoint) -> bool:
    """Whether an embedding model predicts: `gemini-embedding-001`, `textembedding-gecko`, ..."""
    return at.method == "predict" and "embedding" in at.model


def _is_readable(said: dict[str, Any]) -> bool:
    return any(name in said for name in ("embedding", "embeddings", "predictions"))


def _vectors(said: dict[str, Any]) -> Iterator[list[Any]]:
    for embedding in (*many(said.get("embedding")), *records(said.get("embeddings"))):
        yield from _filled(embedding.get("values"))
    for prediction in records(said.get("predictions")):
        yield from _filled(record(prediction.get("embeddings")).get("values"))
        yield from _filled(prediction.get("textEmbedding"))
        yield from _filled(prediction.get("imageEmbedding"))
        for part in records(prediction.get("videoEmbeddings")):
            yield from _filled(part.get("embedding"))


def _filled(vector: Any) -> Iterator[list[Any]]:
    if found := items(vector):
        yield found


def _usage(said: dict[str, Any]) -> Usage:
    """Tokens as counted for the whole answer or, by predict, for each text; some count none."""
    usage = usage_of(record(said.get("usageMetadata")))
    predicted = (record(one.get("embeddings")) for one in records(said.get("predictions")))
    counted = (count(record(one.get("statistics")).get("token_count")) for one in predicted)
    tokens = [one for one in (usage.input_tokens, *counted) if one is not None]
    read = sum(tokens) if tokens else None
    characters = record(said.get("metadata")).get("billableCharacterCount")
    return replace(
        usage,
        input_tokens=read,
        output_tokens=None if read is None else 0,
        billed_units={**usage.billed_units, **units(input_characters=characters)},
    )


def _asked_dimensions(asked: dict[str, Any]) -> int | None:
    """As a parameter of the request, or of the first of a batch."""
    holders = (asked, *many(asked.get("requests")), record(asked.get("parameters")))
    sizes = (count(field(one, "outputDimensionality")) for one in holders)
    return next((size for size in sizes if size is not None), None)


def _input_messages(asked: dict[str, Any]) -> Iterator[Message]:
    """One message a content, or an instance."""
    for request in (asked, *many(asked.get("requests"))):
        if content := record(request.get("content")):
            yield Message("user", parts_of(content))
    for instance in many(asked.get("instances")):
        yield Message("user", tuple(_instance_parts(instance)))


def _instance_parts(instance: dict[str, Any]) -> Iterator[Part]:
    for name in ("content", "text"):
        if words := text(instance.get(name)):
            yield Part("text", content=words)
    for name in ("image", "video"):
        if held := record(instance.get(name)):
            yield medium(held, name)


def medium(held: dict[str, Any], kind: str) -> Part:
    """A picture, a video or a sound as predict takes and gives it: bytes, or an address."""
    mime_type, data = text(field(held, "mimeType")), text(held.get("bytesBase64Encoded"))
    if data:
        return blob(data, mime_type, modality=kind)
    return replace(file_at(text(field(held, "gcsUri")), mime_type), modality=kind)
