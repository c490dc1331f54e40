from __future__ import annotations

import pytest

from tests.truth.measure_structure import measurements
from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason=NOT_HERE)


def test_json_is_what_the_rfc_says_but_for_repeated_names():
    strict, to_the_letter = measurements()

    assert to_the_letter.value == 1.0
    assert strict.value > 0.99
