"""Deciding: for each feature, whether it has drifted; the size decides, and never a p value alone.

With a million calls every difference is significant, so that drift is a difference that is both
larger than the customary bound and more than chance; no drift is a smaller one, seen in enough
calls to have seen a larger one; all else is inconclusive.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.stats.distances import (
    MUCH,
    chi_square,
    jensen_shannon,
    kolmogorov_smirnov,
    stability_index,
)
from pytest_litmus.stats.effects import cohens_h

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_litmus.drift.profile import Rate

Decision = Literal["drift", "no drift", "inconclusive"]

ENOUGH = 392
"""Calls a side with which a small effect (h = 0.2, V = 0.1) is seen in 8 of 10 comparisons: J.
Cohen, Statistical Power Analysis for the Behavioral Sciences (1988), table 6.4."""
P_VALUE = 0.01
GAP = 0.2
"""Of Kolmogorov and Smirnov's distance: that of normal values half a deviation apart, Cohen's
medium effect, where the population stability index is 0.25."""
SHARE = 0.2
"""Of Cohen's h: a small effect (Cohen 1988, 6.2)."""
LABELS = 0.1
"""Of Cramer's V: a small effect (Cohen 1988, 7.2). Of the Jensen-Shannon distance: the default of
Evidently (https://docs.evidentlyai.com/metrics/customize_data_drift)."""
_EXPECTED = 5
"""Calls of a model that must be expected before its absence says that it is gone."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a feature."""

    name: str
    verdict: Decision
    explanation: str
    measures: dict[str, Any] = field(default_factory=dict)


def of_numbers(name: str, before: Sequence[float], after: Sequence[float]) -> Found | None:
    """Whether numbers have drifted; None where neither side tells any."""
    if (lacking := _lacking(name, len(before), len(after))) is not False:
        return lacking
    there, here = sorted(before), sorted(after)
    stability, gap = stability_index(there, here), kolmogorov_smirnov(there, here)
    if gap is None:  # never, because neither side is empty
        return None
    middles = there[len(there) // 2], here[len(here) // 2]
    measures: dict[str, Any] = {
        "median": middles,
        "calls": (len(there), len(here)),
        "psi": stability and stability.value,
        "psi_by_chance": stability and stability.by_chance,
        "ks": gap.distance,
        "ks_at": gap.at,
        "ks_p_value": gap.p_value,
    }
    told = f"median {short(middles[0])} -> {short(middles[1])}, KS {gap.distance:.2f}"
    if stability:
        told += f", PSI {stability.value:.2f}"
    large = gap.distance >= GAP
    if stability and stability.level != "none":
        large = True
        told += f" ({'large' if stability.value >= MUCH else 'moderate'})"
    chance = large and gap.p_value >= P_VALUE
    return _found(name, told, measures, drifted=None if chance else large)


def of_labels(name: str, before: Mapping[str, int], after: Mapping[str, int]) -> Found | None:
    """Whether the shares of labels have drifted; None where neither side tells any."""
    totals = sum(before.values()), sum(after.values())
    if (lacking := _lacking(name, *totals)) is not False:
        return lacking
    distance, test = jensen_shannon(before, after) or 0.0, chi_square(before, after)
    measures: dict[str, Any] = {
        "calls": totals,
        "js": distance,
        "cramers_v": test and test.cramers_v,
        "chi_square": test and test.statistic,
        "p_value": test and test.p_value,
        "before": shares(before),
        "after": shares(after),
    }
    told = f"{_moved(before, after)}, JS {distance:.2f}"
    if test is None:
        large = distance >= LABELS
        return _found(name, told, measures, drifted=None if large else False)
    told += f", V {test.cramers_v:.2f}"
    if test.p_value < P_VALUE:
        large = distance >= LABELS or test.cramers_v >= LABELS
        return _found(name, told, measures, drifted=large)
    # Many rare labels are some way apart by chance (JS), which V, of labels pooled, is not.
    return _found(name, told, measures, drifted=None if test.cramers_v >= LABELS else False)


def of_rate(name: str, before: Rate, after: Rate) -> Found | None:
    """Whether a rate has drifted; None where neither side tells it."""
    if (lacking := _lacking(name, before.of, after.of)) is not False:
        return lacking
    there, here = before.hits / before.of, after.hits / after.of
    size = cohens_h(there, here)
    test = chi_square(*({True: hits, False: of - hits} for hits, of in (before, after)))
    measures = {
        "calls": (before.of, after.of),
        "rate": (there, here),
        "hits": (before.hits, after.hits),
        "h": size,
        "p_value": test and test.p_value,
    }
    told = f"{there:.2%} -> {here:.2%}, h {size:+.2f}"
    if abs(size) < SHARE:
        return _found(name, told, measures, drifted=False)
    clear = test is not None and test.p_value < P_VALUE
    return _found(name, told, measures, drifted=clear or None)


def of_identity(name: str, before: Counter[str], after: Counter[str]) -> Found | None:
    """Whether others answer than did before: a new one is drift however rare it is."""
    totals = before.total(), after.total()
    if (lacking := _lacking(name, *totals)) is not False:
        return lacking
    new = sorted(after.keys() - before.keys())
    gone = [
        one
        for one in sorted(before.keys() - after.keys())
        if before[one] * totals[1] >= _EXPECTED * totals[0]
    ]
    if not new and not gone:
        return of_labels(name, before, after)
    told = [f"{_listed(new)} answered {sum(after[one] for one in new):,} calls"] if new else []
    if new:
        told[0] += " and none before"
    told += [f"{_listed(gone)} answers no more"] if gone else []
    measures = {
        "calls": totals,
        "new": new,
        "gone": gone,
        "before": shares(before),
        "after": shares(after),
    }
    return Found(name, "drift", "; ".join(told), measures)


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """The largest shares, largest first."""
    total = sum(counts.values())
    largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    return {label: round(times / total, 6) for label, times in largest}


def short(value: float) -> str:
    """A number in few digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _lacking(name: str, before: int, after: int) -> Found | Literal[False] | None:
    """What to find where a side tells nothing; False where both tell something."""
    if before and after:
        return False
    if not before and not after:
        return None
    silent, calls = ("the baseline", after) if after else ("the log", before)
    told = f"{silent} does not tell it, the other side of {calls:,} calls does"
    return Found(name, "inconclusive", told, {"calls": (before, after)})


def _found(name: str, told: str, measures: dict[str, Any], *, drifted: bool | None) -> Found:
    if drifted:
        return Found(name, "drift", told, measures)
    before, after = measures["calls"]
    worth = 2 * before * after / (before + after)
    if worth < ENOUGH:
        few = f"{told}; {before:,} and {after:,} calls are too few: {ENOUGH} a side would decide"
        return Found(name, "inconclusive", few, measures)
    if drifted is None:
        told += "; it may be chance, or is too rare for a test: more calls would decide"
        return Found(name, "inconclusive", told, measures)
    return Found(name, "no drift", told, measures)


def _moved(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """The labels whose shares moved most."""
    there, here = sum(before.values()), sum(after.values())
    by_label = {
        label: (before.get(label, 0) / there, after.get(label, 0) / here)
        for label in before.keys() | after.keys()
    }
    most = sorted(by_label.items(), key=lambda pair: (-abs(pair[1][1] - pair[1][0]), pair[0]))
    return ", ".join(f"{label} {a:.1%} -> {b:.1%}" for label, (a, b) in most[:2])


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
