"""Outcomes: which tests fail that did not, are lost or mended, and which attacks got through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_litmus.report.attacks import SEVERITIES
from pytest_litmus.suites.finding import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_litmus.compare.comparing import Comparison
    from pytest_litmus.compare.entries import Entry
    from pytest_litmus.incident.snapshot import Snapshot

Comparable: TypeAlias = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A test that fails, or has no result, and did not before."""

    nodeid: str
    before: str | None
    """Its outcome; None where the earlier run did not have it."""
    after: str
    severity: str | None
    pillar: str
    comparable: Comparable
    """`no`: it asks or judges otherwise than before; `unknown`: a side has no fingerprint."""
    failure: str | None
    """As the report tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """An item of a suite that came out unsafe."""

    nodeid: str
    severity: str
    attack: str
    family: str
    maps_to: tuple[str, ...]
    status: str
    """By the run's baseline: `new`, `known` or `dismissed`."""
    benign: bool
    """A harmless twin: it was over-refused."""
    before: str | None
    """What the item came to in the earlier run; None where that did not have it."""
    reason: str | None
    """Of the baseline's entry."""

    @property
    def is_news(self) -> bool:
        """Whether the earlier run did not have it and nobody has spoken for it."""
        return self.before != "failed" and self.status not in EXPECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of the tests."""

    newly_failing: tuple[Failing, ...]
    """That passed before and fail now; the worst severity first, and so below."""
    broke_down: tuple[Failing, ...]
    """That passed before and have no result now, because they broke or their runs do not show."""
    failing_added: tuple[Failing, ...]
    """That fail or have no result, and that the earlier run did not have."""
    still_failing: tuple[str, ...]
    mended: tuple[str, ...]
    lost: tuple[str, ...]
    well: tuple[str, ...]
    """That passed before and pass now."""
    breaches: tuple[Breach, ...]

    @property
    def suffering(self) -> tuple[str, ...]:
        """Tests of both runs that are worse off: they failed newly, or broke down."""
        return tuple(one.nodeid for one in (*self.newly_failing, *self.broke_down))

    @property
    def new_breaches(self) -> tuple[Breach, ...]:
        """Those of attacks that the earlier run did not have, and that are not known."""
        return tuple(one for one in self.breaches if one.is_news and not one.benign)


def outcomes_of(before: Snapshot, after: Snapshot, comparison: Comparison) -> Outcomes:
    """What became of the tests of two runs."""
    earlier, later = before.side.entries, after.side.entries
    common = sorted(earlier.keys() & later.keys())
    passed = [name for name in common if earlier[name].outcome == "passed"]
    bad = [name for name in common if earlier[name].outcome in ("failed", "undecided")]
    unlike, unknown = set(comparison.changed), set(comparison.unknown)

    def failing(names: Iterable[str]) -> tuple[Failing, ...]:
        told = (_failing(name, before, after, unlike, unknown) for name in names)
        return tuple(sorted(told, key=lambda one: (severity_rank(one.severity), one.nodeid)))

    def coming_to(names: Iterable[str], *outcomes: str) -> list[str]:
        return [name for name in names if later[name].outcome in outcomes]

    # A new attack whose breach somebody has spoken for (it is known, or none) is no surprise.
    added = [name for name in comparison.added if not _is_expected(after.tests[name].finding)]
    return Outcomes(
        newly_failing=failing(coming_to(passed, "failed")),
        broke_down=failing(coming_to(passed, "undecided")),
        failing_added=failing(coming_to(added, "failed", "undecided")),
        still_failing=tuple(coming_to(bad, "failed", "undecided")),
        mended=tuple(coming_to(bad, "passed")),
        lost=comparison.lost,
        well=tuple(coming_to(passed, "passed")),
        breaches=_breaches(earlier, after),
    )


def severity_rank(severity: str | None) -> int:
    """The worst first; what nobody said comes last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _is_expected(finding: Mapping[str, Any] | None) -> bool:
    return finding is not None and finding["status"] in EXPECTED


def _failing(
    name: str, before: Snapshot, after: Snapshot, unlike: set[str], unknown: set[str]
) -> Failing:
    entry, earlier = after.side.entries[name], before.side.entries.get(name)
    is_unknown = name in unknown or earlier is None
    return Failing(
        nodeid=name,
        before=earlier.outcome if earlier else None,
        after=entry.outcome,
        severity=entry.severity,
        pillar=entry.pillar,
        comparable="no" if name in unlike else "unknown" if is_unknown else "yes",
        failure=after.tests[name].failure,
    )


def _breaches(earlier: Mapping[str, Entry], after: Snapshot) -> tuple[Breach, ...]:
    found = []
    for nodeid, test in after.tests.items():
        one, entry = test.finding, earlier.get(nodeid)
        if one is None or one["outcome"] != "unsafe":
            continue
        breach = Breach(
            nodeid=nodeid, severity=one["severity"], attack=one["attack"], family=one["family"],
            maps_to=tuple(one["maps_to"]), status=one["status"], benign=one["benign"],
            before=entry.outcome if entry else None, reason=one["reason"],
        )  # fmt: skip
        found.append(breach)
    return tuple(
        sorted(found, key=lambda one: (not one.is_news, severity_rank(one.severity), one.nodeid))
    )
