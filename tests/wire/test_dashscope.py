"""DashScope's own paths: generation, embeddings, rerank, apps and tasks."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.dashscope import (
    APP,
    ASKED,
    CUMULATIVE,
    DASHSCOPE,
    EMBEDDINGS,
    GENERATION,
    IMAGE,
    INCREMENTAL,
    MULTIMODAL,
    PLAIN,
    PROXIED,
    RERANK,
    choice,
    numbered,
    said,
)
from tests.wire.recordings import exchange, stream

POLL = f"{DASHSCOPE}/tasks/t-1"


def plain(url: str, answer: Any = None, *, asked: Any = None, **fields: Any) -> Call:
    known, recorded = PLAIN[url]
    call = decode(exchange(url, asked or known, recorded if answer is None else answer, **fields))
    assert call is not None
    return call


def streamed(*pieces: bytes, increments: bool | None = None) -> Call:
    asked = (
        ASKED if increments is None else {**ASKED, "parameters": {"incremental_output": increments}}
    )
    call = decode(stream(GENERATION, asked, *pieces))
    assert call is not None
    return call


def polled(output: dict[str, Any], **fields: Any) -> Call:
    answer = {"request_id": "r-2", "output": {"task_id": "t-1", **output}, **fields}
    call = decode(exchange(POLL, b"", answer, method="GET"))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "operation_name", "model"),
    [
        (GENERATION, "chat", "qwen-plus"),
        (MULTIMODAL, "chat", "qwen-vl-plus"),
        (IMAGE, "prediction", "wan2.2-t2i-flash"),
        (EMBEDDINGS, "embeddings", "text-embedding-v4"),
        (RERANK, "rerank", "gte-rerank-v2"),
        (APP, "invoke_agent", None),
    ],
)
def test_the_service_tells_what_is_done(url: str, operation_name: str, model: str | None) -> None:
    call = plain(url)

    assert (call.operation_name, call.request_model) == (operation_name, model)
    assert (call.provider_name, call.error_type) == ("dashscope", None)


def test_a_choice_has_text_an_end_and_counts() -> None:
    call = plain(GENERATION)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("stop",))
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert (call.usage.cache_read_input_tokens, call.response_id) == (4, "r-1")
    assert call.parameters == {"temperature": 0.5, "max_tokens": 64}


@pytest.mark.parametrize(
    ("pieces", "increments"),
    [
        (CUMULATIVE, None),
        (CUMULATIVE, False),
        (INCREMENTAL, None),
        (INCREMENTAL, True),
    ],
)
def test_events_repeat_what_was_said_or_add_to_it(
    pieces: list[bytes], increments: bool | None
) -> None:
    call = streamed(*pieces, increments=increments)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("stop",))
    assert call.time_to_first_chunk_s == 1.0


def test_the_request_decides_where_the_events_do_not() -> None:
    twice = numbered(said(choice("ha")), said(choice("ha", "stop")))

    assert streamed(*twice, increments=True).output_text == "haha"
    assert streamed(*twice, increments=False).output_text == "ha"


def test_a_reason_that_is_the_word_null_is_none() -> None:
    assert streamed(*CUMULATIVE[:2]).finish_reasons == ()


@pytest.mark.parametrize("increments", [True, None])
def test_thoughts_come_before_the_text(increments: bool | None) -> None:
    pieces = numbered(
        said(choice("", reasoning_content="The")),
        said(choice("", reasoning_content=" user asks.")),
        said(choice("Hello!", "stop")),
    )

    assert streamed(*pieces, increments=increments).output_messages[0].parts == (
        Part("reasoning", content="The user asks."),
        Part("text", content="Hello!"),
    )


def test_tool_calls_have_openai_s_shape_and_may_come_in_pieces() -> None:
    whole = {"index": 0, "id": "call_1", "function": {"name": "look_up", "arguments": '{"a": 1}'}}
    pieces = numbered(
        said(choice("", tool_calls=[{**whole, "function": {"name": "look_up", "arguments": ""}}])),
        said(choice("", tool_calls=[{"index": 0, "function": {"arguments": '{"a": '}}])),
        said(choice("", "tool_calls", tool_calls=[{"index": 0, "function": {"arguments": "1}"}}])),
    )
    tool = Part("tool_call", id="call_1", name="look_up", arguments={"a": 1})

    assert plain(GENERATION, said(choice("", tool_calls=[whole]))).tool_calls == (tool,)
    assert streamed(*pieces, increments=True).tool_calls == (tool,)


def test_the_key_of_a_content_tells_what_it_is() -> None:
    call = plain(MULTIMODAL)

    assert call.input_messages[0].parts == (
        Part("uri", uri="https://shop.example/cat.png", modality="image"),
        Part("text", content="Hi"),
    )
    assert call.output_text == "Hello!"


def test_an_error_is_what_has_a_code() -> None:
    refused = {"code": "InvalidApiKey", "message": "No such key", "request_id": "r-1"}

    call = plain(GENERATION, refused, status=401)

    assert (call.error_type, call.error_message) == ("InvalidApiKey", "No such key")


def test_an_error_may_come_in_the_stream() -> None:
    broken = {"code": "DataInspectionFailed", "message": "m", "request_id": "r-1"}

    call = streamed(*CUMULATIVE[:2], *numbered(broken, name="error"))

    assert (call.error_type, call.output_text) == ("DataInspectionFailed", "Hel")


@pytest.mark.parametrize(
    ("name", "value"), [("X-DashScope-SSE", "enable"), ("Accept", "text/event-stream")]
)
def test_a_header_asks_for_a_stream(name: str, value: str) -> None:
    call = decode(exchange(GENERATION, ASKED, request_headers=((name, value),)))

    assert call is not None
    assert call.streamed


def test_embeddings_and_rankings_have_no_output() -> None:
    embedded, ranked = plain(EMBEDDINGS), plain(RERANK)

    assert (embedded.usage.input_tokens, embedded.usage.output_tokens) == (4, 0)
    assert (embedded.embedding_dimensions, embedded.embedding_count) == (2, 2)
    assert (ranked.usage.input_tokens, ranked.usage.output_tokens) == (6, 0)


def test_what_was_asked_is_prompts_texts_or_documents() -> None:
    assert plain(f"{GENERATION}#text").input_text == "Hi"
    assert [one.text for one in plain(EMBEDDINGS).input_messages] == ["Hi", "Ho"]
    assert [one.text for one in plain(RERANK).input_messages] == ["Hello", "Bye", "Hi"]


def test_an_app_counts_by_model() -> None:
    call = plain(APP)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert call.usage.incomplete is None


def test_an_app_of_several_models_is_counted_in_part() -> None:
    models = [{"model_id": name, "input_tokens": 8, "output_tokens": 2} for name in ("a", "b")]

    call = plain(APP, said({"text": "Hello!"}, usage={"models": models}))

    assert call.usage.incomplete == "b worked too, and is billed apart"


def test_an_image_is_made_by_a_task_that_is_polled() -> None:
    begun = plain(IMAGE)
    ended = polled(
        {"task_status": "SUCCEEDED", "results": [{"url": "https://oss.example/cat.png"}]},
        usage={"image_count": 1},
    )

    assert (begun.response_id, begun.finish_reasons, begun.output_messages) == ("t-1", (), ())
    assert (ended.poll_of, ended.finish_reasons) == ("t-1", ("SUCCEEDED",))
    assert ended.output_messages[0].parts[0].uri == "https://oss.example/cat.png"
    assert ended.usage.billed_units == {"images": 1}


def test_a_task_that_failed_says_so_inside_a_200() -> None:
    call = polled({"task_status": "FAILED", "code": "InternalError", "message": "m"})

    assert (call.error_type, call.error_message) == ("InternalError", "m")
    assert call.finish_reasons == ("FAILED",)


def test_a_task_that_is_running_has_no_end() -> None:
    assert polled({"task_status": "RUNNING"}).finish_reasons == ()


def test_speech_is_counted_by_characters() -> None:
    answer = said(
        {"audio": {"url": "https://oss.example/a.wav", "id": "a-1"}, "finish_reason": "stop"},
        usage={"characters": 12},
    )

    call = plain(MULTIMODAL, answer)

    assert call.usage.billed_units == {"input_characters": 12}
    assert call.output_messages[0].parts == (
        Part("uri", uri="https://oss.example/a.wav", modality="audio"),
    )


def test_a_gateway_is_known_by_path_and_body() -> None:
    assert plain(PROXIED).provider_name == "gateway.example"


@pytest.mark.parametrize(
    ("method", "url", "asked"),
    [
        ("POST", "https://shop.example/api/v1/services/a/b/c", {"input": {"x": 1}}),
        ("POST", "https://shop.example/api/v1/apps/7/completion", {"input": {"prompt": "x"}}),
        ("GET", "https://shop.example/api/v1/tasks/7", b""),
    ],
)
def test_another_server_s_services_are_no_call(method: str, url: str, asked: Any) -> None:
    assert decode(exchange(url, asked, {}, method=method)) is None
