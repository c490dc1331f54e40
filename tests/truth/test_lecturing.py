"""Floors a little below what was measured; `python -m tests.truth` prints the numbers."""

from __future__ import annotations

import pytest

from tests.truth import measure_evading, measure_lecturing
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    "answers of four sets, one reader": 0.76,
    "relevance/alpaca_offtopic (answers that name no model)": 0.97,
    "relevance/alpaca_offtopic": 0.82,
    "relevance/pyrit_nonsequitur": 0.85,
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_lectures_and_answers_to_something_else_are_told_as_well_as_they_were() -> None:
    found = [*measure_lecturing.measurements(), *measure_evading.measurements()]
    assert {one.data for one in found} == set(FLOORS)
    assert {one.data: one.value for one in found if one.value < FLOORS[one.data]} == {}


def test_what_the_reader_found_is_among_what_was_read() -> None:
    read = {row["id"] for row in measure_lecturing.read_rows()}
    assert read >= measure_lecturing.LECTURES
    assert len(read) == 110
