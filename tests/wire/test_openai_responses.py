"""OpenAI's Responses API."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.capture.exchange import Chunk, Exchange, Request
from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part
from tests.wire.formats.openai_responses import COMPACT, COMPACTED
from tests.wire.recordings import (
    RESPONSES,
    RESPONSES_ASKED,
    RESPONSES_SAID,
    RESPONSES_STREAM,
    exchange,
    sse,
    stream,
)


def said(**fields: Any) -> Call:
    call = decode(exchange(RESPONSES, RESPONSES_ASKED, {**RESPONSES_SAID, **fields}))
    assert call is not None
    return call


def asked(**fields: Any) -> Call:
    call = decode(exchange(RESPONSES, {**RESPONSES_ASKED, **fields}))
    assert call is not None
    return call


def streamed(*events: dict[str, Any]) -> Call:
    pieces = sse(*((event["type"], event) for event in events))
    call = decode(stream(RESPONSES, RESPONSES_ASKED, *pieces))
    assert call is not None
    return call


def test_a_response_is_a_chat_of_one_message() -> None:
    call = said()

    assert (call.operation_name, call.wire_format) == ("chat", "openai.responses")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert call.finish_reasons == ("completed",)
    assert call.usage.total_tokens == 10


def test_instructions_and_every_kind_of_input_are_kept() -> None:
    call = asked(
        instructions="Be brief",
        input=[
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Look"},
                    {"type": "input_image", "image_url": "https://x.example/a.png"},
                    {"type": "input_image", "file_id": "file-1"},
                    {"type": "input_file", "file_url": "https://x.example/a.pdf"},
                ],
            },
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "done"},
        ],
    )

    assert call.system_instructions == (Part("text", content="Be brief"),)
    assert call.input_messages == (
        Message(
            "user",
            (
                Part("text", content="Look"),
                Part("uri", uri="https://x.example/a.png", modality="image"),
                Part("file", file_id="file-1", modality="image"),
                Part("uri", uri="https://x.example/a.pdf", modality="document"),
            ),
        ),
        Message("assistant", (Part("tool_call", id="c1", name="f", arguments={}),)),
        Message("tool", (Part("tool_call_response", id="c1", response="done"),)),
    )


def test_every_kind_of_output_becomes_a_part() -> None:
    call = said(
        output=[
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "web_search_call", "id": "ws", "action": {"query": "q"}},
            {"type": "custom_tool_call", "call_id": "c1", "name": "f", "input": "raw"},
            {"type": "computer_call", "call_id": "c2", "action": {"type": "click"}},
            {"type": "message", "content": [{"type": "refusal", "refusal": "no"}]},
            {"type": "hologram", "id": "h"},
        ]
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="hm"),
        Part("server_tool_call", id="ws", name="web_search", arguments={"query": "q"}),
        Part("tool_call", id="c1", name="f", arguments="raw"),
        Part("tool_call", id="c2", name="computer", arguments={"type": "click"}),
        Part("refusal", content="no"),
        Part("hologram", id="h"),
    )
    assert [part.id for part in call.tool_calls] == ["c1", "c2"]


SOURCES = [{"type": "url", "url": "https://x.example"}]


@pytest.mark.parametrize(
    ("item", "name", "arguments", "response"),
    [
        (
            {"type": "web_search_call", "action": {"query": "q", "sources": SOURCES}},
            "web_search",
            {"query": "q", "sources": SOURCES},
            SOURCES,
        ),
        (
            {"type": "file_search_call", "queries": ["q"], "results": [{"text": "t"}]},
            "file_search",
            {"queries": ["q"]},
            [{"text": "t"}],
        ),
        (
            {"type": "code_interpreter_call", "code": "1", "outputs": [{"logs": "1"}]},
            "code_interpreter",
            {"code": "1"},
            [{"logs": "1"}],
        ),
        (
            {"type": "mcp_call", "name": "read", "arguments": '{"a": 1}', "output": '{"b": 2}'},
            "read",
            {"a": 1},
            {"b": 2},
        ),
        (
            {"type": "mcp_call", "name": "read", "arguments": "{}", "error": {"code": 404}},
            "read",
            {},
            {"error": {"code": 404}},
        ),
    ],
)
def test_a_tool_of_the_server_has_its_result_beside_it(
    item: dict[str, Any], name: str, arguments: Any, response: Any
) -> None:
    call = said(output=[{**item, "id": "i"}])

    assert call.output_messages[0].parts == (
        Part("server_tool_call", id="i", name=name, arguments=arguments),
        Part("server_tool_call_response", id="i", name=name, response=response),
    )
    assert call.tool_calls == ()


@pytest.mark.parametrize(
    ("item", "name", "given", "response"),
    [
        (
            {
                "type": "shell_call",
                "action": {"commands": ["ls"]},
                "environment": {"type": "container_reference", "container_id": "c"},
            },
            "shell",
            {"type": "shell_call_output", "output": [{"stdout": "a"}]},
            [{"stdout": "a"}],
        ),
        (
            {"type": "tool_search_call", "execution": "server", "arguments": {"goal": "g"}},
            "tool_search",
            {"type": "tool_search_output", "execution": "server", "tools": [{"name": "f"}]},
            [{"name": "f"}],
        ),
        (
            {"type": "program", "code": "f()"},
            "program",
            {"type": "program_output", "result": "3"},
            3,
        ),
    ],
)
def test_a_result_that_is_an_item_of_its_own_answers_its_call(
    item: dict[str, Any], name: str, given: dict[str, Any], response: Any
) -> None:
    call, result = (
        said(output=[{**item, "call_id": "c"}, {**given, "call_id": "c", "id": "o"}])
        .output_messages[0]
        .parts
    )

    assert (call.type, call.id, call.name) == ("server_tool_call", "c", name)
    assert result == Part("server_tool_call_response", id="c", name=name, response=response)


@pytest.mark.parametrize(
    ("item", "name", "arguments"),
    [
        ({"type": "shell_call", "action": {"commands": ["ls"]}}, "shell", {"commands": ["ls"]}),
        (
            {"type": "shell_call", "action": {}, "environment": {"type": "local"}},
            "shell",
            {},
        ),
        ({"type": "local_shell_call", "action": {"command": ["ls"]}}, "local_shell", None),
        ({"type": "apply_patch_call", "operation": {"path": "a"}}, "apply_patch", {"path": "a"}),
        ({"type": "computer_call", "actions": [{"type": "wait"}]}, "computer", [{"type": "wait"}]),
        ({"type": "tool_search_call", "execution": "client", "arguments": {}}, "tool_search", {}),
    ],
)
def test_tools_that_run_beside_the_program_are_its_own(
    item: dict[str, Any], name: str, arguments: Any
) -> None:
    (part,) = said(output=[{**item, "call_id": "c"}]).tool_calls

    expected = {"command": ["ls"]} if arguments is None else arguments
    assert part == Part("tool_call", id="c", name=name, arguments=expected)


def test_an_image_that_was_drawn_is_a_blob() -> None:
    drawn = {"type": "image_generation_call", "id": "ig", "result": "iVBO", "size": "1024x1024"}
    call = said(output=[{**drawn, "output_format": "webp"}])

    assert call.output_messages[0].parts == (
        Part("server_tool_call", id="ig", name="image_generation", arguments={"size": "1024x1024"}),
        Part("blob", content="iVBO", mime_type="image/webp", modality="image"),
    )
    assert call.usage.incomplete == "an image model worked too, and is billed apart"


def test_an_image_that_was_refused_has_its_error() -> None:
    error = {"code": "moderation_blocked", "message": "m"}
    call = said(output=[{"type": "image_generation_call", "id": "ig", "error": error}])

    assert call.output_messages[0].parts[1].response == {"error": error}


def test_an_image_model_that_had_nothing_to_do_is_not_billed() -> None:
    unused = {"image_gen": {"total_tokens": 0}, "web_search": {"num_requests": 0}}

    assert said(tool_usage=unused).usage == said().usage


def test_an_mcp_server_s_tools_and_the_consent_to_use_them_are_parts() -> None:
    output = [
        {"type": "mcp_list_tools", "id": "l", "server_label": "docs", "tools": [{"name": "read"}]},
        {"type": "mcp_list_tools", "id": "m", "server_label": "docs", "error": "refused"},
        {
            "type": "mcp_approval_request",
            "id": "a",
            "server_label": "docs",
            "name": "read",
            "arguments": '{"page": 1}',
        },
    ]
    consent = {"type": "mcp_approval_response", "approval_request_id": "a", "approve": True}

    assert said(output=output).output_messages[0].parts == (
        Part("mcp_list_tools", id="l", name="docs", response=[{"name": "read"}]),
        Part("mcp_list_tools", id="m", name="docs", response={"error": "refused"}),
        Part("mcp_approval_request", id="a", name="read", arguments={"page": 1}),
    )
    assert asked(input=[consent]).input_messages == (
        Message("user", (Part("mcp_approval_response", id="a", response={"approve": True}),)),
    )


@pytest.mark.parametrize("item", [{"encrypted_content": "gAAA", "summary": []}, {"summary": []}])
def test_reasoning_that_openai_keeps_is_a_part_without_words(item: dict[str, Any]) -> None:
    call = said(output=[{"type": "reasoning", "id": "rs", **item}])

    assert call.output_messages[0].parts == (Part("reasoning", content=""),)


def test_sources_that_a_text_cites_are_parts_of_the_answer() -> None:
    annotations = [
        {"type": "url_citation", "url": "https://x.example", "title": "X", "start_index": 0},
        {"type": "file_citation", "file_id": "file-1", "filename": "a.pdf", "index": 3},
        {"type": "container_file_citation", "file_id": "cfile-1", "filename": "a.csv"},
    ]
    words = {"type": "output_text", "text": "x", "annotations": annotations}
    item = {"type": "message", "role": "assistant", "content": [words]}

    assert said(output=[item]).output_messages[0].parts == (
        Part("text", content="x"),
        Part("url_citation", uri="https://x.example", name="X"),
        Part("file_citation", file_id="file-1", name="a.pdf"),
        Part("container_file_citation", file_id="cfile-1", name="a.csv"),
    )
    assert asked(input=[item]).input_messages == (
        Message("assistant", (Part("text", content="x"),)),
    )


def test_results_that_the_program_hands_in_name_their_call() -> None:
    shot = {"type": "computer_screenshot", "image_url": "data:image/png;base64,AA"}
    call = asked(
        input=[
            {"type": "computer_call_output", "call_id": "c1", "output": shot},
            {"type": "local_shell_call_output", "id": "c2", "output": "a.txt"},
            {"type": "apply_patch_call_output", "call_id": "c3", "status": "failed"},
        ]
    )

    assert [message.role for message in call.input_messages] == ["tool"] * 3
    assert [message.parts[0] for message in call.input_messages] == [
        Part("tool_call_response", id="c1", response=shot),
        Part("tool_call_response", id="c2", response="a.txt"),
        Part("tool_call_response", id="c3", response="failed"),
    ]


@pytest.mark.parametrize("live", [False, True])
def test_moderation_of_both_sides_is_flags(live: bool) -> None:
    def result(*, flagged: bool) -> dict[str, Any]:
        return {"categories": {"hate": flagged}, "category_scores": {"hate": 0.25}}

    fields = {"moderation": {"input": result(flagged=True), "output": result(flagged=False)}}
    last = {"type": "response.completed", "response": {**RESPONSES_SAID, **fields}}

    call = streamed(last) if live else said(**fields)

    assert call.flags == (
        Flag(category="hate", subject="input", flagged=True, score=0.25),
        Flag(category="hate", subject="output", flagged=False, score=0.25),
    )


def test_what_azure_filtered_is_flags() -> None:
    found = {"jailbreak": {"filtered": False, "detected": True}}
    filters = [
        {"blocked": False, "source_type": source, "content_filter_results": found}
        for source in ("prompt", "completion")
    ]

    assert [(flag.subject, flag.flagged) for flag in said(content_filters=filters).flags] == [
        ("input", True),
        ("output", True),
    ]


def test_a_search_is_billed_beside_the_tokens() -> None:
    search = {"type": "web_search_call", "id": "ws"}

    assert said(output=[search, search]).usage.billed_units == {"web_searches": 2}
    counted = {"web_search": {"num_requests": 1}}
    assert said(tool_usage=counted).usage.billed_units == {"web_searches": 1}
    files = {"type": "file_search_call", "id": "fs"}
    assert said(output=[files]).usage.billed_units == {"storage_searches": 1}


def test_parameters_have_their_conventional_names() -> None:
    call = asked(max_output_tokens=9, reasoning={"effort": "high"}, previous_response_id="resp_0")

    assert call.parameters == {
        "max_tokens": 9,
        "reasoning.level": "high",
        "previous_response.id": "resp_0",
    }


def test_a_prompt_that_the_server_keeps_is_named() -> None:
    kept = asked(prompt={"id": "pmpt_1", "version": "2", "variables": {"name": "Ann"}})

    assert kept.parameters == {"prompt.name": "pmpt_1", "prompt.version": "2"}


@pytest.mark.parametrize("conversation", ["conv_1", {"id": "conv_1"}])
def test_a_conversation_that_the_server_remembers_is_named(conversation: Any) -> None:
    assert asked(conversation=conversation).parameters == {"conversation.id": "conv_1"}


def test_a_prompt_that_is_kept_at_openai_is_told_by_the_answer() -> None:
    kept = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]

    call = decode(
        exchange(RESPONSES, {"prompt": {"id": "pmpt_1"}}, {**RESPONSES_SAID, "instructions": kept})
    )

    assert call is not None
    assert (call.request_model, call.input_text) == (None, "Hi")


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            ("max_output_tokens",),
        ),
        ({"status": "queued", "output": [], "usage": None}, ()),
        ({"status": "in_progress"}, ()),
    ],
)
def test_the_finish_reason_tells_why_it_ended(fields: Any, reasons: tuple[str, ...]) -> None:
    call = said(**fields)

    assert (call.finish_reasons, call.error_type) == (reasons, None)


def test_a_failed_response_is_an_error() -> None:
    fault = {"code": "server_error", "message": "m"}

    plain = said(status="failed", error=fault)
    live = streamed({"type": "response.failed", "response": {"status": "failed", "error": fault}})
    bare = streamed({"type": "error", **fault})

    assert [call.error_type for call in (plain, live, bare)] == ["server_error"] * 3


def test_a_stream_cut_short_is_put_together_from_its_deltas() -> None:
    call = decode(stream(RESPONSES, RESPONSES_ASKED, *RESPONSES_STREAM[:-1], ended="closed"))

    assert call is not None
    assert (call.output_text, call.response_id, call.error_type) == ("Hello!", "resp_1", None)
    assert call.usage.input_tokens is None


def test_tool_arguments_of_a_stream_cut_short_are_put_together() -> None:
    item = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": ""}
    kind = "response.function_call_arguments.delta"

    call = streamed(
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": kind, "output_index": 0, "delta": '{"a"'},
        {"type": kind, "output_index": 0, "delta": ": 1}"},
    )

    assert call.tool_calls == (Part("tool_call", id="c1", name="f", arguments={"a": 1}),)
    assert call.time_to_first_chunk_s == 1.0


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("response.refusal.delta", Part("refusal", content="no")),
        ("response.reasoning_text.delta", Part("reasoning", content="no")),
    ],
)
def test_other_deltas_are_content_too(kind: str, part: Part) -> None:
    item = {"type": "reasoning"} if "reasoning" in kind else {"type": "message"}

    call = streamed(
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": kind, "output_index": 0, "content_index": 0, "delta": "n"},
        {"type": kind, "output_index": 0, "content_index": 0, "delta": "o"},
    )

    assert call.output_messages[0].parts == (part,)
    assert call.time_to_first_chunk_s == 1.0


def test_code_of_a_stream_cut_short_is_put_together() -> None:
    item = {"type": "code_interpreter_call", "id": "ci", "code": "", "outputs": None}
    kind = "response.code_interpreter_call_code.delta"

    call = streamed(
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": kind, "output_index": 0, "delta": "1+"},
        {"type": kind, "output_index": 0, "delta": "1"},
    )

    assert call.output_messages[0].parts[0].arguments == {"code": "1+1"}


def test_openrouter_ends_its_stream_with_a_word_of_its_own() -> None:
    call = decode(stream(RESPONSES, RESPONSES_ASKED, *RESPONSES_STREAM, b"data: [DONE]\n\n"))

    assert call is not None
    assert (call.output_text, call.error_type) == ("Hello!", None)


def test_a_partial_image_is_content() -> None:
    event = {"type": "response.image_generation_call.partial_image", "partial_image_b64": "iV"}

    assert streamed(event).time_to_first_chunk_s == 0.5


@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("GET", "/resp_1"),
        ("GET", "/resp_1?stream=true&starting_after=4"),
        ("POST", "/resp_1/cancel"),
    ],
)
def test_a_poll_says_how_far_a_response_has_come(method: str, tail: str) -> None:
    call = decode(exchange(RESPONSES + tail, b"", RESPONSES_SAID, method=method))

    assert call is not None
    assert (call.poll_of, call.response_id, call.runs_model) == ("resp_1", "resp_1", True)
    assert (call.operation_name, call.output_text) == ("chat", "Hello!")
    assert call.usage.total_tokens == 10


def test_a_poll_may_go_on_with_a_stream() -> None:
    request = Request(method="GET", url=f"{RESPONSES}/resp_1?stream=true&starting_after=3")
    rest = tuple(Chunk(1.0, piece) for piece in RESPONSES_STREAM[3:])

    call = decode(Exchange(request=request, status=200, chunks=rest, ended="eof"))

    assert call is not None
    assert (call.poll_of, call.streamed, call.output_text) == ("resp_1", True, "Hello!")
    assert call.usage.total_tokens == 10


@pytest.mark.parametrize(("method", "tail"), [("DELETE", ""), ("GET", "/input_items")])
def test_what_is_only_stored_runs_no_model(method: str, tail: str) -> None:
    said = {"object": "list", "data": [], "id": "resp_1"}
    call = decode(exchange(f"{RESPONSES}/resp_1{tail}", b"", said, method=method))

    assert call is not None
    assert (call.runs_model, call.poll_of, call.response_id) == (False, None, None)
    assert (call.operation_name, call.error_type) == ("responses", None)


def test_a_compaction_runs_a_model_and_says_nothing_readable() -> None:
    call = decode(exchange(COMPACT, RESPONSES_ASKED, COMPACTED))

    assert call is not None
    assert (call.operation_name, call.poll_of, call.runs_model) == ("chat", None, True)
    assert (call.output_text, call.finish_reasons, call.error_type) == ("", (), None)
    assert call.output_messages == (
        Message("assistant", (Part("compaction", id="cmp_1", content="gAAA"),)),
    )
    assert call.usage.total_tokens == 317


def test_tokens_that_are_only_counted_are_no_response() -> None:
    call = decode(exchange(f"{RESPONSES}/input_tokens", RESPONSES_ASKED))

    assert call is not None
    assert (call.wire_format, call.runs_model) == ("token_counts", False)


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("POST", "/responses", {"answer": 1}),
        ("GET", "/responses/42", None),
        ("GET", "/responses", None),
        ("DELETE", "/responses/42", None),
    ],
)
def test_a_survey_s_responses_are_no_call(method: str, path: str, asked: Any) -> None:
    assert decode(exchange(f"https://survey.example{path}", asked, method=method)) is None
