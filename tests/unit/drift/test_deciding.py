from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from pytest_litmus.drift.deciding import of_identity, of_labels, of_numbers, of_rate
from pytest_litmus.drift.profile import Rate


def normal(number, mean=0.0, seed=1):
    random = Random(seed)
    return [random.gauss(mean, 1) for _ in range(number)]


def test_numbers_that_moved_by_a_medium_effect_have_drifted():
    found = of_numbers("latency", normal(1000), normal(1000, 0.6, seed=2))

    assert found.verdict == "drift"
    assert found.measures["psi"] > 0.25
    assert found.measures["ks"] > 0.2
    assert "PSI" in found.explanation
    assert "(large)" in found.explanation


def test_a_small_difference_of_many_numbers_is_significant_and_no_drift():
    found = of_numbers("latency", normal(40_000), normal(40_000, 0.08, seed=2))

    assert found.measures["ks_p_value"] < 1e-6
    assert found.verdict == "no drift"


@pytest.mark.parametrize("seed", range(5))
def test_few_numbers_are_inconclusive_unless_they_are_far_apart(seed):
    near = of_numbers("latency", normal(40, seed=seed), normal(40, seed=100 + seed))
    far = of_numbers("latency", normal(40, seed=seed), normal(40, 3, seed=100 + seed))

    assert near.verdict == "inconclusive"
    assert "40 and 40 calls are too few: 392 a side would decide" in near.explanation
    assert far.verdict == "drift"


def test_what_one_side_tells_is_inconclusive_and_what_neither_tells_is_nothing():
    assert of_numbers("latency", [], []) is None
    assert of_labels("tools", {}, {}) is None
    assert of_rate("errors", Rate(0, 0), Rate(0, 0)) is None
    assert of_numbers("latency", [], [1.0]).explanation.startswith("the baseline does not tell it")
    assert of_rate("errors", Rate(1, 9), Rate(0, 0)).explanation.startswith("the log does not")
    assert of_labels("tools", {"a": 1}, {}).verdict == "inconclusive"


def test_labels_need_a_size_as_well_as_a_test():
    moved = of_labels("finish", {"stop": 950, "length": 50}, {"stop": 800, "length": 200})
    many = of_labels("finish", {"stop": 95_000, "length": 5_000}, {"stop": 94_000, "length": 6_000})
    few = of_labels("finish", {"stop": 9, "length": 1}, {"stop": 6, "length": 4})

    assert moved.verdict == "drift"
    assert "length 5.0% -> 20.0%" in moved.explanation
    assert many.measures["p_value"] < 1e-6
    assert many.verdict == "no drift"
    assert few.verdict == "inconclusive"
    assert of_labels("finish", {"stop": 500}, {"stop": 500}).verdict == "no drift"


def test_a_rare_rate_that_rose_sixfold_has_drifted_and_one_that_fell_too():
    rose = of_rate("errors", Rate(10, 2000), Rate(60, 2000))

    assert rose.verdict == "drift"
    assert rose.explanation == "0.50% -> 3.00%, h +0.21"
    assert of_rate("errors", Rate(60, 2000), Rate(10, 2000)).measures["h"] < 0
    assert of_rate("errors", Rate(0, 500), Rate(0, 500)).verdict == "no drift"
    assert of_rate("errors", Rate(0, 100), Rate(0, 100)).verdict == "inconclusive"
    assert of_rate("errors", Rate(0, 30), Rate(2, 30)).verdict == "inconclusive"
    assert of_rate("errors", Rate(5_000, 10**6), Rate(5_900, 10**6)).verdict == "no drift"


def test_a_model_that_never_answered_before_is_drift_however_rare():
    before = Counter({"gpt-4o-2024-08-06": 100_000})
    found = of_identity("model", before, before + Counter({"gpt-4o-mini": 1}))

    assert found.verdict == "drift"
    assert found.explanation == "gpt-4o-mini answered 1 calls and none before"


def test_a_model_is_gone_only_where_it_was_to_be_expected():
    before = Counter(a=900, b=100)

    gone = of_identity("model", before, Counter(a=500))
    assert gone.verdict == "drift"
    assert gone.explanation == "b answers no more"
    assert of_identity("model", before, Counter(a=20)).verdict == "inconclusive"
