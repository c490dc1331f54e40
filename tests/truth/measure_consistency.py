"""How often `consistent` tells two right answers from a right and a wrong one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from pytest_litmus.evaluators.consistency import consistent
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

DATA = "answer_correctness/evouna_nq"
NOTE = "nothing was trained; two right answers may differ where several are right"


def measurements() -> Iterator[Measured]:
    """Pairs of answers to one question; label 1 is two that people called right."""
    pairs = list(_pairs())
    for asked, part in ((False, "pairs"), (True, "pairs, with question=")):
        scores, seconds = timed(lambda row, asked=asked: _agreement(row, asked=asked), pairs)
        yield Measured(
            name="consistent",
            data=f"{DATA} ({part})",
            kind="auroc",
            labels=[row["label"] for row in pairs],
            scores=scores,
            seconds=seconds,
            note=NOTE,
        )


def _pairs() -> Iterator[Row]:
    """What two wrong answers have in common is not known: they are left out."""
    answers: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(DATA):
        answers[row["prompt"]].append(row)
    for question, found in answers.items():
        for one, other in combinations(found, 2):
            if one["label"] or other["label"]:
                both = [one["text"], other["text"]]
                right = int(one["label"] == other["label"])
                yield {"text": both, "prompt": question, "label": right}


def _agreement(row: Row, *, asked: bool) -> float:
    verdict = consistent(row["text"], question=row["prompt"] if asked else "")
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
