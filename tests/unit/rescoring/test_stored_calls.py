"""Stored calls: what evaluators of agents and budgets see of a report."""

from __future__ import annotations

from dataclasses import replace

from pytest_litmus import called, called_with
from pytest_litmus.budgets import Budget
from pytest_litmus.report.call_json import call_as_json, call_from_json
from pytest_litmus.rescoring.stored_calls import StoredCalls
from pytest_litmus.wire.calls import ToolUse
from tests.unit.report.given import call


def stored(**changed):
    """A call as a report gives it back."""
    return call_from_json(call_as_json(call(**changed), nodeid="t", content=True))


REFUND = ToolUse(name="refund", arguments={"order": "A-1"})
FIRST = stored(id="c1", step="run 1", tool_uses=(REFUND,))
SECOND = stored(id="c2", step="run 2")
JUDGES = replace(stored(id="c3", step="run 2", tool_uses=(REFUND,)), purpose="judge")


def test_a_run_is_told_apart_by_its_step():
    steps = StoredCalls((FIRST, SECOND, JUDGES)).steps

    assert called_with(steps["run 1"], "refund", {"order": "A-1"}).outcome == "pass"
    assert called(steps["run 2"], "refund").outcome == "fail"


def test_a_judge_s_tools_are_not_the_program_s():
    assert called(StoredCalls((SECOND, JUDGES)), "refund").outcome == "fail"


def test_budgets_are_held_against_each_purpose():
    calls = StoredCalls((FIRST, SECOND, JUDGES))

    found = Budget(max_calls=2, max_judge_cost_usd=0.0001).verdicts(calls.calls_as)

    assert [(one.name, one.outcome) for one in found] == [("calls", "pass"), ("judge_cost", "fail")]
