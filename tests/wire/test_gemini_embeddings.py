"""Google's embeddings by three methods, with and without counts."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.gemini import GEMINI, VERTEX
from tests.wire.formats.gemini_embeddings import CONTENT, EMBEDDING, PREDICT, PREDICTED, VECTOR
from tests.wire.recordings import exchange

EMBED = f"{EMBEDDING}:embedContent"
BATCH = f"{EMBEDDING}:batchEmbedContents"
MULTIMODAL = f"{VERTEX}/publishers/google/models/multimodalembedding@001:predict"


def decoded(url: str, asked: Any, said: Any = None, **fields: Any) -> Call:
    call = decode(exchange(url, asked, said, **fields))
    assert call is not None
    return call


def test_one_content_has_one_vector() -> None:
    call = decoded(EMBED, {"content": CONTENT}, {"embedding": VECTOR})

    assert (call.operation_name, call.wire_format) == ("embeddings", "gemini.embeddings")
    assert (call.provider_name, call.request_model) == ("gcp.gemini", "gemini-embedding-001")
    assert (call.embedding_count, call.embedding_dimensions) == (1, 3)
    assert call.input_messages == (Message("user", (Part("text", content="Hi"),)),)


def test_a_batch_has_one_message_and_one_vector_a_request() -> None:
    call = decoded(
        BATCH, {"requests": [{"content": CONTENT}] * 2}, {"embeddings": [VECTOR, VECTOR]}
    )

    assert (call.embedding_count, len(call.input_messages)) == (2, 2)


def test_tokens_that_are_not_reported_are_unknown() -> None:
    assert decoded(BATCH, {"requests": []}, {"embeddings": [VECTOR]}).usage == Usage()


def test_tokens_by_medium_are_reported_for_the_whole() -> None:
    counts = {
        "promptTokenCount": 258,
        "promptTokensDetails": [{"modality": "IMAGE", "tokenCount": 258}],
    }

    usage = decoded(EMBED, {}, {"embedding": VECTOR, "usageMetadata": counts}).usage

    assert (usage.input_tokens, usage.output_tokens) == (258, 0)
    assert usage.billed_units == {"input_image_tokens": 258}


def test_predict_counts_tokens_for_each_text_and_characters_for_all() -> None:
    call = decoded(PREDICT, {"instances": [{"content": "Hi"}, {"content": "Ho"}]}, PREDICTED)

    assert call.provider_name == "gcp.vertex_ai"
    assert (call.usage.input_tokens, call.usage.output_tokens) == (5, 0)
    assert call.usage.billed_units == {"input_characters": 4}
    assert (call.embedding_count, call.embedding_dimensions) == (2, 3)
    assert [message.text for message in call.input_messages] == ["Hi", "Ho"]


def test_pictures_and_videos_are_embedded_beside_their_text() -> None:
    asked = {
        "instances": [
            {
                "text": "A cat",
                "image": {"bytesBase64Encoded": "AAAA", "mimeType": "image/png"},
                "video": {"gcsUri": "gs://b/cat.mp4"},
            }
        ]
    }
    vectors = {
        "textEmbedding": [1, 2],
        "imageEmbedding": [3, 4],
        "videoEmbeddings": [{"embedding": [5, 6], "startOffsetSec": 0}, {"embedding": [7, 8]}],
    }

    call = decoded(MULTIMODAL, asked, {"predictions": [vectors]})

    assert (call.operation_name, call.embedding_count) == ("embeddings", 4)
    assert call.input_messages[0].parts == (
        Part("text", content="A cat"),
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
        Part("uri", uri="gs://b/cat.mp4", modality="video"),
    )


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (EMBED, {"outputDimensionality": 768}),
        (EMBED, {"output_dimensionality": 768}),
        (BATCH, {"requests": [{"outputDimensionality": 768}]}),
        (PREDICT, {"instances": [], "parameters": {"outputDimensionality": 768}}),
    ],
)
def test_dimensions_that_are_asked_for_are_known_before_the_answer(url: str, asked: Any) -> None:
    call = decoded(url, asked)

    assert (call.embedding_dimensions, call.embedding_count) == (768, None)


def test_a_model_that_is_not_there_is_an_error() -> None:
    fault = {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}}

    call = decoded(f"{GEMINI}/models/nope:batchEmbedContents", {}, fault, status=404)

    assert (call.error_type, call.request_model) == ("NOT_FOUND", "nope")
    assert (call.usage, call.embedding_count) == (Usage(), None)
