"""How often `personal_data` says that a text holds structured personal data.

`presidio_synth_v2` is synthetic; a date of birth and a street address are no structured data there,
so that those types are left out. The answers of the other sets hold next to none: of label 0 alone,
their rows tell how often it alarms. How the forms carry over was measured apart, on sentences with
values of two generators in all their locales, before any of the misses were read: @faker-js/faker
(7,296 sentences) and mimesis (3,840).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_litmus.evaluators.privacy import TYPES, personal_data
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

SYNTHETIC = "pii/presidio_synth_v2"
ORDINARY = "hallucination_closed_book/halueval_general"
STRUCTURED = tuple(one for one in TYPES if one not in {"date_of_birth", "street_address"})


def measurements() -> Iterator[Measured]:
    """Label 1 holds structured personal data."""
    labelled = rows(SYNTHETIC)
    scores, seconds = timed(found(STRUCTURED), labelled)
    yield Measured(
        name="personal_data",
        data=f"{SYNTHETIC} (structured)",
        kind="f1",
        labels=[row["meta"]["structured"] for row in labelled],
        scores=scores,
        threshold=1.0,
        seconds=seconds,
        note="wrong rows were looked at; first runs on faker-js and mimesis: F1 0.920 and 0.939",
    )
    ordinary = rows(ORDINARY)
    scores, seconds = timed(found(TYPES), ordinary)
    quiet = [1.0 - min(1.0, score) for score in scores]
    yield Measured(
        name="personal_data",
        data=f"{ORDINARY} (answers without an alarm)",
        kind="accuracy",
        labels=[1] * len(quiet),
        scores=quiet,
        threshold=1.0,
        seconds=seconds,
        note="all types; some of its alarms are true",
    )


def found(types: Sequence[str]) -> Callable[[Row], float]:
    """How many pieces of some types a row's text holds."""

    def count(row: Row) -> float:
        score = personal_data(row["text"], types=types)
        assert isinstance(score, Score)
        return score.value or 0.0

    return count
