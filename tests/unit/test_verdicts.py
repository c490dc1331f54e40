from __future__ import annotations

import math

import pytest

from pytest_litmus.verdicts import Limit, Score, Verdict, decided, judge


def judged(value: float | None, **limit: float) -> Verdict:
    return judge(Score(name="similar", value=value, explanation="it says 14"), Limit(**limit))


@pytest.mark.parametrize(
    ("value", "limit", "outcome"),
    [
        (0.8, {"at_least": 0.8}, "pass"),
        (0.79, {"at_least": 0.8}, "fail"),
        (0.8, {"at_most": 0.8}, "pass"),
        (0.81, {"at_most": 0.8}, "fail"),
        (0.5, {"at_least": 0.2, "at_most": 0.6}, "pass"),
        (0.1, {"at_least": 0.2, "at_most": 0.6}, "fail"),
        (0.7, {"at_least": 0.2, "at_most": 0.6}, "fail"),
        (-1.0, {}, "pass"),
    ],
)
def test_both_ends_of_a_limit_are_inside(value, limit, outcome):
    assert judged(value, **limit).outcome == outcome


def test_what_could_not_be_measured_is_an_error_and_no_pass():
    verdict = judged(None)

    assert verdict.outcome == "error"
    assert not verdict


@pytest.mark.parametrize("limit", [{"at_least": 0.0}, {"at_most": 1.0}])
def test_nan_keeps_no_limit(limit):
    assert judged(math.nan, **limit).outcome == "fail"


def test_nan_does_not_pass_where_there_is_no_limit_either():
    assert not judged(math.nan)


@pytest.mark.parametrize("outcome", ["fail", "inconclusive", "error"])
def test_only_a_pass_is_true(outcome):
    assert Verdict(name="x", outcome="pass")
    assert not Verdict(name="x", outcome=outcome)


def test_a_verdict_in_a_failing_assert_says_what_was_measured_and_why():
    assert repr(judged(0.41, at_least=0.8)) == (
        "<similar: fail; 0.41, wanted at least 0.8; it says 14>"
    )
    assert repr(judged(None, at_least=0.8)) == (
        "<similar: error; not measured, wanted at least 0.8; it says 14>"
    )
    assert repr(Verdict(name="polite", outcome="pass")) == "<polite: pass>"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (Limit(at_least=0.8), "at least 0.8"),
        (Limit(at_most=2000000), "at most 2000000"),
        (Limit(at_least=1, at_most=2), "at least 1 and at most 2"),
        (Limit(at_most=0.0000125), "at most 0.0000125"),
        (Limit(), "anything"),
    ],
)
def test_a_limit_is_written_in_full(limit, text):
    assert str(limit) == text


def test_a_verdict_as_a_dictionary_has_its_score_and_limit():
    assert judged(0.41, at_least=0.8).as_dict() == {
        "name": "similar",
        "outcome": "fail",
        "explanation": "it says 14",
        "score": {
            "name": "similar",
            "value": 0.41,
            "unit": "1",
            "label": None,
            "explanation": "it says 14",
            "evidence": (),
            "interval": None,
        },
        "limit": {"at_least": 0.8, "at_most": None},
    }


def test_a_score_is_neither_true_nor_false():
    with pytest.raises(TypeError, match=r"similar\(\.\.\., at_least=0\.8\)"):
        bool(Score(name="similar", value=0.9))


def test_an_evaluator_decides_where_there_is_a_limit_and_measures_where_there_is_none():
    score = Score(name="similar", value=0.9)

    assert decided(score, at_least=None, at_most=None) is score
    assert decided(score, at_least=0.8, at_most=None)
    assert not decided(score, at_least=None, at_most=0.8)
    assert decided(score, at_least=None, at_most=None, otherwise=Limit(at_least=0.5))
    assert not decided(score, at_least=0.95, at_most=None, otherwise=Limit(at_least=0.5))


@pytest.mark.parametrize(
    ("interval", "limit", "outcome"),
    [
        ((0.1, 0.2), {"at_most": 0.2}, "pass"),
        ((0.1, 0.3), {"at_most": 0.2}, "inconclusive"),
        ((0.21, 0.3), {"at_most": 0.2}, "fail"),
        ((0.1, 0.3), {"at_least": 0.4}, "fail"),
        ((0.1, 0.9), {"at_least": 0.4, "at_most": 0.6}, "inconclusive"),
        ((0.45, 0.5), {"at_least": 0.4, "at_most": 0.6}, "pass"),
    ],
)
def test_an_estimate_passes_or_fails_as_a_whole(interval, limit, outcome):
    estimate = Score(name="bias", value=sum(interval) / 2, interval=interval)

    assert judge(estimate, Limit(**limit)).outcome == outcome


def test_the_interval_of_an_estimate_is_said():
    estimate = Score(name="bias", value=0.2, interval=(0.1, 0.3))

    assert str(judge(estimate, Limit(at_most=0.2))) == (
        "bias: inconclusive; 0.2 (0.1 to 0.3), wanted at most 0.2"
    )
