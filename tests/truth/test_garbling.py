from __future__ import annotations

import pytest

from tests.truth.measure_garbling import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_ordinary_texts_are_hardly_ever_taken_for_garbled() -> None:
    assert {one.data: one.value for one in measurements() if one.value < 0.999} == {}
