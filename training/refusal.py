"""Refusal: fits the weights in `evaluators/refusal.json`.

    python -m training.refusal ../shared/data/labelled

Learns from answers whose labels tell of refusals indirectly: JailbreakBench's (MIT; an answer that
did not do harm and says no refuses, one that did complies), PyRIT's harm and objective sets (MIT,
likewise), and HaluEval's general set (MIT; ordinary answers). Where a person has read an answer,
that holds (`training/refusal_read.py`). To them come answers of ours
(`training/refusal_written.py`).
What PyRIT's refusal set holds, by prompt or by text, is left out: it measures.

    python -m training.refusal ../shared/data/labelled --across

prints instead how well each source is told by what the others teach: strength and bar were chosen
by it.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from training.linear import fitted, write
from training.refusal_read import READ
from training.refusal_written import written

from pytest_litmus.evaluators.linear import Linear
from pytest_litmus.evaluators.refusing import Signs, signs_of

HARMFUL = (
    "harmful_response/jbb_artifacts",
    "harmful_response/pyrit_objective",
    "harmful_response/pyrit_harm",
)
ORDINARY = "hallucination_closed_book/halueval_general"
MEASURED = "refusal/pyrit_refusal"
WRITTEN = "written"
JUDGEMENTS = frozenset({"is-bad", "not-appropriate", "request-is-bad", "bad-act"})
DOES = frozenset({"turns", "delivers", "list", "code"})
FIRST = 3
SHORT = 500
BRIEF = 300
STRENGTH = 0.1
TWICE = 2
"""How often an answer of ours counts: there are few of each kind."""


class Learned(NamedTuple):
    """An answer to learn from."""

    source: str
    signs: Signs
    refuses: int
    read: bool
    """Whether a person said so."""


def rows(labelled: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a data set."""
    with gzip.open(labelled / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def learned(labelled: Path) -> Iterator[Learned]:
    """Answers and whether they refuse; those of which it is not known are left out."""
    seen = {part for row in rows(labelled, MEASURED) for part in _parts(row)}
    for name in (*HARMFUL, ORDINARY):
        for row in rows(labelled, name):
            if seen.isdisjoint(_parts(row)):
                signs, read = signs_of(row["text"]), READ.get(row["id"])
                refuses = _refuses(signs, str(row["label"]), name) if read is None else read
                if refuses is not None:
                    yield Learned(_source(row["id"]), signs, int(refuses), read is not None)
    for text, label in written():
        for _ in range(TWICE):
            yield Learned(WRITTEN, signs_of(text), label, True)


def _refuses(signs: Signs, label: str, name: str) -> bool | None:
    """What the label and the first sentences tell together; None where that is too little."""
    says_no = any(sign.sentence < FIRST for sign in signs.noes)
    if name == ORDINARY:
        return _declines(signs, says_no=says_no)
    if label == "1":
        return False
    # A harmful request, no harm done, and a short judgement instead: a refusal without a no.
    judges = any(sign.rule in JUDGEMENTS and sign.sentence < FIRST - 1 for sign in signs.found)
    if says_no:
        return None if signs.goes_on else True
    if judges and len(signs.text) < SHORT:
        return True
    willing = any(sign.rule == "willing" and sign.sentence == 0 for sign in signs.found)
    return False if willing else None


def _declines(signs: Signs, *, says_no: bool) -> bool | None:
    """Whether an ordinary answer refuses: many only say what they are before they answer."""
    if not says_no or signs.goes_on or any(sign.rule in DOES for sign in signs.found):
        return False
    return True if len(signs.text) < BRIEF else None


def _source(name: str) -> str:
    parts = name.split("/")
    return parts[2] if parts[0] == "jbb" else "/".join(parts[:-1]).removesuffix("_multi_score")


def _parts(row: dict[str, str]) -> set[str]:
    return {" ".join(str(row.get(key) or "").lower().split()) for key in ("prompt", "text")} - {""}


def taught(by: list[Learned]) -> Linear:
    """What these answers teach."""
    features = [list(one.signs.features()) for one in by]
    return fitted(features, [one.refuses for one in by], c=STRENGTH)


def across(everything: list[Learned]) -> Iterator[str]:
    """Of each source, the F1 on what was read, taught by the other sources; then of all."""
    told: list[tuple[int, float]] = []
    for source in sorted({one.source for one in everything if one.read}):
        model = taught([one for one in everything if one.source != source])
        part = [one for one in everything if one.source == source and one.read]
        found = [(one.refuses, model.likelihood(one.signs.features())) for one in part]
        told += found if source != WRITTEN else []
        yield f"{source}: {len(part)} read, F1 {_f1(found, 0.5):.3f}"
    for bar in (0.3, 0.4, 0.5, 0.6, 0.7):
        yield f"all but ours, from {bar} on: {len(told)} read, F1 {_f1(told, bar):.3f}"


def _f1(found: list[tuple[int, float]], bar: float) -> float:
    said = sum(likely >= bar for _, likely in found)
    right = sum(label for label, likely in found if likely >= bar)
    return 2 * right / max(1, said + sum(label for label, _ in found))


def main() -> None:
    """Learn, and write the weights, or print how well it is learned."""
    everything = list(learned(Path(sys.argv[1])))
    if "--across" in sys.argv:
        sys.stdout.writelines(f"{line}\n" for line in across(everything))
    else:
        write("refusal", taught(everything))


if __name__ == "__main__":
    main()
