"""Voyage's embeddings of pictures and of chunks."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.voyage_embeddings import (
    CHUNKS_ASKED,
    CHUNKS_SAID,
    MULTIMODAL_ASKED,
    MULTIMODAL_SAID,
    VOYAGE,
)
from tests.wire.recordings import exchange

MULTIMODAL, CHUNKS = f"{VOYAGE}/multimodalembeddings", f"{VOYAGE}/contextualizedembeddings"


def embedded(url: str, asked: Any, said: Any) -> Call:
    call = decode(exchange(url, asked, said))
    assert call is not None
    return call


def test_pixels_are_counted_beside_the_tokens() -> None:
    call = embedded(MULTIMODAL, MULTIMODAL_ASKED, MULTIMODAL_SAID)

    assert call.usage == Usage(input_tokens=4, output_tokens=0, billed_units={"image_pixels": 1120})
    assert (call.embedding_dimensions, call.embedding_count) == (3, 1)
    assert (call.request_model, call.response_model) == ("voyage-multimodal-3",) * 2


def test_texts_and_pictures_of_one_vector_are_one_message() -> None:
    call = embedded(MULTIMODAL, MULTIMODAL_ASKED, MULTIMODAL_SAID)

    assert call.input_messages == (
        Message(
            "user",
            (
                Part("text", content="A chart"),
                Part("uri", uri="https://x.example/a.png", modality="image"),
                Part("blob", content="AAAA", mime_type="image/png", modality="image"),
            ),
        ),
    )


def test_the_chunks_of_a_document_are_one_message_and_a_vector_each() -> None:
    call = embedded(CHUNKS, CHUNKS_ASKED, CHUNKS_SAID)

    assert [message.text for message in call.input_messages] == ["One.Two.", "Three."]
    assert (call.embedding_dimensions, call.embedding_count) == (3, 3)
    assert call.usage == Usage(input_tokens=6, output_tokens=0)


@pytest.mark.parametrize(
    ("dtype", "vector", "dimensions"),
    [("int8", [1, 2, 3], 3), ("binary", [1, 2], 16), ("ubinary", "AAAA", 24), (None, "AAAA", None)],
)
def test_a_packed_vector_has_its_dimensions(dtype: Any, vector: Any, dimensions: Any) -> None:
    asked = {**CHUNKS_ASKED, "output_dtype": dtype}
    said = {**CHUNKS_SAID, "data": [{"data": [{"embedding": vector}]}]}

    assert embedded(CHUNKS, asked, said).embedding_dimensions == dimensions


def test_texts_in_voyage_s_own_types_have_their_dimensions() -> None:
    asked = {"model": "voyage-3.5", "input": ["Hi"], "output_dtype": "int8"}
    said = {"data": [{"embedding": "AAAA"}], "usage": {"total_tokens": 1}}

    call = embedded(f"{VOYAGE}/embeddings", asked, said)

    assert (call.embedding_dimensions, call.usage.input_tokens) == (3, 1)
