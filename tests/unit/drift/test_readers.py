"""OTLP files are written by OpenTelemetry's own exporter; those of Langfuse and Phoenix are small
samples by the documentation of their exports, because their servers do not run here."""

from __future__ import annotations

import csv
import json

import pytest

from pytest_litmus.drift.logs import open_log
from pytest_litmus.drift.seen import Seen
from pytest_litmus.errors import ReportError
from pytest_litmus.report.writing import CALLS, REPORT
from tests.unit.drift.given import plain, written
from tests.unit.report.given import call, record, report_of, said

MESSAGES = {
    "gen_ai.input.messages": [
        {"role": "user", "parts": [{"type": "text", "content": "Old question?"}]},
        {"role": "assistant", "parts": [{"type": "text", "content": "Old answer."}]},
        {"role": "user", "parts": [{"type": "text", "content": "Where is it?"}]},
    ],
    "gen_ai.output.messages": [
        {
            "role": "assistant",
            "parts": [
                {"type": "text", "content": "On its way."},
                {"type": "tool_call", "name": "track", "arguments": {}},
            ],
            "finish_reason": "stop",
        }
    ],
}
ATTRIBUTES = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 7,
    "openai.response.system_fingerprint": "fp_1",
}
SEEN = Seen(
    input="Where is it?",
    output="On its way.",
    finish="stop",
    tools="track",
    failed=False,
    latency_s=1.5,
    input_tokens=12,
    output_tokens=7,
    model="gpt-4o-2024-08-06",
    fingerprint="fp_1",
)


@pytest.fixture
def exported(tmp_path):
    """A file that OpenTelemetry's exporter wrote, of spans that the test makes."""
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    file = pytest.importorskip("opentelemetry.exporter.otlp.json.file")
    from opentelemetry.sdk.trace import TracerProvider

    path = tmp_path / "spans.jsonl"
    provider = TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(file.FileSpanExporter(path)))
    tracer = provider.get_tracer("app")

    def span(attributes, *, events=(), error=None):
        one = tracer.start_span("chat gpt-4o", attributes=attributes, start_time=10**9)
        for name, told in events:
            one.add_event(name, told)
        if error:
            from opentelemetry.trace import Status, StatusCode

            one.set_status(Status(StatusCode.ERROR, error))
        one.end(end_time=2_500_000_000)

    yield span, path
    provider.shutdown()


def seen_in(path, **mapping):
    return list(open_log(path, mapping).seen())


def packed(messages):
    return {name: json.dumps(value) for name, value in messages.items()}


def test_otlp_is_read_with_messages_in_attributes(exported):
    span, path = exported
    span(ATTRIBUTES | packed(MESSAGES))

    assert open_log(path).reader.name == "OTLP JSON"
    assert seen_in(path) == [SEEN]


def test_otlp_is_read_with_messages_in_the_event_of_today(exported):
    span, path = exported
    span(
        ATTRIBUTES,
        events=[("gen_ai.client.inference.operation.details", packed(MESSAGES))],
    )

    assert seen_in(path) == [SEEN]


def test_otlp_is_read_with_messages_in_the_events_of_before(exported):
    span, path = exported
    old = {
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 12,
        "gen_ai.usage.completion_tokens": 7,
    }
    asked = json.dumps([{"role": "user", "content": "Where is it?"}])
    answer = json.dumps([{"role": "assistant", "content": "On its way."}])
    span(
        old,
        events=[
            ("gen_ai.content.prompt", {"gen_ai.prompt": asked}),
            ("gen_ai.content.completion", {"gen_ai.completion": answer}),
        ],
    )
    span(old | {"gen_ai.prompt.0.content": "Where is it?", "gen_ai.completion.0.content": "{}"})

    first, second = seen_in(path)
    assert (first.input, first.output) == ("Where is it?", "On its way.")
    assert (first.input_tokens, first.output_tokens, first.model) == (12, 7, "gpt-4o")
    assert (second.input, second.output) == ("Where is it?", "{}")


def test_otlp_spans_that_are_no_answer_of_a_model_are_left_out_and_errors_are_told(exported):
    span, path = exported
    span({"http.route": "/chat"})
    span({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "track"})
    span({"gen_ai.operation.name": "embeddings", "gen_ai.request.model": "e"})
    span(ATTRIBUTES, error="timeout")

    (only,) = seen_in(path)
    assert only.failed
    assert only.output is None


def test_otlp_with_openinference_attributes_is_read_as_phoenix_would(exported):
    span, path = exported
    span(
        {
            "openinference.span.kind": "LLM",
            "llm.model_name": "gpt-4o",
            "llm.token_count.prompt": 12,
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "Where is it?",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": "On its way.",
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "track",
        }
    )

    (seen,) = seen_in(path)
    assert (seen.input, seen.output, seen.tools) == ("Where is it?", "On its way.", "track")
    assert (seen.model, seen.input_tokens, seen.latency_s) == ("gpt-4o", 12, 1.5)


def test_our_report_is_read_with_what_the_program_asked_only(tmp_path):
    from pytest_litmus.report.call_json import call_as_json

    calls = [
        call("c1", system_fingerprint="fp_1", input_messages=(said("user", "Where?"),)),
        call("c2", purpose="judge"),
    ]
    report = report_of(record(calls=tuple(calls)))
    (tmp_path / REPORT).write_text(json.dumps(report))
    header = {"kind": "header", "schema_version": "1.0", "run_id": report["run"]["id"]}
    lines = [call_as_json(one, nodeid="t", content=True) for one in calls]
    written(tmp_path / CALLS, [header, *lines])

    (seen,) = seen_in(tmp_path)
    assert (seen.input, seen.output, seen.finish) == ("Where?", "Within 30 days.", "stop")
    assert (seen.model, seen.fingerprint) == ("gpt-4o-2024-08-06", "fp_1")
    assert (seen.input_tokens, seen.latency_s, seen.failed) == (100, 0.8, False)
    assert seen_in(tmp_path / CALLS) == [seen]


def test_calls_of_another_run_than_the_reports_are_refused(tmp_path):
    (tmp_path / REPORT).write_text(json.dumps(report_of(record())))
    header = {"kind": "header", "schema_version": "1.0", "run_id": "other"}
    written(tmp_path / CALLS, [header])

    with pytest.raises(ReportError, match=r"calls\.jsonl:1: of run other, not of run-1"):
        open_log(tmp_path)


LANGFUSE = {
    "id": "o1",
    "trace_id": "t1",
    "type": "GENERATION",
    "start_time": "2026-11-24 13:46:19.963000",
    "end_time": "2026-11-24 13:46:21.463000",
    "level": "DEFAULT",
    "status_message": None,
    "provided_model_name": "gpt-4o-2024-08-06",
    "usage_details": {"input": 12, "output": 7, "total": 19},
    "input": {"messages": [{"role": "user", "content": "Where is it?"}]},
    "output": {"role": "assistant", "content": "On its way."},
    "tool_call_names": ["track"],
}


def test_langfuses_blob_export_is_read_from_jsonl_and_csv(tmp_path):
    lines = written(tmp_path / "o.jsonl", [LANGFUSE, LANGFUSE | {"type": "SPAN"}])
    table = tmp_path / "o.csv"
    flat = {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in LANGFUSE.items()
    }
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, flat)
        writer.writeheader()
        writer.writerow(flat)

    (seen,) = seen_in(lines)
    assert (seen.input, seen.output, seen.tools) == ("Where is it?", "On its way.", "track")
    assert (seen.latency_s, seen.input_tokens, seen.output_tokens) == (pytest.approx(1.5), 12, 7)
    assert (seen.model, seen.failed) == ("gpt-4o-2024-08-06", False)
    assert open_log(table).reader.name == "Langfuse observations"
    assert seen_in(table) == [seen]


def test_langfuses_table_export_is_read_from_one_json_array(tmp_path):
    path = tmp_path / "o.json"
    observation = {
        "id": "o1",
        "traceId": "t1",
        "type": "GENERATION",
        "startTime": "2026-11-24T13:46:19.963Z",
        "endTime": "2026-11-24T13:46:21.463Z",
        "level": "ERROR",
        "model": "gpt-4o",
        "usageDetails": {"input": 12, "output": 7},
        "input": [{"role": "user", "content": "Where is it?"}],
        "output": {"label": "parcel"},
    }
    path.write_text(json.dumps([observation], indent=2))

    (seen,) = seen_in(path)
    assert (seen.input, seen.output) == ("Where is it?", '{"label": "parcel"}')
    assert (seen.model, seen.input_tokens, seen.failed) == ("gpt-4o", 12, True)
    assert seen.latency_s == pytest.approx(1.5)


PHOENIX = {
    "context.span_id": "s1",
    "name": "ChatCompletion",
    "span_kind": "LLM",
    "start_time": "2026-11-24T12:00:00+00:00",
    "end_time": "2026-11-24T12:00:01.500000+00:00",
    "status_code": "OK",
    "attributes.llm.model_name": "gpt-4o",
    "attributes.llm.token_count.prompt": 12,
    "attributes.llm.token_count.completion": 7,
    "attributes.llm.input_messages": [
        {"message.role": "system", "message.content": "Be brief."},
        {"message.role": "user", "message.content": "Where is it?"},
    ],
    "attributes.llm.output_messages": [
        {
            "message.role": "assistant",
            "message.content": "On its way.",
            "message.tool_calls": [{"tool_call.function.name": "track"}],
        }
    ],
}


def phoenix_seen(seen):
    assert (seen.input, seen.output, seen.tools) == ("Where is it?", "On its way.", "track")
    assert (seen.model, seen.input_tokens, seen.output_tokens) == ("gpt-4o", 12, 7)
    assert (seen.latency_s, seen.failed) == (pytest.approx(1.5), False)


def test_phoenixs_data_frame_is_read_from_jsonl(tmp_path):
    path = written(tmp_path / "p.jsonl", [PHOENIX, PHOENIX | {"span_kind": "CHAIN"}])

    (seen,) = seen_in(path)
    phoenix_seen(seen)


def test_phoenixs_data_frame_is_read_from_parquet(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    lines = written(tmp_path / "p.jsonl", [PHOENIX])
    path = tmp_path / "p.parquet"
    duckdb.read_json(str(lines)).write_parquet(str(path))

    (seen,) = seen_in(path)
    phoenix_seen(seen)


def test_plain_records_are_read_under_usual_names_and_under_those_that_are_mapped(tmp_path):
    usual = written(tmp_path / "usual.jsonl", plain(1))
    own = written(
        tmp_path / "own.jsonl",
        [
            {
                "ask": "Where?",
                "reply": {"text": '{"a": 1}'},
                "ms": 1,
                "tool_calls": [{"function": {"name": "track"}}],
            }
        ],
    )

    assert seen_in(usual)[0].finish == "stop"
    (seen,) = seen_in(own, input="ask", output="reply.text")
    assert (seen.input, seen.output, seen.tools) == ("Where?", '{"a": 1}', "track")
    assert seen.failed is None
    assert seen.latency_s is None
    with pytest.raises(ReportError, match=r"its first record has ask, reply, ms.*--map output=KEY"):
        open_log(own)


def test_unknown_lines_and_lines_that_are_not_utf8_are_counted(tmp_path):
    path = tmp_path / "log.jsonl"
    good = json.dumps(plain(1)[0]).encode() + b"\n"
    path.write_bytes(good + b"not json\n\n" + b'{"other": 1}\n' + good.replace(b"stop", b"st\xffp"))

    log = open_log(path)
    calls = list(log.seen())

    assert len(calls) == 2
    assert (log.records, log.unknown, log.first_unknown, log.not_utf8) == (4, 2, 2, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"input": "a", "output": "b"}\n{"input": "a", "out', ":2: the file ends within this"),
        (b'[{"input": "a"},\n {"inp', ":2: not JSON, or it was cut off"),
        (b"", "holds no records"),
        (b"trace_id,type,output\nt,GENERATION,a\nt,GENER", ":3: the row ends before its last"),
        (b"PAR1nonsense", "cannot be read as Parquet"),
    ],
)
def test_a_file_that_was_cut_off_or_is_none_is_refused_with_its_line(tmp_path, content, told):
    path = tmp_path / "log"
    path.write_bytes(content)

    with pytest.raises(ReportError, match=told):
        seen_in(path)


def test_a_last_line_without_its_newline_is_read_where_it_is_whole(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"input": "a", "output": "b"}')

    assert len(seen_in(path)) == 1


@pytest.mark.parametrize(
    "record",
    [
        {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": 3, "events": {}}]}]}]},
        {"resourceSpans": [None, {"scopeSpans": 4}]},
        {"traceId": 1, "type": "GENERATION", "input": [[[]]], "output": [{"content": [3]}]},
        {"span_kind": "LLM", "attributes": {"llm.output_messages": 3}},
        {"span_kind": "LLM", "attributes": {"llm.output_messages": [[1]]}},
        {"input": [1, {"a": []}], "output": {"content": {"content": {"content": {}}}}},
        {"kind": "call", "wire_format": 1, "purpose": "subject", "attributes": []},
        {"input": None, "output": None, "tools": [None, {"function": 3}], "latency_s": "NaN"},
    ],
)
def test_records_of_strange_shapes_break_nothing(tmp_path, record):
    path = written(tmp_path / "log.jsonl", [record])

    assert len(seen_in(path)) <= 1
