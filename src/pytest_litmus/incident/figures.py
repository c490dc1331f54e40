"""Figures: what each model and each step took, cost and failed at, before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_litmus.compare.comparing import FEWEST_TIMES, Bounds
from pytest_litmus.report.json_ready import decimal_text
from pytest_litmus.report.totals import percentile
from pytest_litmus.stats.paired import benjamini_hochberg
from pytest_litmus.stats.unpaired import mann_whitney

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_litmus.incident.snapshot import Figures, Snapshot

Pace: TypeAlias = Literal["slower", "faster", "no change", "inconclusive", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A group of calls on one side; None is unknown."""

    calls: int
    median_s: float | None
    p95_s: float | None
    errors: Mapping[str, int]
    statuses: Mapping[str, int]
    retries: int
    cost_usd: str | None
    """Of the calls that have a price; None where none has."""
    unpriced: int
    input_tokens: int | None
    """Of the calls that told both counts; None where none did."""
    output_tokens: int | None
    uncounted: int
    """Calls that did not."""
    finish: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The calls of a model or of a step, before and after; None where a side has none."""

    kind: Literal["model", "step"]
    purpose: str
    provider: str | None
    name: str
    before: Total | None
    after: Total | None
    pace: Pace = "unknown"
    shift: float | None = None
    """Of a typical call's time, as a share of the median before."""
    p_value: float | None = None
    """Mann and Whitney's, adjusted for the number of groups."""


def groups_of(before: Snapshot, after: Snapshot) -> tuple[Group, ...]:
    """All models, then all steps where there are any."""
    bounds = Bounds()
    found = [
        _group("model", who.purpose, who.provider, who.model, before.models.get(who),
               after.models.get(who))
        for who in sorted(before.models.keys() | after.models.keys())
    ]  # fmt: skip
    steps = sorted(before.steps.keys() | after.steps.keys())
    if any(steps):
        found += [
            _group("step", "subject", None, name, before.steps.get(name), after.steps.get(name))
            for name in steps
        ]
    return tuple(_paced(found, bounds))


def _group(
    kind: Literal["model", "step"], purpose: str, provider: str | None, name: str,
    before: Figures | None, after: Figures | None,
) -> Group:  # fmt: skip
    group = Group(
        kind=kind, purpose=purpose, provider=provider, name=name,
        before=_total(before), after=_total(after),
    )  # fmt: skip
    if before is None or after is None:
        return group
    shift = mann_whitney(before.latency_s, after.latency_s)
    if shift is None:
        return group
    if min(len(before.latency_s), len(after.latency_s)) < FEWEST_TIMES:
        return replace(group, pace="inconclusive")
    middle = median(before.latency_s)
    return replace(group, shift=shift.shift / middle if middle else None, p_value=shift.p_value)


def _paced(groups: Sequence[Group], bounds: Bounds) -> list[Group]:
    """With p values for being many, and what they and the sizes say."""
    tested = [place for place, one in enumerate(groups) if one.p_value is not None]
    adjusted = benjamini_hochberg([groups[place].p_value or 0.0 for place in tested])
    by_place = dict(zip(tested, adjusted, strict=True))
    return [
        _with_pace(one, by_place[place], bounds) if place in by_place else one
        for place, one in enumerate(groups)
    ]


def _with_pace(group: Group, p_value: float, bounds: Bounds) -> Group:
    pace: Pace = "no change"
    if group.shift is None:
        pace = "unknown"
    elif abs(group.shift) >= bounds.min_latency:
        pace = "slower" if group.shift > 0 else "faster"
        pace = pace if p_value <= 1 - bounds.confidence else "inconclusive"
    return replace(group, p_value=p_value, pace=pace)


def _total(figures: Figures | None) -> Total | None:
    if figures is None:
        return None
    times = sorted(figures.latency_s)
    priced = figures.calls - figures.unpriced
    counted = figures.calls > figures.uncounted
    return Total(
        calls=figures.calls,
        median_s=median(times) if times else None,
        p95_s=percentile(times, 0.95),
        errors=dict(figures.errors.most_common()),
        statuses={str(status): times for status, times in figures.statuses.most_common()},
        retries=figures.retries,
        cost_usd=decimal_text(figures.cost_usd) if priced else None,
        unpriced=figures.unpriced,
        input_tokens=figures.input_tokens if counted else None,
        output_tokens=figures.output_tokens if counted else None,
        uncounted=figures.uncounted,
        finish=dict(figures.finish.most_common()),
    )
