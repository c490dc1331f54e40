"""Absence: a score for what must not be there at all, as the places where it is."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

LONGEST_SHOWN = 80
"""Of one place, in characters."""
MOST_SHOWN = 20
"""Places that are kept as evidence; all are counted."""

Place = tuple[str, int, int]
"""What found it, where it starts, and the character after its last."""


def absence(
    name: str,
    text: str,
    places: Iterable[Place],
    advice: str,
    *,
    at_least: float | None,
    at_most: float | None,
) -> Score | Verdict:
    """How many places were found, held against none unless another limit is given.

    Args:
        name: The evaluator's.
        text: The output.
        places: Where something is; overlapping ones count once, for the first that was told.
        advice: What to look at, for the end of the explanation.
        at_least: The caller's limit.
        at_most: Likewise.
    """
    apart = without_overlaps(places)
    evidence = tuple(
        Evidence(rule=rule, text=shown(text[start:end]), start=start, end=end)
        for rule, start, end in apart[:MOST_SHOWN]
    )
    return counted(name, len(apart), evidence, advice, at_least=at_least, at_most=at_most)


def counted(
    name: str,
    count: int,
    evidence: tuple[Evidence, ...],
    advice: str,
    *,
    at_least: float | None,
    at_most: float | None,
) -> Score | Verdict:
    """The score of a count, its explanation led by the first place."""
    if evidence:
        first = evidence[0]
        more = f" and {count - 1} more" if count > 1 else ""
        told = f"found {first.rule} at character {first.start}: {first.text!r}{more}; {advice}"
    else:
        told = "none found"
    score = Score(name=name, value=float(count), explanation=told, evidence=evidence)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_most=0))


def without_overlaps(places: Iterable[Place]) -> list[Place]:
    """The places in the order of the text; of two that overlap, the one that begins first."""
    apart: list[Place] = []
    for place in sorted(places, key=lambda place: place[1]):
        if not apart or place[1] >= apart[-1][2]:
            apart.append(place)
    return apart


def shown(text: str) -> str:
    """A text as it may be printed: cut where it is long, with what nobody would see escaped."""
    cut = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in cut.encode("utf-8", "backslashreplace").decode()
    )
