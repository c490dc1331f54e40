"""Replicate: predictions, their polls and their streams."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.replicate import (
    ASKED,
    BY_NAME,
    BY_VERSION,
    DEPLOYED,
    IMAGES,
    LEGACY_STREAM_URL,
    REPLICATE,
    ROUTED,
    STARTING,
    STREAM_URL,
    SUCCEEDED,
    VERSION,
)
from tests.wire.recordings import exchange, stream

POLL = f"{REPLICATE}/predictions/p1a2"


def started(said: Any = SUCCEEDED, *, url: str = BY_NAME, asked: Any = None, **fields: Any) -> Call:
    call = decode(exchange(url, asked or ASKED, said, **fields))
    assert call is not None
    return call


def polled(said: Any, **fields: Any) -> Call:
    call = decode(exchange(POLL, b"", said, method="GET", **fields))
    assert call is not None
    return call


def streamed(*pieces: str, url: str = STREAM_URL, **fields: Any) -> Call:
    sent = stream(url, {}, *(piece.encode() for piece in pieces), **fields)
    call = decode(replace(sent, request=replace(sent.request, method="GET", body=b"")))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "asked", "model"),
    [
        (BY_NAME, ASKED, "meta/meta-llama-3-8b-instruct"),
        (DEPLOYED, ASKED, "acme/support"),
        (BY_VERSION, {**ASKED, "version": VERSION}, VERSION),
        (BY_VERSION, {**ASKED, "version": f"acme/llm:{VERSION}"}, f"acme/llm:{VERSION}"),
        (f"{REPLICATE}/models/acme/my%20llm/predictions", ASKED, "acme/my llm"),
    ],
)
def test_the_path_or_the_version_names_the_model(url: str, asked: Any, model: str) -> None:
    assert started(url=url, asked=asked).request_model == model


def test_a_prediction_that_has_begun_has_neither_text_nor_an_end() -> None:
    call = started(STARTING, status=201)

    assert (call.operation_name, call.error_type) == ("prediction", None)
    assert (call.output_text, call.finish_reasons) == ("", ())
    assert call.usage.output_tokens is None


def test_its_addresses_are_what_later_requests_ask_by() -> None:
    call = started(STARTING)

    assert (call.response_id, call.handles) == ("p1a2", (POLL, STREAM_URL))
    assert polled(SUCCEEDED).poll_of == "p1a2"
    assert streamed(": hi\n\n").poll_of == STREAM_URL


def test_a_poll_tells_how_far_the_prediction_is() -> None:
    call = polled(SUCCEEDED)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("succeeded",))
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert call.server_times_s == {"predict_time": 0.75, "total_time": 1.5}


def test_a_failed_prediction_is_an_error_inside_a_200() -> None:
    call = polled({**STARTING, "status": "failed", "error": "CUDA out of memory"})

    assert (call.error_type, call.error_message) == ("failed", "CUDA out of memory")


def test_a_canceled_prediction_is_no_error() -> None:
    call = polled({**STARTING, "status": "canceled"})

    assert (call.error_type, call.finish_reasons) == (None, ("canceled",))


def test_addresses_of_images_are_uris_and_a_list_of_tokens_is_a_text() -> None:
    images = started(IMAGES, url=ROUTED, asked={**ASKED, "version": VERSION})

    assert [part.uri for part in images.output_messages[0].parts] == IMAGES["output"]
    assert images.usage.billed_units == {"images": 2}
    assert started({**SUCCEEDED, "output": ["See ", "https://a.example"]}).output_text == (
        "See https://a.example"
    )


def test_an_image_in_the_answer_itself_is_a_blob() -> None:
    call = started({**SUCCEEDED, "output": "data:image/png;base64,aGVsbG8="})

    assert call.output_messages[0].parts == (
        Part("blob", content="aGVsbG8=", mime_type="image/png", modality="image"),
    )


def test_an_answer_that_is_an_object_is_its_json() -> None:
    assert started({**SUCCEEDED, "output": {"label": "cat"}}).output_text == '{"label": "cat"}'


def test_prompt_system_prompt_and_files_are_what_was_asked() -> None:
    given = {**ASKED["input"], "image": "https://shop.example/cat.png"}
    call = started(asked={"input": given})

    assert call.system_instructions == (Part("text", content="Be kind."),)
    assert call.input_text == "Hi"
    assert call.input_messages[0].parts[1].uri == "https://shop.example/cat.png"


@pytest.mark.parametrize("url", [STREAM_URL, LEGACY_STREAM_URL])
def test_a_stream_is_plain_text_between_comments(url: str) -> None:
    call = streamed(
        ": hi\n\n",
        "event: output\nid: 1:0\ndata: \n\n",
        "event: output\nid: 1:1\ndata: Hel\n\n",
        "event: output\nid: 1:2\ndata: lo\ndata: \ndata: you\n\n",
        "event: done\nid: 1:3\ndata: {}\n\n:408: 408 Request Timeout\n\n",
        url=url,
    )

    assert (call.output_text, call.streamed, call.error_type) == ("Hello\n\nyou", True, None)
    assert (call.provider_name, call.finish_reasons) == ("replicate", ())
    assert call.time_to_first_chunk_s == 1.5


def test_text_that_happens_to_be_json_is_text() -> None:
    assert streamed("event: output\ndata: 4\n\n", "event: output\ndata: 2\n\n").output_text == "42"


@pytest.mark.parametrize(
    ("ending", "error_type", "message", "reasons"),
    [
        ('event: error\ndata: {"detail": "out of memory"}\n\n', "error", "out of memory", ()),
        ("event: error\ndata: it broke\n\n", "error", "it broke", ()),
        (
            'event: done\ndata: {"reason": "error"}\n\n',
            "error",
            "the prediction failed",
            ("error",),
        ),
        ('event: done\ndata: {"reason": "canceled"}\n\n', None, None, ("canceled",)),
    ],
)
def test_the_end_of_a_stream_tells_whether_it_failed(
    ending: str, error_type: str | None, message: str | None, reasons: tuple[str, ...]
) -> None:
    call = streamed("event: output\ndata: Hel\n\n", ending)

    assert (call.error_type, call.error_message) == (error_type, message)
    assert (call.finish_reasons, call.output_text) == (reasons, "Hel")


def test_a_stream_that_its_reader_left_keeps_what_was_said() -> None:
    call = streamed("event: output\ndata: Hel\n\n", ended="closed")

    assert (call.output_text, call.error_type) == ("Hel", None)


@pytest.mark.parametrize("body", ["", "<html>"])
def test_a_stream_s_answer_of_another_format_is_an_error(body: str) -> None:
    assert streamed(body).error_type == "unreadable_response"


def test_a_stream_that_is_not_there_is_an_error() -> None:
    call = streamed('{"detail": "gone"}', status=404)

    assert (call.error_type, call.error_message, call.output_messages) == ("404", "gone", ())


def test_a_poll_is_known_before_it_is_sent() -> None:
    call = decode(exchange(POLL, b"", method="GET"))

    assert call is not None
    assert (call.poll_of, call.error_type, call.output_messages) == ("p1a2", None, ())


def test_canceling_and_listing_run_no_model() -> None:
    for method, path in (("POST", "/p1a2/cancel"), ("GET", "")):
        call = decode(exchange(f"{REPLICATE}/predictions{path}", b"", {}, method=method))
        assert call is not None
        assert not call.runs_model


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://shop.example/v1/predictions", {"input": {"sku": 7}}),
        ("https://shop.example/v1/predictions", {"version": "2", "input": "tomorrow"}),
        ("https://shop.example/v1/models/a/b/predictions", {"instances": []}),
    ],
)
def test_another_server_s_predictions_are_no_call(url: str, asked: Any) -> None:
    assert decode(exchange(url, asked, {"id": "x"})) is None


def test_another_server_s_prediction_is_no_poll() -> None:
    found = decode(exchange("https://shop.example/v1/predictions/7", b"", {}, method="GET"))

    assert found is None
