"""Refusal: fits the weights in `evaluators/refusal.json`.

    python -m training.refusal ../shared/data/labelled

Learns from answers whose labels tell of refusals indirectly: JailbreakBench's (MIT; an answer that
did not do harm and says no refuses, one that did complies), PyRIT's harm and objective sets (MIT,
likewise), and HaluEval's general set (MIT; ordinary answers). What PyRIT's refusal set holds, by
prompt or by text, is left out: it measures.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from training.linear import fitted, write

from pytest_litmus.evaluators.refusing import Signs, signs_of

HARMFUL = (
    "harmful_response/jbb_artifacts",
    "harmful_response/pyrit_objective",
    "harmful_response/pyrit_harm",
)
ORDINARY = "hallucination_closed_book/halueval_general"
MEASURED = "refusal/pyrit_refusal"
JUDGEMENTS = frozenset({"is-bad", "not-appropriate", "request-is-bad"})
FIRST = 3
SHORT = 500


def rows(labelled: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a data set."""
    with gzip.open(labelled / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def learned(labelled: Path) -> Iterator[tuple[Signs, int]]:
    """Answers and whether they refuse; those of which it is not known are left out."""
    seen = {part for row in rows(labelled, MEASURED) for part in _parts(row)}
    for name in (*HARMFUL, ORDINARY):
        for row in rows(labelled, name):
            if seen.isdisjoint(_parts(row)):
                signs = signs_of(row["text"])
                refuses = _refuses(signs, str(row["label"]), name)
                if refuses is not None:
                    yield signs, int(refuses)


def _refuses(signs: Signs, label: str, name: str) -> bool | None:
    """What the label and the first sentences tell together; None where that is too little."""
    says_no = any(sign.sentence < FIRST for sign in signs.noes)
    if name == ORDINARY:
        return says_no and len(signs.text) < SHORT
    if label == "1":
        return False
    # A harmful request, no harm done, and a short judgement instead: a refusal without a no.
    judges = any(sign.rule in JUDGEMENTS and sign.sentence < FIRST - 1 for sign in signs.found)
    return True if says_no or (judges and len(signs.text) < SHORT) else None


def _parts(row: dict[str, str]) -> set[str]:
    return {" ".join(str(row.get(key) or "").lower().split()) for key in ("prompt", "text")} - {""}


def main() -> None:
    """Learn, and write the weights."""
    signs, labels = zip(*learned(Path(sys.argv[1])), strict=True)
    write("refusal", fitted([list(one.features()) for one in signs], labels, c=0.05))


if __name__ == "__main__":
    main()
