"""How often `off_topic` tells an answer to something else."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.evading import ELSEWHERE, off_topic
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

DATA = ("relevance/alpaca_offtopic", "relevance/pyrit_nonsequitur")


def measurements() -> Iterator[Measured]:
    """Label 1 speaks of something else; what is undecided counts as not found."""
    for data in DATA:
        part = rows(data)
        scores, seconds = timed(_distance, part)
        yield Measured(
            name="off_topic", data=data, kind="f1", labels=[1 - row["label"] for row in part],
            scores=scores, threshold=ELSEWHERE, seconds=seconds,
            note="bar chosen of eight on these rows: not held out; undecided is a miss",
        )  # fmt: skip


def _distance(row: Row) -> float:
    verdict = off_topic(row["text"], row["prompt"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
