"""What all formats share: recognition, transport facts, errors, compression."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Attempt, Call
from pytest_litmus.wire.formats import openai_chat
from tests.wire.recordings import (
    CHAT,
    CHAT_ASKED,
    CHAT_SAID,
    CHAT_STREAM,
    EMBEDDINGS,
    EMBEDDINGS_ASKED,
    MESSAGES,
    MESSAGES_ASKED,
    MESSAGES_SAID,
    PLAIN,
    RESPONSES,
    RESPONSES_ASKED,
    STREAMS,
    body_of,
    exchange,
    sse,
    stream,
)


def decoded(*args: Any, **fields: Any) -> Call:
    call = decode(exchange(*args, **fields))
    assert call is not None
    return call


def streamed(*args: Any, **fields: Any) -> Call:
    call = decode(stream(*args, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "asked"),
    [(url, asked) for url, (asked, _) in PLAIN.items()]
    + [
        ("http://127.0.0.1:18080/v1/chat/completions", CHAT_ASKED),
        ("https://x.openai.azure.com//openai/deployments/d/chat/completions?api-version=1", {}),
        ("https://gateway.example/openai/responses", RESPONSES_ASKED),
        ("https://gateway.example/anthropic/v1/messages?beta=true", MESSAGES_ASKED),
        ("https://gateway.example/v1/embeddings", EMBEDDINGS_ASKED),
        ("https://openrouter.ai/api/v1/chat/completions", b""),
    ],
)
def test_a_model_request_is_known_before_it_is_sent(url: str, asked: Any) -> None:
    call = decoded(url, asked)

    assert (call.status, call.error_type, call.output_messages) == (None, None, ())


@pytest.mark.parametrize(
    ("method", "url", "asked"),
    [
        ("GET", "https://gateway.example/v1/chat/completions", b""),
        ("POST", "https://shop.example/messages", b"text=hello&to=support"),
        ("POST", "https://shop.example/messages", {"text": "hello", "model": "bicycle"}),
        ("POST", "https://shop.example/v1/threads/t/messages", {"role": "user", "content": "Hi"}),
        ("POST", "https://survey.example/responses", {"answers": [1, 2]}),
        ("POST", "https://shop.example/api/chat", {"messages": [{"text": "hello"}]}),
        ("POST", "https://shop.example/completions", {"course": 7}),
        ("POST", "https://shop.example/embeddings", b"<xml/>"),
        ("POST", "https://oauth2.googleapis.com/token", b"grant_type=x"),
    ],
)
def test_other_traffic_is_no_call(method: str, url: str, asked: Any) -> None:
    assert decode(exchange(url, asked, method=method)) is None


@pytest.mark.parametrize(
    ("url", "provider_name"),
    [
        (CHAT, "openai"),
        ("https://eu.api.openai.com/v1/chat/completions", "openai"),
        ("https://r.openai.azure.com/openai/deployments/d/chat/completions", "azure.ai.openai"),
        ("https://api.groq.com/openai/v1/chat/completions", "groq"),
        ("https://api.deepseek.com/chat/completions", "deepseek"),
        ("https://api.mistral.ai/v1/chat/completions#stream", "mistral_ai"),
        ("https://api.x.ai/v1/chat/completions", "x_ai"),
        ("https://openrouter.ai/api/v1/chat/completions", "openrouter"),
        ("https://api.together.xyz/v1/chat/completions", "together"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/chat/completions", "gcp.gemini"),
        ("http://localhost:11434/v1/chat/completions", "ollama"),
        ("http://127.0.0.1:18080/v1/chat/completions", "127.0.0.1:18080"),
        ("https://llm.example/v1/chat/completions", "llm.example"),
        ("https://llm.example:443/v1/chat/completions", "llm.example"),
        ("http://[::1]:8000/v1/chat/completions", "[::1]:8000"),
        ("https://api.openai.com.evil.example/v1/chat/completions", "api.openai.com.evil.example"),
    ],
)
def test_the_host_names_the_provider(url: str, provider_name: str) -> None:
    assert decoded(url, CHAT_ASKED).provider_name == provider_name


def test_the_facts_of_the_exchange_are_the_call_s() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)

    call = decoded(CHAT, CHAT_ASKED, CHAT_SAID, started_at=at, source="recorded")

    assert (call.status, call.duration_s, call.started_at) == (200, 2.0, at)
    assert (call.source, call.ended) == ("recorded", "eof")
    assert (call.server_address, call.server_port) == ("api.openai.com", 443)
    assert call.attempts == (Attempt(status=200, error_type=None, started_at=at, duration_s=2.0),)


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_says_what_the_plain_answer_says(url: str) -> None:
    asked, pieces = STREAMS[url]
    plain, call = decoded(url, *PLAIN[url]), streamed(url, asked, *pieces)

    assert call.streamed
    assert not plain.streamed
    same = ("output_messages", "usage", "finish_reasons", "response_model", "response_id")
    assert [getattr(call, name) for name in same] == [getattr(plain, name) for name in same]


@pytest.mark.parametrize("url", list(STREAMS))
def test_the_first_chunk_is_the_first_that_says_something(url: str) -> None:
    asked, pieces = STREAMS[url]
    first = next(index for index, piece in enumerate(pieces) if b"Hel" in piece)

    assert streamed(url, asked, *pieces).time_to_first_chunk_s == (first + 1) / 2
    assert decoded(url, *PLAIN[url]).time_to_first_chunk_s is None


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_that_its_reader_abandoned_is_no_error(url: str) -> None:
    asked, pieces = STREAMS[url]

    call = streamed(url, asked, *pieces[: len(pieces) // 2], ended="closed")
    unread = streamed(url, asked, ended="closed")

    assert (call.error_type, unread.error_type) == (None, None)


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_that_broke_off_is_an_error_and_keeps_what_was_said(url: str) -> None:
    asked, pieces = STREAMS[url]
    said = next(index for index, piece in enumerate(pieces) if b"lo!" in piece)

    call = streamed(
        url, asked, *pieces[: said + 1], ended="failed", error_type="ReadTimeout", error_message="s"
    )

    assert (call.output_text, call.error_type, call.error_message) == ("Hello!", "ReadTimeout", "s")


@pytest.mark.parametrize("url", list(PLAIN))
def test_gzip_that_no_header_tells_of_is_unpacked(url: str) -> None:
    asked, said = PLAIN[url]

    assert (
        decoded(url, asked, gzip.compress(body_of(said))).usage == decoded(url, asked, said).usage
    )


def test_a_gzipped_stream_keeps_its_times() -> None:
    packed = gzip.compress(b"".join(CHAT_STREAM))

    call = streamed(CHAT, CHAT_ASKED, packed[:20], packed[20:])

    assert (call.output_text, call.time_to_first_chunk_s) == ("Hello!", 1.0)


@pytest.mark.parametrize("body", [b"", b"ok", b"<html>", b"{}", b"[]", b"\x1f\x8bxx", b"null"])
@pytest.mark.parametrize("url", list(PLAIN))
def test_a_whole_answer_of_another_format_is_an_error(url: str, body: bytes) -> None:
    assert decoded(url, PLAIN[url][0], body).error_type == "unreadable_response"


@pytest.mark.parametrize(
    ("status", "said", "error_type", "message"),
    [
        (401, {"error": {"type": "a", "code": "bad_key", "message": "m"}}, "bad_key", "m"),
        (429, {"error": {"code": 429, "message": "m"}}, "429", "m"),
        (400, {"error": {"type": "t", "code": None, "message": "m"}}, "t", "m"),
        (400, [{"error": {"code": 400, "status": "INVALID", "message": "m"}}], "INVALID", "m"),
        (
            529,
            {"type": "error", "error": {"type": "overloaded", "message": "m"}},
            "overloaded",
            "m",
        ),
        (400, {"object": "error", "type": "Bad", "code": 4, "message": "m"}, "Bad", "m"),
        (404, {"error": "model not found"}, "404", "model not found"),
        (422, {"detail": "no"}, "422", "no"),
        (500, b"<html>bad gateway", "500", None),
        (302, b"", "302", None),
        (200, {"error": {"code": "content_filter", "message": "m"}}, "content_filter", "m"),
        (200, {"error": "out of memory"}, "error", "out of memory"),
    ],
)
@pytest.mark.parametrize("url", list(PLAIN))
def test_an_error_has_the_most_telling_name_that_it_gives(
    url: str, status: int, said: Any, error_type: str, message: str | None
) -> None:
    call = decoded(url, PLAIN[url][0], said, status=status)

    assert (call.error_type, call.error_message) == (error_type, message)
    assert call.attempts[0].error_type == error_type
    assert call.request_model == PLAIN[url][0]["model"]


def test_an_exchange_without_any_answer_has_the_transport_s_error() -> None:
    call = decoded(CHAT, CHAT_ASKED, error_type="ConnectTimeout", ended="failed")

    assert (call.error_type, call.status) == ("ConnectTimeout", None)


def test_litellm_s_cost_header_is_the_reported_cost() -> None:
    headers = (("X-LiteLLM-Response-Cost", "0.0000425"),)

    call = decoded(CHAT, CHAT_ASKED, CHAT_SAID, headers=headers)

    assert call.reported_cost_usd == Decimal("0.0000425")


@pytest.mark.parametrize("value", ["", "None", "nan", "-1", "inf", "1e999"])
def test_a_cost_header_that_is_no_amount_is_none(value: str) -> None:
    headers = (("x-litellm-response-cost", value),)

    assert decoded(CHAT, CHAT_ASKED, CHAT_SAID, headers=headers).reported_cost_usd is None


def test_a_cost_header_on_a_stream_is_older_than_the_answer_and_does_not_count() -> None:
    headers = (("x-litellm-response-cost", "0.0"),)

    assert streamed(CHAT, CHAT_ASKED, *CHAT_STREAM, headers=headers).reported_cost_usd is None


def test_a_decoder_s_own_mistake_is_an_error_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(openai_chat, "pytest_llm_decode", broken)

    call = decoded(CHAT, CHAT_ASKED, CHAT_SAID)

    assert (call.error_type, call.error_message) == ("undecodable", "ZeroDivisionError: oops")


def test_nesting_deeper_than_python_reads_is_no_exception() -> None:
    call = decoded(MESSAGES, MESSAGES_ASKED, b"[" * 100_000)

    assert call.error_type == "unreadable_response"
    assert decode(exchange("https://llm.example/v1/messages", b'{"a":' * 100_000)) is None


def test_the_plain_answers_are_decoded_by_their_own_formats() -> None:
    formats = [decoded(url, *both).wire_format for url, both in PLAIN.items()]

    assert formats == [
        "openai.chat",
        "openai.responses",
        "anthropic.messages",
        "openai.embeddings",
    ]
    assert decoded(EMBEDDINGS, EMBEDDINGS_ASKED).operation_name == "embeddings"
    assert decoded(RESPONSES, RESPONSES_ASKED).operation_name == "chat"
    assert decoded(MESSAGES, MESSAGES_ASKED, MESSAGES_SAID).provider_name == "anthropic"


def test_an_error_event_ends_a_stream_as_an_error() -> None:
    broken = sse(("error", {"error": {"message": "m", "code": "tool_use_failed"}}))

    for url, (asked, pieces) in STREAMS.items():
        call = streamed(url, asked, *pieces[:4], *broken)
        assert (call.error_type, call.error_message) == ("tool_use_failed", "m")


def test_a_method_that_was_recorded_in_lower_case_is_the_same() -> None:
    assert decoded(CHAT, CHAT_ASKED, CHAT_SAID, method="post") == decoded(
        CHAT, CHAT_ASKED, CHAT_SAID
    )
