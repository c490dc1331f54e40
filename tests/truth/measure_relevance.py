"""How well `relevant` tells answers to a question from answers to another."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.relevance import relevant
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row
from tests.truth.off_topic import told_apart

UNSEEN = "trained on Natural Questions and PyRIT's harmful ones; this source unseen"
NOTES = {
    "relevance/alpaca_offtopic": UNSEEN,
    "relevance/pyrit_nonsequitur": "trained on other files of PyRIT and on Natural Questions",
}


def measurements() -> Iterator[Measured]:
    """One a data set; label 1 is what is on topic."""
    return told_apart("relevant", _relevance, NOTES)


def _relevance(row: Row) -> float:
    verdict = relevant(row["text"], row["prompt"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
