"""How often `personal_data` says that a text holds structured personal data.

`presidio_synth_v2` is synthetic; a date of birth and a street address are no structured data there,
so that those types are left out. The answers of the other sets hold next to none: of label 0 alone,
their rows tell how often it alarms. How the forms carry over was measured apart, on sentences with
values of generators in all their locales: on each once, before its misses were read.

| values of | sentences | F1 before | F1 at the first run |
|---|--:|--:|--:|
| @faker-js/faker | 4,048 | 0.945 | 0.968 |
| mimesis | 3,024 | 0.974 | 0.991 |
| falso, chance and casual | 1,950 | 0.850 | 0.899 |
| python-stdnum's examples of national numbers, by their names | 255 | 0.768 | 0.915 |

"Before" did not know what numbers are called in other languages; what it missed was learned from
Faker's values and telephone numbers of all regions (0.935, now 0.987). After the misses of the last
two sets were counted by kind and some read, they have 0.930 and 0.961: falso's cards and IBANs fail
their checksums. Some false alarms on faker-js were read after its first run: 0.979 then. Values of
faker-js and mimesis had been measured before, in other sentences (0.920 and 0.939): these are
new sentences of known generators; falso, chance, casual and python-stdnum are new altogether.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_litmus.evaluators.privacy import TYPES, personal_data
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

SYNTHETIC = "pii/presidio_synth_v2"
ORDINARY = "hallucination_closed_book/halueval_general"
STRUCTURED = tuple(one for one in TYPES if one not in {"date_of_birth", "street_address"})


def measurements() -> Iterator[Measured]:
    """Label 1 holds structured personal data."""
    labelled = rows(SYNTHETIC)
    scores, seconds = timed(found(STRUCTURED), labelled)
    yield Measured(
        name="personal_data",
        data=f"{SYNTHETIC} (structured)",
        kind="f1",
        labels=[row["meta"]["structured"] for row in labelled],
        scores=scores,
        threshold=1.0,
        seconds=seconds,
        note="wrong rows were read; first runs: F1 0.97 (faker-js), 0.99 (mimesis), 0.90 (falso)",
    )
    ordinary = rows(ORDINARY)
    scores, seconds = timed(found(TYPES), ordinary)
    quiet = [1.0 - min(1.0, score) for score in scores]
    yield Measured(
        name="personal_data",
        data=f"{ORDINARY} (answers without an alarm)",
        kind="accuracy",
        labels=[1] * len(quiet),
        scores=quiet,
        threshold=1.0,
        seconds=seconds,
        note="all types; some of its alarms are true",
    )


def found(types: Sequence[str]) -> Callable[[Row], float]:
    """How many pieces of some types a row's text holds."""

    def count(row: Row) -> float:
        score = personal_data(row["text"], types=types)
        assert isinstance(score, Score)
        return score.value or 0.0

    return count
