"""Aleph Alpha: completions and semantic embeddings."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.aleph_alpha import ASKED, BATCH_EMBED, COMPLETE, EMBED, ON_PREMISES, PLAIN
from tests.wire.formats.aleph_alpha import STREAM as PIECES
from tests.wire.recordings import exchange, sse, stream


def plain(url: str, asked: Any = None, said: Any = None, **fields: Any) -> Call:
    known, recorded = PLAIN[url]
    call = decode(exchange(url, asked or known, recorded if said is None else said, **fields))
    assert call is not None
    return call


def test_a_completion_has_counts_a_reason_and_the_model_s_version() -> None:
    call = plain(COMPLETE)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("end_of_text",))
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert (call.request_model, call.response_model) == ("luminous-base", "2022-04")
    assert call.parameters == {"temperature": 0.5, "max_tokens": 64, "stop_sequences": ["\n"]}


def test_a_prompt_is_a_text_or_a_list_of_texts_and_images() -> None:
    given = [{"type": "image", "data": "aGVsbG8="}, {"type": "text", "data": "Hi"}]

    assert plain(COMPLETE, {**ASKED, "prompt": "Hi"}).input_text == "Hi"
    assert plain(COMPLETE, {**ASKED, "prompt": given}).input_messages[0].parts == (
        Part("blob", content="aGVsbG8=", modality="image"),
        Part("text", content="Hi"),
    )


def test_the_summaries_of_a_stream_name_the_end_and_count() -> None:
    call = decode(stream(COMPLETE, ASKED, *PIECES))

    assert call is not None
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert (call.finish_reasons, call.response_model) == (("end_of_text",), "2022-04")


def test_the_completions_of_a_stream_grow_by_their_index() -> None:
    chunks = [
        {"type": "stream_chunk", "index": at, "completion": word}
        for at, word in ((1, "B"), (0, "A"), (1, "b"))
    ]

    call = decode(stream(COMPLETE, {**ASKED, "n": 2}, *sse(*chunks)))

    assert call is not None
    assert [one.text for one in call.output_messages] == ["A", "Bb"]


@pytest.mark.parametrize(("url", "dimensions", "count"), [(EMBED, 2, 1), (BATCH_EMBED, 3, 2)])
def test_an_embedding_has_no_output(url: str, dimensions: int, count: int) -> None:
    call = plain(url)

    assert (call.operation_name, call.usage.output_tokens) == ("embeddings", 0)
    assert (call.embedding_dimensions, call.embedding_count) == (dimensions, count)
    assert call.input_text == "Hi"


def test_a_refusal_has_a_code() -> None:
    call = plain(COMPLETE, said={"error": "Queue is full", "code": "QUEUE_FULL"}, status=503)

    assert (call.error_type, call.error_message) == ("QUEUE_FULL", "Queue is full")


def test_a_server_of_one_s_own_is_known_by_the_words_of_the_body() -> None:
    assert plain(ON_PREMISES).provider_name == "aleph.example"


@pytest.mark.parametrize("asked", [{"task": 7}, {"model": "m", "prompt": "Hi"}, b"x"])
def test_another_server_s_complete_is_no_call(asked: Any) -> None:
    assert decode(exchange("https://shop.example/complete", asked, {})) is None
