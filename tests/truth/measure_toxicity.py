"""How much of what people call hateful or unsafe a lexicon finds, and how often it errs."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.toxicity import toxic_words
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

HATE = "toxicity/hatecheck"
UNSAFE = "toxicity/openai_moderation"
ORDINARY = ("hallucination_closed_book/halueval_general", "relevance/alpaca_offtopic")
NOTE = "the words were written before; nothing was changed after"


def measurements() -> Iterator[Measured]:
    """On hate and unsafe texts; on its part that is told by words; on ordinary answers."""
    hate = rows(HATE)
    yield _measured(HATE, hate)
    words = [row for row in hate if row["meta"]["functionality"] in {"slur_h", "profanity_nh"}]
    yield _measured(f"{HATE} (slurs, harmless profanity)", words)
    yield _measured(UNSAFE, rows(UNSAFE))
    for data in ORDINARY:
        yield _free(data, rows(data))


def _measured(data: str, on: list[Row]) -> Measured:
    scores, seconds = timed(_count, on)
    return Measured(
        name="toxic_words", data=data, kind="f1", labels=[row["label"] for row in on],
        scores=scores, threshold=1, seconds=seconds, note=NOTE,
    )  # fmt: skip


def _free(data: str, on: list[Row]) -> Measured:
    counts, seconds = timed(_count, on)
    return Measured(
        name="free_of_toxic_words", data=data, kind="accuracy", labels=[1] * len(on),
        scores=[float(not count) for count in counts], threshold=1, seconds=seconds,
        note="all answers are ordinary",
    )  # fmt: skip


def _count(row: Row) -> float:
    score = toxic_words(row["text"])
    assert isinstance(score, Score)
    return score.value or 0.0
