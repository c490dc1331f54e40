"""How well letters and n-grams alone tell right answers from wrong ones: a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pytest_litmus.evaluators.similarity import bleu, chrf, rouge_l, rouge_n, similar
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

DATA = "answer_correctness/evouna_nq"
BASELINES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    *(
        ("similar", partial(similar, how=how, ignore_case=True), f'how="{how}", ignore_case=True')
        for how in ("ratio", "partial", "token_set")
    ),
    ("rouge_n", partial(rouge_n, n=1), "n=1"),
    ("rouge_l", rouge_l, ""),
    ("bleu", bleu, ""),
    ("chrf", chrf, ""),
)


def measurements() -> Iterator[Measured]:
    """Label 1 is what people judged right; nothing was trained or chosen."""
    every = rows(DATA)
    for name, evaluator, note in BASELINES:
        scores, seconds = timed(lambda row, evaluator=evaluator: _value(evaluator, row), every)
        yield Measured(
            name=name, data=DATA, kind="auroc", labels=[row["label"] for row in every],
            scores=scores, seconds=seconds, note=f"baseline{note and ': '}{note}",
        )  # fmt: skip


def _value(evaluator: Callable[..., Any], row: Row) -> float:
    score = evaluator(row["text"], row["reference"].split("/"))
    assert isinstance(score, Score)
    return score.value or 0.0
