"""How often `sentiment` agrees with people on how a text reads."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.sentiment import sentiment
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

DATA = "sentiment/vader_tweets"
UNSEEN = "words weighed by VADER's lexicon (made for tweets) and its other texts; no tweet was seen"


def measurements() -> Iterator[Measured]:
    """Positive against negative by the value, and all three by the label."""
    everything = rows(DATA)
    felt = [row for row in everything if row["label"] != "neutral"]
    scores, seconds = timed(lambda row: _scored(row).value or 0.0, felt)
    yield Measured(
        name="sentiment", data=f"{DATA} (without neutral)", kind="auroc",
        labels=[int(row["label"] == "positive") for row in felt], scores=scores,
        seconds=seconds, note=UNSEEN,
    )  # fmt: skip
    scores, seconds = timed(lambda row: float(_scored(row).label == row["label"]), everything)
    yield Measured(
        name="sentiment", data=f"{DATA} (3 labels)", kind="accuracy",
        labels=[1] * len(everything), scores=scores,
        seconds=seconds, note=UNSEEN,
    )  # fmt: skip


def _scored(row: Row) -> Score:
    score = sentiment(row["text"])
    assert isinstance(score, Score)
    return score
