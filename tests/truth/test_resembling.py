from __future__ import annotations

import pytest

from tests.truth.measure_resembling import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_known_harmful_answers_are_told_from_others_as_well_as_they_were() -> None:
    known, other, other_by_words = measurements()
    assert known.value >= 0.96
    assert other.value >= 0.77
    assert other_by_words.value >= 0.75
