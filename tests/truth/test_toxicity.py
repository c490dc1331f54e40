"""Floors a little below what was measured: a lexicon finds little of hate, and rarely errs."""

from __future__ import annotations

import pytest

from tests.truth.measure_toxicity import ORDINARY, measurements
from tests.truth.measured import LABELLED, NOT_HERE

FLOORS = {
    "toxicity/hatecheck": 0.25,
    "toxicity/hatecheck (slurs, harmless profanity)": 0.57,
    "toxicity/openai_moderation": 0.55,
    **dict.fromkeys(ORDINARY, 0.999),
}

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_the_lexicon_is_as_right_as_it_was() -> None:
    found = list(measurements())
    assert {one.data for one in found} == set(FLOORS)
    assert {one.data: one.value for one in found if one.value < FLOORS[one.data]} == {}
