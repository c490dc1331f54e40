"""A line of `calls.jsonl` says all of a call, by its schema."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pytest_litmus.report.call_json import LONGEST_ERROR, call_as_json, call_from_json
from pytest_litmus.report.writing import ReportFolder
from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Attempt, Call, Flag, Message, Part, ToolUse, Usage
from tests.unit.report.given import NOON, call, problems, record, report_of, schema
from tests.wire.formats import PLAIN, STREAMS
from tests.wire.recorded import exchange_of, is_missing, truths
from tests.wire.recordings import exchange, stream

# Each field has another value than its default.
FULL = Call(
    operation_name="chat",
    provider_name="openai",
    wire_format="openai.chat",
    served_by="nebius",
    runs_model=False,
    poll_of="resp_0",
    handles=("https://x.example/predictions/1",),
    request_model="gpt-4o",
    response_model="gpt-4o-2024-08-06",
    response_id="resp_1",
    system_fingerprint="fp",
    service_tier="flex",
    system_instructions=(Part("text", content="Be kind"),),
    input_messages=(
        Message("user", (Part("uri", uri="https://x.example/a.png", modality="image"),), "ann"),
        Message("tool", (Part("tool_call_response", id="t1", response=None),)),
    ),
    output_messages=(
        Message("assistant", (Part("tool_call", id="t1", name="f", arguments={"a": [1, None]}),)),
        Message("assistant", (Part("server_tool_call", name="search", arguments={"q": "x"}),)),
    ),
    tool_definitions=({"type": "function", "name": "f", "parameters": {"type": "object"}},),
    finish_reasons=("tool_calls", "stop"),
    flags=(
        Flag(category="hate", subject="input", flagged=False, severity="safe"),
        Flag(category="pii", subject="output", flagged=True, score=0.5),
    ),
    parameters={"temperature": 0, "choice_count": 2, "stop_sequences": ["END"], "min_p": 0.5},
    streamed=True,
    usage=Usage(
        input_tokens=9,
        output_tokens=0,
        cache_read_input_tokens=1,
        cache_write_input_tokens=2,
        reasoning_output_tokens=3,
        billed_units={"input_audio_tokens": 4, "web_searches": 1},
        incomplete="another model worked too",
    ),
    reported_cost_usd=Decimal("0.25"),
    embedding_dimensions=3,
    embedding_count=2,
    time_to_first_chunk_s=0.25,
    server_times_s={"queue_time": 0.5},
    error_type="rate_limit_error",
    error_message="slow down",
    status=429,
    started_at=NOON,
    duration_s=1.5,
    source="recorded",
    ended="closed",
    server_address="api.openai.com",
    server_port=443,
    id="c1",
    tool_uses=(ToolUse(name="f", id="t1", arguments={"a": 1}, answered=True, response=[2]),),
    attempts=(
        Attempt(status=None, error_type="ReadTimeout", started_at=NOON, duration_s=None),
        Attempt(status=200, error_type=None, started_at=NOON + timedelta(1), duration_s=0.5),
    ),
    cost_usd=Decimal("0.0001"),
    cost_source="price file",
    cost_note="a note",
    step="ask",
    step_path=("outer", "ask"),
    thread="worker_0",
    task="Task-1",
    polls=2,
    user_id="u1",
    session_id="s1",
    metadata={"team": "support"},
    purpose="judge",
)


def written(each: Call, *, content: bool = True) -> dict[str, Any]:
    line = call_as_json(each, nodeid="tests/test_a.py::test_b", content=content)
    read: dict[str, Any] = json.loads(json.dumps(line, allow_nan=False))
    return read


def default_of(field: Field[Any]) -> Any:
    made = field.default_factory
    return field.default if made is MISSING else made()


def test_the_full_call_leaves_no_field_at_its_default() -> None:
    same = [field.name for field in fields(Call) if getattr(FULL, field.name) == default_of(field)]

    assert same == []


def test_a_full_call_is_read_back_as_it_was() -> None:
    assert call_from_json(written(FULL)) == FULL


def test_the_line_of_a_full_call_keeps_the_schema() -> None:
    assert problems(written(FULL), "call") == []
    assert problems(written(FULL, content=False), "call") == []


def test_a_full_line_has_every_field_that_the_schema_knows() -> None:
    assert written(FULL).keys() == schema("call")["$defs"]["call"]["properties"].keys()


def test_a_call_of_which_nothing_is_known_keeps_the_schema_and_is_read_back() -> None:
    bare = Call(operation_name="chat", provider_name="x", wire_format="x")

    assert problems(written(bare), "call") == []
    assert call_from_json(written(bare)) == bare


def test_without_content_no_word_of_the_conversation_is_in_the_line() -> None:
    line = json.dumps(written(FULL, content=False))
    words = ("Be kind", "a.png", "slow down", '"q"', '"a"', "[2]")

    assert [word for word in words if word in line] == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "cal"},
        {"cost_usd": 0.1},
        {"polls": -1},
        {"flags": [{"category": "hate"}]},
        {"attributes": {}},
        {"billed_units": {"web_searches": "1"}},
    ],
)
def test_another_line_breaks_the_schema(change: dict[str, Any]) -> None:
    assert problems(written(FULL) | change, "call") != []


def test_every_line_of_a_finished_folder_keeps_the_schema(tmp_path: Any) -> None:
    folder = ReportFolder(tmp_path)
    folder.start()
    records = [record(calls=(FULL, call("c2")))]

    folder.finish(report_of(*records), records, content=lambda _: True)

    lines = (tmp_path / "calls.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["header", "call", "call", "end"]
    assert [problems(json.loads(line), "call") for line in lines] == [[], [], [], []]


def own_calls() -> list[Call | None]:
    plain = [decode(exchange(url, *both)) for url, both in PLAIN.items()]
    return plain + [decode(stream(url, asked, *said)) for url, (asked, said) in STREAMS.items()]


def recorded_calls() -> list[Call | None]:
    return [] if is_missing() else [decode(exchange_of(truth)) for truth in truths()]


def test_the_calls_of_every_format_are_read_back_as_they_were_by_the_schema() -> None:
    calls = [each for each in own_calls() + recorded_calls() if each]
    lines = [written(each) for each in calls]

    # The beginning of an error message is kept, and no more of it.
    kept = [
        replace(each, error_message=each.error_message and each.error_message[:LONGEST_ERROR])
        for each in calls
    ]
    assert [call_from_json(line) for line in lines] == kept
    assert [line for line in lines if problems(line, "call")] == []
