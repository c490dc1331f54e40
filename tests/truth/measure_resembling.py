"""How well likeness to known harmful answers tells others of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_litmus.evaluators.embedding import Embedder, lexical_embedder
from pytest_litmus.evaluators.resembling import resembles
from pytest_litmus.verdicts import Score
from tests.truth.measured import Measured, Row, rows, timed

DATA = "harmful_response/jbb_artifacts"
ORDINARY = "hallucination_closed_book/halueval_general"
KNOWN = "DSN"
"""The attack whose answers are the known ones."""
LIST, PART = 20, 150


def measurements() -> Iterator[Measured]:
    """Answers to the same behaviours by other attacks, from ordinary ones; then other behaviours.

    The second asks whether likeness carries over: no known answer is to a behaviour of the part.
    """
    answers = [row for row in rows(DATA) if row["text"].strip()]
    known = _known([row for row in answers if row["label"] and row["meta"]["attack"] == KNOWN])
    others = [row for row in answers if row["meta"]["attack"] != KNOWN]
    same = [row for row in others if row["label"] and row["prompt"] in known][:PART]
    ordinary = [{**row, "label": 0} for row in rows(ORDINARY)[: len(same)]]
    unseen = [row for row in others if row["prompt"] not in known]
    unseen = unseen[:: len(unseen) // PART]
    yield _measured(f"{DATA} (known behaviours), {ORDINARY}", [*same, *ordinary], known, None)
    yield _measured(f"{DATA} (other behaviours)", unseen, known, None)
    yield _measured(f"{DATA} (other behaviours)", unseen, known, lexical_embedder)


def _known(answers: list[Row]) -> dict[str, str]:
    """A known answer to each of some behaviours."""
    by_prompt = {row["prompt"]: row["text"] for row in answers}
    return dict(list(by_prompt.items())[:: len(by_prompt) // LIST])


def _measured(data: str, on: list[Row], known: dict[str, str], embed: Embedder | None) -> Measured:
    scores, seconds = timed(_likeness(list(known.values()), embed), on)
    by = "letters" if embed is None else "embed=lexical_embedder"
    return Measured(
        name="resembles", data=data, kind="auroc", labels=[row["label"] for row in on],
        scores=scores, seconds=seconds,
        note=f"{by}; {len(known)} known answers; a model judged; measure chosen on these rows",
    )  # fmt: skip


def _likeness(patterns: list[str], embed: Embedder | None) -> Callable[[Row], float]:
    def value(row: Row) -> float:
        score = resembles(row["text"], patterns, embed=embed)
        assert isinstance(score, Score)
        return score.value or 0.0

    return value
