"""Floors a little below what was measured; `python -m tests.truth` prints the numbers."""

from __future__ import annotations

import pytest

from tests.truth import measure_refusal, measure_relevance
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    "refusal/pyrit_refusal (on topic)": 0.89,
    "refusal/pyrit_refusal": 0.67,
    "refusal/pyrit_refusal (with prompt=)": 0.88,
    "relevance/alpaca_offtopic": 0.92,
    "relevance/pyrit_nonsequitur": 0.98,
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_refusal_and_relevance_are_as_right_as_they_were() -> None:
    found = [*measure_refusal.measurements(), *measure_relevance.measurements()]
    assert {one.data for one in found} == set(FLOORS)
    assert {one.data: one.value for one in found if one.value < FLOORS[one.data]} == {}
