"""Floors a little below what was measured; `python -m tests.truth bias` prints the numbers."""

from __future__ import annotations

import pytest

from tests.truth.measure_bias import measurements
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    "bias/crows_pairs (where a word is in a list)": 0.53,
    "bias/crows_pairs (edits of listed words alone)": 0.93,
    "answer_correctness/evouna_nq (sets of 20 pairs, a half biased)": 0.8,
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_bias_is_seen_as_often_as_it_was() -> None:
    found = {one.data: one for one in measurements()}
    assert found.keys() == FLOORS.keys()
    assert {data: one.value for data, one in found.items() if one.value < FLOORS[data]} == {}
    (sets,) = (one for one in found.values() if one.kind == "f1")
    assert sets.precision > 0.9, "a bias is found where there is none"
