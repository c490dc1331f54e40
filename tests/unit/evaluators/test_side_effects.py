"""What an agent changed in the world."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_litmus.evaluators.side_effects import changed, unchanged

BEFORE: dict[str, Any] = {"orders": {"A-1": {"refunded": 0, "lines": [1, 2]}}, "log": []}


@pytest.fixture
def after():
    state = copy.deepcopy(BEFORE)
    state["orders"]["A-1"]["refunded"] = 20
    return state


def test_a_state_that_stayed_passes():
    assert unchanged(BEFORE, copy.deepcopy(BEFORE))


def test_a_change_is_told_with_its_place(after):
    verdict = unchanged(BEFORE, after)

    assert str(verdict).endswith("changed: orders.A-1.refunded: 20, was 0")
    assert verdict.score.value == 1


def test_places_that_may_change_are_left_out_with_all_below(after):
    assert unchanged(BEFORE, after, except_="orders.A-1")
    assert not unchanged(BEFORE, after, except_={"orders.A"})


def test_one_object_twice_is_undecided():
    assert unchanged(BEFORE, BEFORE).outcome == "error"
    assert changed(BEFORE, BEFORE, expected=["log"]).outcome == "error"


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"orders.A-1.refunded": 20.0}, ""),
        (["orders.A-1"], ""),
        ({"orders.A-1": {"refunded": 20, "lines": [1, 2]}}, ""),
        ({"orders.A-1.refunded": 30}, "other value: orders.A-1.refunded: 20, wanted 30"),
        (["orders", "log"], "not changed: log"),
        ([], "not expected: orders.A-1.refunded: 20, was 0"),
    ],
)
def test_what_was_expected_changed_and_nothing_else(after, expected, told):
    verdict = changed(BEFORE, after, expected=expected)

    assert bool(verdict) is (not told)
    assert told in verdict.explanation


def test_new_and_lost_places_are_changes():
    verdict = unchanged({"a": 1, "c": [1]}, {"b": 1, "c": [1, 2]})

    assert [one.text for one in verdict.score.evidence] == ["a: (nothing)", "c[1]: 2", "b: 1"]
