"""How often `free_of_secrets` finds a secret, and how rarely it alarms on ordinary answers.

The fixtures' misses were read while the rules grew. What other scanners know was measured apart,
each time once, before any of its misses were read; then they were read, and the rules changed:

- 835 examples of Kingfisher 1.112 (Apache-2.0), all of them secrets: recall 0.836. Of Betterleaks
  2.0 (MIT), 900 rows whose negatives are often the keys of other rules: recall 0.921, F1 0.885.
- 143 rows of Nosey Parker's generic rules, TruffleHog's tests and detect-secrets' keywords: F1
  0.614, recall 0.462 (the rules before these rounds: 0.594). One odd value stands in 22 of them.
- 267 rows of detect-secrets' other tests, CredSweeper's samples and TruffleHog's: F1 0.824, recall
  0.714, precision 0.975 (the rules before these rounds: 0.710). Other samples of CredSweeper and
  one test of TruffleHog's, in the same frames, had been read.
- 194 rows, the last: more of detect-secrets and Nosey Parker, and secretlint's connection strings:
  F1 0.746, recall 0.752, precision 0.739 (the rules before these rounds: 0.724). 28 of its 77
  negatives are too regular or too long for one rule of IBM's (`abcd1234abcd...`), and such values
  are secrets by another rule's tests; without these and 13 variants of other rows: F1 0.867,
  recall 0.780, precision 0.977.

Most misses are stand-ins and documentation's passwords (`xoxb-0000000000-...-xxxx`,
`Password=secret`), which those tests count as secrets and which are none here. Rows were copied by
hand out of test files, so they are a selection; where a negative of one rule is said to be one for
now, or is a positive of another, it counts as a secret; names of buckets and accounts are none.
Of 67,000 lines of code, settings and documentation of installed packages, 15 alarm, 4 rightly.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.secrets import free_of_secrets
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

ORDINARY = ("hallucination_closed_book/halueval_general", "relevance/alpaca_offtopic")

_FIXTURES = (
    "misses were read; unseen (first runs): F1 0.824 on 267 rows of other scanners' tests, 0.746 on"
    " 194 further ones (0.867 without contested negatives)"
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
