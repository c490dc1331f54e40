"""Embeddings in OpenAI's format."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.openai_embeddings import PLAIN
from tests.wire.recordings import EMBEDDINGS, EMBEDDINGS_ASKED, EMBEDDINGS_SAID, exchange

TOKENS = (Part("token_ids", content="[1]"), Part("token_ids", content="[2]"))


def said(url: str = EMBEDDINGS, **fields: Any) -> Call:
    call = decode(exchange(url, EMBEDDINGS_ASKED, {**EMBEDDINGS_SAID, **fields}))
    assert call is not None
    return call


def test_embeddings_have_a_count_dimensions_and_no_output() -> None:
    call = said()

    assert (call.operation_name, call.wire_format) == ("embeddings", "openai.embeddings")
    assert (call.embedding_count, call.embedding_dimensions) == (2, 3)
    assert call.usage == Usage(input_tokens=2, output_tokens=0)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 128, 1536])
def test_base64_vectors_have_their_dimensions(dimensions: int) -> None:
    vector = base64.b64encode(struct.pack(f"<{dimensions}f", *[0.5] * dimensions)).decode()

    assert said(data=[{"embedding": vector}]).embedding_dimensions == dimensions


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ("Hi", (Message("user", (Part("text", content="Hi"),)),)),
        (["a", "b"], tuple(Message("user", (Part("text", content=c),)) for c in "ab")),
        ([1, 2], (Message("user", (Part("token_ids", content="[1,2]"),)),)),
        ([[1], [2]], tuple(Message("user", (tokens,)) for tokens in TOKENS)),
    ],
)
def test_every_kind_of_input_is_kept(given: Any, messages: tuple[Message, ...]) -> None:
    call = decode(exchange(EMBEDDINGS, {**EMBEDDINGS_ASKED, "input": given}))

    assert call is not None
    assert call.input_messages == messages


def test_a_total_alone_is_all_input() -> None:
    call = said("https://api.voyageai.com/v1/embeddings", usage={"total_tokens": 7})

    assert (call.provider_name, call.usage.total_tokens) == ("voyageai", 7)


def test_usage_that_was_not_reported_is_unknown() -> None:
    assert said(usage=None).usage == Usage()


def test_dimensions_asked_for_are_known_before_sending() -> None:
    call = decode(exchange(EMBEDDINGS, {**EMBEDDINGS_ASKED, "dimensions": 256}))

    assert call is not None
    assert (call.embedding_dimensions, call.embedding_count) == (256, None)


@pytest.mark.parametrize("url", PLAIN)
def test_the_path_may_name_the_model(url: str) -> None:
    call = decode(exchange(url, *PLAIN[url]))

    assert call is not None
    assert call.request_model in {"my-ada", "my-gte"}
    assert call.embedding_dimensions in {2, 3}


def test_an_agent_of_databricks_embeds_nothing() -> None:
    url = "https://w.cloud.databricks.com/serving-endpoints/my-agent/invocations"

    assert decode(exchange(url, {"input": [{"role": "user", "content": "Hi"}]})) is None
