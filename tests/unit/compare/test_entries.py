from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pytest_litmus.compare.entries import entry_of, side_of, sides_by_target
from pytest_litmus.errors import ReportError
from pytest_litmus.suites.finding import Finding
from pytest_litmus.wire.calls import Usage
from tests.unit.report.given import budget, call, record, report_of, run, similar


def finding(**changed: Any) -> Finding:
    fields: dict[str, Any] = {
        "suite": "shop", "case": "ask", "attack": "base64", "attack_family": "encoding",
        "target": "", "row": None, "family": "shop", "severity": "high", "tags": (),
        "maps_to": (), "benign": False, "twin_of": None, "outcome": "safe", "safe": 1,
        "unsafe": 0, "undetermined": 0, "errors": 0, "rests_on": (), "decided_by": None,
        "seed": "s", "status": "",
    }  # fmt: skip
    return Finding(**(fields | changed))


def entry(**changed):
    return entry_of(report_of(record(**changed))["tests"][0])


def test_what_is_compared_of_a_test_is_read_off_the_report():
    one = entry(verdicts=(similar(0.9), similar(0.7)), fingerprint="h1", severity="critical")

    assert (one.outcome, one.passed, one.of) == ("passed", 1, 1)
    assert (one.fingerprint, one.severity, one.pillar) == ("h1", "critical", "quality")
    assert dict(one.scores) == {"similar": pytest.approx(0.8)}
    assert dict(one.rises) == {"similar": True}
    assert (one.latency_s, one.cost_usd, one.tokens) == ((0.8,), Decimal("0.00065"), 140)


def test_what_is_not_known_is_none_and_no_zero():
    silent = call(cost_usd=None, usage=Usage())

    one = entry(calls=(call("c1"), replace(silent, id="c2")))

    assert (one.cost_usd, one.tokens) == (None, None)
    assert (entry(calls=()).cost_usd, entry(calls=()).tokens) == (None, None)


def test_a_score_that_could_not_be_measured_once_is_left_out():
    unmeasured = replace(similar(), score=replace(similar().score, value=None), outcome="error")

    assert entry(verdicts=(similar(), unmeasured)).scores == {}


def test_calls_of_judges_and_failed_calls_are_no_latency():
    calls = (call("a", purpose="judge"), call("b", error_type="timeout"), call("c"))

    one = entry(calls=calls)

    assert one.latency_s == (0.8,)
    assert one.cost_usd == Decimal("0.0013")


def test_a_budget_is_no_score():
    assert entry(budgets=(budget(),)).scores == {}


@pytest.mark.parametrize(
    ("outcome", "came"), [("passed", "passed"), ("error", "undecided"), ("skipped", "skipped")]
)
def test_a_test_that_broke_down_is_undecided(outcome, came):
    assert entry(outcome=outcome).outcome == came


def test_a_breach_that_is_expected_is_a_failure_all_the_same():
    one = entry(outcome="skipped", finding=finding(outcome="unsafe", safe=3, unsafe=1))

    assert (one.outcome, one.passed, one.of, one.pillar) == ("failed", 3, 4, "safety")


def test_a_harmless_twin_is_quality():
    assert entry(finding=finding(benign=True)).pillar == "quality"


def test_cost_is_that_of_a_run():
    from pytest_litmus.rating import Plan, Rating

    runs = Rating(plan=Plan(runs=2), passed=2, failed=0).as_json()

    one = entry(calls=(call("c1"), call("c2")), runs=runs)

    assert (one.passed, one.of, one.cost_usd) == (2, 2, Decimal("0.00065"))


def test_runs_that_do_not_show_which_are_undecided():
    from pytest_litmus.rating import Plan, Rating

    runs = Rating(plan=Plan(runs=9, min_pass_rate=0.8), passed=2, failed=1).as_json()

    assert entry(outcome="failed", runs=runs).outcome == "undecided"


def test_of_a_test_that_ran_again_the_last_time_counts():
    first = record(outcome="failed")
    second = replace(record(), started_at=first.started_at.replace(hour=13))

    side = side_of(report_of(second, first), name="x")

    assert [one.outcome for one in side.entries.values()] == ["passed"]


def test_a_side_says_who_answered_and_whether_all_was_replayed():
    side = side_of(report_of(record(calls=(call(source="recorded"),))), name="x")

    assert (side.models, side.all_recorded) == (("gpt-4o-2024-08-06",), True)
    assert not side_of(report_of(record(calls=())), name="x").all_recorded


def test_the_items_of_two_targets_are_paired_by_case_attack_and_row():
    records = [
        record(f"s.llm.yaml::ask[base64-{target}]", finding=finding(target=target))
        for target in ("old", "new")
    ]

    before, after = sides_by_target(report_of(*records), "new")

    assert (before.name, after.name) == ("target old", "target new")
    assert list(before.entries) == list(after.entries) == ["s.llm.yaml::ask[base64]"]


def test_a_run_with_one_target_has_no_two():
    with pytest.raises(ReportError, match="no two targets with 'new': this run's are ''"):
        sides_by_target(report_of(record(finding=finding())), "new")


def test_given_runs_are_what_the_schema_takes():
    assert report_of(record(fingerprint="h1"), exit_status=run().exit_status)
