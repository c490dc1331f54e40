"""How often `valid_json` agrees with RFC 8259, on the files that JSON parsers are tested with."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.structure import valid_json
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

DATA = "json/jsontestsuite"


def measurements() -> Iterator[Measured]:
    """Label 1 is what a parser must accept; what it may take either way is left out."""
    part = [row for row in rows(DATA) if row["label"] is not None]
    labels = [row["label"] for row in part]
    for unique_keys, note in (
        (True, "repeated names refused, as by default"),
        (False, "unique_keys=False"),
    ):
        scores, seconds = timed(lambda row, unique=unique_keys: _value(row, unique), part)
        yield Measured(
            name="valid_json", data=DATA, kind="accuracy", labels=labels, scores=scores,
            threshold=1.0, seconds=seconds, note=note,
        )  # fmt: skip


def _value(row: Row, unique_keys: bool) -> float:
    verdict = valid_json(row["text"], unique_keys=unique_keys)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
