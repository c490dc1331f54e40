"""Gemini's interactions: steps, the older outputs, streams of both, and polls."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.gemini_interactions import (
    ASKED,
    BEGUN,
    ENDED,
    EVENTS,
    INTERACTIONS,
    NAMES,
    OLD_SAID,
    SAID,
    USAGE,
    events,
    step,
)
from tests.wire.recordings import exchange, stream

POLL = f"{INTERACTIONS}/v1_abc"


def decoded(url: str = INTERACTIONS, asked: Any = ASKED, said: Any = SAID, **fields: Any) -> Call:
    call = decode(exchange(url, asked, said, **fields))
    assert call is not None
    return call


def polled(said: Any, url: str = POLL) -> Call:
    return decoded(url, b"", said, method="GET")


def asked(**fields: Any) -> Call:
    return decoded(asked={**ASKED, **fields})


def done(*steps: dict[str, Any], **fields: Any) -> Call:
    return decoded(said={**SAID, "steps": [*steps], **fields})


def streamed(*said: dict[str, Any], **fields: Any) -> Call:
    call = decode(stream(INTERACTIONS, ASKED, *events(*said), **fields))
    assert call is not None
    return call


def test_steps_are_the_parts_of_the_answer() -> None:
    call = decoded()

    assert (call.operation_name, call.wire_format) == ("generate_content", "gemini.interactions")
    assert (call.response_id, call.finish_reasons) == ("v1_abc", ("completed",))
    assert (call.request_model, call.response_model) == (ASKED["model"], NAMES["model"])
    assert (call.service_tier, call.input_text) == ("standard", "Hi")
    assert call.output_messages == (
        Message(
            "assistant",
            (Part("reasoning", content="A hello."), Part("text", content="Hello!")),
        ),
    )


def test_outputs_of_before_may_2026_are_the_parts_too() -> None:
    assert decoded(said=OLD_SAID).output_messages[0].parts == (
        Part("reasoning", content=""),
        Part("text", content="Hello!"),
    )


def test_thoughts_are_output_and_what_tools_read_is_input() -> None:
    usage = done(usage={**USAGE, "total_tool_use_tokens": 300, "total_cached_tokens": 5}).usage

    assert usage == Usage(
        input_tokens=308,
        output_tokens=32,
        cache_read_input_tokens=5,
        reasoning_output_tokens=30,
        billed_units={"input_text_tokens": 8, "input_tool_tokens": 300},
    )


def test_tools_of_the_program_and_of_the_server_are_told_apart() -> None:
    call = done(
        {"type": "function_call", "id": "k", "name": "f", "arguments": {"x": 1}},
        {"type": "google_search_call", "id": "s", "arguments": {"queries": ["q"]}},
        {"type": "google_search_result", "call_id": "s", "result": [{"title": "x"}]},
        {"type": "mcp_server_tool_call", "id": "m", "name": "look", "arguments": {}},
        {"type": "hologram"},
    )

    assert call.output_messages[0].parts == (
        Part("tool_call", id="k", name="f", arguments={"x": 1}),
        Part("server_tool_call", id="s", name="google_search", arguments={"queries": ["q"]}),
        Part("server_tool_call_response", id="s", name="google_search", response=[{"title": "x"}]),
        Part("server_tool_call", id="m", name="look", arguments={}),
        Part("hologram"),
    )


@pytest.mark.parametrize(
    ("model", "tools", "searches"),
    [
        ("gemini-3-flash-preview", [{"type": "google_search", "count": 3}], 3),
        ("gemini-2.5-flash", [{"type": "google_search", "count": 3}], 1),
        ("gemini-3-flash-preview", [{"type": "google_maps", "count": 3}], 0),
        ("gemini-3-flash-preview", [], 2),
    ],
)
def test_searches_are_billed_as_counted_or_else_by_query(
    model: str, tools: Any, searches: int
) -> None:
    call = done(
        {"type": "google_search_call", "arguments": {"queries": ["a", "b", "a", ""]}},
        model=model,
        usage={"grounding_tool_count": tools},
    )

    assert call.usage.billed_units.get("web_searches", 0) == searches


def test_the_input_is_a_text_contents_turns_or_steps() -> None:
    picture = {"type": "image", "data": "AAAA", "mime_type": "image/png"}
    film = {"type": "video", "uri": "https://youtu.be/x"}

    contents = asked(input=[{"type": "text", "text": "Look"}, picture, film])
    turns = asked(
        input=[
            {"role": "user", "content": "Hi"},
            {"role": "model", "content": [{"type": "text", "text": "Ho"}]},
            {"role": "user", "content": {"type": "text", "text": "Hm"}},
        ]
    )
    steps = asked(
        input=[
            {"type": "user_input", "content": [{"type": "text", "text": "Hi"}]},
            {"type": "thought", "summary": [{"type": "text", "text": "Hm."}]},
            {"type": "function_call", "id": "k", "name": "f", "arguments": {}},
            {"type": "function_result", "call_id": "k", "name": "f", "result": {"x": 1}},
        ]
    )

    assert contents.input_messages == (
        Message(
            "user",
            (
                Part("text", content="Look"),
                Part("blob", content="AAAA", mime_type="image/png", modality="image"),
                Part("uri", uri="https://youtu.be/x", modality="video"),
            ),
        ),
    )
    assert [(one.role, one.text) for one in turns.input_messages] == [
        ("user", "Hi"),
        ("assistant", "Ho"),
        ("user", "Hm"),
    ]
    assert [one.role for one in steps.input_messages] == ["user", "assistant", "tool"]
    assert steps.input_messages[1].parts == (
        Part("reasoning", content="Hm."),
        Part("tool_call", id="k", name="f", arguments={}),
    )
    assert steps.input_messages[2].parts == (
        Part("tool_call_response", id="k", name="f", response={"x": 1}),
    )


def test_what_the_request_sets_is_known() -> None:
    call = asked(
        system_instruction="Be brief.",
        generation_config={"temperature": 0.7, "max_output_tokens": 9, "thinking_level": "low"},
        previous_interaction_id="v1_before",
        tools=[{"type": "google_search"}, {"type": "function", "name": "f", "parameters": {}}],
    )

    assert call.system_instructions == (Part("text", content="Be brief."),)
    assert call.parameters == {
        "temperature": 0.7,
        "max_tokens": 9,
        "reasoning.level": "low",
        "previous_response.id": "v1_before",
    }
    assert [tool["name"] for tool in call.tool_definitions] == ["google_search", "f"]


def test_sources_that_a_text_names_are_parts() -> None:
    cited = {"type": "url_citation", "url": "https://x.example", "title": "x"}
    content = {"type": "text", "text": "So.", "annotations": [cited]}

    call = done({"type": "model_output", "content": [content]})

    assert call.output_messages[0].parts == (
        Part("text", content="So."),
        Part("url_citation", uri="https://x.example", name="x"),
    )


def test_an_agent_that_works_in_the_background_has_no_reason_to_stop_yet() -> None:
    said = {"id": "v1_abc", "status": "in_progress", "agent": "deep-research", "object": "x"}

    call = decoded(asked={"agent": "deep-research", "input": "Hi", "background": True}, said=said)

    assert (call.response_id, call.response_model) == ("v1_abc", "deep-research")
    assert (call.finish_reasons, call.error_type, call.usage) == ((), None, Usage())


def test_a_poll_asks_for_an_interaction_and_repeats_its_input() -> None:
    asked = {"type": "user_input", "content": [{"type": "text", "text": "Hi"}]}

    call = polled({**SAID, "steps": [asked, *SAID["steps"]]})

    assert (call.poll_of, call.response_id) == ("v1_abc", "v1_abc")
    assert (call.output_text, call.usage.output_tokens) == ("Hello!", 32)


def test_a_poll_may_be_a_stream() -> None:
    request = exchange(f"{POLL}?stream=true", b"", b"".join(events(*EVENTS)), method="GET")

    call = decode(request)

    assert call is not None
    assert (call.poll_of, call.streamed, call.output_text) == ("v1_abc", True, "Hello!")


@pytest.mark.parametrize(
    ("method", "url", "asked"),
    [
        ("POST", "https://crm.example/interactions", {"input": "Hi"}),
        ("POST", "https://crm.example/interactions", {"model": "bicycle"}),
        ("GET", "https://crm.example/interactions/7", b""),
        ("POST", f"{POLL}/cancel", {}),
        ("DELETE", POLL, b""),
    ],
)
def test_anyone_else_s_interactions_run_no_model(method: str, url: str, asked: Any) -> None:
    call = decode(exchange(url, asked, {"id": "7"}, method=method))

    assert call is None or not call.runs_model


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.example/v1beta/interactions",
        "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/l/interactions",
    ],
)
def test_interactions_are_known_wherever_they_are(url: str) -> None:
    assert decoded(url).output_text == "Hello!"
    assert polled(SAID, f"{url}/v1_abc").poll_of == "v1_abc"


@pytest.mark.parametrize(
    ("fields", "error_type", "message"),
    [
        ({"errors": [{"code": "quota", "message": "too much"}]}, "quota", "too much"),
        (
            {"steps": [{"type": "model_output", "error": {"code": 13, "message": "broke"}}]},
            "failed",
            "broke",
        ),
        ({}, "failed", None),
    ],
)
def test_an_interaction_that_failed_is_an_error_inside_a_200(
    fields: dict[str, Any], error_type: str, message: str | None
) -> None:
    call = polled({**NAMES, "status": "failed", **fields})

    assert (call.error_type, call.error_message) == (error_type, message)
    assert call.finish_reasons == ("failed",)


def test_an_interaction_that_stopped_short_is_no_error() -> None:
    call = done(status="incomplete")

    assert (call.finish_reasons, call.error_type) == (("incomplete",), None)


def test_a_stream_s_steps_are_put_together() -> None:
    cited = {"type": "url_citation", "url": "https://x.example"}
    call = streamed(
        {"event_type": "interaction.created", "interaction": BEGUN},
        *step(
            0,
            {"type": "thought"},
            {"type": "thought_summary", "content": {"type": "text", "text": "Let "}},
            {"type": "thought_signature", "signature": "AAAA"},
            {"type": "thought_summary", "content": {"type": "text", "text": "me see."}},
        ),
        *step(
            1,
            {"type": "function_call", "id": "k", "name": "f", "arguments": {}},
            {"type": "arguments_delta", "arguments": '{"x":'},
            {"type": "arguments_delta", "arguments": " 1}"},
        ),
        *step(
            2,
            {"type": "google_search_call", "id": "s"},
            {"type": "google_search_call", "arguments": {"queries": ["q"]}},
        ),
        *step(
            3,
            {"type": "model_output"},
            {"type": "text", "text": "Hel"},
            {"type": "text_annotation_delta", "annotations": [cited]},
            {"type": "text", "text": "lo!"},
            {"type": "image", "data": "AAAA", "mime_type": "image/png"},
        ),
        {"event_type": "interaction.completed", "interaction": ENDED},
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="Let me see."),
        Part("tool_call", id="k", name="f", arguments={"x": 1}),
        Part("server_tool_call", id="s", name="google_search", arguments={"queries": ["q"]}),
        Part("text", content="Hello!"),
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
        Part("url_citation", uri="https://x.example"),
    )
    assert (call.finish_reasons, call.usage.output_tokens) == (("completed",), 32)
    assert call.time_to_first_chunk_s == 1.5


def test_an_old_stream_s_function_call_came_whole() -> None:
    called = {"type": "function_call", "id": "k", "name": "f", "arguments": {"x": 1}}

    call = streamed(
        {"event_type": "content.start", "index": 0, "content": {"type": "function_call"}},
        {"event_type": "content.delta", "index": 0, "delta": called},
    )

    assert call.tool_calls == (Part("tool_call", id="k", name="f", arguments={"x": 1}),)


@pytest.mark.parametrize("place", ["usage", "total_usage"])
def test_a_stream_left_early_has_the_last_counts_that_came(place: str) -> None:
    def begun(tokens: int) -> dict[str, Any]:
        counts = {"total_input_tokens": 8, "total_output_tokens": tokens}
        return {"event_type": "step.delta", "index": 0, "metadata": {place: counts}}

    call = streamed(begun(9), begun(3), {"event_type": "step.stop", "index": 0}, ended="closed")

    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 3)
    assert call.error_type is None


def test_deltas_of_a_stream_that_was_resumed_need_no_beginning() -> None:
    thought = {"type": "thought_summary", "content": {"type": "text", "text": "Hm."}}

    call = streamed(
        {"event_type": "step.delta", "index": 4, "delta": thought},
        {"event_type": "step.delta", "index": 5, "delta": {"type": "text", "text": "lo!"}},
    )

    assert call.output_messages[0].parts == (
        Part("reasoning", content="Hm."),
        Part("text", content="lo!"),
    )
    assert call.time_to_first_chunk_s == 0.5


def test_an_error_of_a_stream_keeps_what_was_said() -> None:
    call = streamed(
        *EVENTS[:7],
        {"event_type": "error", "error": {"code": "deadline_exceeded", "message": "slow"}},
    )

    assert (call.output_text, call.error_type) == ("Hel", "deadline_exceeded")
