from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.report.build import build
from pytest_litmus.report.totals import (
    cost,
    drift,
    findings,
    per_model,
    percentile,
    performance,
    saved_by_replay,
    tokens,
    totals,
)
from pytest_litmus.verdicts import Verdict
from pytest_litmus.wire.calls import Call, Flag, Usage
from tests.unit.report.given import attempt, call, cassette, problems, record, run, similar


def test_percentiles_lie_linearly_between_neighbours():
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert percentile([1.0, 2.0, 3.0, 4.0, 5.0], 0.95) == pytest.approx(4.8)
    assert percentile([7.0], 0.99) == 7.0


def test_nothing_timed_has_no_percentile():
    assert percentile([], 0.5) is None
    assert performance([call(duration_s=None)])["latency"] == {
        "count": 0,
        "p50_s": None,
        "p95_s": None,
        "p99_s": None,
        "max_s": None,
    }


def test_a_run_without_calls_measures_nothing():
    added = totals([])

    pillars = ("performance", "cost", "tokens", "quality", "safety", "drift", "budgets")
    assert [added[pillar]["measured"] for pillar in pillars] == [False] * 7
    assert added["performance"]["error_rate"] is None
    assert added["cost"]["cost_usd"] is None
    assert added["tokens"]["input_tokens"] is None


def test_a_cost_that_is_not_known_is_never_zero():
    added = cost([call(cost_usd=None), call(cost_usd=None, source="recorded")])

    assert added["measured"] is False
    assert (added["cost_usd"], added["live_cost_usd"], added["recorded_cost_usd"]) == (
        None,
        None,
        None,
    )
    assert added["unpriced_calls"] == 2


def test_a_call_that_costs_nothing_is_priced():
    added = cost([call(cost_usd=Decimal(0))])

    assert (added["cost_usd"], added["unpriced_calls"], added["measured"]) == ("0", 0, True)


def test_live_recorded_and_judge_costs_stand_apart():
    added = cost(
        [
            call(cost_usd=Decimal("0.1")),
            call(cost_usd=Decimal("0.2"), source="recorded"),
            call(cost_usd=Decimal("0.4"), purpose="judge"),
            call(cost_usd=None),
        ]
    )

    assert (added["cost_usd"], added["unpriced_calls"]) == ("0.7", 1)
    assert (added["live_cost_usd"], added["recorded_cost_usd"]) == ("0.5", "0.2")
    assert added["judge_cost_usd"] == "0.4"


def test_costs_add_up_without_binary_rounding():
    assert cost([call(cost_usd=Decimal("0.1"))] * 3)["cost_usd"] == "0.3"


def test_tokens_of_calls_without_usage_are_counted_as_missing():
    added = tokens([call(), call(usage=Usage()), call(usage=Usage(input_tokens=7))])

    assert (added["input_tokens"], added["output_tokens"]) == (107, 40)
    assert (added["calls_without_usage"], added["cache_read_input_tokens"]) == (1, None)


def test_an_attempt_is_not_a_call():
    retried = call(attempts=(attempt(429), attempt(503), attempt()))

    added = totals([record(calls=(retried, call("c2")))])

    assert added["calls"]["total"] == 2
    assert (added["performance"]["retries"], added["performance"]["errors"]) == (2, 0)


def test_failed_calls_count_as_errors_and_not_as_fast_answers():
    failed = call(error_type="rate_limit_error", duration_s=0.01)

    added = performance([failed, call(duration_s=2.0), call(duration_s=2.0), call(duration_s=2.0)])

    assert (added["errors"], added["error_rate"]) == (1, 0.25)
    assert added["error_types"] == {"rate_limit_error": 1}
    assert added["latency"]["p50_s"] == 2.0


def test_throughput_is_of_the_calls_that_know_tokens_and_time():
    known = call(usage=Usage(output_tokens=50), duration_s=2.0)

    added = performance([known, call(usage=Usage()), call(duration_s=None)])

    assert added["output_tokens_per_s"] == 25.0


def test_tokens_past_any_number_have_no_rate():
    absurd = call(usage=Usage(output_tokens=10**400), duration_s=1.0)

    assert performance([absurd])["output_tokens_per_s"] is None


def test_judges_do_not_count_in_the_programs_performance():
    added = totals(
        [record(calls=(call(duration_s=1.0), call("j", duration_s=9.0, purpose="judge")))]
    )

    assert added["performance"]["latency"]["max_s"] == 1.0
    assert added["calls"]["judge"] == 1


def test_replay_saves_the_cost_and_the_time_of_recorded_calls():
    saved = saved_by_replay(
        [call(source="recorded"), call(source="recorded", cost_usd=None), call()]
    )

    assert saved == {"calls": 2, "cost_usd": "0.00065", "unpriced_calls": 1, "model_time_s": 1.6}


def test_verdicts_are_counted_by_outcome_and_name():
    counted = findings(
        [similar(0.4), similar(0.9), Verdict(name="grounded", outcome="inconclusive")]
    )

    assert (counted["pass"], counted["fail"], counted["inconclusive"], counted["error"]) == (
        1,
        1,
        1,
        0,
    )
    assert counted["by_name"]["grounded"]["inconclusive"] == 1


def test_verdicts_that_are_about_safety_have_their_own_pillar():
    refused = Verdict(name="refuses", outcome="fail")

    added = totals([record(verdicts=(refused, similar(0.9)))])

    assert (added["safety"]["fail"], added["quality"]["fail"], added["quality"]["pass"]) == (
        1,
        0,
        1,
    )


def test_flags_of_the_providers_are_counted_by_call_and_category():
    hate = Flag(category="hate", subject="output", flagged=True)
    calm = Flag(category="violence", subject="output", flagged=False)
    calls = (call(flags=(hate, hate, calm)), call("c2", flags=(calm,)), call("c3"))

    assert totals([record(calls=calls)])["flags"] == {
        "measured": True,
        "looked_at_calls": 2,
        "flagged_calls": 1,
        "by_category": {"hate": 1},
    }
    assert totals([record(calls=(call(),))])["flags"]["measured"] is False


def test_requests_for_which_no_model_worked_are_in_no_total():
    tool = call("m", operation_name="execute_tool", runs_model=False, cost_usd=None)

    added = totals([record(calls=(call(), tool))])

    assert (added["calls"]["total"], added["cost"]["unpriced_calls"]) == (1, 0)


def test_drift_names_every_model_that_answered_and_the_oldest_recording():
    calls = [call(), call(response_model="gpt-4o-2024-11-20", system_fingerprint="fp_2")]

    seen = drift(
        calls, [cassette(age_days=None), cassette(path="old.yaml", age_days=90.0), cassette()]
    )

    assert seen["models"] == [
        {
            "provider": "openai",
            "requested": "gpt-4o",
            "answered": ["gpt-4o-2024-08-06", "gpt-4o-2024-11-20"],
            "system_fingerprints": ["fp_2"],
        }
    ]
    assert (seen["oldest_recording"]["cassette"], seen["oldest_recording"]["age_days"]) == (
        "old.yaml",
        90.0,
    )


def test_calls_are_added_up_by_the_model_that_was_asked_for():
    failed = call(response_model=None, error_type="timeout")
    other = call(provider_name="anthropic", request_model="claude-sonnet-5", response_model=None)

    groups = per_model([call(), failed, other])

    named = [(group["provider"], group["model"], group["calls"]["total"]) for group in groups]
    assert named == [("anthropic", "claude-sonnet-5", 1), ("openai", "gpt-4o", 2)]
    assert groups[1]["performance"]["errors"] == 1


any_seconds = st.none() | st.floats()
any_count = st.none() | st.integers()
usages = st.builds(
    Usage,
    input_tokens=any_count,
    output_tokens=any_count,
    cache_read_input_tokens=any_count,
    cache_write_input_tokens=any_count,
    reasoning_output_tokens=any_count,
)
calls_of_any_kind = st.builds(
    Call,
    operation_name=st.just("chat"),
    provider_name=st.text(max_size=5),
    wire_format=st.just("openai.chat"),
    request_model=st.none() | st.text(max_size=5),
    response_model=st.none() | st.text(max_size=5),
    system_fingerprint=st.none() | st.text(max_size=5),
    usage=usages,
    time_to_first_chunk_s=any_seconds,
    duration_s=any_seconds,
    error_type=st.none() | st.text(max_size=5),
    source=st.sampled_from(["live", "recorded"]),
    purpose=st.sampled_from(["subject", "judge"]),
    cost_usd=st.none() | st.decimals(),
    attempts=st.lists(st.just(attempt()), max_size=3).map(tuple),
    id=st.text(max_size=5),
)


@given(st.lists(calls_of_any_kind, max_size=6))
def test_any_calls_add_up_to_a_report_that_keeps_the_schema(calls):
    report = build([record(calls=tuple(calls))], run())

    # Counts are written as providers report them, negative ones too.
    assert problems(report) == []
    assert report["totals"]["calls"]["total"] == len(calls)


@given(st.lists(calls_of_any_kind, max_size=6))
def test_what_no_call_knows_stays_unknown(calls):
    known_costs = [
        each for each in calls if each.cost_usd is not None and each.cost_usd.is_finite()
    ]
    known_inputs = [each for each in calls if each.usage.input_tokens is not None]
    timed = [
        each.duration_s for each in calls if each.duration_s is not None and each.error_type is None
    ]
    measured = [value for value in timed if math.isfinite(value) and value >= 0]

    added_cost, added_tokens = cost(calls), tokens(calls)

    assert added_cost["unpriced_calls"] == len(calls) - len(known_costs)
    assert known_costs or added_cost["cost_usd"] is None
    assert (added_tokens["input_tokens"] is None) == (not known_inputs)
    assert performance(calls)["latency"]["count"] == len(measured)


@given(st.lists(st.floats(min_value=0, max_value=1e300), min_size=1).map(sorted), st.floats(0, 1))
def test_a_percentile_lies_within_its_values(values, fraction):
    found = percentile(values, fraction)

    assert found is not None
    assert values[0] <= found <= values[-1] * (1 + 1e-12)
