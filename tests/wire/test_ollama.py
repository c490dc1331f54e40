"""Ollama's own API."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.ollama import (
    CHAT_ASKED,
    CHAT_SAID,
    COUNTS,
    GENERATE_ASKED,
    GENERATE_SAID,
    NAMED,
    OLLAMA,
    PLAIN,
    chat_line,
    generate_line,
    lines,
)
from tests.wire.recordings import exchange, stream

CHAT, GENERATE = f"{OLLAMA}/chat", f"{OLLAMA}/generate"


def said(message: Any = None, **fields: Any) -> Call:
    answer = {**CHAT_SAID, **({"message": message} if message else {}), **fields}
    call = decode(exchange(CHAT, CHAT_ASKED, answer))
    assert call is not None
    return call


def asked(url: str = CHAT, **fields: Any) -> Call:
    request = CHAT_ASKED if url == CHAT else GENERATE_ASKED
    call = decode(exchange(url, {**request, **fields}))
    assert call is not None
    return call


def streamed(*said: Any, url: str = CHAT, **fields: Any) -> Call:
    request = CHAT_ASKED if url == CHAT else GENERATE_ASKED
    call = decode(stream(url, request, *lines(*said), **fields))
    assert call is not None
    return call


def test_a_chat_is_decoded() -> None:
    call = said()

    assert (call.operation_name, call.provider_name) == ("chat", "ollama")
    assert (call.request_model, call.response_model) == ("llama3.2", "llama3.2")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert call.finish_reasons == ("stop",)
    assert call.usage == Usage(input_tokens=8, output_tokens=2)


def test_a_generation_is_a_completion() -> None:
    call = decode(exchange(GENERATE, {**GENERATE_ASKED, "system": "Be brief"}, GENERATE_SAID))

    assert call is not None
    assert (call.operation_name, call.output_text) == ("text_completion", "Hello!")
    assert call.system_instructions == (Part("text", content="Be brief"),)


def test_durations_are_seconds_and_leave_the_transport_s_alone() -> None:
    call = decode(exchange(CHAT, CHAT_ASKED, CHAT_SAID, duration_s=3.0))

    assert call is not None
    assert call.duration_s == 3.0
    assert call.server_times_s == {
        "total_duration": 2.0,
        "load_duration": 0.5,
        "prompt_eval_duration": 0.25,
        "eval_duration": 1.0,
    }


def test_a_prompt_that_was_in_the_cache_has_an_unknown_count() -> None:
    cached = {name: value for name, value in CHAT_SAID.items() if name != "prompt_eval_count"}

    call = decode(exchange(CHAT, CHAT_ASKED, cached))

    assert call is not None
    assert call.usage == Usage(output_tokens=2)


@pytest.mark.parametrize(
    ("stream_", "expected"), [({}, True), ({"stream": True}, True), ({"stream": False}, False)]
)
def test_an_answer_is_streamed_unless_the_request_says_no(stream_: Any, expected: bool) -> None:
    request = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **stream_}

    call = decode(exchange(CHAT, request, CHAT_SAID))

    assert call is not None
    assert (call.streamed, call.output_text) == (expected, "Hello!")


def test_thoughts_and_tool_calls_are_parts() -> None:
    tool = {"id": "call_1", "function": {"index": 0, "name": "f", "arguments": {"a": 1}}}

    call = said({"role": "assistant", "content": "", "thinking": "hm", "tool_calls": [tool]})

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("tool_call", id="call_1", name="f", arguments={"a": 1}),
    )


def test_every_kind_of_message_is_kept() -> None:
    tool = {"function": {"name": "f", "arguments": {"a": 1}}}

    call = asked(
        messages=[
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": "Look", "images": ["AAAA"]},
            {"role": "assistant", "content": "", "tool_calls": [tool]},
            {"role": "tool", "content": "30", "tool_name": "f"},
        ]
    )

    assert call.input_messages == (
        Message("system", (Part("text", content="Be brief"),)),
        Message(
            "user",
            (Part("text", content="Look"), Part("blob", content="AAAA", modality="image")),
        ),
        Message("assistant", (Part("tool_call", name="f", arguments={"a": 1}),)),
        Message("tool", (Part("tool_call_response", response=30),), name="f"),
    )


def test_a_prompt_has_its_pictures() -> None:
    assert asked(GENERATE, images=["AAAA"]).input_messages[0].parts == (
        Part("text", content="Hi"),
        Part("blob", content="AAAA", modality="image"),
    )


def test_a_generated_picture_is_a_part() -> None:
    painted = {**NAMED, "response": "", "image": "AAAA", "done": True}

    call = decode(exchange(GENERATE, GENERATE_ASKED, painted))

    assert call is not None
    assert call.output_messages[0].parts == (Part("blob", content="AAAA", modality="image"),)


def test_tools_are_defined_by_their_schema() -> None:
    function = {"name": "f", "description": "d", "parameters": {"type": "object"}}

    assert asked(tools=[{"type": "function", "function": function}]).tool_definitions == (
        {"type": "function", **function},
    )


def test_options_have_their_conventional_names() -> None:
    options = {
        "temperature": 0.5,
        "top_p": 0.75,
        "top_k": 5,
        "num_predict": 9,
        "seed": 7,
        "stop": ["END"],
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "num_ctx": 4096,
    }

    assert asked(options=options, think="high").parameters == {
        "temperature": 0.5,
        "top_p": 0.75,
        "top_k": 5,
        "max_tokens": 9,
        "seed": 7,
        "stop_sequences": ["END"],
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "reasoning.level": "high",
    }
    assert asked(options={"num_predict": -1}, think=True).parameters == {}


def test_pieces_of_a_stream_are_joined_and_its_last_line_has_the_counts() -> None:
    tool = {"function": {"name": "f", "arguments": {}}}
    thinking = {"role": "assistant", "content": "", "thinking": "hm"}
    calling = {"role": "assistant", "content": "", "tool_calls": [tool]}

    call = streamed(
        chat_line("", message=thinking),
        chat_line("4"),
        chat_line("", message=calling),
        chat_line("", **COUNTS),
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("text", content="4"),
        Part("tool_call", name="f", arguments={}),
    )
    assert (call.finish_reasons, call.usage.output_tokens) == (("stop",), 2)
    assert (call.server_times_s["total_duration"], call.time_to_first_chunk_s) == (2.0, 0.5)


def test_a_stream_that_was_left_after_its_first_line_keeps_it() -> None:
    call = streamed(generate_line("Hel"), url=GENERATE, ended="closed")

    assert (call.streamed, call.output_text, call.usage) == (True, "Hel", Usage())


def test_an_error_in_a_stream_is_an_error_with_what_was_said_before() -> None:
    call = streamed(chat_line("Hel"), {"error": "model runner has stopped"})

    assert (call.output_text, call.error_type) == ("Hel", "error")
    assert call.error_message == "model runner has stopped"


def test_lines_of_something_else_are_an_error() -> None:
    assert streamed({"status": "pulling"}, {"status": "done"}).error_type == "unreadable_response"


def test_a_missing_model_is_an_error() -> None:
    call = decode(exchange(CHAT, CHAT_ASKED, {"error": "model 'm' not found"}, status=404))

    assert call is not None
    assert (call.error_type, call.error_message) == ("404", "model 'm' not found")


def test_embeddings_have_their_vectors_and_no_output() -> None:
    many, one = (decode(exchange(url, *PLAIN[url])) for url in PLAIN if "/embed" in url)

    assert many is not None
    assert one is not None
    assert (many.request_model, many.response_model) == ("all-minilm", "all-minilm")
    assert many.server_times_s == {"total_duration": 0.014, "load_duration": 0.001}
    assert (many.embedding_dimensions, many.embedding_count) == (3, 2)
    assert many.usage == Usage(input_tokens=2, output_tokens=0)
    assert [message.text for message in many.input_messages] == ["Hi", "Ho"]
    assert (one.embedding_dimensions, one.embedding_count) == (3, 1)
    assert one.usage == Usage()
    assert one.input_text == "Hi"


def test_an_embedding_may_have_options() -> None:
    url = f"{OLLAMA}/embed"

    call = decode(exchange(url, {**PLAIN[url][0], "options": {"temperature": 0}}))

    assert call is not None
    assert call.parameters == {"temperature": 0}


@pytest.mark.parametrize(
    ("url", "request_"),
    [
        (CHAT, {"model": "m", "messages": []}),
        (GENERATE, {"model": "m", "keep_alive": 0}),
        (GENERATE, {"model": "m", "prompt": ""}),
    ],
)
def test_no_model_runs_to_be_loaded_or_unloaded(url: str, request_: Any) -> None:
    call = decode(exchange(url, request_))

    assert call is not None
    assert not call.runs_model


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("chat", {"messages": [{"role": "user", "content": "Hi"}]}),
        ("chat", {"model": "m", "messages": "Hi"}),
        ("chat", {"model": "m", "messages": [{"text": "Hi"}]}),
        ("chat", {"id": "1", "model": "m", "messages": [{"role": "user", "parts": []}]}),
        ("generate", {"prompt": "Hi"}),
        ("embed", {"model": "m", "text": "Hi"}),
        ("embeddings", {"prompt": "Hi"}),
    ],
)
def test_a_shop_s_own_api_is_none_of_ours(path: str, body: Any) -> None:
    assert decode(exchange(f"https://shop.example/api/{path}", body, CHAT_SAID)) is None


def test_ollama_s_cloud_embeds_in_its_own_format() -> None:
    url = "https://ollama.com/api/embeddings"

    call = decode(exchange(url, *PLAIN[f"{OLLAMA}/embeddings"]))

    assert call is not None
    assert (call.provider_name, call.wire_format) == ("ollama", "ollama")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "show"), ("GET", "tags"), ("GET", "ps"), ("GET", "version")]
)
def test_what_is_asked_about_the_models_runs_none(method: str, path: str) -> None:
    url = f"http://localhost:11434/api/{path}"

    call = decode(exchange(url, {"model": "llama3"}, {"version": "1"}, method=method))

    assert call is not None
    assert (call.operation_name, call.runs_model, call.error_type) == (path, False, None)
    assert decode(exchange(f"https://shop.example/api/{path}", {}, method=method)) is None
