from __future__ import annotations

import random
import sqlite3

import pytest

from pytest_litmus.history.layout import SCHEMA, TESTS
from pytest_litmus.history.trends import trends
from tests.unit.history import given


def courses(runs, *, tests=None):
    return {one.measure: one for one in told(runs, tests=tests).courses}


def told(runs, *, tests=None):
    """The trends of runs; each had the test `t`, or those given by its id."""
    with sqlite3.connect(":memory:") as connection:
        for statement in SCHEMA:
            connection.execute(statement)
        for run in runs:
            for nodeid in (tests or {}).get(run["id"], ["t"]):
                row = {"run_id": run["id"], "nodeid": nodeid, "attempt": 0}
                connection.execute(TESTS.insertion, [row.get(name) for name in TESTS.columns])
        found = trends(connection, tuple(runs))
    connection.close()
    return found


def costing(*amounts, **changed):
    return [
        given.run(number, cost_usd_float=amount, **changed) for number, amount in enumerate(amounts)
    ]


def test_a_steady_rise_is_told_with_its_slope_and_what_it_means():
    rising = courses(costing(*(0.01 + 0.002 * number for number in range(10))))["cost"]

    assert (rising.word, rising.means, rising.runs) == ("rises", "worse", 10)
    assert rising.slope == pytest.approx(0.002)
    assert (rising.first, rising.last) == (0.01, pytest.approx(0.028))


def test_more_of_a_pass_rate_is_better():
    runs = [given.run(number, passed=10 + number, failed=10 - number) for number in range(10)]

    rising = courses(runs)["pass rate"]

    assert (rising.word, rising.means) == ("rises", "better")


def test_noise_is_no_trend():
    """Of histories that are all noise about one in twenty tells of anything, chance aside."""
    rng = random.Random(7)
    trend, last = 0, 0
    for _ in range(100):
        runs = [
            given.run(
                number,
                latency_p50_s=rng.lognormvariate(0, 0.3),
                latency_p95_s=rng.lognormvariate(1, 0.3),
                cost_usd_float=rng.gauss(1, 0.1),
                input_tokens=rng.randrange(900, 1100),
                passed=rng.randrange(80, 100),
            )
            for number in range(20)
        ]
        found = told(runs).courses
        trend += any(one.word in ("rises", "falls") for one in found)
        last += any(one.last_is for one in found)
    assert trend <= 10
    assert last <= 10


def test_under_five_runs_are_too_few_whatever_they_show():
    few = courses(costing(1, 2, 3, 4))["cost"]

    assert (few.word, few.runs, few.last, few.means) == ("too few runs", 4, 4, None)


def test_a_sudden_jump_of_the_last_run_is_told_although_it_is_no_trend():
    amounts = [1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 1.1, 0.9, 1.0, 2.0]

    jump = courses(costing(*amounts))["cost"]

    assert (jump.word, jump.last_is, jump.means) == ("no change seen", "high", "worse")
    assert jump.usual.low < 1.0 < jump.usual.high < 2.0


def test_a_last_run_that_differs_from_runs_that_were_all_alike_is_new():
    runs = [given.run(number, passed=20, failed=0) for number in range(8)]
    runs.append(given.run(8, passed=19, failed=1))

    new = courses(runs)["pass rate"]

    assert (new.word, new.last_is, new.usual, new.means) == ("no change seen", "new", None, "worse")


def test_a_cost_that_is_not_known_in_full_is_left_out_and_is_not_zero():
    runs = [*costing(1, 1, 1, 1, 1, 1), given.run(6, cost_usd_float=0.5, unpriced_calls=2)]

    assert courses(runs)["cost"].word == "not measured"
    assert courses([*runs, given.run(7, cost_usd_float=1.0)])["cost"].runs == 7


def test_live_runs_are_compared_with_live_ones_only():
    replayed = [given.run(number, live_calls=0, cost_usd_float=0.001) for number in range(6)]
    live = [given.run(number, cost_usd_float=1.0) for number in range(6, 12)]

    found = told([*replayed, *live])

    assert (found.kind, found.compared, found.other_kind) == ("live", 6, 6)


def test_runs_of_other_tests_are_not_compared():
    runs = [given.run(number) for number in range(4)]
    tests = {
        "run-000": ["a", "b", "c"],
        "run-001": ["a"],
        "run-002": ["x", "y"],
        "run-003": ["a", "b", "c", "d"],
    }

    found = told(runs, tests=tests)

    assert (found.compared, found.other_tests) == (2, 2)


def test_of_no_runs_there_is_nothing_to_tell():
    assert (told([]).kind, told([]).courses) == (None, ())
