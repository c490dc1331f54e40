"""How often `semantically_similar` puts an answer nearer to its own question than to another's."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.embedding import semantically_similar
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

NOTES = {
    "relevance/alpaca_offtopic": "lexical; words weighed by these answers, labels unseen",
    "relevance/pyrit_nonsequitur": "lexical; nothing was trained",
}


def measurements() -> Iterator[Measured]:
    """With the embedder that needs nothing; label 1 is an answer to this question."""
    for data, note in NOTES.items():
        labelled = rows(data)
        scores, seconds = timed(_similarity, labelled)
        yield Measured(
            name="semantically_similar",
            data=data,
            kind="auroc",
            labels=[row["label"] for row in labelled],
            scores=scores,
            seconds=seconds,
            note=note,
        )


def _similarity(row: Row) -> float:
    score = semantically_similar(row["text"], row["prompt"])
    assert isinstance(score, Score)
    return score.value or 0.0
