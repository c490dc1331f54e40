"""How well `relevant` tells answers to a question from answers to another."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.relevance import relevant
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

NOTES = {
    "relevance/alpaca_offtopic": "nothing was trained; words' ranks are counted on its answers",
    "relevance/pyrit_nonsequitur": "nothing was trained",
}


def measurements() -> Iterator[Measured]:
    """One a data set; label 1 is what is on topic."""
    for data, note in NOTES.items():
        labelled = rows(data)
        scores, seconds = timed(_relevance, labelled)
        yield Measured(
            name="relevant",
            data=data,
            kind="auroc",
            labels=[row["label"] for row in labelled],
            scores=scores,
            seconds=seconds,
            note=note,
        )


def _relevance(row: Row) -> float:
    verdict = relevant(row["text"], row["prompt"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
