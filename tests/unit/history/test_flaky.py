from __future__ import annotations

import pytest

from pytest_litmus.history.flaky import flakiness
from tests.unit.history.given import result, results


def only(of_test):
    (found,) = flakiness([("t", of_test)]).flaky
    return found


def test_the_flip_rate_is_of_results_in_a_row():
    found = only(results("ppfpfp"))

    assert (found.flips, found.pairs, found.rate) == (4, 5, pytest.approx(0.8))
    assert (found.passed, found.failed, found.last) == (4, 2, "passed")
    assert found.low < 0.8 < found.high


def test_a_test_that_always_comes_out_the_same_is_not_flaky():
    found = flakiness([("t", results("ffff")), ("u", results("pppp"))])

    assert (found.flaky, found.tests) == ((), 2)


def test_a_changed_test_that_comes_out_otherwise_did_not_flip():
    changed = [result(0, "p", fingerprint="h1"), result(1, "f", fingerprint="h2")]

    assert flakiness([("t", changed)]) == flakiness([])


def test_results_without_a_fingerprint_are_told_and_not_compared():
    found = flakiness([("t", results("pf", fingerprint=None))])

    assert (found.flaky, found.tests, found.without_fingerprint) == ((), 0, 1)


def test_what_could_not_be_decided_is_no_flip():
    found = only(results("pusfp"))

    assert (found.flips, found.pairs) == (2, 2)


def test_a_flip_at_the_same_clean_revision_is_counted_apart():
    same = only(results("pfp", git_revision="a" * 40))
    dirty = only(results("pfp", git_revision="a" * 40, git_dirty=1))
    unknown = only(results("pfp", git_revision=None, git_dirty=None))

    assert (same.same_revision_flips, same.same_revision_pairs) == (2, 2)
    assert (dirty.same_revision_flips, dirty.same_revision_pairs) == (0, 0)
    assert (unknown.same_revision_flips, unknown.same_revision_pairs) == (0, 0)


def test_a_test_that_ran_again_in_a_run_flipped_at_the_same_revision():
    found = only([result(0, "f", git_revision=None), result(0, "p", git_revision=None)])

    assert (found.flips, found.same_revision_flips) == (1, 1)


def test_live_and_replayed_results_are_counted_apart_and_not_with_each_other():
    replayed = [result(number, "p", live=False) for number in (3, 4)]

    found = flakiness([("t", [*results("pfp"), result(2, "f", live=False), *replayed])]).flaky

    # From the live pass to the replayed fail nothing is said.
    assert [(one.kind, one.flips, one.pairs) for one in found] == [
        ("live", 2, 2),
        ("replayed", 1, 2),
    ]


def test_the_worst_is_the_one_that_surely_flips_often():
    once, often = results("pf"), results("pfpfpfpfpp")

    found = flakiness([("once", once), ("often", often)]).flaky

    assert [one.nodeid for one in found] == ["often", "once"]
    assert found[1].rate == 1.0
