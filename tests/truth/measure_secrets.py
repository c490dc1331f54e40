"""How often `free_of_secrets` finds a secret, and how rarely it alarms on ordinary answers.

The fixtures' misses were read while the rules grew. What other scanners know was measured apart, a
half of their rules before any of its misses were read: 835 examples of Kingfisher 1.112
(Apache-2.0), all of them secrets, and 900 rows of Betterleaks 2.0 (MIT), whose negatives are often
the keys of other rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.secrets import free_of_secrets
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

ORDINARY = ("hallucination_closed_book/halueval_general", "relevance/alpaca_offtopic")

_FIXTURES = (
    "misses were read; held out: recall 0.836 on Kingfisher's examples, 0.921 (F1 0.885) on"
    " Betterleaks'"
)


def measurements() -> Iterator[Measured]:
    """Label 1 is a secret; ordinary answers hold none, so their accuracy is 1 - alarms."""
    yield _measured("secrets/gitleaks_fixtures", "f1", _FIXTURES)
    for data in ORDINARY:
        yield _measured(data, "accuracy", "all answers are ordinary")


def _measured(data: str, kind: str, note: str) -> Measured:
    labelled = rows(data)
    scores, seconds = timed(_secrets, labelled)
    return Measured(
        name="free_of_secrets",
        data=data,
        kind="f1" if kind == "f1" else "accuracy",
        labels=[row["label"] if kind == "f1" else 0 for row in labelled],
        scores=scores,
        threshold=1,
        seconds=seconds,
        note=note,
    )


def _secrets(row: Row) -> float:
    verdict = free_of_secrets(row["text"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
