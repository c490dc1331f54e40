"""Flaky: tests whose result changed from one run to the next although the test did not.

A flip is a pass after a fail, or a fail after a pass, of the same fingerprint: a test that was
changed may come out otherwise. Where both runs are of the same clean revision, not even the program
changed, and a flip is flakiness for sure. A replayed test cannot flip by the model, so that live
and replayed results are counted apart; of a live and a replayed one in a row nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pytest_litmus.stats.rates import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_litmus.history.asking import Result

Kind = Literal["live", "replayed"]


@dataclass(frozen=True, kw_only=True)
class Flaky:
    """How often a test flipped."""

    nodeid: str
    kind: Kind
    """`replayed`: without any live call, and so also of a test without calls."""
    flips: int
    pairs: int
    """Results in a row that could have differed."""
    rate: float
    low: float
    """Of the rate's 95% interval (Wilson's). Results of one test in a row are not independent, so
    that it is rather too narrow."""
    high: float
    same_revision_flips: int
    same_revision_pairs: int
    passed: int
    """Results, of those that were decided."""
    failed: int
    last: str
    """What it came to the last time."""


@dataclass(frozen=True)
class Flakiness:
    """The flaky tests, and how much was looked at."""

    flaky: tuple[Flaky, ...]
    """The worst first: by the lower end of the rate's interval."""
    tests: int
    """With two results in a row that could have differed."""
    without_fingerprint: int
    """Tests with results in a row that cannot be compared, because no fingerprint is known."""


def flakiness(tests: Iterable[tuple[str, Sequence[Result]]]) -> Flakiness:
    """How often the tests flipped, by their results in the order of time."""
    found, looked_at, unknown = [], 0, 0
    for nodeid, of_test in tests:
        decided = [one for one in of_test if one.decided]
        unknown += any(None in (a.fingerprint, b.fingerprint) for a, b in pairwise(decided))
        counted = list(_counted(nodeid, decided))
        looked_at += bool(counted)
        found += [one for one in counted if one.flips]
    ranked = sorted(found, key=lambda one: (-one.low, -one.flips, one.nodeid, one.kind))
    return Flakiness(tuple(ranked), looked_at, unknown)


def _counted(nodeid: str, decided: Sequence[Result]) -> Iterator[Flaky]:
    kinds: tuple[Kind, ...] = ("live", "replayed")
    for kind in kinds:
        pairs = [
            (before, after)
            for before, after in pairwise(decided)
            if before.live == after.live == (kind == "live") and _comparable(before, after)
        ]
        flips = [_flipped(*pair) for pair in pairs]
        same = [_flipped(*pair) for pair in pairs if _same_revision(*pair)]
        interval = wilson(sum(flips), len(flips))
        if interval is None:
            continue
        results = [one.result for one in decided if one.live == (kind == "live")]
        yield Flaky(
            nodeid=nodeid,
            kind=kind,
            flips=sum(flips),
            pairs=len(flips),
            rate=sum(flips) / len(flips),
            low=interval.low,
            high=interval.high,
            same_revision_flips=sum(same),
            same_revision_pairs=len(same),
            passed=results.count("passed"),
            failed=results.count("failed"),
            last=results[-1],
        )


def _comparable(before: Result, after: Result) -> bool:
    return before.fingerprint is not None and before.fingerprint == after.fingerprint


def _flipped(before: Result, after: Result) -> bool:
    return before.result != after.result


def _same_revision(before: Result, after: Result) -> bool:
    """The same commit without changes of its own, or the same run, in which it ran again."""
    one, other = before.run, after.run
    if one["id"] == other["id"]:
        return True
    revisions = one["git_revision"], other["git_revision"]
    clean = one["git_dirty"] == other["git_dirty"] == 0
    return clean and revisions[0] is not None and revisions[0] == revisions[1]
