"""How often loops that were put into ordinary answers are found."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.repetition import distinct_n, repeats
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

DATA = "repetition/injected_loops"
ANY = 0.0001


def measurements() -> Iterator[Measured]:
    """Label 1 has a loop."""
    part = rows(DATA)
    scores, seconds = timed(_share, part)
    yield Measured(
        name="repeats", data=DATA, kind="f1", labels=[row["label"] for row in part],
        scores=scores, threshold=ANY, seconds=seconds,
        note="bounds set by hand; those for signs after a first run (0.918)",
    )  # fmt: skip
    scores, seconds = timed(_sameness, part)
    yield Measured(
        name="distinct_n", data=DATA, kind="auroc", labels=[row["label"] for row in part],
        scores=scores, seconds=seconds, note="1 - distinct-2; nothing was trained",
    )  # fmt: skip


def _share(row: Row) -> float:
    score = repeats(row["text"])
    assert isinstance(score, Score)
    return score.value or 0.0


def _sameness(row: Row) -> float:
    score = distinct_n(row["text"])
    assert isinstance(score, Score)
    return 0.0 if score.value is None else 1 - score.value
