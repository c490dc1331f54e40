from __future__ import annotations

import pytest

from tests.truth.measure_language import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_the_language_is_named_as_often_as_measured():
    (measured,) = measurements()
    assert measured.value >= 0.97
