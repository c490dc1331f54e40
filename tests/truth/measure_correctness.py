"""How often `correct`, and the field's two measures, agree with people on what is right."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from pytest_litmus.evaluators.correctness import correct, exact_match, token_f1
from pytest_litmus.verdicts import Score, Verdict
from tests.truth.measured import Measured, Row, rows, timed

DATA = "answer_correctness/evouna_nq"
PART = f"{DATA} (half of the questions)"
UNTRAINED = "nothing was trained"


def measurements() -> Iterator[Measured]:
    """Label 1 is what people judged right."""
    # Which questions are left out is decided in training/correctness.py.
    part = [row for row in rows(DATA) if zlib.crc32(row["prompt"].encode()) % 2 == 0]
    labels = [row["label"] for row in part]
    trained = "trained on the other half"
    scores, seconds = timed(_value_of(correct), part)
    for kind, threshold in (("f1", 0.5), ("accuracy", 0.5), ("auroc", None)):
        yield Measured(
            name="correct", data=PART, kind=kind, labels=labels, scores=scores,
            threshold=threshold, seconds=seconds, note=trained,
        )  # fmt: skip
    for evaluator, bar in ((exact_match, 1.0), (token_f1, 0.5)):
        scores, seconds = timed(_value_of(evaluator), part)
        yield Measured(
            name=evaluator.__name__, data=PART, kind="f1", labels=labels, scores=scores,
            threshold=bar, seconds=seconds, note=UNTRAINED,
        )  # fmt: skip


def _value_of(evaluator: Callable[[str, list[str]], Score | Verdict]) -> Callable[[Row], float]:
    def value(row: Row) -> float:
        found = evaluator(row["text"], row["reference"].split("/"))
        score = found.score if isinstance(found, Verdict) else found
        assert score is not None
        return score.value or 0.0

    return value
