from __future__ import annotations

import pytest

from pytest_litmus.suites.language import Case, Said
from pytest_litmus.suites.rating import rated


def case(**more) -> Case:
    return Case(id="a", line=1, turns=(Said(text="x"),), **more)


def outcome(letters: str, **more) -> str:
    names = {"s": "safe", "u": "unsafe", "?": "undetermined", "e": "error"}
    return rated([names[one] for one in letters], case(**more))[0]


@pytest.mark.parametrize(
    ("runs", "more", "expected"),
    [
        ("s", {}, "pass"),
        ("u", {}, "fail"),
        ("?", {}, "inconclusive"),
        ("e", {}, "inconclusive"),
        ("sss", {"runs": 3}, "pass"),
        ("ss", {"runs": 3}, "inconclusive"),
        ("ssu", {"runs": 3}, "fail"),
        ("ss?", {"runs": 3}, "inconclusive"),
        ("s" * 40, {"runs": 40, "min_pass_rate": 0.8}, "pass"),
        ("u" * 10, {"runs": 40, "min_pass_rate": 0.8}, "fail"),
        ("sssssssuu", {"runs": 40, "min_pass_rate": 0.8}, "inconclusive"),
        ("s" * 40 + "?" * 12, {"runs": 52, "min_pass_rate": 0.8}, "inconclusive"),
    ],
)
def test_runs_are_rated_by_the_bar(runs, more, expected):
    assert outcome(runs, **more) == expected


def test_the_explanation_says_how_many_runs_would_decide():
    told = rated(["safe"] * 8 + ["unsafe"] * 2, case(runs=10, min_pass_rate=0.8))[1]

    assert told.startswith("8 of 10 passed; 95% interval ")
    assert "spans the bar 0.80" in told
