"""Completions of a prompt, and who speaks them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.openai_completions import ASKED, PLAIN, SAID, STREAMS, piece
from tests.wire.recordings import exchange, sse, stream

COMPLETIONS = "https://api.openai.com/v1/completions"
FIM = "https://api.mistral.ai/v1/fim/completions"
WRITER = "https://api.writer.com/v1/completions"


def asked(url: str = COMPLETIONS, **fields: Any) -> Call:
    call = decode(exchange(url, {**ASKED, **fields}))
    assert call is not None
    return call


def said(**fields: Any) -> Call:
    call = decode(exchange(COMPLETIONS, ASKED, {**SAID, **fields}))
    assert call is not None
    return call


def test_a_completion_is_its_prompt_and_a_text() -> None:
    call = said()

    assert (call.operation_name, call.wire_format) == ("text_completion", "openai.completions")
    assert call.input_messages == (Message("user", (Part("text", content="Say hello"),)),)
    assert call.output_messages == (Message("assistant", (Part("text", content="Hello!"),)),)
    assert (call.response_id, call.finish_reasons) == ("cmpl-1", ("stop",))
    assert call.usage == Usage(input_tokens=2, output_tokens=2)


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        (["a", "b"], [Part("text", content="a"), Part("text", content="b")]),
        ([1, 2], [Part("token_ids", content="[1,2]")]),
        ([[1], [2]], [Part("token_ids", content="[1]"), Part("token_ids", content="[2]")]),
    ],
)
def test_every_kind_of_prompt_is_kept(prompt: Any, parts: list[Part]) -> None:
    expected = tuple(Message("user", (part,)) for part in parts)

    assert asked(prompt=prompt).input_messages == expected


def test_what_a_completion_has_to_lead_to_is_kept_beside_the_prompt() -> None:
    call = asked(FIM, suffix="return")

    assert call.input_text == "Say hello"
    assert call.input_messages[0].parts[1] == Part("suffix", content="return")


def test_each_choice_is_an_output_in_the_order_of_its_index() -> None:
    pieces = sse(piece("b", index=1), piece("a"), piece("c", "length", index=1), piece("", "stop"))

    call = decode(stream(COMPLETIONS, {**ASKED, "n": 2, "best_of": 3}, *pieces))

    assert call is not None
    assert [message.text for message in call.output_messages] == ["a", "bc"]
    assert call.finish_reasons == ("stop", "length")
    assert call.parameters["choice_count"] == 2


def test_the_filters_of_azure_are_flags() -> None:
    found = {"hate": {"filtered": False, "severity": "safe"}}

    call = said(
        prompt_annotations=[{"prompt_index": 0, "content_filter_results": found}],
        choices=[{"text": "Hello!", "content_filter_results": found}],
    )

    assert [flag.subject for flag in call.flags] == ["input", "output"]
    assert call.flags[0] == Flag(category="hate", subject="input", flagged=False, severity="safe")


def test_writer_streams_bare_values_and_tells_no_more() -> None:
    given, pieces = STREAMS[WRITER]
    call = decode(stream(WRITER, given, *pieces))

    assert call is not None
    assert (call.output_text, call.finish_reasons, call.usage) == ("Hello!", (), Usage())
    assert (call.response_model, call.response_id) == (None, None)


def test_a_fill_in_the_middle_is_answered_as_a_chat() -> None:
    given, answer = PLAIN[FIM]
    call = decode(exchange(FIM, given, answer))

    assert call is not None
    assert (call.operation_name, call.output_text) == ("text_completion", "Hello!")


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("https://shop.example/completions", {"prompt": "Hi"}),
        ("https://shop.example/v1/completions", {"text": "Hi"}),
        ("https://w.cloud.databricks.com/serving-endpoints/x/invocations", {"dataframe_split": {}}),
    ],
)
def test_what_does_not_look_like_a_completion_is_none(url: str, given: Any) -> None:
    assert decode(exchange(url, given)) is None


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("https://r.openai.azure.com//openai/deployments/my-gpt/completions", "my-gpt"),
        ("https://api.openai.com/v1/engines/davinci/completions", "davinci"),
        ("https://w.cloud.databricks.com/serving-endpoints/my-llama/invocations", "my-llama"),
        ("http://localhost:8080/v1/completions", None),
    ],
)
def test_the_path_may_name_the_model(url: str, model: str | None) -> None:
    call = decode(exchange(url, {"prompt": "Hi"}))

    assert call is not None
    assert (call.operation_name, call.request_model) == ("text_completion", model)
