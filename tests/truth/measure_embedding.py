"""How often `semantically_similar` puts an answer nearer to its own question than to another's."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.embedding import semantically_similar
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row
from tests.truth.off_topic import told_apart

NOTES = {
    "relevance/alpaca_offtopic": "lexical; nothing was trained",
    "relevance/pyrit_nonsequitur": "lexical; nothing was trained",
}


def measurements() -> Iterator[Measured]:
    """With the embedder that needs nothing; label 1 is an answer to this question."""
    return told_apart("semantically_similar", _similarity, NOTES)


def _similarity(row: Row) -> float:
    score = semantically_similar(row["text"], row["prompt"])
    assert isinstance(score, Score)
    return score.value or 0.0
