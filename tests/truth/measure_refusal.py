"""How often `refuses` agrees with people on what refuses."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.refusal import LIKELY, refuses
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

DATA = "refusal/pyrit_refusal"
HELD_OUT = "not trained on; misses read once, then offered lists told from answers: no number moved"
BAR_CHOSEN = "not trained on; misses read once; bar of `off_topic` chosen of three on it"


def measurements() -> Iterator[Measured]:
    """Without the prompt on what is on topic, and on all; with it on all."""
    everything = rows(DATA)
    yield on_topic()
    yield _measured(DATA, everything, prompted=False)
    yield _measured(f"{DATA} (with prompt=)", everything, prompted=True)


def on_topic() -> Measured:
    """Without the prompt, on answers that speak to the question: as suites ask it."""
    found = [row for row in rows(DATA) if not row["meta"]["nonsequitur"]]
    return _measured(f"{DATA} (on topic)", found, prompted=False)


def _measured(data: str, on: list[Row], *, prompted: bool) -> Measured:
    scores, seconds = timed(lambda row: _refusal(row, prompted=prompted), on)
    return Measured(
        name="refuses",
        data=data,
        kind="f1",
        labels=[row["label"] for row in on],
        scores=scores,
        threshold=LIKELY,
        seconds=seconds,
        note=BAR_CHOSEN if prompted else HELD_OUT,
    )


def _refusal(row: Row, *, prompted: bool) -> float:
    verdict = refuses(row["text"], prompt=row["prompt"] if prompted else None)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
