"""Images of OpenAI and those who copy it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.openai_images import ASKED, EDITS, FORM, GENERATIONS, PLAIN, SAID
from tests.wire.recordings import exchange, sse, stream


def said(**fields: Any) -> Call:
    call = decode(exchange(GENERATIONS, ASKED, {**SAID, **fields}))
    assert call is not None
    return call


def streamed(*events: dict[str, Any], **fields: Any) -> Call:
    pieces = sse(*((event["type"], event) for event in events))
    call = decode(stream(GENERATIONS, ASKED, *pieces, **fields))
    assert call is not None
    return call


def test_an_image_is_a_blob_with_the_prompt_that_was_made_of_the_prompt() -> None:
    call = said()

    assert (call.operation_name, call.wire_format) == ("image_generation", "openai.images")
    assert (call.input_text, call.request_model) == ("A cat", "gpt-image-1")
    assert call.output_messages == (
        Message(
            "assistant",
            (
                Part("blob", content="iVBO", mime_type="image/png", modality="image"),
                Part("revised_prompt", content="A white cat"),
            ),
        ),
    )


def test_an_image_may_be_a_url() -> None:
    data = [{"url": "https://x.example/a.png"}, {"url": "https://x.example/b.png"}]

    call = said(data=data, usage=None)

    assert [message.parts[0].uri for message in call.output_messages] == [
        "https://x.example/a.png",
        "https://x.example/b.png",
    ]
    assert call.usage == Usage(billed_units={"images": 2})


def test_tokens_of_images_are_told_from_those_of_text() -> None:
    assert said().usage == Usage(
        input_tokens=13,
        output_tokens=272,
        billed_units={"input_image_tokens": 3, "output_image_tokens": 272},
    )


def test_output_that_is_not_broken_down_is_image() -> None:
    counted = said(usage={"input_tokens": 9, "output_tokens": 50, "total_tokens": 59}).usage

    assert counted.billed_units["output_image_tokens"] == 50


def test_another_model_that_drew_is_billed_apart() -> None:
    counted = said(svg_usage={"model": "gpt-svg-1", "total_tokens": 9}).usage

    assert counted.incomplete == "gpt-svg-1 worked too, and is billed apart"


def test_the_cost_that_xai_reports_is_kept() -> None:
    assert said(usage={"cost_in_usd_ticks": 200000000}).reported_cost_usd == Decimal("0.02")


def test_an_edit_sends_its_images_in_a_form() -> None:
    call = decode(exchange(EDITS, FORM, SAID))

    assert call is not None
    assert (call.request_model, call.parameters) == ("gpt-image-1", {"choice_count": 2})
    assert call.input_messages[0].parts == (
        Part("text", content="A cat"),
        Part("blob", content="iVBORw0KGgo=", name="a.png", mime_type="image/png", modality="image"),
    )


def test_an_edit_may_name_its_images_in_json() -> None:
    asked = {
        "images": [{"image_url": "https://x.example/a.png"}, {"file_id": "file-1"}],
        "mask": {"file_id": "file-2"},
    }

    call = decode(exchange(EDITS, {**ASKED, **asked}))

    assert call is not None
    assert call.input_messages[0].parts[1:] == (
        Part("uri", uri="https://x.example/a.png", modality="image"),
        Part("file", file_id="file-1", modality="image"),
        Part("file", file_id="file-2", modality="image"),
    )


PARTIAL = {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": "iV"}


def test_a_stream_ends_with_the_whole_image() -> None:
    usage = {"input_tokens": 9, "output_tokens": 50, "total_tokens": 59}
    whole = {"type": "image_generation.completed", "b64_json": "iVBO", "output_format": "webp"}

    call = streamed(PARTIAL, {**whole, "usage": usage})

    assert call.output_messages[0].parts == (
        Part("blob", content="iVBO", mime_type="image/webp", modality="image"),
    )
    assert (call.streamed, call.time_to_first_chunk_s, call.usage.total_tokens) == (True, 0.5, 59)


def test_a_stream_that_was_left_keeps_its_last_partial_image() -> None:
    call = streamed(PARTIAL, {**PARTIAL, "b64_json": "iVB"}, ended="closed")

    assert [part.content for part in call.output_messages[0].parts] == ["iVB"]
    assert (call.error_type, call.usage.output_tokens) == (None, None)


def test_an_error_in_a_stream_is_an_error() -> None:
    error = {"type": "image_generation_user_error", "code": "moderation_blocked", "message": "m"}

    assert streamed({"type": "error", "error": error}).error_type == "moderation_blocked"


def test_azure_s_filters_are_flags() -> None:
    url = next(url for url in PLAIN if "azure" in url)
    call = decode(exchange(url, *PLAIN[url]))

    assert call is not None
    assert call.request_model == "my-dall-e"
    assert call.flags == tuple(
        Flag(category="hate", subject=subject, flagged=False, severity="safe")
        for subject in ("input", "output")
    )


def test_a_prompt_that_azure_refused_has_flags() -> None:
    found = {"violence": {"filtered": True, "severity": "high"}}
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_results": found}
    error = {"code": "content_policy_violation", "message": "m", "inner_error": inner}

    call = decode(exchange(GENERATIONS, ASKED, {"error": error}, status=400))

    assert call is not None
    assert call.error_type == "content_policy_violation"
    assert [(flag.category, flag.flagged) for flag in call.flags] == [("violence", True)]


@pytest.mark.parametrize("asked", [{"prompt": "A cat"}, {"model": "m"}, FORM[:9]])
def test_a_shop_s_own_images_are_no_call(asked: Any) -> None:
    assert decode(exchange("https://shop.example/images/generations", asked)) is None


def test_another_server_s_images_are_known_by_their_request() -> None:
    call = decode(exchange("http://localhost:7860/v1/images/generations", ASKED))

    assert call is not None
    assert call.provider_name == "localhost:7860"
