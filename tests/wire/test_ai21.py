"""AI21: Jurassic's completions and chat."""

from __future__ import annotations

from typing import Any

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Part
from tests.wire.formats.ai21 import AI21, ASKED, CHAT, COMPLETE, CUSTOM, PLAIN, SAID
from tests.wire.recordings import CHAT_ASKED, CHAT_SAID, exchange


def plain(url: str, said: Any = None) -> Call:
    asked, recorded = PLAIN[url]
    call = decode(exchange(url, asked, said or recorded))
    assert call is not None
    return call


def test_a_completion_counts_the_tokens_that_it_spells() -> None:
    call = plain(COMPLETE)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("endoftext",))
    assert (call.usage.input_tokens, call.usage.output_tokens) == (1, 2)
    assert (call.request_model, call.response_id) == ("j2-ultra", "1234")


def test_an_answer_without_tokens_has_no_usage() -> None:
    completions = [{**one, "data": {"text": "Hello!"}} for one in SAID["completions"]]

    call = plain(COMPLETE, {**SAID, "prompt": {"text": "Hi"}, "completions": completions})

    assert (call.usage.input_tokens, call.usage.output_tokens) == (None, None)


def test_parameters_have_the_names_of_the_conventions() -> None:
    assert plain(COMPLETE).parameters == {
        "temperature": 0.5,
        "top_p": 0.75,
        "max_tokens": 64,
        "stop_sequences": ["\n"],
        "choice_count": 1,
    }


def test_its_chat_has_a_system_text_and_outputs() -> None:
    call = plain(CHAT)

    assert (call.operation_name, call.output_text) == ("chat", "Hello!")
    assert call.system_instructions == (Part("text", content="Be kind."),)
    assert (call.input_text, call.response_id) == ("Hi", "c-1")


def test_a_tuned_model_is_named_by_the_one_that_it_is_built_on() -> None:
    assert plain(CUSTOM).request_model == "j2-mid"


def test_jamba_speaks_openai_s_format() -> None:
    call = decode(exchange(f"{AI21}/chat/completions", CHAT_ASKED, CHAT_SAID))

    assert call is not None
    assert (call.wire_format, call.provider_name) == ("openai.chat", "ai21")


def test_another_path_is_not_jurassic_s() -> None:
    assert decode(exchange("https://shop.example/studio/v1/tours/complete", ASKED, {})) is None
