"""A policy can hold people's ratings against a limit."""

from __future__ import annotations

import pytest

from pytest_litmus.gate.deciding import Ruling, decide
from pytest_litmus.report.feedback import HumanRating, summary
from tests.unit.gate.given import policy
from tests.unit.report.given import NOON, call, record, report_of

RULE = '[[rule]]\nmeasure = "feedback_up_rate"\nat_least = 0.8\n'


def rated(test: str, ups: int, downs: int, *, name: str = "helpful") -> list[HumanRating]:
    return [
        HumanRating(test=test, value=float(n < ups), up=n < ups, by=f"p{n}", name=name)
        for n in range(ups + downs)
    ]


def ruling(folder, text: str, *ratings: HumanRating, tests=("a::t", "b::t"), again=False) -> Ruling:
    records = [record(name, calls=(call(name),)) for name in tests]
    records += [record(tests[0], calls=(call("x"),), started_at=NOON.replace(hour=13))] * again
    report = report_of(*records)
    if ratings:
        report["feedback"] = summary(ratings, report["tests"])
    return decide([report], policy(folder, text)).rulings[-1]


@pytest.mark.parametrize(("ups", "outcome"), [(8, "pass"), (7, "fail")])
def test_the_share_of_approving_ratings_is_held_against_the_limit(tmp_path, ups, outcome):
    found = ruling(tmp_path, RULE, *rated("a::t", ups, 10 - ups))

    assert (found.outcome, found.pillar) == (outcome, "quality")
    assert f"{ups} of 10 ratings are up" in found.number


def test_the_tests_that_people_like_least_come_first(tmp_path):
    found = ruling(tmp_path, RULE, *rated("a::t", 3, 2), *rated("b::t", 0, 2))

    assert found.tests == ("b::t", "a::t")


@pytest.mark.parametrize(
    "ratings",
    [(), (HumanRating(test="a::t", value=5, scale=(1, 5), up=None),)],
    ids=["nobody rated", "numbers that say neither"],
)
def test_without_a_yes_or_no_nothing_passes(tmp_path, ratings):
    found = ruling(tmp_path, RULE, *ratings)

    assert (found.outcome, found.blocks) == ("inconclusive", True)
    assert "not measured (no rating of people says yes or no" in found.number


def test_a_rule_may_speak_of_one_criterion_and_of_some_tests(tmp_path):
    ratings = [*rated("a::t", 5, 0), *rated("a::t", 0, 5, name="short"), *rated("b::t", 0, 5)]
    text = f'{RULE}of = "helpful"\ntests = "a"\n'

    assert ruling(tmp_path, text, *ratings).outcome == "pass"


def test_with_its_interval_a_few_ratings_decide_nothing(tmp_path):
    ratings = [*rated("a::t", 2, 0), *rated("b::t", 2, 0)]

    assert ruling(tmp_path, f"{RULE}interval = true\n", *ratings).outcome == "inconclusive"


def test_a_test_that_ran_again_has_its_ratings_once(tmp_path):
    found = ruling(tmp_path, RULE, *rated("a::t", 4, 1), again=True)

    assert "4 of 5 ratings are up" in found.number
