"""Cohere's first API."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.cohere_v1 import (
    CHAT_ASKED,
    CHAT_LINES,
    CHAT_SAID,
    CLASSIFY_SAID,
    COHERE,
    GENERATE_ASKED,
    GENERATE_SAID,
    META,
    SUMMARIZE_SAID,
    line,
    lines,
)
from tests.wire.recordings import exchange, stream

CHAT, GENERATE = f"{COHERE}/chat", f"{COHERE}/generate"
CALL = {"name": "weather", "parameters": {"city": "Rome"}}


def said(url: str = CHAT, **fields: Any) -> Call:
    call = decode(exchange(url, CHAT_ASKED, {**CHAT_SAID, **fields}))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(CHAT, {**CHAT_ASKED, **fields}))
    assert call is not None
    return call


def streamed(*said: dict[str, Any], url: str = CHAT, **fields: Any) -> Call:
    request = GENERATE_ASKED if url == GENERATE else CHAT_ASKED
    call = decode(stream(url, request, *lines(*said), **fields))
    assert call is not None
    return call


def test_a_chat_is_decoded() -> None:
    call = said()

    assert (call.operation_name, call.provider_name) == ("chat", "cohere")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert (call.request_model, call.response_id) == ("command-r", "g-1")
    assert call.finish_reasons == ("COMPLETE",)


def test_billed_tokens_count_and_not_those_that_the_model_worked_with() -> None:
    assert said().usage == Usage(input_tokens=8, output_tokens=2)


def test_cached_tokens_may_be_more_than_the_billed_ones() -> None:
    counted = said(meta={**META, "cached_tokens": 48}).usage

    assert (counted.input_tokens, counted.cache_read_input_tokens) == (8, 48)


def test_tokens_count_where_nothing_is_said_of_a_bill() -> None:
    counted = said(meta={"tokens": {"input_tokens": 70.0, "output_tokens": 3.0}}).usage

    assert counted == Usage(input_tokens=70, output_tokens=3)


@pytest.mark.parametrize("meta", [None, {}, [], {"billed_units": {"input_tokens": None}}])
def test_usage_that_was_not_reported_is_unknown(meta: Any) -> None:
    assert said(meta=meta).usage == Usage()


def test_the_conversation_is_told_in_order() -> None:
    call = asked(
        message="And in Oslo?",
        preamble="Be brief",
        documents=[{"title": "Oslo", "snippet": "Cold."}],
        chat_history=[
            {"role": "System", "message": "Answer in English"},
            {"role": "USER", "message": "Is it warm in Rome?"},
            {"role": "CHATBOT", "message": "I will look.", "tool_calls": [CALL]},
            {"role": "TOOL", "tool_results": [{"call": CALL, "outputs": [{"degrees": 30}]}]},
            {"role": "CHATBOT", "message": "Yes."},
        ],
    )

    rome = Part("tool_call", name="weather", arguments={"city": "Rome"})
    answered = Part("tool_call_response", name="weather", response=[{"degrees": 30}])
    assert call.system_instructions == (Part("text", content="Be brief"),)
    assert call.input_messages == (
        Message(
            "user",
            (Part("text", content='{"title": "Oslo", "snippet": "Cold."}'),),
            name="documents",
        ),
        Message("system", (Part("text", content="Answer in English"),)),
        Message("user", (Part("text", content="Is it warm in Rome?"),)),
        Message("assistant", (Part("text", content="I will look."), rome)),
        Message("tool", (answered,)),
        Message("assistant", (Part("text", content="Yes."),)),
        Message("user", (Part("text", content="And in Oslo?"),)),
    )
    assert call.input_text == "And in Oslo?"


def test_results_of_tools_follow_the_message() -> None:
    call = asked(message="", tool_results=[{"call": CALL, "outputs": [{"degrees": 30}]}])

    assert call.input_messages == (
        Message("tool", (Part("tool_call_response", name="weather", response=[{"degrees": 30}]),)),
    )


def test_tool_calls_have_no_ids() -> None:
    call = said(text="I will look.", tool_calls=[CALL])

    assert call.output_text == "I will look."
    assert call.tool_calls == (Part("tool_call", name="weather", arguments={"city": "Rome"}),)


def test_searches_and_citations_are_parts() -> None:
    call = said(
        search_queries=[{"text": "oslo weather", "generation_id": "g-1"}],
        citations=[{"start": 0, "end": 5, "text": "Hello", "document_ids": ["doc_0", "doc_1"]}],
    )

    assert call.output_messages[0].parts == (
        Part("text", content="Hello!"),
        Part("citation", content="Hello", name="doc_0, doc_1"),
        Part("search_query", content="oslo weather"),
    )


def test_tools_keep_their_definitions() -> None:
    weather = {"name": "weather", "description": "d", "parameter_definitions": {"city": {}}}

    assert asked(tools=[weather]).tool_definitions == ({"type": "function", **weather},)


def test_parameters_have_their_conventional_names() -> None:
    call = asked(
        temperature=0.5,
        p=0.75,
        k=5,
        max_tokens=9,
        seed=7,
        frequency_penalty=0.1,
        presence_penalty=0.2,
        stop_sequences=["END"],
        num_generations=2,
    )

    assert call.parameters == {
        "temperature": 0.5,
        "top_p": 0.75,
        "top_k": 5,
        "max_tokens": 9,
        "seed": 7,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "stop_sequences": ["END"],
        "choice_count": 2,
    }


def test_every_generation_is_a_choice() -> None:
    many = [
        {"id": str(n), "text": text, "finish_reason": "MAX_TOKENS"} for n, text in enumerate("ab")
    ]

    call = decode(exchange(GENERATE, GENERATE_ASKED, {**GENERATE_SAID, "generations": many}))

    assert call is not None
    assert call.operation_name == "text_completion"
    assert [message.text for message in call.output_messages] == ["a", "b"]
    assert call.finish_reasons == ("MAX_TOKENS", "MAX_TOKENS")


def test_a_summary_is_a_completion_of_its_text() -> None:
    call = decode(exchange(f"{COHERE}/summarize", {"text": "Hi. Ho."}, SUMMARIZE_SAID))

    assert call is not None
    assert (call.operation_name, call.input_text) == ("text_completion", "Hi. Ho.")
    assert call.output_text == "Hello!"


def test_a_classification_answers_each_input_with_its_label() -> None:
    call = decode(exchange(f"{COHERE}/classify", {"model": "m", "inputs": ["Hi"]}, CLASSIFY_SAID))

    assert call is not None
    assert (call.operation_name, call.input_text) == ("classify", "Hi")
    assert call.output_text == "greeting"
    assert call.usage == Usage(billed_units={"classifications": 1})


def test_the_last_line_of_a_stream_has_the_whole_answer() -> None:
    call = streamed(*CHAT_LINES)

    assert (call.output_text, call.response_id) == ("Hello!", "g-1")
    assert call.usage == Usage(input_tokens=8, output_tokens=2)
    assert (call.finish_reasons, call.time_to_first_chunk_s) == (("COMPLETE",), 1.0)


def test_tool_calls_of_a_stream_that_was_left_are_put_together() -> None:
    deltas = [
        {"text": "I will look."},
        {"index": 0, "name": "weather"},
        {"index": 0, "parameters": '{"city": '},
        {"index": 0, "parameters": '"Rome"}'},
    ]

    call = streamed(
        line("stream-start", generation_id="g-1"),
        *(line("tool-calls-chunk", tool_call_delta=delta) for delta in deltas),
        ended="closed",
    )

    assert call.response_id == "g-1"
    assert call.output_text == "I will look."
    assert call.tool_calls == (Part("tool_call", name="weather", arguments={"city": "Rome"}),)
    assert call.time_to_first_chunk_s == 1.0


def test_whole_tool_calls_of_a_stream_replace_their_pieces() -> None:
    call = streamed(
        line("tool-calls-chunk", tool_call_delta={"index": 0, "name": "weather"}),
        line("tool-calls-generation", tool_calls=[CALL]),
    )

    assert call.tool_calls == (Part("tool_call", name="weather", arguments={"city": "Rome"}),)


def test_a_stream_that_was_left_after_its_first_line_keeps_it() -> None:
    first = line("text-generation", text="Hel")

    chat = streamed(first, ended="closed")
    generation = streamed(first, url=GENERATE, ended="closed")

    assert (chat.output_text, chat.error_type) == ("Hel", None)
    assert (generation.output_text, generation.error_type) == ("Hel", None)


def test_an_old_stream_names_no_event_types() -> None:
    call = streamed(
        {"text": "Hel", "is_finished": False},
        {"text": "lo!", "is_finished": False},
        {"is_finished": True, "finish_reason": "COMPLETE"},
        url=GENERATE,
    )

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("COMPLETE",))
    assert call.error_type is None


def test_generations_of_a_stream_are_kept_apart() -> None:
    pieces = [(0, "a"), (1, "x"), (0, "b"), (1, "y")]

    call = streamed(
        *(line("text-generation", text=text, index=index) for index, text in pieces), url=GENERATE
    )

    assert [message.text for message in call.output_messages] == ["ab", "xy"]


def test_an_error_in_a_stream_is_an_error_with_what_was_said_before() -> None:
    call = streamed(
        line("text-generation", text="Hel"),
        line("stream-error", finish_reason="ERROR", err="out of memory"),
        url=GENERATE,
    )

    assert call.output_text == "Hel"
    assert (call.error_type, call.error_message) == ("ERROR", "out of memory")


def test_a_reply_that_ended_in_an_error_is_one() -> None:
    assert said(finish_reason="ERROR").error_type == "ERROR"
    assert said(finish_reason="ERROR_TOXIC").error_type is None


def test_the_id_of_an_error_is_no_response_id() -> None:
    body = {"id": "e-1", "message": "model 'command-r' was removed"}

    call = decode(exchange(CHAT, CHAT_ASKED, body, status=404))

    assert call is not None
    assert (call.response_id, call.error_type) == (None, "404")
    assert call.error_message == "model 'command-r' was removed"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat", {"message": "Hi"}),
        ("/v1/chat", {"model": "m", "messages": []}),
        ("/chat", {"model": "m", "message": "Hi"}),
        ("/v1/generate", {"prompt": "Hi"}),
        ("/v1/summarize", {"model": "m", "text": "Hi"}),
        ("/v1/classify", {"model": "m", "inputs": ["Hi"]}),
    ],
)
def test_a_shop_s_own_chat_is_none_of_ours(path: str, body: Any) -> None:
    assert decode(exchange(f"https://shop.example{path}", body, CHAT_SAID)) is None


def test_the_oldest_paths_have_no_version() -> None:
    call = decode(exchange("https://api.cohere.ai/generate", {"prompt": "Hi"}, GENERATE_SAID))

    assert call is not None
    assert (call.provider_name, call.output_text) == ("cohere", "Hello!")
