"""Floors a little below what was measured; `python -m tests.truth` prints the numbers."""

from __future__ import annotations

import pytest

from tests.truth.measure_relevance import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason=NOT_HERE)


def test_answers_to_other_questions_are_told_apart() -> None:
    alpaca, pyrit = measurements()

    assert alpaca.value >= 0.96
    assert pyrit.value >= 0.98
