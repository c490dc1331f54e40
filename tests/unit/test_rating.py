from __future__ import annotations

import pytest

from pytest_litmus.rating import Plan, Rating


def rating(letters: str, **plan) -> Rating:
    """Of runs that passed (`p`), failed (`f`) or could not be decided (`?`)."""
    passed, failed, unknown = (letters.count(one) for one in "pf?")
    return Rating(plan=Plan(**plan), passed=passed, failed=failed, unknown=unknown)


@pytest.mark.parametrize(
    ("letters", "plan", "expected"),
    [
        ("p", {}, "pass"),
        ("f", {}, "fail"),
        ("?", {}, "inconclusive"),
        ("ppp", {"runs": 3}, "pass"),
        ("pp", {"runs": 3}, "inconclusive"),
        ("ppf", {"runs": 3}, "fail"),
        ("pp?", {"runs": 3}, "inconclusive"),
        ("p" * 40, {"runs": 40, "min_pass_rate": 0.8}, "pass"),
        ("f" * 10, {"runs": 40, "min_pass_rate": 0.8}, "fail"),
        ("pppppppff", {"runs": 40, "min_pass_rate": 0.8}, "inconclusive"),
        ("p" * 40 + "?" * 12, {"runs": 52, "min_pass_rate": 0.8}, "inconclusive"),
        ("f", {"runs": 3, "min_pass_rate": 0.0}, "pass"),
    ],
)
def test_runs_are_rated_by_the_bar(letters, plan, expected):
    assert rating(letters, **plan).outcome == expected


def test_the_explanation_has_the_numbers_and_says_how_many_runs_would_decide():
    told = rating("ppppppppp" + "f", runs=10, min_pass_rate=0.8).explanation

    assert told.startswith("9 of 10 passed; 95% interval ")
    assert "spans the bar 0.80; about " in told
    assert rating("pp?", runs=3).explanation == "2 of 3 runs passed, 1 undetermined"


def test_what_the_report_holds_has_pass_at_k_and_pass_hat_k():
    written = rating("pppf", runs=10, min_pass_rate=0.5).as_json()

    assert written["pass_at_k"] == {"1": 0.75, "2": 1.0, "3": 1.0}
    assert written["pass_hat_k"] == {"1": 0.75, "2": 0.5, "3": 0.25}
    assert 0 < written["low"] < 0.75 < written["high"] < 1
