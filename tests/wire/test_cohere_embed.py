"""Cohere's embeddings."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.cohere_embed import ASKED, COHERE, META, SAID
from tests.wire.recordings import exchange

EMBED = f"{COHERE}/v2/embed"


def said(**fields: Any) -> Call:
    call = decode(exchange(EMBED, ASKED, {**SAID, **fields}))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(EMBED, {"model": "embed-v4.0", **fields}))
    assert call is not None
    return call


def test_an_embedding_is_decoded() -> None:
    call = said()

    assert (call.operation_name, call.provider_name) == ("embeddings", "cohere")
    assert (call.request_model, call.response_id) == ("embed-v4.0", "e-1")
    assert (call.embedding_dimensions, call.embedding_count) == (3, 2)
    assert call.parameters == {"encoding_formats": ["float"]}
    assert [message.text for message in call.input_messages] == ["Hi", "Ho"]
    assert call.usage == Usage(input_tokens=2, output_tokens=0)


@pytest.mark.parametrize(
    ("embeddings", "dimensions"),
    [
        ({"int8": [[1, 2, 3]]}, 3),
        ({"ubinary": [[1, 2, 3]]}, 24),
        ({"float": [], "base64": ["AACAPwAAAEA="]}, 2),
        ([[0.5, 0.25]], 2),
        ({}, None),
        ("none", None),
    ],
)
def test_vectors_of_every_type_have_their_dimensions(embeddings: Any, dimensions: Any) -> None:
    assert said(embeddings=embeddings).embedding_dimensions == dimensions


def test_vectors_of_several_types_are_counted_once() -> None:
    assert said(embeddings={"float": [[0.5], [0.25]], "int8": [[1], [2]]}).embedding_count == 2


def test_tokens_of_pictures_are_input_too_and_told_apart() -> None:
    billed = {"input_tokens": 4, "image_tokens": 258, "images": 1}

    assert said(meta={**META, "billed_units": billed}).usage == Usage(
        input_tokens=262,
        output_tokens=0,
        billed_units={"input_image_tokens": 258, "images": 1},
    )


def test_what_is_billed_by_picture_has_unknown_tokens() -> None:
    assert said(meta={"billed_units": {"images": 1}}).usage == Usage(billed_units={"images": 1})


def test_every_kind_of_input_is_kept() -> None:
    picture = "data:image/png;base64,AAAA"
    mixed = [
        {"type": "text", "text": "A chart"},
        {"type": "image_url", "image_url": {"url": picture}},
    ]
    blob = Part("blob", content="AAAA", mime_type="image/png", modality="image")

    assert asked(images=[picture]).input_messages == (Message("user", (blob,)),)
    assert asked(inputs=[{"content": mixed}]).input_messages == (
        Message("user", (Part("text", content="A chart"), blob)),
    )


@pytest.mark.parametrize("body", [{"model": "m"}, {"texts": ["Hi"]}, {"model": 7, "texts": [1]}])
def test_a_shop_s_own_embedding_is_none_of_ours(body: Any) -> None:
    assert decode(exchange("https://shop.example/v1/embed", body, SAID)) is None
