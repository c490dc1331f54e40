"""Off topic: how often an evaluator puts an answer nearer to its own question than to another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.truth.measured import Measured, Row, rows, timed


def told_apart(
    name: str, score: Callable[[Row], float], notes: Mapping[str, str]
) -> Iterator[Measured]:
    """One measurement a data set, by what its number is worth; label 1 is what is on topic."""
    for data, note in notes.items():
        labelled = rows(data)
        scores, seconds = timed(score, labelled)
        yield Measured(
            name=name,
            data=data,
            kind="auroc",
            labels=[row["label"] for row in labelled],
            scores=scores,
            seconds=seconds,
            note=note,
        )
