"""Hugging Face: text generation, embeddings and the other pipelines."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.hugging_face import (
    ASKED,
    EMBED,
    ENDPOINT,
    FEATURES,
    GENERATE,
    GENERATE_STREAM,
    INFERENCE,
    LABELS,
    OLD_FEATURES,
    PLAIN,
    ROUTER,
    SAID,
    STREAM,
    TEXTS,
    TRANSLATION,
    token,
)
from tests.wire.recordings import exchange, sse, stream

TIMES = (
    ("x-compute-time", "2.5"),
    ("x-prompt-tokens", "16"),
    ("x-generated-tokens", "75"),
    ("x-validation-time", "0"),
    ("x-queue-time", "250"),
    ("x-inference-time", "2000"),
    ("x-total-time", "2250"),
    ("x-time-per-token", "33"),
)


def asked(url: str, given: Any = None, said: Any = None, **fields: Any) -> Call:
    known, recorded = PLAIN.get(url, (ASKED, SAID))
    call = decode(exchange(url, given or known, recorded if said is None else said, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "operation_name", "model", "provider_name"),
    [
        (ENDPOINT, "text_completion", None, "huggingface"),
        (INFERENCE, "text_completion", "acme/small-llm", "huggingface"),
        (GENERATE, "text_completion", None, "localhost:8080"),
        (TRANSLATION, "prediction", "t5-small", "huggingface"),
        (LABELS, "prediction", "acme/sentiment", "huggingface"),
        (FEATURES, "embeddings", "sentence-transformers/all-MiniLM-L6-v2", "huggingface"),
        (OLD_FEATURES, "embeddings", "facebook/bart-base", "huggingface"),
        (EMBED, "embeddings", None, "localhost:8081"),
    ],
)
def test_request_and_answer_tell_what_was_done(
    url: str, operation_name: str, model: str | None, provider_name: str
) -> None:
    call = asked(url)

    assert (call.operation_name, call.request_model) == (operation_name, model)
    assert call.provider_name == provider_name


def test_details_count_the_output_and_name_the_end() -> None:
    call = asked(GENERATE)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (None, 3)
    assert call.finish_reasons == ("eos_token",)


def test_an_endpoint_counts_in_its_headers() -> None:
    call = asked(ENDPOINT, headers=TIMES)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (16, 75)
    assert call.server_times_s == {
        "validation_time": 0.0,
        "queue_time": 0.25,
        "inference_time": 2.0,
        "total_time": 2.25,
    }


def test_the_inference_api_times_in_seconds() -> None:
    call = asked(TRANSLATION, headers=(("x-compute-time", "0.080"),))

    assert call.server_times_s == {"compute_time": 0.08}


@pytest.mark.parametrize("value", ["", "many", "-1", "nan", "[]"])
def test_a_header_that_is_no_number_counts_nothing(value: str) -> None:
    names = ("x-prompt-tokens", "x-generated-tokens", "x-compute-tokens")
    call = asked(INFERENCE, headers=tuple((name, value) for name in names))

    assert (call.usage.input_tokens, call.usage.output_tokens) == (None, None)


def test_an_answer_without_details_has_no_usage() -> None:
    call = asked(INFERENCE)

    assert (call.output_text, call.usage.output_tokens) == ("Hello!", None)


def test_the_stream_s_last_event_counts_input_and_output() -> None:
    call = decode(stream(GENERATE_STREAM, ASKED, *STREAM))

    assert call is not None
    assert (call.usage.input_tokens, call.usage.output_tokens) == (2, 3)
    assert (call.output_text, call.finish_reasons) == ("Hello!", ("eos_token",))


def test_special_tokens_are_no_text() -> None:
    pieces = sse(token(1, "Hel"), token(2, "lo!"), token(3, "</s>", special=True))

    call = decode(stream(GENERATE_STREAM, ASKED, *pieces))

    assert call is not None
    assert call.output_text == "Hello!"


def test_a_stream_s_path_says_that_it_is_one() -> None:
    call = decode(exchange(GENERATE_STREAM, ASKED))

    assert call is not None
    assert call.streamed


def test_an_error_has_the_type_that_stands_beside_its_text() -> None:
    said = {"error": "Input validation error", "error_type": "validation"}

    call = asked(GENERATE, said=said, status=422)

    assert (call.error_type, call.error_message) == ("validation", "Input validation error")


def test_an_error_may_come_in_the_stream() -> None:
    broken = sse({"error": "Model is overloaded", "error_type": "overloaded"})

    call = decode(stream(GENERATE_STREAM, ASKED, STREAM[0], *broken))

    assert call is not None
    assert (call.error_type, call.output_text) == ("overloaded", "Hel")


def test_a_model_that_is_still_loading_is_an_error() -> None:
    said = {"error": "Model acme/sentiment is currently loading", "estimated_time": 20.0}

    call = asked(LABELS, said=said, status=503)

    assert (call.error_type, call.error_message) == ("503", said["error"])
    assert call.output_messages == ()


def test_labels_are_the_json_that_spells_them() -> None:
    assert asked(LABELS).output_text == '[[{"label": "POSITIVE", "score": 0.75}]]'


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([{"summary_text": "Hello!"}], "Hello!"),
        ({"text": "Hello!"}, "Hello!"),
        ({"answer": "Hello!", "score": 0.5, "start": 0, "end": 6}, "Hello!"),
        ([0.5, 0.25], "[0.5, 0.25]"),
    ],
)
def test_each_pipeline_has_its_own_word_for_the_text(said: Any, words: str) -> None:
    assert asked(TRANSLATION, said=said).output_text == words


def test_an_image_is_a_blob() -> None:
    call = asked(
        f"{ROUTER}/acme/diffusion",
        {"inputs": "A cat"},
        b"\x89PNG",
        headers=(("content-type", "image/png; q=1"),),
    )

    assert call.error_type is None
    assert call.output_messages[0].parts == (
        Part("blob", content="iVBORw==", mime_type="image/png", modality="image"),
    )


def test_a_sound_that_is_sent_as_it_is_goes_to_a_model_too() -> None:
    call = asked(f"{ROUTER}/openai/whisper-large-v3", b"fLaC\x00", {"text": "Hello!"})

    assert (call.operation_name, call.output_text) == ("prediction", "Hello!")
    assert call.request_model == "openai/whisper-large-v3"


@pytest.mark.parametrize(
    ("url", "dimensions", "count"), [(FEATURES, 3, 1), (OLD_FEATURES, 2, 1), (EMBED, 3, 2)]
)
def test_vectors_may_be_nested_once_or_twice(url: str, dimensions: int, count: int) -> None:
    call = asked(url)

    assert (call.embedding_dimensions, call.embedding_count) == (dimensions, count)
    assert call.output_messages == ()


def test_the_embedding_server_counts_in_a_header() -> None:
    call = asked(EMBED, headers=(("x-compute-tokens", "6"),))

    assert (call.usage.input_tokens, call.usage.output_tokens) == (6, 0)


def test_parameters_have_the_names_of_the_conventions() -> None:
    assert asked(GENERATE).parameters == {
        "temperature": 0.5,
        "max_tokens": 64,
        "stop_sequences": ["\n"],
    }


def test_several_texts_are_several_messages_and_an_object_is_one() -> None:
    assert [one.text for one in asked(EMBED, TEXTS).input_messages] == ["Hi", "Ho"]
    assert asked(TRANSLATION, {"inputs": {"question": "Q"}}).input_text == '{"question": "Q"}'


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("https://shop.example/", {"inputs": "Hi"}),
        ("https://shop.example/search", {"inputs": "Hi", "parameters": {}}),
        ("https://shop.example/generate", {"report": "sales"}),
        ("https://shop.example/models/a/b", {"inputs": "Hi"}),
    ],
)
def test_another_server_s_inputs_are_no_call(url: str, given: Any) -> None:
    assert decode(exchange(url, given, {})) is None
