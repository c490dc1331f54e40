from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pytest_litmus.report.call_json import LONGEST_ERROR, call_as_json, call_from_json
from pytest_litmus.report.json_ready import decimal_text, json_ready, one_line
from pytest_litmus.report.records import TestRecord
from pytest_litmus.verdicts import Limit, Score, judge
from pytest_litmus.wire.calls import Message, Part, Usage
from tests.unit.report.given import NOON, attempt, budget, call, cassette, record, said, similar

RICH = call(
    system_fingerprint="fp_1",
    response_id="r1",
    system_instructions=(Part(type="text", content="Be kind."),),
    output_messages=(
        Message(
            role="assistant",
            parts=(
                Part(type="reasoning", content="Hm."),
                Part(type="tool_call", id="t1", name="refund", arguments={"order": [1, 2.5, None]}),
            ),
        ),
        said("assistant", "second choice"),
    ),
    tool_definitions=({"type": "function", "name": "refund"},),
    finish_reasons=("tool_calls", "stop"),
    parameters={"temperature": 0.2, "max_tokens": 50, "choice_count": 2, "stop_sequences": ["END"]},
    streamed=True,
    usage=Usage(
        input_tokens=100,
        output_tokens=40,
        cache_read_input_tokens=10,
        cache_write_input_tokens=0,
        reasoning_output_tokens=8,
    ),
    reported_cost_usd=Decimal("0.0007"),
    embedding_dimensions=3,
    embedding_count=2,
    time_to_first_chunk_s=0.1,
    error_type="rate_limit_error",
    error_message="slow down",
    status=429,
    source="recorded",
    ended="closed",
    server_address="api.example",
    server_port=443,
    attempts=(attempt(429, error_type="rate_limit_error"), attempt(None, error_type="ReadTimeout")),
    cost_note="a note",
    step="ask",
    user_id="u1",
    session_id="s1",
    metadata={"team": "support", "tags": ["a"]},
    purpose="judge",
)


def travelled(written: TestRecord, *, content: bool = True) -> TestRecord:
    text = json.dumps(written.as_json(content), allow_nan=False)
    return TestRecord.from_json(json.loads(text))


def test_a_record_travels_as_json_text_without_a_loss():
    sent = record(
        outcome="failed",
        calls=(RICH, call("c2")),
        verdicts=(similar(),),
        budgets=(budget(),),
        cassette=cassette(),
        failure="AssertionError: no",
        worker="gw0",
    )

    assert travelled(sent) == sent


def test_the_interval_of_an_estimate_travels():
    estimate = Score(name="bias", value=0.2, interval=(0.1, 0.3))
    sent = record(verdicts=(judge(estimate, Limit(at_most=0.2)),))

    assert travelled(sent).verdicts == sent.verdicts


def test_a_record_without_content_loses_only_what_was_said():
    sent = record(calls=(RICH,))

    arrived = travelled(sent, content=False).calls[0]

    assert arrived.input_messages == arrived.output_messages == arrived.tool_definitions == ()
    assert arrived.attributes() == RICH.attributes()
    assert (arrived.cost_usd, arrived.duration_s, arrived.attempts) == (
        RICH.cost_usd,
        RICH.duration_s,
        RICH.attempts,
    )


def test_without_content_no_word_of_the_conversation_is_in_the_line():
    line = one_line(call_as_json(RICH, nodeid="t", content=False))

    assert not any(word in line for word in ("opened laptop", "Be kind", "Hm.", "second choice"))


def test_a_call_line_names_its_test_its_tools_and_its_cost():
    line = call_as_json(RICH, nodeid="tests/test_a.py::test_b", content=False)

    assert (line["kind"], line["test"], line["id"]) == ("call", "tests/test_a.py::test_b", "c1")
    assert line["tool_calls"] == ["refund"]
    assert line["cost_usd"] == "0.00065"
    assert line["attributes"]["gen_ai.response.finish_reasons"] == ["tool_calls", "stop"]


@pytest.mark.parametrize(
    "where",
    [
        {"error_message": "key SECRET refused"},
        {"metadata": {"note": ["SECRET"]}},
        {"user_id": "SECRET"},
        {"input_messages": (said("user", "SECRET"),)},
        {"parameters": {"stop_sequences": ["SECRET"]}},
    ],
)
def test_every_text_of_a_call_is_redacted(where):
    line = call_as_json(
        call(**where), nodeid="t", content=True, redact=lambda text: text.replace("SECRET", "***")
    )

    assert "SECRET" not in one_line(line)
    assert "***" in one_line(line)


def test_a_secret_at_the_cut_of_an_error_message_is_redacted_before_the_cut():
    message = "x" * (LONGEST_ERROR - 3) + "SECRET"

    line = call_as_json(
        call(error_message=message),
        nodeid="t",
        content=True,
        redact=lambda text: text.replace("SECRET", ""),
    )

    assert "SEC" not in line["error_message"]


def test_failures_and_verdicts_are_redacted():
    failed = record(failure="SECRET", verdicts=(similar(),))

    written = failed.as_json(
        content=True, redact=lambda text: text.replace("SECRET", "*").replace("14", "*")
    )

    assert written["failure"] == "*"
    assert written["verdicts"][0]["explanation"] == "it says * days"


def test_unknown_values_stay_unknown_on_the_way():
    unknown = call(
        usage=Usage(), cost_usd=None, duration_s=None, started_at=None, response_model=None
    )

    arrived = travelled(record(calls=(unknown,))).calls[0]

    assert arrived == unknown


def test_metadata_of_any_kind_becomes_json():
    class Odd:
        def __repr__(self) -> str:
            raise ValueError

    ready = json_ready(
        {
            1: float("nan"),
            "inf": float("-inf"),
            "set": {"b", "a"},
            "bytes": b"\x00",
            "when": datetime(2026, 1, 2, tzinfo=UTC),
            "usd": Decimal("0.10"),
            "odd": Odd(),
            "half": "a\ud800b",
            "huge": 10**5000,
        }
    )

    assert ready == {
        "1": None,
        "inf": None,
        "set": ["a", "b"],
        "bytes": "b'\\x00'",
        "when": "2026-01-02T00:00:00+00:00",
        "usd": "0.10",
        "odd": "<Odd>",
        "half": "a\ufffdb",
        "huge": None,
    }


def test_a_value_that_holds_itself_ends_in_words():
    loop: list[object] = []
    loop.append(loop)

    assert "nested deeper" in one_line({"loop": json_ready(loop)})


def test_a_call_line_is_plain_ascii_whatever_the_model_said():
    hostile = call(output_messages=(said("assistant", "\x1b[2J\x9b31m caf\u00e9 \u2028 \ud83d"),))

    line = one_line(call_as_json(hostile, nodeid="t", content=True))

    assert line.isascii()
    assert line.isprintable()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        (Decimal("0.000"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("0.00021000"), "0.00021"),
        (Decimal("12E2"), "1200"),
        (Decimal("1E+999999"), "1E+999999"),
    ],
)
def test_costs_are_written_as_short_decimal_text(amount, text):
    assert decimal_text(amount) == text


def test_a_moment_without_its_zone_survives_the_way():
    odd = call(started_at=NOON.replace(tzinfo=None))

    assert call_from_json(call_as_json(odd, nodeid="t", content=True)) == odd
