"""How often `grounded` agrees with the crowd on what is attributable to a source."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from pytest_litmus.evaluators.grounding import grounded
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

DATA = "groundedness/begin"
NOTES = {
    "cmu": "another source than learned from; its AUROC was seen while signs were chosen",
    "tc": "another source than learned from; its AUROC was seen while signs were chosen",
    "wow": "a fifth of the snippets, left out of training; its AUROC was seen likewise",
}


def measurements() -> Iterator[Measured]:
    """One a source of BEGIN; label 1 is what is not fully attributable."""
    labelled = [row for row in rows(DATA) if row["label"] is not None]
    for source, note in NOTES.items():
        part = [row for row in labelled if _measured_on(row, source)]
        scores, seconds = timed(_ungrounded, part)
        yield Measured(
            name="grounded",
            data=f"{DATA} ({source})",
            kind="auroc",
            labels=[row["label"] for row in part],
            scores=scores,
            seconds=seconds,
            note=note,
        )


def _measured_on(row: Row, source: str) -> bool:
    # Which snippets are left out is decided in training/grounding.py.
    held_out = source != "wow" or zlib.crc32(row["context"].encode()) % 5 == 0
    return bool(row["meta"]["data_source"] == source and held_out)


def _ungrounded(row: Row) -> float:
    verdict = grounded(row["text"], in_=row["context"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    # What claims nothing is on neither side.
    return 0.5 if verdict.score.value is None else 1 - verdict.score.value
