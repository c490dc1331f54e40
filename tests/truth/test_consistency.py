"""Floors a little below what was measured; `python -m tests.truth consistency` prints them."""

from __future__ import annotations

import pytest

from tests.truth.measure_consistency import measurements
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    "answer_correctness/evouna_nq (pairs)": 0.81,
    "answer_correctness/evouna_nq (pairs, with question=)": 0.82,
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_answers_are_found_consistent_as_rightly_as_they_were() -> None:
    found = {one.data: one.value for one in measurements()}
    assert found.keys() == FLOORS.keys()
    assert {data: value for data, value in found.items() if value < FLOORS[data]} == {}
