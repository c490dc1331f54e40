"""Floors a little below what was measured; `python -m tests.truth sentiment` prints the numbers."""

from __future__ import annotations

import pytest

from tests.truth.measure_sentiment import measurements
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    "sentiment/vader_tweets (without neutral)": 0.97,
    "sentiment/vader_tweets (3 labels)": 0.72,
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_sentiment_is_read_as_rightly_as_it_was() -> None:
    found = {one.data: one.value for one in measurements()}
    assert found.keys() == FLOORS.keys()
    assert {data: value for data, value in found.items() if value < FLOORS[data]} == {}
