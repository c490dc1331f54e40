"""Runs of OpenAI's assistants, and the threads that they are run over."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats.openai_assistants import (
    ASKED,
    DONE,
    MESSAGE,
    OPENAI,
    RUN,
    RUNS,
    STREAM,
    words,
)
from tests.wire.recordings import exchange, sse, stream

THREAD = f"{OPENAI}/threads/thread_1"
REQUIRED = {
    "type": "submit_tool_outputs",
    "submit_tool_outputs": {
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
        ]
    },
}


def run(said: Any, url: str = RUNS, asked: Any = ASKED, **fields: Any) -> Call:
    call = decode(exchange(url, asked, said, **fields))
    assert call is not None
    return call


def streamed(*events: tuple[str, Any], url: str = RUNS, asked: Any = ASKED) -> Call:
    call = decode(stream(url, asked, *sse(*events)))
    assert call is not None
    return call


def test_a_run_that_waits_has_neither_words_nor_counts() -> None:
    call = run(RUN)

    assert (call.operation_name, call.runs_model, call.poll_of) == ("invoke_agent", True, None)
    assert (call.response_id, call.response_model) == ("run_1", "gpt-4o-mini")
    assert call.system_instructions == (Part("text", content="Be kind."),)
    assert (call.output_messages, call.finish_reasons, call.usage) == ((), (), Usage())


def test_a_poll_brings_the_counts_of_a_finished_run() -> None:
    call = run(DONE, url=f"{RUNS}/run_1", asked=b"", method="GET")

    assert (call.poll_of, call.finish_reasons) == ("run_1", ("completed",))
    assert call.usage == Usage(
        input_tokens=381,
        output_tokens=88,
        cache_read_input_tokens=12,
        reasoning_output_tokens=0,
    )


@pytest.mark.parametrize("url", [f"{RUNS}/run_1/cancel", f"{RUNS}/run_1"])
def test_a_run_that_is_cancelled_or_renamed_answers_like_a_poll(url: str) -> None:
    call = run({**RUN, "status": "cancelling"}, url=url, asked={})

    assert (call.poll_of, call.finish_reasons) == ("run_1", ())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "expired"}, "expired"),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_prompt_tokens"}}, None),
    ],
)
def test_the_finish_reason_tells_why_a_run_ended(fields: Any, reason: str | None) -> None:
    assert run({**RUN, **fields}).finish_reasons == (reason or "max_prompt_tokens",)


def test_a_failed_run_is_an_error() -> None:
    fault = {"code": "rate_limit_exceeded", "message": "m"}
    failed = {**RUN, "status": "failed", "last_error": fault}

    plain, live = run(failed), streamed(("thread.run.failed", failed))

    assert [(one.error_type, one.error_message) for one in (plain, live)] == [
        ("rate_limit_exceeded", "m")
    ] * 2


def test_an_error_event_is_an_error() -> None:
    call = streamed(("thread.run.created", RUN), ("error", {"code": "server_error"}))

    assert (call.error_type, call.response_id) == ("server_error", "run_1")


def test_tools_that_a_run_waits_for_are_tool_calls() -> None:
    waiting = {**RUN, "status": "requires_action", "required_action": REQUIRED}
    expected = (Part("tool_call", id="c1", name="f", arguments={"a": 1}),)

    plain = run(waiting, url=f"{RUNS}/run_1", asked=b"", method="GET")
    live = streamed(("thread.run.requires_action", waiting))

    assert plain.tool_calls == live.tool_calls == expected
    assert plain.finish_reasons == ("requires_action",)


def test_results_of_tools_go_on_with_a_run() -> None:
    outputs = {"tool_outputs": [{"tool_call_id": "c1", "output": '{"b": 2}'}]}

    call = streamed(
        words("Hi"),
        ("thread.run.completed", DONE),
        url=f"{RUNS}/run_1/submit_tool_outputs",
        asked=outputs,
    )

    assert (call.operation_name, call.poll_of, call.output_text) == ("invoke_agent", None, "Hi")
    assert call.input_messages == (
        Message("tool", (Part("tool_call_response", id="c1", response={"b": 2}),)),
    )


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (RUNS, {**ASKED, "additional_messages": [{"role": "user", "content": "Hi"}]}),
        (
            f"{OPENAI}/threads/runs",
            {**ASKED, "thread": {"messages": [{"role": "user", "content": "Hi"}]}},
        ),
    ],
)
def test_messages_that_start_a_run_are_its_input(url: str, asked: Any) -> None:
    call = decode(exchange(url, asked))

    assert call is not None
    assert (call.operation_name, call.input_text) == ("invoke_agent", "Hi")
    assert call.system_instructions == (Part("text", content="Be kind."),)


def step(kind: str, **tool: Any) -> tuple[str, Any]:
    calls = {"type": "tool_calls", "tool_calls": [{"id": "c1", "type": kind, kind: tool}]}
    said = {"id": "step_1", "object": "thread.run.step", "step_details": calls}
    return "thread.run.step.completed", said


def test_what_the_assistant_s_own_tools_did_stands_before_its_words() -> None:
    call = streamed(
        step("code_interpreter", input="1+1", outputs=[{"type": "logs", "logs": "2"}]),
        words("2"),
        ("thread.run.completed", DONE),
    )

    assert call.output_messages[0].parts == (
        Part("server_tool_call", id="c1", name="code_interpreter", arguments="1+1"),
        Part(
            "server_tool_call_response",
            id="c1",
            name="code_interpreter",
            response=[{"type": "logs", "logs": "2"}],
        ),
        Part("text", content="2"),
    )


def test_functions_among_the_steps_were_told_before() -> None:
    done = step("function", name="f", arguments="{}", output="3")

    assert streamed(done, words("2")).output_messages[0].parts == (Part("text", content="2"),)


def test_counts_of_steps_are_not_those_of_the_run() -> None:
    name, said = step("file_search", results=[])

    call = streamed((name, {**said, "usage": {"prompt_tokens": 1, "completion_tokens": 1}}))

    assert call.usage == Usage()


def test_a_tool_that_is_being_asked_is_content() -> None:
    calls = [{"index": 0, "type": "code_interpreter", "code_interpreter": {"input": "1"}}]
    delta = {"step_details": {"type": "tool_calls", "tool_calls": calls}}

    call = streamed(
        ("thread.run.created", RUN),
        ("thread.run.step.delta", {"object": "thread.run.step.delta", "delta": delta}),
    )

    assert call.time_to_first_chunk_s == 1.0


@pytest.mark.parametrize(
    ("method", "url", "operation_name"),
    [
        ("POST", f"{OPENAI}/assistants", "create_agent"),
        ("GET", f"{OPENAI}/assistants/asst_1", "assistants"),
        ("POST", f"{OPENAI}/assistants/asst_1", "assistants"),
        ("DELETE", f"{OPENAI}/assistants/asst_1", "assistants"),
        ("POST", f"{OPENAI}/threads", "assistants"),
        ("POST", f"{THREAD}/messages", "assistants"),
        ("GET", RUNS, "assistants"),
        ("GET", f"{RUNS}/run_1/steps", "assistants"),
        ("GET", "https://r.openai.azure.com/openai/threads/thread_1", "assistants"),
        ("GET", "https://r.cognitiveservices.azure.com/openai/threads/thread_1", "assistants"),
    ],
)
def test_what_is_set_up_or_read_runs_no_model(method: str, url: str, operation_name: str) -> None:
    call = run({"id": "x_1", "object": "thing"}, url=url, asked={"model": "gpt-4o"}, method=method)

    assert (call.operation_name, call.runs_model, call.response_id) == (
        operation_name,
        False,
        "x_1",
    )
    assert (call.poll_of, call.error_type, call.request_model) == (None, None, "gpt-4o")


def message(text: str, *, at: int, **fields: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": {"value": text, "annotations": []}}]
    return {**MESSAGE, "id": f"msg_{at}", "created_at": at, "content": content, **fields}


def test_reading_a_thread_brings_its_newest_run_its_words() -> None:
    listed = [
        message("lo!", at=9),
        message("Hel", at=8),
        message("Thanks", at=7, role="user", run_id=None),
        message("Before", at=6, run_id="run_0"),
        message("Cut", at=10, run_id="run_2", status="incomplete"),
    ]

    call = run({"object": "list", "data": listed}, url=f"{THREAD}/messages", method="GET")

    assert (call.poll_of, call.runs_model) == ("run_1", False)
    assert (call.output_text, len(call.output_messages)) == ("Hello!", 1)


@pytest.mark.parametrize(
    "data", [[], [message("Hi", at=1, role="user", run_id=None)], [{"run_id": "run_1"}]]
)
def test_a_thread_in_which_no_run_spoke_is_no_poll(data: list[Any]) -> None:
    call = run({"object": "list", "data": data}, url=f"{THREAD}/messages", method="GET")

    assert (call.poll_of, call.output_messages, call.error_type) == (None, (), None)


def test_a_stream_that_was_left_keeps_what_was_said() -> None:
    call = decode(stream(RUNS, ASKED, *STREAM[:4], ended="closed"))

    assert call is not None
    assert (call.output_text, call.finish_reasons, call.usage) == ("Hel", (), Usage())


@pytest.mark.parametrize("path", ["/threads/42", "/threads/42/messages", "/threads/42/runs"])
def test_a_forum_s_threads_are_no_call(path: str) -> None:
    assert decode(exchange(f"https://forum.example{path}", {"content": "Hi"})) is None
