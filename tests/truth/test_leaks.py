from __future__ import annotations

import pytest

from tests.truth.measure_leaks import CANARIES, DATA, leaked, measurements
from tests.truth.measured import LABELLED, NOT_HERE, rows

pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason=NOT_HERE)


def test_canaries_are_seen_in_the_named_forms_and_in_half_of_the_others() -> None:
    named, unnamed = measurements()

    assert named.recall >= 0.97
    assert named.precision >= 0.97
    assert unnamed.recall >= 0.5
    assert unnamed.precision >= 0.97


def test_ordinary_answers_give_no_canary_away() -> None:
    texts = [row["text"] for row in rows(DATA)[:500]]

    assert not [text for text in texts if leaked({"text": text, "canary": CANARIES[1]})]
