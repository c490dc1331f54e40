"""Gemini's generateContent: what is special in its contents, its counts and its streams."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.gemini import (
    ASKED,
    FLASH,
    GEMINI,
    NAMES,
    NUMBERED,
    SAID,
    USAGE,
    VERTEX,
    VERTEX_FLASH,
    array,
    candidate,
    chunk,
)
from tests.wire.recordings import exchange, sse, stream

GENERATE = f"{FLASH}:generateContent"
STREAM = f"{FLASH}:streamGenerateContent?alt=sse"
ARRAY = f"{FLASH}:streamGenerateContent"


def decoded(url: str, asked: Any = ASKED, said: Any = SAID, **fields: Any) -> Call:
    call = decode(exchange(url, asked, said, **fields))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    return decoded(GENERATE, {**ASKED, **fields})


def said(*parts: dict[str, Any], url: str = GENERATE, **fields: Any) -> Call:
    """The call that is answered with these parts in a candidate of these fields."""
    return decoded(url, said=chunk(*parts, **fields))


def answered(*candidates: Any, url: str = GENERATE, **fields: Any) -> Call:
    return decoded(url, said={**NAMES, "candidates": [*candidates], **fields})


def counted(url: str = GENERATE, **counts: Any) -> Usage:
    return decoded(url, said={**SAID, "usageMetadata": counts}).usage


def streamed(*chunks: Any) -> Call:
    call = decode(stream(STREAM, ASKED, *sse(*chunks)))
    assert call is not None
    return call


def test_a_plain_answer_is_decoded() -> None:
    call = decoded(GENERATE)

    assert (call.operation_name, call.provider_name) == ("generate_content", "gcp.gemini")
    assert call.wire_format == "gemini.generate_content"
    assert (call.request_model, call.response_model) == ("gemini-2.5-flash", "gemini-2.5-flash")
    assert (call.response_id, call.finish_reasons) == ("resp-1", ("STOP",))
    assert call.system_instructions == (Part("text", content="Be brief."),)
    assert call.input_messages == (Message("user", (Part("text", content="Hi"),)),)
    assert call.output_messages == (Message("assistant", (Part("text", content="Hello!"),)),)


@pytest.mark.parametrize(
    ("url", "provider_name", "model"),
    [
        (f"{GEMINI}/tunedModels/mine-7:generateContent", "gcp.gemini", "mine-7"),
        (f"{VERTEX}/endpoints/123:generateContent", "gcp.vertex_ai", "123"),
        (f"{VERTEX_FLASH}:generateContent", "gcp.vertex_ai", "gemini-2.5-flash"),
        (
            "https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-x:generateContent",
            "gcp.vertex_ai",
            "gemini-x",
        ),
        (
            "https://aiplatform.eu.rep.googleapis.com/v1/publishers/google/models/g:generateContent",
            "gcp.vertex_ai",
            "g",
        ),
        (
            "https://7.us-central1-9.prediction.vertexai.goog/v1/endpoints/7:generateContent",
            "gcp.vertex_ai",
            "7",
        ),
        (
            "http://localhost:8787/google-vertex/v1beta1/publishers/google/models/g:generateContent",
            "localhost:8787",
            "g",
        ),
        (
            "https://gateway.example/models/v1/models/google%2Fgemini-x:generateContent",
            "gateway.example",
            "google/gemini-x",
        ),
    ],
)
def test_the_path_names_the_model_under_any_prefix(
    url: str, provider_name: str, model: str
) -> None:
    call = decoded(url)

    assert (call.provider_name, call.request_model) == (provider_name, model)


@pytest.mark.parametrize(
    "url",
    [
        f"{GEMINI}/cachedContents",
        f"{GEMINI}/fileSearchStores",
        f"{GEMINI}/fileSearchStores/s:importFile",
        "https://shop.example/models/chair:generateQuote",
        "https://shop.example/models/generateContent",
    ],
)
def test_what_generates_nothing_runs_no_model(url: str) -> None:
    call = decode(exchange(url, {"model": "models/gemini-2.5-flash"}, {"name": "x"}))

    assert call is None or not call.runs_model


def test_fields_are_read_in_both_spellings() -> None:
    camel = {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {
            "topP": 0.9,
            "topK": 40.0,
            "maxOutputTokens": 9,
            "candidateCount": 2,
            "stopSequences": ["END"],
            "presencePenalty": 0.1,
            "frequencyPenalty": 0.2,
            "seed": 7,
            "thinkingConfig": {"thinkingLevel": "low"},
        },
        "contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]}],
    }
    snake = {
        "system_instruction": {"parts": [{"text": "Be brief."}]},
        "generation_config": {
            "top_p": 0.9,
            "top_k": 40,
            "max_output_tokens": 9,
            "candidate_count": 2,
            "stop_sequences": ["END"],
            "presence_penalty": 0.1,
            "frequency_penalty": 0.2,
            "seed": 7,
            "thinking_config": {"thinking_level": "low"},
        },
        "contents": [{"parts": [{"inline_data": {"mime_type": "image/png", "data": "AAAA"}}]}],
    }

    one, other = decoded(GENERATE, camel), decoded(GENERATE, snake)

    assert one == other
    assert one.system_instructions == (Part("text", content="Be brief."),)
    assert one.input_messages[0].parts == (
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
    )
    assert one.parameters == {
        "top_p": 0.9,
        "top_k": 40,
        "max_tokens": 9,
        "choice_count": 2,
        "stop_sequences": ["END"],
        "presence_penalty": 0.1,
        "frequency_penalty": 0.2,
        "seed": 7,
        "reasoning.level": "low",
    }


def test_one_content_and_one_part_need_no_brackets() -> None:
    call = asked(
        contents={"role": "user", "parts": {"text": "Hi"}},
        systemInstruction={"parts": {"text": "Be brief."}},
    )

    assert (call.input_text, call.system_instructions[0].content) == ("Hi", "Be brief.")


def test_every_kind_of_part_is_read() -> None:
    call = said(
        {"text": "Hm.", "thought": True},
        {"text": "So"},
        {"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}},
        {"fileData": {"fileUri": "gs://b/a.pdf", "mimeType": "application/pdf"}},
        {"fileData": {"fileUri": "https://youtu.be/x"}},
        {"executableCode": {"id": "c1", "language": "PYTHON", "code": "1+1"}},
        {"codeExecutionResult": {"id": "c1", "outcome": "OUTCOME_OK", "output": "2\n"}},
        {"toolCall": {"id": "s1", "toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": ["q"]}}},
        {"toolResponse": {"id": "s1", "toolType": "GOOGLE_SEARCH_WEB", "response": {"x": 1}}},
        {"thought": True, "audioTranscription": {"text": "la"}},
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="Hm."),
        Part("text", content="So"),
        Part("blob", content="AAAA", mime_type="audio/wav", modality="audio"),
        Part("uri", uri="gs://b/a.pdf", mime_type="application/pdf", modality="document"),
        Part("uri", uri="https://youtu.be/x"),
        Part(
            "server_tool_call",
            id="c1",
            name="code_execution",
            arguments={"language": "PYTHON", "code": "1+1"},
        ),
        Part(
            "server_tool_call_response",
            id="c1",
            name="code_execution",
            response={"outcome": "OUTCOME_OK", "output": "2\n"},
        ),
        Part("server_tool_call", id="s1", name="GOOGLE_SEARCH_WEB", arguments={"queries": ["q"]}),
        Part("server_tool_call_response", id="s1", name="GOOGLE_SEARCH_WEB", response={"x": 1}),
        Part("audioTranscription"),
    )


def test_a_part_that_only_holds_a_signature_says_nothing() -> None:
    call = said({"thoughtSignature": "AAAA"}, {"text": "", "thoughtSignature": "AA"}, {})

    assert call.output_messages == (Message("assistant"),)


def test_function_calls_have_ids_only_where_the_server_gives_them() -> None:
    call = said(
        {"functionCall": {"name": "f", "args": {"x": 1}}, "thoughtSignature": "AAAA"},
        {"functionCall": {"id": "k7", "name": "g"}},
        finishReason="STOP",
    )

    assert call.tool_calls == (
        Part("tool_call", name="f", arguments={"x": 1}),
        Part("tool_call", id="k7", name="g", arguments={}),
    )


def test_results_of_functions_are_messages_of_the_tool() -> None:
    results = [{"functionResponse": {"name": "f", "response": {"output": 2}}}]
    turns = [
        {"role": "user", "parts": [{"text": "Hi"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]},
        {"role": "user", "parts": results},
    ]

    call = asked(contents=turns)

    assert [message.role for message in call.input_messages] == ["user", "assistant", "tool"]
    assert call.input_messages[2].parts == (
        Part("tool_call_response", name="f", response={"output": 2}),
    )
    assert call.input_text == "Hi"


def test_content_that_the_server_keeps_begins_the_input() -> None:
    call = asked(cachedContent="cachedContents/c1")

    assert call.input_messages[0].parts == (Part("file", file_id="cachedContents/c1"),)


def test_functions_and_the_server_s_tools_are_the_tools() -> None:
    declared = {"name": "f", "description": "F", "parameters": {"type": "OBJECT"}}

    call = asked(tools=[{"functionDeclarations": [declared]}, {"googleSearch": {}}])

    assert [(tool["type"], tool["name"]) for tool in call.tool_definitions] == [
        ("function", "f"),
        ("googleSearch", "googleSearch"),
    ]


def test_thoughts_are_output_tokens_beside_the_candidates() -> None:
    usage = counted(promptTokenCount=8, candidatesTokenCount=2, thoughtsTokenCount=30)

    assert (usage.input_tokens, usage.output_tokens) == (8, 32)
    assert usage.reasoning_output_tokens == 30


def test_what_tools_put_into_the_prompt_is_input_beside_it() -> None:
    usage = counted(promptTokenCount=8, toolUsePromptTokenCount=300, candidatesTokenCount=2)

    assert usage.input_tokens == 308
    assert usage.billed_units == {"input_tool_tokens": 300}


def test_cached_content_is_among_the_input() -> None:
    usage = counted(
        promptTokenCount=800,
        cachedContentTokenCount=600,
        cacheTokensDetails=[{"modality": "AUDIO", "tokenCount": 600}],
    )

    assert (usage.input_tokens, usage.cache_read_input_tokens) == (800, 600)
    assert usage.billed_units == {"cache_audio_read_tokens": 600}


def test_the_tokens_of_each_medium_are_units_that_may_be_billed() -> None:
    usage = counted(
        promptTokenCount=100,
        toolUsePromptTokenCount=20,
        promptTokensDetails=[
            {"modality": "TEXT", "tokenCount": 10},
            {"modality": "IMAGE", "tokenCount": 20},
            {"modality": "DOCUMENT", "tokenCount": 30},
            {"modality": "VIDEO", "tokenCount": 40},
            {"modality": "SMELL", "tokenCount": 1},
        ],
        toolUsePromptTokensDetails=[{"modality": "IMAGE", "tokenCount": 20}],
        candidatesTokensDetails=[{"modality": "IMAGE", "tokenCount": 1290}],
    )

    assert usage.billed_units == {
        "input_text_tokens": 10,
        "input_image_tokens": 70,
        "input_video_tokens": 40,
        "output_image_tokens": 1290,
        "input_tool_tokens": 20,
    }


@pytest.mark.parametrize("counts", [{}, {"trafficType": "ON_DEMAND"}, {"promptTokenCount": None}])
def test_counts_that_were_not_reported_are_unknown(counts: Any) -> None:
    assert counted(**counts) == Usage()


def test_an_answer_that_was_all_thought_has_thoughts_as_output_only() -> None:
    call = answered(
        {"content": {"role": "model"}, "finishReason": "MAX_TOKENS"},
        usageMetadata={"promptTokenCount": 15, "thoughtsTokenCount": 2},
    )

    assert call.output_messages == (Message("assistant"),)
    assert (call.usage.output_tokens, call.finish_reasons) == (2, ("MAX_TOKENS",))


@pytest.mark.parametrize(
    ("url", "number", "reason"),
    [
        (f"{GENERATE}{NUMBERED}", 1, "STOP"),
        (f"{GENERATE}{NUMBERED}", 6, "LANGUAGE"),
        (f"{GENERATE}{NUMBERED}", 13, "TOO_MANY_TOOL_CALLS"),
        (f"{VERTEX_FLASH}:generateContent{NUMBERED}", 1, "STOP"),
        (f"{VERTEX_FLASH}:generateContent{NUMBERED}", 6, "BLOCKLIST"),
        (f"{VERTEX_FLASH}:generateContent{NUMBERED}", 10, "MODEL_ARMOR"),
        (f"{VERTEX_FLASH}:generateContent{NUMBERED}", 99, "99"),
    ],
)
def test_numbers_that_stand_for_words_are_read_as_the_api_counts_them(
    url: str, number: int, reason: str
) -> None:
    assert said({"text": "x"}, url=url, finishReason=number).finish_reasons == (reason,)


def test_a_reason_that_is_not_specified_is_none() -> None:
    assert said({"text": "x"}, finishReason=0).finish_reasons == ()


def test_the_numbers_of_ratings_media_and_code_are_words_too() -> None:
    call = answered(
        candidate(
            {"executableCode": {"language": 1, "code": "1"}},
            {"codeExecutionResult": {"outcome": 2}},
            safetyRatings=[{"category": 3, "probability": 4, "blocked": True}],
        ),
        url=f"{VERTEX_FLASH}:generateContent{NUMBERED}",
        promptFeedback={"blockReason": 5},
        usageMetadata={"promptTokensDetails": [{"modality": 4, "tokenCount": 9}]},
    )

    code, result = call.output_messages[0].parts
    assert (code.arguments["language"], result.response["outcome"]) == ("PYTHON", "OUTCOME_FAILED")
    assert call.flags == (
        Flag(category="MODEL_ARMOR", subject="input", flagged=True),
        Flag(category="HARM_CATEGORY_HARASSMENT", subject="output", flagged=True, severity="HIGH"),
    )
    assert call.usage.billed_units == {"input_audio_tokens": 9}


def test_ratings_are_flags_also_where_nothing_was_found() -> None:
    rating = {
        "category": "HARM_CATEGORY_HATE_SPEECH",
        "probability": "NEGLIGIBLE",
        "probabilityScore": 0.25,
        "severity": "HARM_SEVERITY_LOW",
    }

    assert said({"text": "x"}, finishReason="STOP", safetyRatings=[rating]).flags == (
        Flag(
            category="HARM_CATEGORY_HATE_SPEECH",
            subject="output",
            flagged=False,
            severity="NEGLIGIBLE",
            score=0.25,
        ),
    )


def test_a_rating_that_blocked_tells_more_than_the_reason_to_stop() -> None:
    rating = {"category": "HARM_CATEGORY_HARASSMENT", "probability": "LOW", "blocked": True}

    call = answered({"content": {}, "finishReason": "SAFETY", "safetyRatings": [rating]})

    assert [(flag.category, flag.flagged) for flag in call.flags] == [
        ("HARM_CATEGORY_HARASSMENT", True)
    ]
    assert (call.output_text, call.error_type) == ("", None)


@pytest.mark.parametrize("reason", ["MODEL_ARMOR", "SPII", "RECITATION", "PROHIBITED_CONTENT"])
def test_an_answer_that_a_filter_stopped_is_flagged(reason: str) -> None:
    call = answered({"finishReason": reason, "finishMessage": "blocked"})

    assert call.flags == (Flag(category=reason, subject="output", flagged=True),)
    assert (call.finish_reasons, call.output_messages) == ((reason,), (Message("assistant"),))


def test_a_blocked_prompt_has_an_empty_answer_and_is_flagged() -> None:
    feedback = {"blockReason": "MODEL_ARMOR", "blockReasonMessage": "Injection"}

    call = decoded(GENERATE, said={**NAMES, "promptFeedback": feedback})

    assert call.flags == (Flag(category="MODEL_ARMOR", subject="input", flagged=True),)
    assert (call.output_messages, call.finish_reasons) == ((Message("assistant"),), ())
    assert (call.error_type, call.usage) == (None, Usage())


SEARCHED: dict[str, Any] = {
    "webSearchQueries": ["weather", "", "weather", "sea level"],
    "groundingChunks": [{"web": {"uri": "https://x.example", "title": "x"}}],
}


@pytest.mark.parametrize(
    ("version", "searches"), [("gemini-2.5-pro", 1), ("models/gemini-3-flash-preview", 2)]
)
def test_searches_are_billed_by_query_since_gemini_3_and_by_answer_before(
    version: str, searches: int
) -> None:
    call = answered(candidate({"text": "x"}, groundingMetadata=SEARCHED), modelVersion=version)

    assert call.usage.billed_units == {"web_searches": searches}


def test_what_was_looked_up_for_an_answer_is_a_tool_s_work() -> None:
    call = said(
        {"text": "x"},
        groundingMetadata={
            **SEARCHED,
            "groundingChunks": [
                *SEARCHED["groundingChunks"],
                {"retrievedContext": {"text": "Opened laptops"}},
                {"maps": {"placeId": "p"}},
            ],
        },
        urlContextMetadata={"urlMetadata": [{"retrievedUrl": "https://y.example"}]},
    )

    parts = call.output_messages[0].parts
    assert [(part.name, part.arguments) for part in parts if part.type == "server_tool_call"] == [
        ("google_search", {"queries": ["weather", "weather", "sea level"]}),
        ("url_context", {"urls": ["https://y.example"]}),
        ("retrieval", {"queries": []}),
        ("google_maps", {}),
    ]
    found = [part.response for part in parts if part.type == "server_tool_call_response"]
    assert found == [
        [{"uri": "https://x.example", "title": "x"}],
        [{"retrievedUrl": "https://y.example"}],
        [{"text": "Opened laptops"}],
        [{"placeId": "p"}],
    ]
    assert (call.output_text, call.tool_calls) == ("x", ())


def test_an_answer_that_rests_on_maps_is_billed_for_it_too() -> None:
    places = {"groundingChunks": [{"maps": {"placeId": "p"}}]}

    assert said({"text": "x"}, groundingMetadata=places).usage.billed_units["maps_groundings"] == 1


def test_a_search_that_the_content_tells_of_is_not_told_twice() -> None:
    call = said(
        {"toolCall": {"id": "s", "toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": ["q"]}}},
        {"text": "x"},
        groundingMetadata=SEARCHED,
    )

    assert [part.type for part in call.output_messages[0].parts] == ["server_tool_call", "text"]
    assert call.usage.billed_units["web_searches"] == 1


def test_a_page_that_was_fetched_is_no_search() -> None:
    call = said(
        {"text": "x"},
        groundingMetadata={"groundingChunks": [{"web": {"uri": "https://y.example"}}]},
    )

    assert [part.type for part in call.output_messages[0].parts] == ["text"]
    assert "web_searches" not in call.usage.billed_units


@pytest.mark.parametrize(
    ("usage", "headers", "wanted", "tier"),
    [
        ({"serviceTier": "STANDARD"}, {}, "priority", "standard"),
        ({}, {"X-Gemini-Service-Tier": "flex"}, "priority", "flex"),
        ({"trafficType": "ON_DEMAND_PRIORITY"}, {}, None, "priority"),
        ({"trafficType": 4}, {}, None, "flex"),
        ({"trafficType": "ON_DEMAND"}, {}, None, "on_demand"),
        ({"trafficType": "PROVISIONED_THROUGHPUT"}, {}, None, "provisioned_throughput"),
        ({}, {}, "priority", "priority"),
        ({}, {}, None, None),
    ],
)
def test_the_tier_that_served_counts_before_the_one_asked_for(
    usage: Any, headers: dict[str, str], wanted: Any, tier: Any
) -> None:
    call = decoded(
        GENERATE,
        {**ASKED, "serviceTier": wanted},
        {**SAID, "usageMetadata": usage},
        headers=tuple(headers.items()),
    )

    assert call.service_tier == tier


def test_the_server_s_own_time_is_kept_in_seconds() -> None:
    call = decoded(GENERATE, headers=(("server-timing", "gfet4t7; dur=1420, x, bad;dur=y"),))

    assert call.server_times_s == {"gfet4t7": 1.42}


def test_choices_of_a_plain_answer_are_one_message_each() -> None:
    first, second = candidate({"text": "a"}, finishReason="STOP"), candidate({"text": "b"})

    call = answered(first, {**second, "index": 1, "finishReason": "MAX_TOKENS"})

    assert [message.text for message in call.output_messages] == ["a", "b"]
    assert call.finish_reasons == ("STOP", "MAX_TOKENS")


def test_choices_of_a_stream_are_kept_apart_where_the_first_has_no_index() -> None:
    def both(one: str, other: str) -> dict[str, Any]:
        first = {"content": {"parts": [{"text": one}]}}
        return {"candidates": [first, {**candidate({"text": other}), "index": 1}]}

    call = streamed(both("a", "x"), both("b", "y"))

    assert [message.text for message in call.output_messages] == ["ab", "xy"]


def test_a_text_and_a_thought_of_a_stream_are_one_part_each() -> None:
    call = streamed(
        chunk({"text": "Let ", "thought": True}),
        chunk({"text": "me see.", "thought": True}),
        chunk({"text": "Hel"}),
        chunk({"text": "lo!"}, {"functionCall": {"name": "f", "args": {}}}),
        chunk({"text": "Bye", "thoughtSignature": "AAAA"}),
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="Let me see."),
        Part("text", content="Hello!"),
        Part("tool_call", name="f", arguments={}),
        Part("text", content="Bye"),
    )
    assert call.time_to_first_chunk_s == 0.5


def test_the_last_usage_of_a_stream_counts_even_where_it_is_smaller() -> None:
    counts = [
        {"promptTokenCount": 8, "candidatesTokenCount": 20, "thoughtsTokenCount": 50},
        None,
        {"promptTokenCount": 8, "candidatesTokenCount": 16},
        {"promptTokenCount": 427, "candidatesTokenCount": 40, "thoughtsTokenCount": 9},
        None,
    ]

    usage = streamed(*(chunk({"text": "x"}, usage=one) for one in counts)).usage

    assert (usage.input_tokens, usage.output_tokens) == (427, 49)


def test_what_a_stream_searched_is_known_when_a_later_chunk_leaves_it_out() -> None:
    call = streamed(
        chunk({"text": "a"}, groundingMetadata={}),
        chunk({"text": "b"}, groundingMetadata=SEARCHED),
        chunk({"text": "c"}, finishReason="STOP", groundingMetadata={}),
    )

    assert call.usage.billed_units["web_searches"] == 1
    assert (call.output_text, call.finish_reasons) == ("abc", ("STOP",))


def partial(path: str, **value: Any) -> dict[str, Any]:
    held = {"partialArgs": [{"jsonPath": path, **value}], "willContinue": True}
    return {"functionCall": held}


@pytest.mark.parametrize(
    ("pieces", "arguments"),
    [
        (
            [partial("$.city", stringValue="New "), partial("$.city", stringValue="Delhi")],
            {"city": "New Delhi"},
        ),
        (
            [partial("$.n", numberValue=50), partial("$.on", boolValue=False)],
            {"n": 50, "on": False},
        ),
        ([partial("$.none", nullValue="NULL_VALUE")], {"none": None}),
        (
            [
                partial("$.at[0].x", numberValue=1),
                partial("$.at[0].y", numberValue=2),
                partial("$.at[1]['x y']", stringValue="z"),
            ],
            {"at": [{"x": 1, "y": 2}, {"x y": "z"}]},
        ),
        ([], {}),
    ],
)
def test_arguments_that_are_streamed_are_put_together(pieces: list[Any], arguments: Any) -> None:
    begun = {"functionCall": {"id": "k", "name": "f", "willContinue": True}}

    call = streamed(*map(chunk, (begun, *pieces, {"functionCall": {}}, {"text": "x"})))

    assert call.tool_calls == (Part("tool_call", id="k", name="f", arguments=arguments),)
    assert call.output_text == "x"


def test_a_stream_left_in_the_middle_of_arguments_keeps_them() -> None:
    begun = {"functionCall": {"name": "f", "willContinue": True}}

    call = streamed(*map(chunk, (begun, partial("$.city", stringValue="New "))))

    assert call.tool_calls == (Part("tool_call", name="f", arguments={"city": "New "}),)


def test_a_path_as_deep_as_a_well_is_read_to_some_depth() -> None:
    begun = {"functionCall": {"name": "f", "willContinue": True}}

    call = streamed(*map(chunk, (begun, partial("$" + ".a" * 5000, stringValue="x"))))

    assert call.error_type is None
    assert call.tool_calls[0].name == "f"


def test_an_array_left_half_read_is_no_error_and_keeps_what_was_said() -> None:
    whole = b"".join(array(chunk({"text": "Hel"}), chunk({"text": "lo!"})))
    half = whole[: whole.index(b"lo!")]

    call = decode(stream(ARRAY, ASKED, half, ended="closed"))

    assert call is not None
    assert (call.output_text, call.error_type, call.streamed) == ("Hel", None, True)
    assert call.usage.input_tokens == USAGE["promptTokenCount"]


def test_an_array_of_one_element_is_a_stream() -> None:
    call = decode(stream(ARRAY, ASKED, *array(SAID)))

    assert call is not None
    assert (call.output_text, call.streamed, call.time_to_first_chunk_s) == ("Hello!", True, 0.5)


FAULT = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}


@pytest.mark.parametrize("body", [FAULT, [FAULT]])
@pytest.mark.parametrize("url", [GENERATE, STREAM, ARRAY])
def test_an_error_is_named_by_its_status_also_in_an_array(url: str, body: Any) -> None:
    call = decoded(url, said=body, status=400)

    assert (call.error_type, call.error_message) == ("INVALID_ARGUMENT", "API key not valid.")
    assert (call.output_messages, call.usage) == ((), Usage())


def test_an_error_in_a_stream_keeps_what_was_said() -> None:
    overload = {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}

    call = streamed(chunk({"text": "Hel"}), overload)

    assert (call.output_text, call.error_type) == ("Hel", "UNAVAILABLE")
