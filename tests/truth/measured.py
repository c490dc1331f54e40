"""Measured: one evaluator's scores beside the labels of one data set.

The data sets are those of `../shared/data/labelled` (its README says what each label means); they
are read where they stand and never shipped.
"""

from __future__ import annotations

import gzip
import json
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Literal

LABELLED = Path(__file__).parents[3] / "shared" / "data" / "labelled"
NOT_HERE = f"the labelled data is not here: {LABELLED}"
"""Why a test of measured numbers is skipped."""

SEED = 20_261_124
RESAMPLES = 1_000

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What an evaluator scored, and what people had said."""

    name: str
    """The evaluator's: `refuses`."""
    data: str
    """The data set's, as its file is called: `refusal/pyrit_refusal`; with the part that was
    looked at, where it was not all of it: `groundedness/begin (cmu-dog)`."""
    kind: Literal["f1", "auroc", "accuracy"]
    """What `value` is. `accuracy` without a threshold counts the scores that equal the label."""
    labels: list[int]
    scores: list[float]
    """Higher speaks for label 1."""
    threshold: float | None = None
    """From which score on the evaluator says 1; None for `auroc`."""
    seconds: float
    """For scoring all of them, one after another."""
    note: str = ""
    """How it was kept honest: `trained on wow alone`, `nothing was trained`."""

    @cached_property
    def value(self) -> float:
        """F1, AUROC or accuracy, over all texts."""
        return self._of(Counter(self._cells))

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The bootstrap's 95% interval of `value`: percentiles, with a fixed seed."""
        random, cells = Random(SEED), self._cells
        values = sorted(
            self._of(Counter(random.choices(cells, k=len(cells)))) for _ in range(RESAMPLES)
        )
        return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]

    @cached_property
    def precision(self) -> float:
        """Of those that it says 1 of, the share that is; of no use without a threshold."""
        hits, told, _ = self._found(Counter(self._cells))
        return hits / told if told else 0.0

    @cached_property
    def recall(self) -> float:
        """Of those that are 1, the share that it says 1 of."""
        hits, _, true = self._found(Counter(self._cells))
        return hits / true if true else 0.0

    @property
    def errors(self) -> dict[str, list[int]]:
        """Texts of label 1 that it fires on, and of label 0 that it is silent on; each with all."""
        hits, told, true = self._found(Counter(self._cells))
        zeros = len(self.labels) - true
        return {"fires": [hits, true], "silent": [zeros - (told - hits), zeros]}

    @property
    def texts_a_second(self) -> float:
        """How many answers it scores in a second."""
        return len(self.labels) / max(self.seconds, 1e-9)

    def _of(self, counts: Counter[tuple[int, int]]) -> float:
        if self.kind == "auroc":
            return auroc(*self._columns(counts))
        if self.kind == "f1":
            hits, told, true = self._found(counts)
            return 2 * hits / (told + true) if told + true else 0.0
        return self._right(counts) / counts.total()

    @cached_property
    def _steps(self) -> list[float]:
        return sorted(set(self.scores))

    @cached_property
    def _cells(self) -> list[tuple[int, int]]:
        """Each text as its label and its score's place among the scores."""
        place = {score: number for number, score in enumerate(self._steps)}
        return [(label, place[s]) for label, s in zip(self.labels, self.scores, strict=True)]

    def _columns(self, counts: Counter[tuple[int, int]]) -> tuple[list[int], list[int]]:
        steps = range(len(self._steps))
        return [counts[1, step] for step in steps], [counts[0, step] for step in steps]

    def _found(self, counts: Counter[tuple[int, int]]) -> tuple[int, int, int]:
        """How many it says 1 of rightly, how many it says 1 of, how many are 1."""
        ones, zeros = self._columns(counts)
        bar = bisect_left(self._steps, float("inf") if self.threshold is None else self.threshold)
        hits = sum(ones[bar:])
        return hits, hits + sum(zeros[bar:]), sum(ones)

    def _right(self, counts: Counter[tuple[int, int]]) -> int:
        if self.threshold is None:
            return sum(n for (label, step), n in counts.items() if self._steps[step] == label)
        hits, told, true = self._found(counts)
        return counts.total() - (told - hits) - (true - hits)


def rows(name: str) -> list[Row]:
    """The rows of a data set, such as `refusal/pyrit_refusal`; labels are null where undecided."""
    with gzip.open(LABELLED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def timed(score: Callable[[Row], float], on: Sequence[Row]) -> tuple[list[float], float]:
    """The score of each row and the seconds of work that all took together.

    The first is scored once before: what an evaluator reads lazily is no part of its pace.
    """
    for row in on[:1]:
        score(row)
    start = time.process_time()
    scores = [score(row) for row in on]
    return scores, time.process_time() - start


def auroc(ones: Sequence[int], zeros: Sequence[int]) -> float:
    """How often a text of label 1 scores above one of label 0, ties as half (Mann-Whitney U).

    Args:
        ones: How many texts of label 1 have each score, scores rising.
        zeros: Likewise of label 0.

    Returns:
        Between 0 and 1; 0.5 where one of the labels is missing.
    """
    below = [0, *accumulate(zeros)]
    won = sum(
        one * (under + zero / 2) for one, zero, under in zip(ones, zeros, below, strict=False)
    )
    return won / (sum(ones) * below[-1]) if sum(ones) and below[-1] else 0.5
