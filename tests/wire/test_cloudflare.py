"""Cloudflare's Workers AI."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.cloudflare import (
    ASKED,
    CHAT,
    CHOICE,
    EMBEDDINGS,
    GATEWAY,
    IMAGE,
    LABELS,
    NEWER,
    NEWER_STREAM,
    PLAIN,
    PROMPT,
    RUN,
    SAID,
    STREAM,
    USAGE,
    enveloped,
)
from tests.wire.recordings import exchange, sse, stream


def plain(url: str, said: Any = None, *, asked: Any = None, **fields: Any) -> Call:
    known, recorded = PLAIN.get(url, (ASKED, SAID))
    call = decode(exchange(url, asked or known, recorded if said is None else said, **fields))
    assert call is not None
    return call


def streamed(*pieces: bytes) -> Call:
    call = decode(stream(CHAT, ASKED, *pieces))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "operation_name", "model"),
    [
        (CHAT, "chat", "@cf/meta/llama-3.1-8b-instruct"),
        (PROMPT, "text_completion", "@cf/meta/llama-3.1-8b-instruct"),
        (GATEWAY, "chat", "@cf/meta/llama-3.1-8b-instruct"),
        (EMBEDDINGS, "embeddings", "@cf/baai/bge-base-en-v1.5"),
        (IMAGE, "image_generation", "@cf/black-forest-labs/flux-1-schnell"),
        (LABELS, "prediction", "@cf/huggingface/distilbert-sst-2-int8"),
    ],
)
def test_the_path_names_the_model_and_the_bodies_what_is_done(
    url: str, operation_name: str, model: str
) -> None:
    call = plain(url)

    assert (call.operation_name, call.request_model) == (operation_name, model)
    assert call.provider_name == "cloudflare"


def test_the_response_stands_in_an_envelope() -> None:
    call = plain(CHAT)

    assert (call.output_text, call.error_type) == ("Hello!", None)
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)


def test_newer_models_answer_in_openai_s_shape() -> None:
    call = plain(NEWER)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("stop",))
    assert call.response_id == "w-1"


@pytest.mark.parametrize("pieces", [STREAM, NEWER_STREAM], ids=["response", "chunks"])
def test_the_last_event_of_a_stream_counts_all(pieces: list[bytes]) -> None:
    call = streamed(*pieces)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert call.output_text == "Hello!"


def test_a_streamed_number_is_text() -> None:
    assert streamed(*sse({"response": "4"}, {"response": 2})).output_text == "42"


def test_a_json_answer_is_its_text() -> None:
    assert plain(CHAT, enveloped({"response": {"ok": True}})).output_text == '{"ok": true}'


TOOL = {"name": "get_weather", "arguments": {"place": "Rome"}}


@pytest.mark.parametrize(
    "said",
    [
        enveloped({"response": None, "tool_calls": [TOOL], "usage": USAGE}),
        enveloped({"choices": [{"message": {"content": None}}], "tool_calls": [TOOL]}),
        enveloped({"choices": [{"message": {"tool_calls": [{"function": TOOL}]}}]}),
    ],
)
def test_tool_calls_stand_beside_the_response_or_in_the_message(said: Any) -> None:
    call = plain(CHAT, said)

    assert call.output_text == ""
    assert call.tool_calls == (Part("tool_call", name="get_weather", arguments={"place": "Rome"}),)


def test_streamed_tool_calls_come_whole() -> None:
    call = streamed(
        *sse({"response": "", "tool_calls": []}, {"response": "", "tool_calls": [TOOL]})
    )

    assert [part.name for part in call.tool_calls] == ["get_weather"]


def test_vectors_are_no_text() -> None:
    call = plain(EMBEDDINGS)

    assert (call.embedding_dimensions, call.embedding_count) == (3, 2)
    assert call.output_messages == ()
    assert [one.text for one in call.input_messages] == ["Hi", "Ho"]


def test_vectors_that_are_counted_have_no_output() -> None:
    said = enveloped({"data": [[0.5, 0.25]], "usage": {"prompt_tokens": 4, "total_tokens": 4}})

    call = plain(EMBEDDINGS, said)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (4, 0)


def test_an_image_comes_in_json_or_as_it_is() -> None:
    encoded = plain(IMAGE).output_messages[0].parts[0]
    raw = plain(IMAGE, b"\x89PNG", headers=(("content-type", "image/png"),))

    assert (encoded.type, encoded.content, encoded.modality) == ("blob", "aGVsbG8=", "image")
    assert raw.error_type is None
    assert raw.output_messages[0].parts[0].mime_type == "image/png"


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"translated_text": "Hello!"}, "Hello!"),
        ({"text": "Hello!", "word_count": 1}, "Hello!"),
        ({"description": "A cat."}, "A cat."),
        ([{"label": "POSITIVE", "score": 0.75}], '[{"label": "POSITIVE", "score": 0.75}]'),
    ],
)
def test_each_kind_of_model_has_its_own_word_for_the_text(result: Any, words: str) -> None:
    assert plain(LABELS, enveloped(result)).output_text == words


def test_the_first_of_the_errors_says_what_was_wrong() -> None:
    said = {
        "result": None,
        "success": False,
        "errors": [{"code": 5007, "message": "No such model"}],
        "messages": [],
    }

    call = plain(CHAT, said, status=400)

    assert (call.error_type, call.error_message) == ("5007", "No such model")
    assert plain(CHAT, said).error_type == "5007"


def test_an_error_may_come_in_the_stream() -> None:
    broken = sse({"errors": [{"code": 3040, "message": "Capacity exceeded"}]})

    call = streamed(STREAM[0], *broken)

    assert (call.error_type, call.output_text) == ("3040", "Hel")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.cloudflare.com/client/v4/accounts/a1/ai/models/search",
        "https://api.cloudflare.com/client/v4/zones/z1/purge_cache",
        "https://shop.example/ai/run/cleanup",
    ],
)
def test_the_rest_of_cloudflare_is_no_call(url: str) -> None:
    assert decode(exchange(url, {"prompt": "Hi"}, {})) is None


def test_its_openai_path_is_openai_s_format() -> None:
    url = f"{RUN.removesuffix('/run')}/v1/chat/completions"

    call = decode(exchange(url, {**ASKED, "model": "@cf/x/y"}, {"choices": [CHOICE]}))

    assert call is not None
    assert (call.wire_format, call.provider_name) == ("openai.chat", "cloudflare")
