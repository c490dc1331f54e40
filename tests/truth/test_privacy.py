from __future__ import annotations

import pytest

from tests.truth.measure_privacy import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason=NOT_HERE)


def test_structured_personal_data_is_found_and_ordinary_answers_are_left_alone() -> None:
    synthetic, ordinary = measurements()

    assert synthetic.value >= 0.98
    assert ordinary.value >= 0.99
