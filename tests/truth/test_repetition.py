from __future__ import annotations

import pytest

from tests.truth.measure_repetition import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_loops_are_found_as_often_as_measured():
    (measured,) = measurements()
    assert measured.value >= 0.96
    assert measured.precision >= 0.99
