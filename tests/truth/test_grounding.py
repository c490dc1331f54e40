"""Floors a little below what was measured; `python -m tests.truth` prints the numbers."""

from __future__ import annotations

import pytest

from tests.truth import measure_correctness, measure_embedding, measure_grounding
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    ("grounded", "groundedness/begin (cmu)", "auroc"): 0.955,
    ("grounded", "groundedness/begin (tc)", "auroc"): 0.92,
    ("grounded", "groundedness/begin (wow)", "auroc"): 0.915,
    ("semantically_similar", "relevance/alpaca_offtopic", "auroc"): 0.92,
    ("semantically_similar", "relevance/pyrit_nonsequitur", "auroc"): 0.98,
    ("correct", measure_correctness.PART, "f1"): 0.93,
    ("correct", measure_correctness.PART, "accuracy"): 0.90,
    ("correct", measure_correctness.PART, "auroc"): 0.945,
    ("exact_match", measure_correctness.PART, "f1"): 0.29,
    ("token_f1", measure_correctness.PART, "f1"): 0.35,
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


@pytest.mark.parametrize("family", [measure_correctness, measure_embedding, measure_grounding])
def test_the_evaluators_are_as_right_as_they_were(family: object) -> None:
    found = {(one.name, one.data, one.kind): one.value for one in family.measurements()}  # type: ignore[attr-defined]
    assert found.keys() <= FLOORS.keys()
    assert {key: value for key, value in found.items() if value < FLOORS[key]} == {}
