from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.report.failing import failure_block
from pytest_litmus.report.plain import (
    cut_lines,
    cut_middle,
    dollars,
    duration,
    harmless,
    keep_end,
    measured,
)
from pytest_litmus.report.terminal import summary_lines
from pytest_litmus.verdicts import Verdict
from pytest_litmus.wire.calls import Flag, Message, Part, Usage
from tests.unit.report.given import (
    attempt,
    budget,
    call,
    cassette,
    record,
    report_of,
    said,
    similar,
)


def summary(*records: Any, width: int = 100, report_path: str | None = None, **changed: Any) -> str:
    lines = summary_lines(report_of(*records, **changed), width=width, report_path=report_path)
    return "\n".join(line.text for line in lines)


def row(text: str, label: str) -> str:
    return next(line[11:] for line in text.splitlines() if line.startswith(f"{label} "))


def test_the_section_of_a_failing_run_is_what_one_reads_at_night():
    refund = record(
        "tests/test_refund.py::test_answer",
        outcome="failed",
        calls=(
            call(
                "r1", source="recorded", duration_s=2.4, streamed=True, time_to_first_chunk_s=0.12
            ),
            call(
                "r2",
                source="recorded",
                duration_s=1.0,
                usage=Usage(input_tokens=900, output_tokens=60),
            ),
        ),
        verdicts=(similar(0.41), Verdict(name="grounded", outcome="pass")),
        budgets=(budget(0.01),),
        cassette=cassette(stale=1),
    )
    limited = record(
        "tests/test_tone.py::test_tone[formal]",
        outcome="error",
        calls=(
            call("t1", cost_usd=Decimal("0.0112")),
            call(
                "t2",
                error_type="rate_limit_error",
                usage=Usage(),
                cost_usd=None,
                attempts=(attempt(429), attempt(429), attempt(429)),
            ),
        ),
    )

    text = summary(refund, limited, exit_status=1, report_path="llm-report/report.json")

    assert text == (
        "verdict    FAILED: 1 failed, 1 error\n"
        "quality    1 fail (similar), 1 pass\n"
        "budgets    1 pass\n"
        "calls      4 (2 live, 2 recorded), 1 error (rate_limit_error 1), 2 retries\n"
        "tokens     1,100 in, 140 out; 1 call without usage\n"
        "cost       $0.0112 live, $0.0013 recorded; 1 call has no price\n"
        "latency    p50 1.00 s, p95 2.26 s, max 2.40 s; 33.3 output tokens/s\n"
        "1st chunk  p50 0.120 s, p95 0.120 s (1 streamed call)\n"
        "replay     saved 3.40 s of model time and $0.0013\n"
        "cassettes  1 recorded and not asked for\n"
        "oldest     41 days  tests/cassettes/test_refund/test_answer.yaml\n"
        "slowest    3.40 s  tests/test_refund.py::test_answer\n"
        "           1.60 s  tests/test_tone.py::test_tone[formal]\n"
        "dearest    $0.0112  tests/test_tone.py::test_tone[formal]\n"
        "           $0.0013  tests/test_refund.py::test_answer\n"
        "report     llm-report/report.json"
    )


def test_a_cost_that_is_not_known_is_not_shown_as_a_number():
    unpriced = record(calls=tuple(call(f"c{n}", cost_usd=None) for n in range(12)))

    assert row(summary(unpriced), "cost") == "unknown (12 calls have no price)"


def test_live_calls_without_a_price_stay_unknown_beside_recorded_ones_with_one():
    mixed = record(calls=(call(cost_usd=None), call("c2", source="recorded")))

    cost = row(summary(mixed), "cost")

    assert cost == "unknown live, $0.00065 recorded; 1 call has no price"


def test_what_a_provider_flagged_is_told():
    flags = tuple(Flag(category=c, subject="input", flagged=True) for c in ("hate", "jailbreak"))

    text = summary(record(calls=(call(flags=flags),)))

    assert row(text, "flags") == "1 call flagged by the provider (hate, jailbreak)"
    assert "flags" not in summary(record())


def test_unknown_tokens_and_times_are_called_unknown():
    silent = record(calls=(call(usage=Usage(), duration_s=None),))

    text = summary(silent)

    assert row(text, "tokens") == "unknown (1 call without usage)"
    assert row(text, "latency") == "unknown (no call that succeeded was timed)"
    assert "slowest" not in text


def test_cached_and_reasoning_tokens_and_judges_are_told():
    usage = Usage(
        input_tokens=4000,
        output_tokens=90,
        cache_read_input_tokens=1024,
        reasoning_output_tokens=30,
    )

    text = summary(record(calls=(call(usage=usage), call("j", purpose="judge"))))

    assert row(text, "tokens") == "4,100 in (1,024 cached), 130 out (30 reasoning)"
    assert row(text, "calls") == "2 (2 live, 1 by judges)"


def test_a_run_without_a_model_has_one_line():
    assert summary() == "verdict    NO TESTS: no test used a model"


def test_an_interrupted_run_says_so():
    assert summary(record(), exit_status=2) == summary(record()).replace(
        "PASSED: 1 passed", "FAILED (interrupted): 1 passed"
    )


def test_a_name_that_two_models_answer_is_told():
    moved = record(calls=(call(), call("c2", response_model="gpt-4o-2024-11-20")))

    assert (
        row(summary(moved), "drift") == "gpt-4o answered by gpt-4o-2024-08-06 and gpt-4o-2024-11-20"
    )


def test_at_most_three_tests_are_named_as_slow_and_the_slowest_first():
    records = [
        record(f"t.py::test_{n}", calls=(call(f"c{n}", duration_s=float(n)),)) for n in range(6)
    ]

    text = summary(*records)

    slow = text[text.index("slowest") : text.index("dearest")].split()
    assert [word for word in slow if "::" in word] == [
        "t.py::test_5",
        "t.py::test_4",
        "t.py::test_3",
    ]


def test_misses_and_broken_cassettes_are_red():
    report = report_of(record(cassette=cassette(misses=2, problem="no YAML")))

    line = next(
        line for line in summary_lines(report, width=80) if line.text.startswith("cassettes")
    )

    assert line.text == "cassettes  2 missed, 1 file with a problem"
    assert line.markup == {"red": True}


@pytest.mark.parametrize(
    ("outcome", "colour"),
    [("passed", "green"), ("failed", "red"), ("error", "red"), ("skipped", "yellow")],
)
def test_the_verdict_has_the_colour_of_its_outcome(outcome, colour):
    (verdict, *_) = summary_lines(report_of(record(outcome=outcome)), width=80)

    assert verdict.markup[colour] is True


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_lines_are_ascii_and_fit_the_terminal(width):
    long = record(
        "tests/" + "very_long_folder/" * 10 + "test_a.py::test_\u00e9[caf\u00e9-\x1b[31m]",
        calls=(call(error_type="\x1b[2J\u2028" * 30, response_model="m\x07" * 50), call("c2")),
        cassette=cassette(path="c/" * 60 + "x.yaml"),
    )

    lines = summary_lines(report_of(long), width=width, report_path="llm-report/report.json")

    assert all(line.text.isascii() and line.text.isprintable() for line in lines)
    assert max(len(line.text) for line in lines) <= max(width, 52)


def test_a_long_node_id_keeps_its_end():
    long = record("tests/" + "folder/" * 20 + "test_refund.py::test_answer")

    assert row(summary(long, width=60), "slowest").endswith("test_refund.py::test_answer")


def test_a_failing_test_is_told_with_its_scores_its_calls_and_its_cassette():
    block = failure_block(
        calls=(call(source="recorded", step="answer"),),
        verdicts=(similar(0.41), similar(0.9)),
        budgets=(budget(0.06),),
        cassettes=(cassette(),),
    )

    assert block == (
        "checks     1 of 2 pass\n"
        "  FAIL  similar: 0.41, wanted at least 0.8\n"
        "      | it says 14 days\n"
        "budgets    0 of 1 pass\n"
        "  FAIL  cost: $0.0600, wanted at most 0.05\n"
        "      | 3 calls\n"
        "calls      1, 0.800 s of model time, cost $0.00065\n"
        "  call 1 of 1: openai gpt-4o-2024-08-06; recorded; step answer; latency 0.800 s; "
        "cost $0.00065; tokens 100 in, 40 out; finish stop\n"
        "    input\n"
        "      | Can I return an opened laptop?\n"
        "    output\n"
        "      | Within 30 days.\n"
        "cassette   tests/cassettes/test_refund/test_answer.yaml (mode none); 1 played; 41 days old"
    )


def test_a_test_of_which_nothing_is_known_has_no_block():
    assert failure_block(calls=()) == ""


def test_a_score_that_was_not_measured_is_not_shown_as_a_number():
    verdict = Verdict(name="grounded", outcome="error", explanation="the judge did not answer")

    block = failure_block(calls=(), verdicts=(verdict, similar(float("nan"))))

    assert "  ERROR  grounded\n      | the judge did not answer" in block
    assert "nan" not in block


def test_a_call_of_unknown_cost_and_tokens_says_unknown():
    block = failure_block(calls=(call(cost_usd=None, usage=Usage(), duration_s=None),))

    assert "latency unknown; cost unknown; tokens unknown" in block


def test_only_the_last_calls_are_shown_and_the_rest_is_counted():
    block = failure_block(calls=tuple(call(f"c{n}", step=f"s{n}") for n in range(5)))

    assert "  (2 earlier calls not shown)\n  call 3 of 5" in block
    assert "step s1" not in block


def test_judges_calls_do_not_hide_those_of_the_program():
    judges = tuple(call(f"j{n}", purpose="judge", step="judging") for n in range(4))

    block = failure_block(calls=(call(step="mine"), *judges))

    assert "step mine" in block
    assert "step judging" not in block


def test_tool_calls_and_errors_stand_where_an_answer_would():
    tool = Part(type="tool_call", name="refund", arguments={"order": 3})
    asked = call(output_messages=(Message(role="assistant", parts=(tool,)),))
    failed = call(output_messages=(), error_type="rate_limit_error", error_message="slow down")

    block = failure_block(calls=(asked, failed))

    assert '    tool call\n      | refund({"order": 3})' in block
    assert "    error rate_limit_error\n      | slow down" in block


def test_an_answer_without_text_says_so():
    assert "    output: no text" in failure_block(calls=(call(output_messages=()),))


def test_hostile_model_text_neither_moves_the_cursor_nor_commands_the_runner():
    hostile = (
        "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202egnihton \r\n"
        "::error file=x::owned\n##[command]x ##vso[task.setvariable]y\b\x00\r"
    )

    block = failure_block(calls=(call(output_messages=(said("assistant", hostile),)),))

    assert block.replace("\n", "").isprintable()
    assert "\\x1b[2J" in block
    assert "\\u202e" in block
    assert "      | ::error file=x::owned" in block
    assert "##[" not in block
    assert "##vso[" not in block


def test_names_that_a_server_chose_are_harmless_too():
    block = failure_block(
        calls=(
            call(
                response_model="\x1b[31m" * 200,
                finish_reasons=("\n::error::x",),
                error_type="\r\n::e",
            ),
        )
    )

    assert block.replace("\n", "").isprintable()
    assert not any(line.lstrip().startswith("::") for line in block.splitlines())


def test_secrets_are_redacted_before_a_text_is_cut():
    text = "a" * 790 + "SECRET" + "b" * 5_000

    block = failure_block(
        calls=(call(input_messages=(said("user", text),)),),
        redact=lambda each: each.replace("SECRET", "******"),
    )

    assert "SEC" not in block


def test_long_texts_lose_their_middle_and_say_how_much():
    block = failure_block(calls=(call(output_messages=(said("assistant", "x" * 10_000),)),))
    tall = failure_block(calls=(call(output_messages=(said("assistant", "y\n" * 500),)),))

    assert "[... 8,800 characters cut ...]" in block
    assert "[... 483 lines cut ...]" in tall


@given(st.text(max_size=200))
def test_any_text_is_made_harmless(text):
    shown = harmless(text)

    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in shown)
    assert "\x9b" not in shown
    assert shown.encode("utf-8").decode("utf-8") == shown


@given(st.text(max_size=300), st.integers(min_value=30, max_value=100))
def test_a_cut_text_keeps_its_ends_and_its_length_in_bounds(text, longest):
    cut = cut_middle(text, longest=longest)

    assert len(cut) <= max(len(text), longest + 40)
    assert cut[:10] == text[:10]


def test_lines_are_cut_in_the_middle():
    assert cut_lines("1\n2\n3\n4\n5\n6", most=3) == "1\n2\n[... 3 lines cut ...]\n6"
    assert keep_end("abcdefgh", longest=6) == "...fgh"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "unknown"),
        ("0", "$0"),
        ("0.0000012", "$0.0000012"),
        ("0.00065", "$0.00065"),
        ("0.5", "$0.5000"),
        ("1234.5", "$1,234.50"),
        ("1E+40", "$1.00e+40"),
    ],
)
def test_dollars_keep_the_digits_that_say_something(amount, text):
    assert dollars(amount) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "unknown"), (0.0214, "0.021 s"), (2.9, "2.90 s"), (250.0, "4 min 10 s")],
)
def test_durations_read_as_people_say_them(value, text):
    assert duration(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "1", "not measured"),
        (float("inf"), "USD", "not measured"),
        (0.41, "1", "0.41"),
        (2.0, "s", "2 s"),
        (1200, "{token}", "1200 tokens"),
        (7, "{word}", "7 word"),
    ],
)
def test_scores_are_shown_in_their_unit(value, unit, text):
    assert measured(value, unit) == text
