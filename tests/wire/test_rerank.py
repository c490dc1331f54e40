"""Rerankers."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.rerank import (
    ASKED,
    COHERE,
    COHERE_SAID,
    HUGGING_FACE,
    JINA,
    MIXEDBREAD,
    PLAIN,
    TOGETHER,
    VOYAGE,
)
from tests.wire.recordings import exchange

SEARCHED = Usage(billed_units={"search_units": 1})
READ = Usage(input_tokens=12, output_tokens=0)


def ranked(url: str) -> Call:
    call = decode(exchange(url, *PLAIN[url]))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "usage"),
    [
        (f"{COHERE}/v2/rerank", SEARCHED),
        (f"{COHERE}/v1/rerank", SEARCHED),
        (VOYAGE, READ),
        (JINA, READ),
        (TOGETHER, READ),
        (MIXEDBREAD, READ),
        (HUGGING_FACE, Usage()),
    ],
)
def test_searches_or_input_tokens_are_billed_and_no_output(url: str, usage: Usage) -> None:
    call = ranked(url)

    assert (call.operation_name, call.usage, call.output_messages) == ("rerank", usage, ())


@pytest.mark.parametrize(
    ("url", "provider_name", "models"),
    [
        (f"{COHERE}/v2/rerank", "cohere", ("rerank-v3.5", None)),
        (VOYAGE, "voyageai", ("rerank-2", "rerank-2")),
        (TOGETHER, "together", ("rerank-v3.5", "Salesforce/Llama-Rank-V1")),
        (MIXEDBREAD, "api.mixedbread.com", ("m", "mixedbread-ai/mxbai-rerank-large-v2")),
        (HUGGING_FACE, "localhost:8080", (None, None)),
    ],
)
def test_provider_and_models_are_named(
    url: str, provider_name: str, models: tuple[str | None, str | None]
) -> None:
    call = ranked(url)

    assert call.provider_name == provider_name
    assert (call.request_model, call.response_model) == models


def test_only_an_answer_s_id_is_the_response_s() -> None:
    refused = exchange(f"{COHERE}/v2/rerank", ASKED, {"id": "e-1", "message": "no"}, status=400)
    call = decode(refused)

    assert ranked(f"{COHERE}/v2/rerank").response_id == "k-1"
    assert call is not None
    assert (call.response_id, call.error_message) == (None, "no")


@pytest.mark.parametrize(
    "documents", [["A sky.", "A rose."], [{"text": "A sky."}, {"text": "A rose."}]]
)
def test_the_query_is_the_input_and_the_documents_come_before_it(documents: Any) -> None:
    call = decode(exchange(f"{COHERE}/v2/rerank", {**ASKED, "documents": documents}))

    assert call is not None
    assert call.input_text == "Which is red?"
    assert call.input_messages == (
        Message("user", (Part("text", content="A sky."),), name="documents"),
        Message("user", (Part("text", content="A rose."),), name="documents"),
        Message("user", (Part("text", content="Which is red?"),)),
    )


def test_a_document_of_several_fields_is_kept_as_json() -> None:
    document = {"title": "Rose", "body": "Red."}

    call = decode(exchange(f"{COHERE}/v1/rerank", {**ASKED, "documents": [document]}))

    assert call is not None
    assert call.input_messages[0].text == '{"title": "Rose", "body": "Red."}'


@pytest.mark.parametrize("asked", [{"query": "q"}, {"documents": ["d"]}, {"query": {}}, b"q=1"])
def test_a_shop_s_own_reranking_is_none_of_ours(asked: Any) -> None:
    assert decode(exchange("https://shop.example/rerank", asked, COHERE_SAID)) is None
