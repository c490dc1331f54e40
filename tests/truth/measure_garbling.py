"""How rarely ordinary answers, and texts of many languages, seem to be garbled."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.garbling import free_of_garbling
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

ORDINARY = (
    "hallucination_closed_book/halueval_general",
    "relevance/alpaca_offtopic",
    "language/udhr42",
)


def measurements() -> Iterator[Measured]:
    """None is labelled: all are taken to be whole."""
    for data in ORDINARY:
        part = rows(data)
        scores, seconds = timed(_places, part)
        yield Measured(
            name="free_of_garbling", data=data, kind="accuracy", labels=[0] * len(part),
            scores=scores, threshold=1, seconds=seconds,
            note="all texts are ordinary; one alarm was read and its rule dropped",
        )  # fmt: skip


def _places(row: Row) -> float:
    verdict = free_of_garbling(row["text"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
