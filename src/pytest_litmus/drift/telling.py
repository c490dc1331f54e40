"""Telling: a comparison as a table, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.profile import NUMBERS_FROM, TEXTS_FROM
from pytest_litmus.drift.sampling import SEED

if TYPE_CHECKING:
    from pytest_litmus.drift.comparing import Comparison
    from pytest_litmus.drift.deciding import Found
    from pytest_litmus.drift.profile import Profile


def as_table(comparison: Comparison) -> str:
    """The comparison for people: what drifted first."""
    order = {"drift": 0, "inconclusive": 1, "no drift": 2}
    found = sorted(comparison.found, key=lambda one: order[one.verdict])
    width = max((len(one.name) for one in found), default=0)
    lines = [
        f"baseline  {_told(comparison.before)}",
        f"log       {_told(comparison.after)}",
        *_sampling(comparison),
        "",
        *(f"{one.verdict:<12}  {one.name:<{width}}  {escaped(one.explanation)}" for one in found),
        "",
        _closing(comparison),
    ]
    if comparison.untold:
        lines.insert(-2, f"not told by either side: {', '.join(comparison.untold)}")
    return "\n".join(lines) + "\n"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison for programs."""
    return {
        "verdict": comparison.verdict,
        "baseline": _profile(comparison.before),
        "log": _profile(comparison.after),
        "sampling": {"seed": SEED, "numbers": NUMBERS_FROM, "texts": TEXTS_FROM},
        "features": [_feature(one) for one in comparison.found],
        "not_told": comparison.untold,
    }


def escaped(text: str) -> str:
    """A text of a log without what a terminal would obey."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _told(profile: Profile) -> str:
    told = f"{escaped(profile.name)}: {profile.counts.calls:,} calls, {profile.format}"
    told += f", counted by {profile.by}"
    if profile.unknown:
        told += f"; {profile.unknown:,} unknown records, the first is {profile.first_unknown:,}"
    return told


def _sampling(comparison: Comparison) -> list[str]:
    most = max(comparison.before.counts.calls, comparison.after.counts.calls)
    if most <= TEXTS_FROM:
        return []
    return [
        (
            f"sampled   numbers and lengths from {NUMBERS_FROM:,} calls a side at most, texts from "
            f"{TEXTS_FROM:,} (seed {SEED}); all else is counted over all calls"
        )
    ]


def _closing(comparison: Comparison) -> str:
    counts = [
        f"{sum(one.verdict == verdict for one in comparison.found)} {words}"
        for verdict, words in (
            ("drift", "drifted"),
            ("inconclusive", "inconclusive"),
            ("no drift", "without drift"),
        )
    ]
    return f"{comparison.verdict}: {', '.join(counts)}"


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "path": profile.name,
        "format": profile.format,
        "calls": profile.counts.calls,
        "unknown_records": profile.unknown,
        "first_unknown_record": profile.first_unknown,
        "counted_by": profile.by,
        "rates": {name: {"hits": rate.hits, "of": rate.of} for name, rate in profile.rates.items()},
    }


def _feature(one: Found) -> dict[str, Any]:
    return {
        "name": one.name,
        "verdict": one.verdict,
        "explanation": one.explanation,
        "measures": one.measures,
    }
