"""Outcomes: what verdicts can change, and what they cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_litmus.rescoring.outcomes import outcome_of_item, outcome_of_test
from pytest_litmus.suites.finding import Finding
from tests.unit.report.given import budget, similar

GOOD, BAD = similar(0.9), similar(0.1)
SAFE = Finding(
    suite="s", case="c", attack="plain", attack_family="", target="", row=None, family="f",
    severity="low", tags=(), maps_to=(), benign=False, twin_of=None, outcome="safe", safe=1,
    unsafe=0, undetermined=0, errors=0, rests_on=(), decided_by=None, seed="1", status="",
)  # fmt: skip
UNSAFE = replace(SAFE, outcome="unsafe", safe=0, unsafe=1, status="new")


@pytest.mark.parametrize(
    ("was", "failed_on", "verdicts", "now", "stays"),
    [
        ("passed", (), (GOOD,), "passed", ""),
        ("passed", (), (BAD,), "failed", ""),
        ("failed", ("checks",), (GOOD,), "passed", ""),
        ("failed", ("checks", "budgets"), (GOOD,), "passed", ""),
        ("failed", ("checks",), (BAD,), "failed", ""),
        ("failed", ("test",), (GOOD,), "failed", "its own assertion"),
        ("failed", ("checks", "refusals"), (GOOD,), "failed", "calls that were refused"),
        ("error", ("checks", "teardown"), (GOOD,), "error", "its tear-down"),
        ("failed", None, (GOOD,), "failed", "is not known"),
        ("error", (), (GOOD,), "error", "is not known"),
        ("skipped", (), (BAD,), "skipped", ""),
    ],
)
def test_only_what_verdicts_decided_can_be_decided_otherwise(was, failed_on, verdicts, now, stays):
    found = outcome_of_test(was, failed_on, verdicts, ())

    assert found.outcome == now
    assert stays in found.stays
    assert bool(found.stays) is bool(stays)


def test_a_budget_fails_a_test_by_itself():
    found = outcome_of_test("passed", (), (GOOD,), (budget(),))

    assert (found.outcome, found.failed_on) == ("failed", ("budgets",))
    assert found.because[0].startswith("budget cost: fail; 0.06, wanted at most 0.05")


@pytest.mark.parametrize(
    ("finding", "budgets", "now", "failed_on"),
    [
        (SAFE, (), "passed", ()),
        (SAFE, (budget(),), "failed", ("budgets",)),
        (UNSAFE, (), "failed", ("finding",)),
        (replace(UNSAFE, status="known"), (), "skipped", ()),
        (replace(UNSAFE, status="dismissed"), (), "skipped", ()),
        (replace(UNSAFE, outcome="undetermined", status=""), (), "failed", ("finding",)),
        (replace(SAFE, status="fixed"), (budget(),), "failed", ("budgets",)),
        (replace(SAFE, status="quarantined"), (budget(),), "skipped", ()),
        (replace(UNSAFE, status="quarantined"), (), "skipped", ()),
    ],
)
def test_an_item_comes_out_as_pytest_would_tell_it(finding, budgets, now, failed_on):
    found = outcome_of_item("failed", ("finding",), finding, budgets)

    assert (found.outcome, found.failed_on) == (now, failed_on)
