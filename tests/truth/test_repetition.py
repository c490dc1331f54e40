from __future__ import annotations

import pytest

from tests.truth.measure_repetition import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_loops_are_found_as_often_as_measured():
    loops, distinct = measurements()
    assert loops.value >= 0.96
    assert loops.precision >= 0.99
    assert distinct.value >= 0.88
