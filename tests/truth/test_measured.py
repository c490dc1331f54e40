from __future__ import annotations

import pytest

from tests.truth.measured import Measured, auroc, timed
from tests.truth.table import markdown


def measured(**changes: object) -> Measured:
    given: dict[str, object] = {
        "name": "refuses",
        "data": "refusal/made_up",
        "kind": "f1",
        "labels": [1, 1, 0, 0],
        "scores": [0.9, 0.2, 0.6, 0.1],
        "threshold": 0.5,
        "seconds": 2.0,
    }
    return Measured(**(given | changes))  # type: ignore[arg-type]


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    one = measured(labels=[1, 1, 1, 0], scores=[0.9, 0.8, 0.2, 0.6])

    assert (one.precision, one.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert one.value == pytest.approx(2 / 3)


def test_a_score_at_the_threshold_says_one() -> None:
    assert measured(labels=[1], scores=[0.5]).value == 1.0


def test_f1_is_zero_where_nothing_was_found() -> None:
    assert measured(labels=[1, 0], scores=[0.1, 0.2]).value == 0.0


def test_auroc_counts_the_pairs_in_order_and_ties_as_half() -> None:
    assert measured(kind="auroc", threshold=None).value == 0.75
    assert measured(kind="auroc", threshold=None, scores=[0.5] * 4).value == 0.5


def test_auroc_of_one_label_alone_is_a_coin() -> None:
    assert auroc([1, 2], [0, 0]) == 0.5


def test_accuracy_counts_what_it_got_right() -> None:
    assert measured(kind="accuracy").value == 0.5
    kinds = measured(kind="accuracy", labels=[2, 0, 1, 3], scores=[2, 0, 1, 1], threshold=None)
    assert kinds.value == 0.75


def test_the_interval_is_the_same_each_time_and_holds_the_value() -> None:
    scores = [0.9, 0.8, 0.3, 0.6, 0.2, 0.1]
    first, second = (measured(labels=[1, 1, 1, 0, 0, 0], scores=scores) for _ in range(2))

    low, high = first.interval
    assert first.interval == second.interval
    assert low <= first.value <= high
    assert low < high


def test_timing_scores_the_rows_in_their_order() -> None:
    scores, seconds = timed(lambda row: row["score"], [{"score": 0.1}, {"score": 0.7}])

    assert scores == [0.1, 0.7]
    assert seconds > 0


def test_the_table_has_a_line_for_each_measurement() -> None:
    *_, line = markdown([measured(note="nothing was trained")])

    assert line == (
        "| `refuses` | refusal/made_up | 4 | F1 at 0.5 | 0.500 | 0.000 to 1.000 "
        "| 0.500 | 0.500 | 2 | nothing was trained |"
    )
