from __future__ import annotations

import pytest

from pytest_litmus.evaluators.composition import all_of, any_of, negate
from pytest_litmus.verdicts import Outcome, Score, Verdict


def of(outcome: Outcome) -> Verdict:
    return Verdict(name=f"a-{outcome}", outcome=outcome)


@pytest.mark.parametrize(
    ("parts", "everyone", "anyone"),
    [
        ("pass pass", "pass", "pass"),
        ("pass fail", "fail", "pass"),
        ("pass error", "error", "pass"),
        ("pass inconclusive", "inconclusive", "pass"),
        ("fail error", "fail", "error"),
        ("fail inconclusive", "fail", "inconclusive"),
        ("inconclusive error", "error", "error"),
        ("fail fail", "fail", "fail"),
        ("", "error", "error"),
    ],
)
def test_unknown_stays_unknown_unless_another_part_decides(parts, everyone, anyone):
    verdicts = [of(outcome) for outcome in parts.split()]

    assert all_of(*verdicts).outcome == all_of(*reversed(verdicts)).outcome == everyone
    assert any_of(*verdicts).outcome == any_of(*reversed(verdicts)).outcome == anyone


@pytest.mark.parametrize(
    ("given", "turned"),
    [("pass", "fail"), ("fail", "pass"), ("error", "error"), ("inconclusive",) * 2],
)
def test_what_is_unknown_is_unknown_when_negated(given, turned):
    assert negate(of(given)).outcome == turned


def test_the_explanation_names_the_parts():
    assert all_of(of("pass"), of("fail")).explanation == (
        "1 of 2 passed: <a-pass: pass>, <a-fail: fail>"
    )
    assert negate(of("pass")).name == "not_a-pass"


@pytest.mark.parametrize("combine", [all_of, any_of, negate])
def test_a_score_without_a_limit_is_refused(combine):
    with pytest.raises(TypeError, match="at_least"):
        combine(Score(name="similar", value=1.0))
