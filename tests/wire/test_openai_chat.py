"""OpenAI's chat completions and the dialects of those who copy it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.openai_chat import PLAIN, STREAMS
from tests.wire.recordings import (
    CHAT,
    CHAT_ASKED,
    CHAT_SAID,
    CHAT_STREAM,
    delta,
    exchange,
    sse,
    stream,
)


def said(message: Any, *, url: str = CHAT, **fields: Any) -> Call:
    answer = {**CHAT_SAID, "choices": [{"message": message, "finish_reason": "stop"}], **fields}
    call = decode(exchange(url, CHAT_ASKED, answer))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(CHAT, {**CHAT_ASKED, **fields}))
    assert call is not None
    return call


def streamed(*events: Any, url: str = CHAT) -> Call:
    call = decode(stream(url, CHAT_ASKED, *sse(*events)))
    assert call is not None
    return call


def usage(**counts: Any) -> Usage:
    return said({"content": "x"}, usage=counts).usage


def test_a_plain_chat_is_decoded() -> None:
    call = decode(exchange(CHAT, CHAT_ASKED, CHAT_SAID))

    assert call is not None
    assert (call.operation_name, call.provider_name, call.wire_format) == (
        "chat",
        "openai",
        "openai.chat",
    )
    assert (call.request_model, call.response_model) == ("gpt-4o", "gpt-4o-2024-08-06")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert (call.finish_reasons, call.response_id) == (("stop",), "chatcmpl-1")
    assert call.usage == Usage(input_tokens=8, output_tokens=2)


def test_every_kind_of_content_becomes_a_part() -> None:
    content = [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "input_audio", "input_audio": {"data": "BBBB", "format": "wav"}},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf,CC"}},
        {"type": "hologram"},
    ]

    call = asked(messages=[{"role": "user", "content": content}])

    assert call.input_messages[0].parts == (
        Part("text", content="Look"),
        Part("uri", uri="https://x.example/a.png", modality="image"),
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
        Part("blob", content="BBBB", mime_type="audio/wav", modality="audio"),
        Part("file", file_id="file-1", modality="document"),
        Part("blob", content="CC", mime_type="application/pdf", name="a.pdf", modality="document"),
        Part("hologram"),
    )


def test_a_tool_s_answer_names_the_call_it_answers() -> None:
    call = asked(
        messages=[
            {"role": "system", "content": "Be brief"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": '{"a": 1}'}}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": '{"b": 2}'},
        ]
    )

    assert call.input_messages == (
        Message("system", (Part("text", content="Be brief"),)),
        Message("assistant", (Part("tool_call", id="c1", name="f", arguments={"a": 1}),)),
        Message("tool", (Part("tool_call_response", id="c1", response={"b": 2}),)),
    )


def test_parameters_have_their_conventional_names() -> None:
    call = asked(
        temperature=0.5,
        top_p=1,
        max_completion_tokens=9,
        seed=7,
        stop="END",
        n=2,
        frequency_penalty=0.1,
        presence_penalty=-0.1,
        reasoning_effort="low",
        service_tier="flex",
        tools=[{"type": "function", "function": {"name": "f"}}],
    )

    assert call.parameters == {
        "temperature": 0.5,
        "top_p": 1,
        "max_tokens": 9,
        "seed": 7,
        "stop_sequences": ["END"],
        "choice_count": 2,
        "frequency_penalty": 0.1,
        "presence_penalty": -0.1,
        "reasoning.level": "low",
    }
    assert call.service_tier == "flex"
    assert call.tool_definitions == ({"type": "function", "name": "f"},)


def test_an_azure_deployment_is_the_model_asked_for() -> None:
    url = "https://r.openai.azure.com//openai/deployments/my-gpt/chat/completions?api-version=1"
    call = decode(exchange(url, {"messages": []}, CHAT_SAID))

    assert call is not None
    assert call.request_model == "my-gpt"


def test_a_choice_that_azure_filtered_has_no_message() -> None:
    answer = {**CHAT_SAID, "choices": [{"finish_reason": "content_filter", "index": 0}]}
    call = decode(exchange(CHAT, CHAT_ASKED, answer))

    assert call is not None
    assert call.output_messages == (Message("assistant"),)
    assert call.finish_reasons == ("content_filter",)
    assert call.error_type is None


def test_a_refusal_is_a_part_and_no_text() -> None:
    call = said({"role": "assistant", "content": None, "refusal": "I cannot"})

    assert call.output_text == ""
    assert call.output_messages[0].parts == (Part("refusal", content="I cannot"),)


def flag(category: str, subject: Any, *, severity: str | None = "safe", **fields: Any) -> Flag:
    return Flag(category=category, subject=subject, severity=severity, **fields)


AZURE = (
    "https://r.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21"
)
SAFE_ANSWER = (
    flag("hate", "input", flagged=False),
    flag("violence", "input", severity="low", flagged=False),
    flag("jailbreak", "input", severity=None, flagged=False),
    flag("hate", "output", flagged=False),
    flag("violence", "output", severity="low", flagged=False),
)


def test_azure_s_filters_are_flags_of_the_prompt_and_the_answer() -> None:
    asked, answer = PLAIN[AZURE]
    call = decode(exchange(AZURE, asked, answer))

    assert call is not None
    assert call.flags == SAFE_ANSWER


def test_azure_s_filters_of_a_stream_are_flags_once() -> None:
    asked, pieces = STREAMS[AZURE]
    call = decode(stream(AZURE, asked, *pieces))

    assert call is not None
    assert call.flags == SAFE_ANSWER
    assert call.response_model == "gpt-4o-2024-08-06"


def test_of_the_filters_of_a_stream_the_worst_word_counts() -> None:
    chunks = [delta(content=word) for word in "abc"]
    for chunk, severity, filtered in zip(
        chunks, ("low", "high", "safe"), (False, True, False), strict=True
    ):
        found = {"hate": {"filtered": filtered, "severity": severity}}
        chunk["choices"][0]["content_filter_results"] = found

    assert streamed(*chunks).flags == (flag("hate", "output", severity="high", flagged=True),)


def test_a_prompt_that_azure_refused_has_the_flags_of_its_error() -> None:
    found = {
        "jailbreak": {"filtered": True, "detected": True},
        "custom_blocklists": {"filtered": True, "details": [{"id": "rivals", "filtered": True}]},
        "error": {"code": "content_filter_error"},
    }
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": found}
    error = {"code": "content_filter", "message": "m", "innererror": inner}

    call = decode(exchange(AZURE, CHAT_ASKED, {"error": error}, status=400))

    assert call is not None
    assert call.error_type == "content_filter"
    assert call.flags == (
        flag("jailbreak", "input", severity=None, flagged=True),
        flag("custom_blocklists", "input", severity=None, flagged=True),
    )


@pytest.mark.parametrize("live", [False, True])
def test_openai_s_moderation_of_both_sides_is_flags(live: bool) -> None:
    result = {"categories": {"violence": True}, "category_scores": {"violence": 0.9}}
    moderation = {
        "input": {"type": "moderation_results", "results": [result]},
        "output": {"type": "error", "code": "timeout", "message": "m"},
    }

    if live:
        call = streamed(delta(content="x"), {"choices": [], "moderation": moderation})
    else:
        call = said({"content": "x"}, moderation=moderation)

    assert call.flags == (Flag(category="violence", subject="input", flagged=True, score=0.9),)


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_reasoning_is_kept_apart_from_the_text(name: str) -> None:
    call = said({"role": "assistant", "content": "4", name: "2 and 2"})

    assert call.output_text == "4"
    assert call.output_messages[0].parts[0] == Part("reasoning", content="2 and 2")


def test_mistral_s_list_of_thinking_and_text_is_read() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "2 and 2"}]}

    call = said({"role": "assistant", "content": [thinking, {"type": "text", "text": "4"}]})

    assert call.output_messages[0].parts == (
        Part("reasoning", content="2 and 2"),
        Part("text", content="4"),
    )


def test_reasoning_that_is_encrypted_is_a_part_without_words() -> None:
    details = [{"type": "reasoning.encrypted", "data": "gAAA", "id": "rs_1"}]
    expected = (Part("reasoning", content=""), Part("text", content="4"))

    plain = said({"content": "4", "reasoning": None, "reasoning_details": details})
    live = streamed(delta(reasoning_details=details), delta(content="4"))

    assert plain.output_messages[0].parts == live.output_messages[0].parts == expected


def test_pages_that_a_text_cites_are_parts() -> None:
    cited = {"url": "https://x.example/a", "title": "A", "start_index": 0, "end_index": 3}
    annotations = [{"type": "url_citation", "url_citation": cited}]
    source = Part("url_citation", uri="https://x.example/a", name="A")

    plain = said({"content": "x", "annotations": annotations})
    live = streamed(delta(content="x"), delta(annotations=annotations))

    assert plain.output_messages[0].parts == (Part("text", content="x"), source)
    assert live.output_messages == plain.output_messages


def test_sources_that_stand_beside_the_choice_are_parts_of_it() -> None:
    urls = ["https://x.example/a"]
    results = [{"title": "A", "url": "https://x.example/a", "date": "2026-01-01"}]

    bare = said({"content": "x"}, citations=urls)
    titled = said({"content": "x"}, citations=urls, search_results=results)
    live = streamed({**delta(content="x"), "citations": urls})

    assert bare.output_messages[0].parts[1] == Part("citation", uri="https://x.example/a")
    assert titled.output_messages[0].parts[1] == Part("citation", uri=urls[0], name="A")
    assert live.output_messages == bare.output_messages


def test_documents_of_azure_s_data_sources_are_parts() -> None:
    context = {"citations": [{"content": "30 days", "title": "policy.md", "url": None}]}

    call = said({"content": "x [doc1]", "context": context})

    assert call.output_messages[0].parts[1] == Part("citation", content="30 days", name="policy.md")


def test_images_that_a_model_drew_are_blobs() -> None:
    images = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO"}}]
    drawn = Part("blob", content="iVBO", mime_type="image/png", modality="image")

    plain, live = said({"content": None, "images": images}), streamed(delta(images=images))

    assert plain.output_messages[0].parts == live.output_messages[0].parts == (drawn,)


def test_tools_that_groq_ran_have_their_results() -> None:
    asked = {"index": 0, "type": "search", "arguments": '{"query": "q"}'}
    expected = (
        Part("server_tool_call", id="0", name="search", arguments={"query": "q"}),
        Part("server_tool_call_response", id="0", name="search", response="found"),
        Part("text", content="x"),
    )

    plain = said({"content": "x", "executed_tools": [{**asked, "output": "found"}]})
    live = streamed(
        delta(executed_tools=[asked]),
        delta(executed_tools=[{"index": 0, "type": "search", "output": "found"}]),
        delta(content="x"),
    )

    assert plain.output_messages[0].parts == live.output_messages[0].parts == expected
    assert live.time_to_first_chunk_s == 0.5


def test_audio_is_heard_in_every_spelling() -> None:
    content = [
        {"type": "input_audio", "input_audio": "https://x.example/a.mp3"},
        {"type": "input_audio", "input_audio": "BBBB"},
    ]

    call = asked(messages=[{"role": "user", "content": content}])

    assert call.input_messages[0].parts == (
        Part("uri", uri="https://x.example/a.mp3", modality="audio"),
        Part("blob", content="BBBB", modality="audio"),
    )


def test_the_result_of_an_old_function_names_it() -> None:
    call = asked(messages=[{"role": "function", "name": "f", "content": "3"}])

    assert call.input_messages[0].parts == (Part("tool_call_response", name="f", response=3),)


def test_spoken_audio_has_its_transcript_as_text() -> None:
    audio = {"id": "a1", "data": "AAAA", "transcript": "Hello"}

    call = said({"role": "assistant", "content": None, "audio": audio})

    assert call.output_text == "Hello"
    assert call.output_messages[0].parts[1] == Part(
        "blob", content="AAAA", id="a1", modality="audio"
    )


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{bad"}}]}, "{bad"),
        ({"tool_calls": [{"id": "c", "custom": {"name": "f", "input": "raw text"}}]}, "raw text"),
        ({"function_call": {"name": "f", "arguments": "[1]"}}, [1]),
        ({"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": {"a": 1}}}]}, {"a": 1}),
    ],
)
def test_tool_calls_of_every_spelling_are_found(message: Any, expected: Any) -> None:
    (call,) = said(message).tool_calls

    assert (call.name, call.arguments) == ("f", expected)


def test_what_snowflake_sends_empty_is_nothing() -> None:
    empty = {"function_call": {"name": "", "arguments": ""}, "audio": {"id": "", "data": ""}}

    plain = said({"content": "x", **empty}, model="")
    live = streamed(delta(content="x", **empty))

    assert plain.output_messages == live.output_messages
    assert plain.output_messages[0].parts == (Part("text", content="x"),)
    assert (plain.response_model, live.finish_reasons) == (None, ())


def test_cached_and_reasoning_tokens_are_among_all_tokens() -> None:
    counted = usage(
        prompt_tokens=100,
        completion_tokens=50,
        total_tokens=150,
        prompt_tokens_details={"cached_tokens": 60, "audio_tokens": 5},
        completion_tokens_details={"reasoning_tokens": 40},
    )

    assert counted == Usage(
        input_tokens=100,
        output_tokens=50,
        cache_read_input_tokens=60,
        reasoning_output_tokens=40,
        billed_units={"input_audio_tokens": 5},
    )


def test_deepseek_s_cache_hits_are_cached_tokens() -> None:
    assert usage(prompt_tokens=9, prompt_cache_hit_tokens=4).cache_read_input_tokens == 4


def test_perplexity_bills_reasoning_and_citations_as_output_and_its_searches() -> None:
    url = "https://api.perplexity.ai/chat/completions"
    counts = {
        "prompt_tokens": 33,
        "completion_tokens": 100,
        "total_tokens": 133,
        "citation_tokens": 20,
        "reasoning_tokens": 700,
        "num_search_queries": 3,
    }

    counted = said({"content": "x"}, url=url, usage=counts).usage

    assert counted == Usage(
        input_tokens=33,
        output_tokens=820,
        reasoning_output_tokens=700,
        billed_units={"web_searches": 3, "output_citation_tokens": 20},
    )


def test_searches_of_openrouter_s_server_are_billed_beside_the_tokens() -> None:
    counted = usage(prompt_tokens=9, server_tool_use_details={"web_search_requests": 1})

    assert counted.billed_units == {"web_searches": 1}


def test_usage_that_stands_in_a_choice_is_read() -> None:
    last = delta(finish_reason="stop")
    last["choices"][0]["usage"] = {"prompt_tokens": 3, "completion_tokens": 4}

    assert streamed(delta(content="x"), last).usage == Usage(input_tokens=3, output_tokens=4)


def test_reasoning_that_xai_leaves_out_of_the_output_is_added() -> None:
    counted = usage(
        prompt_tokens=32,
        completion_tokens=9,
        total_tokens=135,
        completion_tokens_details={"reasoning_tokens": 94},
    )

    assert counted.output_tokens == 103


def test_thoughts_that_google_only_totals_are_output() -> None:
    url = "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"
    counts = {"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109}

    counted = said({"content": "x"}, url=url, usage=counts).usage

    assert (counted.output_tokens, counted.reasoning_output_tokens) == (74, 62)


@pytest.mark.parametrize("counts", [None, {}, [], {"prompt_tokens": None}, {"prompt_tokens": -1}])
def test_usage_that_was_not_reported_is_unknown(counts: Any) -> None:
    assert said({"content": "x"}, usage=counts).usage == Usage()


@pytest.mark.parametrize(
    ("counts", "cost"),
    [
        ({"cost": 0.0012}, Decimal("0.0012")),
        ({"cost": 0}, Decimal(0)),
        ({"cost": 0.1, "is_byok": True, "cost_details": {"upstream_inference_cost": 2}}, 2.1),
        ({"cost": 0.1, "is_byok": True}, None),
        ({"cost": {"total_cost": 0.006}}, Decimal("0.006")),
        ({"estimated_cost": 0.0003}, Decimal("0.0003")),
        ({"cost_in_usd_ticks": 37756000}, Decimal("0.0037756")),
        ({"cost_in_usd_ticks": -1}, None),
        ({"cost": "free"}, None),
        ({"cost": float("nan")}, None),
        ({"cost": -1}, None),
        ({}, None),
    ],
)
def test_a_cost_that_the_provider_reports_is_kept(counts: Any, cost: Any) -> None:
    expected = Decimal(str(cost)) if cost is not None else None

    assert said({"content": "x"}, usage=counts).reported_cost_usd == expected


def test_choices_of_a_stream_are_kept_apart() -> None:
    call = streamed(
        delta(0, content="a"),
        delta(1, content="x"),
        delta(0, content="b", finish_reason="stop"),
        delta(1, content="y", finish_reason="length"),
    )

    assert [message.text for message in call.output_messages] == ["ab", "xy"]
    assert call.finish_reasons == ("stop", "length")


def test_cumulative_usage_of_a_stream_is_overwritten_not_summed() -> None:
    counts = [{"prompt_tokens": 12, "completion_tokens": done} for done in (0, 1, 3)]

    call = streamed(*({**delta(content="x"), "usage": count} for count in counts), "[DONE]")

    assert (call.usage.input_tokens, call.usage.output_tokens) == (12, 3)


def test_usage_need_not_be_in_the_last_chunk() -> None:
    counts = {"prompt_tokens": 12, "completion_tokens": 3}
    last = {**delta(finish_reason="stop"), "usage": None}

    assert streamed({**delta(content="x"), "usage": counts}, last).usage.total_tokens == 15


def test_cached_tokens_may_be_more_than_all_tokens() -> None:
    details = {"cached_tokens": 90, "cache_write_tokens": 20}
    counted = usage(prompt_tokens=100, completion_tokens=1, prompt_tokens_details=details)

    assert (counted.input_tokens, counted.cache_read_input_tokens) == (100, 90)
    assert counted.cache_write_input_tokens == 20


def test_groq_s_own_place_for_usage_is_read() -> None:
    counts = {"prompt_tokens": 3, "completion_tokens": 4, "queue_time": 0.25}

    call = streamed(delta(content="x"), {"choices": [], "x_groq": {"usage": counts}})

    assert call.usage == Usage(input_tokens=3, output_tokens=4)


def test_a_stream_without_usage_has_unknown_usage() -> None:
    assert streamed(*(delta(content=word) for word in "ab"), "[DONE]").usage == Usage()


def test_names_of_a_stream_are_the_first_that_are_not_empty() -> None:
    first = {"id": "", "model": "", "choices": [], "prompt_filter_results": []}

    call = streamed(first, delta(content="x"))

    assert (call.response_id, call.response_model) == ("chatcmpl-1", "gpt-4o-2024-08-06")


def tool_delta(**fields: Any) -> dict[str, Any]:
    names = {key: fields.pop(key) for key in ("index", "id") if key in fields}
    return delta(tool_calls=[{**names, "function": fields}])


@pytest.mark.parametrize(
    "deltas",
    [
        pytest.param(
            [
                tool_delta(index=0, id="a", name="f", arguments=""),
                tool_delta(index=0, arguments='{"x"'),
                tool_delta(index=1, id="b", name="g", arguments="{}"),
                tool_delta(index=0, arguments=": 1}"),
            ],
            id="openai",
        ),
        pytest.param(
            [
                tool_delta(id="a", name="f", arguments='{"x": 1}'),
                tool_delta(id="b", name="g", arguments="{}"),
            ],
            id="without an index",
        ),
        pytest.param(
            [
                tool_delta(index=0, id="a", name="f", arguments='{"x": 1}'),
                tool_delta(index=0, id="b", name="g", arguments="{}"),
            ],
            id="always index 0",
        ),
        pytest.param(
            [
                tool_delta(index=0, id="a", name="f", arguments='{"x"'),
                tool_delta(index=0, id="a", name="f", arguments=": 1}"),
                tool_delta(index=1, id="b", name="g", arguments="{}"),
            ],
            id="id and name repeated",
        ),
    ],
)
def test_tool_calls_of_a_stream_are_put_together(deltas: list[Any]) -> None:
    assert streamed(*deltas).tool_calls == (
        Part("tool_call", id="a", name="f", arguments={"x": 1}),
        Part("tool_call", id="b", name="g", arguments={}),
    )


def test_a_function_call_of_an_old_stream_is_put_together() -> None:
    pieces = ({"name": "f", "arguments": ""}, {"arguments": '{"x":'}, {"arguments": "1}"})

    call = streamed(*(delta(function_call=piece) for piece in pieces))

    assert call.tool_calls == (Part("tool_call", name="f", arguments={"x": 1}),)


def test_parts_of_mistral_s_deltas_are_joined() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}

    call = streamed(delta(content=[thought]), delta(content="o"), delta(content="k"))

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("text", content="ok"),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "x"},
        {"reasoning": "x"},
        {"refusal": "x"},
        {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f"}}]},
        {"function_call": {"name": "f", "arguments": ""}},
        {"audio": {"data": "A"}},
    ],
)
def test_any_content_is_the_first_chunk(fields: dict[str, Any]) -> None:
    events = [delta(role="assistant", content=""), delta(**fields)]

    assert streamed(*events).time_to_first_chunk_s == 1.0


def test_an_error_in_a_choice_or_a_chunk_is_an_error() -> None:
    fault = {"code": 400, "message": "Token limit reached"}

    in_choice = said(None, choices=[{"error": fault, "finish_reason": "error"}])
    in_chunk = streamed(delta(content="x"), {**delta(content=""), "error": fault})
    alone = streamed(delta(content="x"), ("error", {"error": {**fault, "code": "tool_use_failed"}}))

    assert (in_choice.error_type, in_choice.error_message) == ("400", "Token limit reached")
    assert (in_chunk.error_type, in_chunk.output_text) == ("400", "x")
    assert (alone.error_type, alone.output_text) == ("tool_use_failed", "x")


def test_a_whole_answer_may_be_an_error_although_the_status_is_200() -> None:
    error = {"code": "content_filter", "type": None, "status": 400, "message": "m"}
    call = decode(exchange(CHAT, CHAT_ASKED, {"error": error}))

    assert call is not None
    assert (call.status, call.error_type, call.error_message) == (200, "content_filter", "m")


def test_a_stream_that_was_left_at_once_is_no_error() -> None:
    headers = (("Content-Type", "text/event-stream; charset=utf-8"),)

    call = decode(stream(CHAT, CHAT_ASKED, headers=headers))

    assert call is not None
    assert (call.error_type, call.output_messages, call.streamed) == (None, (), True)


def test_a_stream_may_end_without_done_and_hold_comments() -> None:
    call = decode(stream(CHAT, CHAT_ASKED, b": OPENROUTER PROCESSING\n\n", *CHAT_STREAM[:-1]))

    assert call is not None
    assert (call.output_text, call.error_type) == ("Hello!", None)


def test_writer_s_own_path_is_a_chat() -> None:
    call = decode(exchange("https://api.writer.com/v1/chat", CHAT_ASKED, CHAT_SAID))

    assert call is not None
    assert call.provider_name == "writer"


def answered(url: str) -> Call:
    """A recording of our own of another server."""
    asked, answer = PLAIN.get(url, (CHAT_ASKED, CHAT_SAID))
    call = decode(exchange(url, asked, answer))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "provider_name", "model"),
    [
        (AZURE, "azure.ai.openai", "my-gpt"),
        ("https://r.services.ai.azure.com/models/chat/completions", "azure.ai.inference", "gpt-4o"),
        ("https://r.cognitiveservices.azure.com/chat/completions", "azure.ai.openai", "gpt-4o"),
        ("https://api.mistral.ai/v1/agents/completions", "mistral_ai", None),
        ("https://api.portkey.ai/v1/prompts/pp-hello-1/completions", "portkey", None),
        (
            "https://w.cloud.databricks.com/serving-endpoints/my-llama/invocations",
            "databricks",
            "my-llama",
        ),
        ("http://localhost:4000/v1/chat/completions", "localhost:4000", "gpt-4o"),
    ],
)
def test_a_path_may_name_the_model_and_a_body_none(
    url: str, provider_name: str, model: str | None
) -> None:
    call = answered(url)

    assert (call.provider_name, call.request_model) == (provider_name, model)
    assert call.operation_name == "chat"


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/engines/my-ada/chat/completions", "my-ada"),
        ("/models/meta/llama/v1/chat/completions", "meta/llama"),
        ("/openai/deployments/my%20gpt/chat/completions", "my gpt"),
        ("/serving-endpoints/chat/completions", None),
    ],
)
def test_names_in_paths_are_decoded(path: str, model: str | None) -> None:
    call = decode(exchange(f"https://x.example{path}", {"messages": []}))

    assert call is not None
    assert call.request_model == model


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://shop.example/api/chat", {"message": "Hi"}),
        ("https://shop.example/prompts/1/completions", {"name": "Ada"}),
        ("https://shop.example/agents/completions", {"agent": 1}),
    ],
)
def test_a_shop_s_own_paths_are_no_chats(url: str, asked: Any) -> None:
    assert decode(exchange(url, asked)) is None


@pytest.mark.parametrize("host", ["openrouter.ai", "api.openai.com"])
def test_openrouter_is_known_by_its_answer(host: str) -> None:
    asked, answer = PLAIN["https://openrouter.ai/api/v1/chat/completions"]
    call = decode(exchange(f"https://{host}/v1/chat/completions", asked, answer))

    assert call is not None
    assert (call.provider_name, call.served_by) == ("openrouter", "DeepInfra")
    assert call.reported_cost_usd == Decimal("0.0000012")


@pytest.mark.parametrize(
    ("path", "headers", "served_by"),
    [
        ("nebius/v1/chat/completions", (), "nebius"),
        ("v1/chat/completions", (("X-Inference-Provider", "novita"),), "novita"),
        ("v1/chat/completions", (), None),
    ],
)
def test_hugging_face_s_router_tells_who_worked(
    path: str, headers: Any, served_by: str | None
) -> None:
    url = f"https://router.huggingface.co/{path}"

    call = decode(exchange(url, CHAT_ASKED, CHAT_SAID, headers=headers))

    assert call is not None
    assert (call.provider_name, call.served_by) == ("huggingface", served_by)


def test_the_id_of_an_error_is_no_response_s() -> None:
    call = decode(exchange(CHAT, CHAT_ASKED, {"id": "req_1", "error": {}}, status=401))

    assert call is not None
    assert call.response_id is None


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        (
            {"usage": {"queue_time": 0.5, "prompt_time": 0.25, "total_time": -1}},
            {"queue_time": 0.5, "prompt_time": 0.25},
        ),
        ({"time_info": {"completion_time": 0.5, "created": 9}}, {"completion_time": 0.5}),
        ({"timings": {"prompt_ms": 250, "predicted_ms": 500}}, {"prompt": 0.25, "predicted": 0.5}),
        ({}, {}),
    ],
)
def test_times_that_the_provider_took_itself_are_kept(
    fields: dict[str, Any], times: dict[str, float]
) -> None:
    live = streamed(delta(content="x"), {"choices": [], **fields})

    assert said({"content": "x"}, **{"usage": None, **fields}).server_times_s == times
    assert live.server_times_s == times


def test_openai_s_header_tells_how_long_it_worked() -> None:
    headers = (("OpenAI-Processing-MS", "571"),)

    call = decode(exchange(CHAT, CHAT_ASKED, CHAT_SAID, headers=headers))

    assert call is not None
    assert call.server_times_s == {"openai-processing": 0.571}


def test_mistral_s_service_tier_stands_among_its_counts() -> None:
    assert said({"content": "x"}, usage={"service_tier": "priority"}).service_tier == "priority"
