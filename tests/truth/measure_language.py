"""How often `language` names the language of a text."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.language import language
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

DATA = "language/udhr42"


def measurements() -> Iterator[Measured]:
    """A score of 1 is the right language, of 0 another one or none."""
    part = rows(DATA)
    scores, seconds = timed(_right, part)
    yield Measured(
        name="language", data=DATA, kind="accuracy", labels=[1] * len(part), scores=scores,
        seconds=seconds, note="counts of Wikipedia alone; undecided is wrong",
    )  # fmt: skip


def _right(row: Row) -> float:
    score = language(row["text"])
    assert isinstance(score, Score)
    return float(score.label == row["label"])
