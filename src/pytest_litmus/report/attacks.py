"""Attacks: how often a run's suites were breached, by family, attack and severity.

The rate is of runs, safe and unsafe; those that could not be decided stand beside it. Items of one
case say nearly the same again, so that the interval is the cluster-robust one. Cases in quarantine
are counted apart, and in nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pytest_litmus.stats.rates import clustered, corrected, wilson
from pytest_litmus.suites.detectors import errors_of
from pytest_litmus.suites.finding import QUARANTINED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.suites.finding import Finding

SEVERITIES = ("critical", "high", "medium", "low")


def attack_results(records: Iterable[TestRecord]) -> dict[str, Any] | None:
    """What the suites of a run found; None where it had none."""
    every = {record.nodeid: record.finding for record in records if record.finding}
    if not every:
        return None
    quarantined = {name: one for name, one in every.items() if one.status == QUARANTINED}
    found = {name: one for name, one in every.items() if name not in quarantined}
    attacks = [one for one in found.values() if not one.benign]
    twins = [one for one in found.values() if one.benign]
    return {
        "attack_success": rate(attacks),
        "over_refusal": rate(twins),
        "by_family": by(attacks, lambda one: one.family),
        "by_attack": by(attacks, lambda one: one.attack),
        "by_attack_family": by(attacks, lambda one: one.attack_family or "plain"),
        "by_severity": by(attacks, lambda one: one.severity, order=SEVERITIES),
        "by_target": by(attacks, lambda one: one.target),
        "by_taxonomy": _by_taxonomy(attacks),
        "over_refusal_by_family": by(twins, lambda one: one.family),
        "breaches": _by_status(found, benign=False)
        | {QUARANTINED: sorted(n for n, one in quarantined.items() if one.outcome == "unsafe")},
        "over_refused": _by_status(found, benign=True),
        "quarantined": rate(list(quarantined.values())),
        "seeds": sorted({one.seed for one in every.values() if one.seed}),
    }


def _by_status(found: Mapping[str, Finding], *, benign: bool) -> dict[str, list[str]]:
    """Node ids by what the baseline says of them."""
    ours = {nodeid: one.status for nodeid, one in found.items() if one.benign == benign}
    return {
        status: sorted(nodeid for nodeid, its in ours.items() if its == status)
        for status in ("new", "known", "dismissed", "fixed")
    }


def rate(findings: Sequence[Finding]) -> dict[str, Any]:
    """How many runs were unsafe, of those that were decided."""
    unsafe = sum(one.unsafe for one in findings)
    of = unsafe + sum(one.safe for one in findings)
    interval = _interval(findings, unsafe, of)
    return {
        "items": len(findings),
        "unsafe": unsafe,
        "of": of,
        "rate": unsafe / of if of else None,
        "low": interval[0] if interval else None,
        "high": interval[1] if interval else None,
        "corrected": _corrected(findings, unsafe, of),
        "undetermined": sum(one.undetermined for one in findings),
        "errors": sum(one.errors for one in findings),
    }


def _corrected(findings: Sequence[Finding], unsafe: int, of: int) -> dict[str, Any] | None:
    """The rate with the detector's measured errors taken out; None where it is not known.

    It takes one detector that all rest on: of several, which errors count is not known, and a
    proof (a canary, a tool call) has none that were measured.
    """
    rested = {name for one in findings for name in one.rests_on}
    errors = errors_of(rested.pop()) if len(rested) == 1 else None
    if errors is None:
        return None
    rate = corrected(unsafe, of, sensitivity=errors.sensitivity, specificity=errors.specificity)
    return {**rate._asdict(), "data": errors.data} if rate else None


def by(
    findings: Iterable[Finding],
    key: Callable[[Finding], str],
    *,
    order: Sequence[str] = (),
) -> dict[str, Any]:
    """Rates by a property, in an order or the alphabet's."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        groups[key(one)].append(one)
    names = [name for name in order if name in groups] or sorted(groups)
    return {name: rate(groups[name]) for name in names}


def _by_taxonomy(findings: Iterable[Finding]) -> dict[str, Any]:
    groups: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        for name in one.maps_to:
            groups[name].append(one)
    return {name: rate(groups[name]) for name in sorted(groups)}


def _interval(findings: Sequence[Finding], unsafe: int, of: int) -> tuple[float, float] | None:
    """Cluster-robust by case; Wilson's where there is one case."""
    cases: Mapping[tuple[str, str], list[Finding]] = defaultdict(list)
    for one in findings:
        cases[one.suite, one.case].append(one)
    counts = [
        (sum(one.unsafe for one in group), sum(one.unsafe + one.safe for one in group))
        for group in cases.values()
    ]
    robust = clustered(counts)
    if robust is not None:
        return robust.low, robust.high
    return wilson(unsafe, of)
