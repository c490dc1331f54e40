"""Token counts of every provider: they are recorded, and counted nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Usage
from tests.wire.formats.token_counts import (
    ANTHROPIC,
    BEDROCK,
    BEDROCK_ASKED,
    COHERE,
    GEMINI,
    LLAMA,
    MESSAGES_ASKED,
    OPENAI,
    PLAIN,
    VERTEX,
    VLLM,
    XAI,
)
from tests.wire.recordings import exchange


def counted(url: str, said: Any = None, **fields: Any) -> Call:
    asked, recorded = PLAIN[url]
    call = decode(exchange(url, asked, recorded if said is None else said, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize("url", list(PLAIN))
def test_no_model_runs_to_count_tokens(url: str) -> None:
    assert not counted(url).runs_model


@pytest.mark.parametrize(
    ("url", "operation_name", "tokens"),
    [
        (ANTHROPIC, "count_tokens", 8),
        (VERTEX, "count_tokens", 8),
        (f"{GEMINI}:countTokens", "count_tokens", 8),
        (BEDROCK, "count_tokens", 8),
        (OPENAI, "count_tokens", 8),
        (f"{GEMINI}:computeTokens", "tokenize", 2),
        (f"{COHERE}/tokenize", "tokenize", 2),
        (XAI, "tokenize", 1),
        (VLLM, "tokenize", 2),
        (LLAMA, "tokenize", 2),
        (f"{COHERE}/detokenize", "detokenize", None),
    ],
)
def test_the_count_is_the_answer(url: str, operation_name: str, tokens: int | None) -> None:
    call = counted(url)

    assert (call.operation_name, call.usage) == (operation_name, Usage(input_tokens=tokens))


@pytest.mark.parametrize(
    ("url", "model"),
    [
        (f"{GEMINI}:countTokens", "gemini-2.5-flash"),
        (BEDROCK, "anthropic.claude-sonnet-4-20250514-v1:0"),
        (VERTEX, "claude-sonnet-4-5"),
        (LLAMA, None),
    ],
)
def test_the_model_stands_in_the_path_or_the_body(url: str, model: str | None) -> None:
    assert counted(url).request_model == model


@pytest.mark.parametrize(
    ("prefix", "path", "asked"),
    [
        ("http://localhost:8787/anthropic", "/v1/messages/count_tokens", MESSAGES_ASKED),
        ("https://gateway.example/google", "/v1beta/models/g:countTokens", {}),
        ("https://gateway.example/aws", "/model/m/count-tokens", BEDROCK_ASKED),
        ("http://localhost:8000", "/tokenize", MESSAGES_ASKED),
    ],
)
def test_a_gateway_or_a_local_server_counts_too(prefix: str, path: str, asked: Any) -> None:
    call = decode(exchange(prefix + path, asked))

    assert call is not None
    assert call.operation_name in {"count_tokens", "tokenize"}


@pytest.mark.parametrize("number", ["four", -1, None, 1.5, True])
def test_a_count_that_is_no_count_is_unknown(number: Any) -> None:
    assert counted(ANTHROPIC, {"input_tokens": number}).usage == Usage()


@pytest.mark.parametrize("path", ["/tokenize", "/detokenize", "/messages/count_tokens"])
def test_a_shop_s_own_tokens_are_none_of_ours(path: str) -> None:
    assert decode(exchange(f"https://shop.example{path}", {"card": "4111"}, {"token": 1})) is None
