from __future__ import annotations

from collections import Counter

from pytest_litmus.drift import sampling
from pytest_litmus.drift.sampling import sampled


def test_all_are_kept_where_there_are_fewer_and_so_many_else():
    assert sampled(range(5), 10) == [0, 1, 2, 3, 4]
    assert sampled([], 10) == []
    assert len(set(sampled(range(1000), 10))) == 10


def test_the_same_stream_gives_the_same_sample():
    assert sampled(range(5000), 50) == sampled(iter(range(5000)), 50)


def test_each_item_is_as_likely_as_any_other(monkeypatch):
    times: Counter[int] = Counter()
    for seed in range(2000):
        monkeypatch.setattr(sampling, "SEED", seed)
        times.update(sampled(range(40), 8))

    # 400 each are expected; 5 standard deviations are 90.
    assert len(times) == 40
    assert max(abs(number - 400) for number in times.values()) < 90
