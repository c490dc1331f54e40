from __future__ import annotations

import random
import re
import time
from decimal import Decimal

import pytest

from pytest_litmus.compare.comparing import Bounds, compare, findings
from pytest_litmus.compare.entries import Entry, Side


def entry(outcome="passed", **changed) -> Entry:
    fields = {"fingerprint": "h", "passed": int(outcome == "passed"), "of": 1}
    return Entry(outcome=outcome, **(fields | changed))


def side(entries, name="a", **changed) -> Side:
    named = entries if isinstance(entries, dict) else dict(enumerate(entries))
    return Side(name=name, entries={str(key): one for key, one in named.items()}, **changed)


def compared(before, after, **options):
    return compare(side(before), side(after, "b"), **options)


def the(comparison, metric, *, test=None):
    every = (*comparison.changes, *comparison.tests)
    (found,) = (one for one in every if one.metric == metric and one.test == test)
    return found


# Which tests


def test_only_what_asks_and_judges_alike_is_compared():
    found = compared(
        {"same": entry(), "other": entry(fingerprint="x"), "gone": entry(), "silent": entry()},
        {"same": entry(), "other": entry("failed"), "new": entry(),
         "silent": entry(fingerprint=None)},
    )  # fmt: skip

    assert found.compared == ("same",)
    assert (found.changed, found.unknown) == (("other",), ("silent",))
    assert (found.lost, found.added) == (("gone",), ("new",))
    assert found.outcome == "regression"
    assert [(one.kind, one.tests) for one in findings(found)] == [("lost coverage", ("gone",))]


def test_a_new_failure_is_told_without_a_fingerprint_too_and_no_success():
    before = {"a": entry(fingerprint=None, severity="critical"), "b": entry("failed")}
    after = {
        "a": entry("failed", severity="critical"),
        "b": entry(fingerprint=None),
    }

    found = compared(before, after)

    assert [(one.test, one.outcome) for one in found.tests] == [("a", "regression")]


def test_a_test_that_is_skipped_now_is_lost_and_one_that_was_is_not():
    found = compared([entry(), entry("skipped")], [entry("skipped"), entry("skipped")])

    assert found.lost == ("0",)


def test_what_did_not_have_to_run_is_not_lost():
    assert compared({"a": entry(), "b": entry()}, {"a": entry()}, expected={"a"}).lost == ()


def test_nothing_to_compare_is_inconclusive_and_never_green():
    assert compared([entry(fingerprint="x")], [entry()]).outcome == "inconclusive"


# Verdicts


def test_verdicts_that_did_not_change_say_what_they_could_have_shown():
    found = compared([entry()] * 10, [entry()] * 10)

    assert found.outcome == "no change"
    assert the(found, "pass rate").explanation == (
        "1.000 before, 1.000 now: 0 worse and 0 better of 10; so many would have shown 0.62 or more"
    )


def test_many_tests_that_newly_fail_are_a_regression():
    found = compared([entry()] * 10, [entry("failed")] * 7 + [entry()] * 3)

    change = the(found, "pass rate")
    assert (change.outcome, change.p_value) == ("regression", pytest.approx(2 / 128))
    assert found.outcome == "regression"


def test_many_tests_that_newly_pass_are_an_improvement():
    found = compared([entry("failed")] * 8, [entry()] * 8)

    assert the(found, "pass rate").outcome == found.outcome == "improvement"


def test_one_new_failure_of_many_is_inconclusive_and_named():
    found = compared([entry()] * 10, [entry("failed"), *[entry()] * 9])

    assert found.outcome == "inconclusive"
    assert the(found, "pass rate", test="0").explanation == (
        "passed before, failed now; too few runs to tell it from chance"
    )


@pytest.mark.parametrize(
    ("severity", "outcome"), [("critical", "regression"), ("high", "inconclusive")]
)
def test_one_critical_new_failure_is_a_regression_whatever_the_p_value(severity, outcome):
    found = compared([entry(severity=severity)], [entry("failed", severity=severity)])

    assert found.outcome == outcome


def test_which_severities_are_guarded_can_be_said():
    bounds = Bounds(guarded=("high", "critical"))

    found = compared([entry()], [entry("failed", severity="high")], bounds=bounds)

    assert found.outcome == "regression"


def test_a_test_that_has_no_result_now_may_be_worse():
    found = compared([entry()], [entry("undecided")])

    assert found.outcome == "inconclusive"


def test_runs_of_one_test_show_a_regression_of_it():
    before, after = entry(passed=20, of=20), entry("failed", passed=8, of=20)

    change = the(compared([before], [after]), "pass rate", test="0")

    assert change.outcome == "regression"
    assert change.explanation.startswith(
        "passed before, failed now (20 of 20 runs passed, 8 of 20 now)"
    )


def test_a_rate_that_fell_a_little_is_told_and_open():
    change = the(compared([entry(passed=3, of=3)], [entry(passed=2, of=3)]), "pass rate", test="0")

    assert (change.outcome, change.may_be_worse) == ("inconclusive", True)


def test_p_values_of_many_tests_are_adjusted():
    """One test in twenty seems worse by chance alone; a hundred looks make that certain."""
    rng = random.Random(1)

    def runs() -> Entry:
        passed = sum(rng.random() < 0.7 for _ in range(20))
        return entry(passed=passed, of=20)

    found = compared([runs() for _ in range(100)], [runs() for _ in range(100)])

    assert [one for one in found.tests if one.outcome == "regression"] == []


def test_attacks_of_one_case_count_as_one_case():
    """Twelve encodings of one prompt that all get through are one prompt that gets through."""
    before = {f"s::ask[{n}]": entry(pillar="safety") for n in range(12)}
    after = {name: entry("failed", pillar="safety") for name in before}

    found = compared(before, after)

    assert the(found, "pass rate").outcome == "inconclusive"
    assert the(found, "pass rate").cases == 1


# Scores, times, costs


def scored(values, *, rises=True):
    return [entry(scores={"similar": value}, rises={"similar": rises}) for value in values]


@pytest.mark.parametrize(("rises", "outcome"), [(True, "regression"), (False, "improvement")])
def test_lower_scores_are_worse_or_better_by_their_limit(rises, outcome):
    found = compared(
        scored([0.9, 0.8, 0.85, 0.95, 0.9, 0.8, 0.7, 0.9]),
        scored([0.7, 0.6, 0.7, 0.7, 0.75, 0.6, 0.5, 0.72], rises=rises),
    )

    assert the(found, "similar").outcome == outcome


def test_a_score_whose_limit_does_not_say_which_way_is_better_is_open():
    found = compared(scored([0.9] * 8), scored([0.5, 0.6] * 4, rises=None))

    assert the(found, "similar").outcome == "inconclusive"
    assert found.outcome == "inconclusive"


def test_a_difference_that_is_sure_and_too_small_to_matter_is_no_change():
    values = [0.5 + n / 1000 for n in range(100)]

    found = compared(scored(values), scored([value - 0.01 for value in values]))

    assert found.outcome == "no change"


def test_a_few_scores_that_differ_much_are_inconclusive():
    found = compared(scored([0.9, 0.9]), scored([0.5, 0.9]))

    assert the(found, "similar").explanation.endswith(
        "the mean of 2 cases; too few for an interval"
    )
    assert found.outcome == "inconclusive"


def test_a_slower_model_is_a_regression_and_a_hair_slower_one_is_not():
    rng = random.Random(2)
    times = [rng.uniform(0.5, 1.5) for _ in range(2_000)]

    def timed(factor):
        return [entry(latency_s=(factor * time,)) for time in times]

    assert the(compared(timed(1), timed(1.5)), "latency").outcome == "regression"
    assert the(compared(timed(1), timed(0.5)), "latency").outcome == "improvement"
    assert the(compared(timed(1), timed(1.05)), "latency").outcome == "no change"


def test_one_test_with_many_calls_shows_that_it_is_slower():
    before = entry(latency_s=tuple(1 + n / 100 for n in range(20)))
    after = entry(latency_s=tuple(2 + n / 100 for n in range(20)))

    found = compared([before], [after])

    assert the(found, "latency", test="0").outcome == "regression"


def test_cost_and_tokens_stand_beside_quality():
    rng = random.Random(3)
    prices = [rng.uniform(0.001, 0.002) for _ in range(20)]

    def priced(factor):
        return [
            entry(cost_usd=Decimal(str(round(factor * price, 6))), tokens=factor * price * 1e5)
            for price in prices
        ]

    found = compared(priced(1), priced(1.2))

    assert the(found, "cost").outcome == the(found, "tokens").outcome == "regression"
    assert re.match(
        r"\$0\.0015 before, \$0\.0018 now, the mean of 20 cases; difference \+0.0002",
        the(found, "cost").explanation,
    )


def test_what_has_no_price_is_not_compared():
    found = compared([entry(cost_usd=None)], [entry(cost_usd=Decimal(1))])

    assert [one.metric for one in found.changes] == ["pass rate"]


# What is told


def test_other_models_versions_and_replays_are_told():
    before = side([entry()], models=("m1",), version="1")
    after = side([entry()], "b", models=("m2",), version="2", all_recorded=True)

    assert compare(before, after).notes == (
        "pytest-litmus 1 measured before, 2 after",
        "models: m1 before, m2 after",
        "all calls after were replayed: times and costs are those of their recordings",
    )


def test_each_finding_says_what_would_make_it_pass():
    found = findings(compared([entry()] * 2, [entry("failed", severity="critical"), entry()]))

    assert [(one.kind, one.metric, one.tests) for one in found] == [
        ("regression", "pass rate", ("0",)),
        ("inconclusive", "pass rate", ()),
    ]
    assert "bless" in found[0].remedy
    assert "more often" in found[1].remedy


def test_a_hundred_thousand_tests_are_compared_in_seconds():
    rng = random.Random(4)
    entries = {
        f"t.py::test_{n}": entry(
            latency_s=(rng.random(),), scores={"similar": rng.random()}, tokens=100.0 + n % 7
        )
        for n in range(100_000)
    }
    began = time.process_time()

    found = compared(entries, entries)

    assert found.outcome == "no change"
    assert time.process_time() - began < 20
