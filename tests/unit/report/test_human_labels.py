"""Which label of people stands beside which verdict."""

from __future__ import annotations

import pytest

from pytest_litmus.report.feedback import HumanRating
from pytest_litmus.report.human_labels import pairs
from pytest_litmus.verdicts import Limit, Score, Verdict, judge
from tests.unit.report.given import NOON, call, record, report_of

T = "tests/test_a.py::t"


def polite(value: float | None = 1.0, **changed) -> Verdict:
    return judge(Score(name="polite", value=value, **changed), Limit(at_least=0.5))


def rated(up: bool | None, *, on: str | None = "c1", by: str = "ann", name: str = "rating"):
    return HumanRating(test=T, call=on, value=float(bool(up)), up=up, by=by, name=name)


def having(*verdicts: Verdict):
    made = record(T, calls=(call("c1"), call("c2")), verdicts=verdicts)
    return report_of(made)["tests"]


def only(ratings, tests):
    (found,) = pairs(ratings, tests)
    return found


@pytest.mark.parametrize("up", [True, False])
def test_a_rating_of_a_call_joins_the_verdict_of_its_test(up):
    found = only([rated(up, on="c2")], having(polite()))

    assert (found.evaluator, found.name, found.labels) == ("polite", "rating", (int(up),))
    assert found.passed == (1,)


def test_each_criterion_stands_beside_each_evaluator():
    short = judge(Score(name="words", value=3), Limit(at_most=5))

    found = pairs([rated(True), rated(False, name="short")], having(polite(), short))

    assert [(one.evaluator, one.name, one.labels) for one in found] == [
        ("polite", "rating", (1,)),
        ("polite", "short", (0,)),
        ("words", "rating", (1,)),
        ("words", "short", (0,)),
    ]


@pytest.mark.parametrize("verdict", [polite(None), polite(0.5, interval=(0.3, 0.7))])
def test_a_verdict_that_could_not_decide_is_undecided_and_no_fail(verdict):
    found = only([rated(False)], having(verdict))

    assert (found.labels, found.undecided, found.kappa) == ((), (T,), None)


def test_of_several_verdicts_of_one_name_none_is_guessed():
    found = only([rated(True)], having(polite(), polite()))

    assert (found.labels, found.several) == ((), (T,))


@pytest.mark.parametrize(
    ("votes", "label"), [((True, True, False), (1,)), ((False, False, True), (0,))]
)
def test_of_several_people_more_than_half_decide(votes, label):
    ratings = [rated(up, by=str(n)) for n, up in enumerate(votes)]

    assert only(ratings, having(polite())).labels == label


@pytest.mark.parametrize(
    "ratings",
    [
        [rated(True, by="a"), rated(False, by="b")],
        [rated(True, on="c1"), rated(False, on="c2")],
    ],
    ids=["people", "calls"],
)
def test_a_test_that_people_are_split_on_is_left_out(ratings):
    found = only(ratings, having(polite()))

    assert (found.labels, found.split) == ((), (T,))


def test_a_rating_of_the_whole_test_outranks_those_of_its_calls():
    ratings = [rated(True, on="c1"), rated(False, on="c2"), rated(False, on=None)]

    assert only(ratings, having(polite())).labels == (0,)


def test_a_number_that_says_neither_yes_nor_no_joins_nothing():
    assert pairs([rated(None)], having(polite())) == []


def test_of_a_test_that_ran_again_a_call_is_of_its_time_and_the_test_of_the_last():
    again = [
        record(T, calls=(call("c1"),), verdicts=(polite(0.0),)),
        record(T, calls=(call("c2"),), verdicts=(polite(1.0),), started_at=NOON.replace(hour=13)),
    ]
    tests = report_of(*again)["tests"]

    assert only([rated(True, on="c1")], tests).passed == (0,)
    assert only([rated(True, on=None)], tests).passed == (1,)


def test_kappa_is_not_known_where_all_say_the_same():
    assert only([rated(True)], having(polite())).kappa is None
