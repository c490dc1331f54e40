from __future__ import annotations

import pytest

from tests.truth.measure_leaks import CANARIES, DATA, leaked, measurements
from tests.truth.measured import LABELLED, NOT_HERE, rows

pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason=NOT_HERE)


def test_canaries_and_prompts_are_seen_in_most_forms_and_seldom_where_they_are_not() -> None:
    named, attacks, prompts = measurements()

    assert named.recall >= 0.93
    assert named.precision >= 0.97
    assert attacks.recall >= 0.65
    assert attacks.precision >= 0.97
    assert prompts.recall >= 0.9
    assert prompts.precision >= 0.97


def test_ordinary_answers_give_no_canary_away() -> None:
    texts = [row["text"] for row in rows(DATA)[:500]]

    assert not [text for text in texts if leaked({"text": text, "canary": CANARIES[1]})]
