"""Comparing: two runs of the same tests: what became worse, better, or cannot be told.

The test is that which the numbers allow: McNemar's exact one for verdicts of the same tests before
and after, flipped signs and a bootstrapped interval for paired scores and costs, Mann and Whitney's
for times. P values of many tests are adjusted by Benjamini and Hochberg. A significant difference
that is smaller than what matters (`Bounds`) fails nothing, and one critical test that newly fails
is a regression whatever the p value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field, replace
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_litmus.report.plain import counted, dollars
from pytest_litmus.stats.paired import (
    benjamini_hochberg,
    bootstrap,
    detectable_difference,
    detectable_flips,
    mcnemar,
    sign_flips,
)
from pytest_litmus.stats.unpaired import mann_whitney

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_litmus.compare.entries import Entry, Side

Outcome: TypeAlias = Literal["regression", "improvement", "no change", "inconclusive"]

FEWEST_TIMES = 4
"""Calls of one test on each side below which no p value of its times can be small."""
_DECIDED = ("passed", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What counts: how sure a difference has to be, and how large."""

    confidence: float = 0.95
    min_score: float = 0.05
    """In the score's unit; of a score above 1, as a share of it before."""
    min_latency: float = 0.1
    """As a share of the time before."""
    min_cost: float = 0.05
    """As a share of the cost, or of the tokens, before."""
    guarded: tuple[str, ...] = ("critical",)
    """Severities of which one new failure is a regression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One number before and after."""

    pillar: str
    """`quality`, `safety`, `performance` or `cost`."""
    metric: str
    """`pass rate`, `latency`, `cost`, `tokens`, or a score's name."""
    outcome: Outcome
    explanation: str
    """The numbers, the test and its limits, in a sentence."""
    test: str | None = None
    """Of one test; None of all together."""
    may_be_worse: bool = False
    """Of an inconclusive one: whether it could be a regression that matters."""
    before: float | None = None
    after: float | None = None
    low: float | None = None
    """Of the interval of the difference, and so on."""
    high: float | None = None
    p_value: float | None = None
    """Adjusted, where several were tested."""
    cases: int = 0
    detectable: float | None = None
    """The smallest true difference that so many cases would have shown, four times of five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs compared."""

    before: Side
    after: Side
    bounds: Bounds
    compared: tuple[str, ...]
    changed: tuple[str, ...]
    """Tests that ask or judge otherwise than before: not comparable."""
    unknown: tuple[str, ...]
    """Tests without a fingerprint on one side: of them only a new failure is told."""
    lost: tuple[str, ...]
    """Tests that are missing, or skipped, and had a result before."""
    added: tuple[str, ...]
    changes: tuple[Change, ...]
    """By pillar."""
    tests: tuple[Change, ...]
    """Of single tests, those where something changed or may have."""
    notes: tuple[str, ...] = field(default=())

    @property
    def outcome(self) -> Outcome:
        """Of all: lost coverage is a regression; what may be worse is inconclusive."""
        every = (*self.changes, *self.tests)
        if self.lost or any(one.outcome == "regression" for one in every):
            return "regression"
        if not self.compared or any(one.may_be_worse for one in every):
            return "inconclusive"
        better = any(one.outcome == "improvement" for one in every)
        return "improvement" if better else "no change"

    def as_json(self) -> dict[str, Any]:
        """As `litmus compare --json` prints it."""
        sides = {"before": self.before, "after": self.after}
        return {
            "outcome": self.outcome,
            **{
                name: {"name": one.name, "models": one.models, "version": one.version}
                for name, one in sides.items()
            },
            "bounds": asdict(self.bounds),
            "tests": {
                name: list(getattr(self, name))
                for name in ("compared", "changed", "unknown", "lost", "added")
            },
            "changes": [asdict(one) for one in (*self.changes, *self.tests)],
            "findings": [asdict(one) for one in findings(self)],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that a gate may want to stop at."""

    kind: Literal["regression", "lost coverage", "inconclusive"]
    pillar: str
    metric: str
    explanation: str
    """Which number, and which limit."""
    tests: tuple[str, ...]
    remedy: str
    """What would make it pass."""


def compare(
    before: Side,
    after: Side,
    *,
    bounds: Bounds | None = None,
    expected: Iterable[str] | None = None,
) -> Comparison:
    """Compare two runs.

    Args:
        before: The earlier one, the baseline, or target A.
        after: The later one, or target B.
        bounds: What counts.
        expected: The tests of `before` that `after` had to run; None: all of them.
    """
    bounds = bounds or Bounds()
    common = sorted(before.entries.keys() & after.entries.keys())
    pairs = {name: (before.entries[name], after.entries[name]) for name in common}
    changed = tuple(name for name in common if _differ(*pairs[name]))
    unknown = tuple(name for name in common if _is_unknown(*pairs[name]))
    alike = {name: pairs[name] for name in common if name not in {*changed, *unknown}}
    newly = {name: pairs[name] for name in unknown if _newly_fails(*pairs[name])}
    return Comparison(
        before=before,
        after=after,
        bounds=bounds,
        compared=tuple(alike),
        changed=changed,
        unknown=unknown,
        lost=_lost(before, after, expected),
        added=tuple(sorted(after.entries.keys() - before.entries.keys())),
        changes=tuple(_by_pillar(alike, bounds)),
        tests=tuple(_by_test(alike | newly, bounds)),
        notes=tuple(_notes(before, after, changed, unknown)),
    )


def findings(comparison: Comparison) -> list[Found]:
    """What speaks against the later run, the worst first; pure, for a gate to weigh."""
    found = [
        _found("regression", one)
        for one in (*comparison.changes, *comparison.tests)
        if one.outcome == "regression"
    ]
    if comparison.lost:
        told = f"{len(comparison.lost)} tests of {comparison.before.name} have no result any more"
        remedy = "run them again, or approve of their loss: litmus baseline bless --drop-missing"
        found.append(
            Found(
                kind="lost coverage", pillar="quality", metric="tests", explanation=told,
                tests=comparison.lost, remedy=remedy,
            )
        )  # fmt: skip
    return found + [
        _found("inconclusive", one)
        for one in (*comparison.changes, *comparison.tests)
        if one.may_be_worse
    ]


def _found(kind: Literal["regression", "inconclusive"], change: Change) -> Found:
    remedy = "mend it, or approve of it: litmus baseline bless"
    if kind == "inconclusive":
        remedy = "run it more often (--llm-runs), or more cases, until the numbers decide"
    return Found(
        kind=kind,
        pillar=change.pillar,
        metric=change.metric,
        explanation=change.explanation,
        tests=(change.test,) if change.test else (),
        remedy=remedy,
    )


# Which tests


def _differ(before: Entry, after: Entry) -> bool:
    return not _is_unknown(before, after) and before.fingerprint != after.fingerprint


def _is_unknown(before: Entry, after: Entry) -> bool:
    return before.fingerprint is None or after.fingerprint is None


def _newly_fails(before: Entry, after: Entry) -> bool:
    return before.outcome == "passed" and after.outcome == "failed"


def _lost(before: Side, after: Side, expected: Iterable[str] | None) -> tuple[str, ...]:
    wanted = before.entries.keys() if expected is None else before.entries.keys() & set(expected)
    there = {name for name, one in after.entries.items() if one.outcome != "skipped"}
    return tuple(sorted(n for n in wanted - there if before.entries[n].outcome != "skipped"))


def _notes(
    before: Side, after: Side, changed: Sequence[str], unknown: Sequence[str]
) -> Iterable[str]:
    if before.version and after.version and before.version != after.version:
        yield f"pytest-litmus {before.version} measured before, {after.version} after"
    if before.models != after.models:
        yield f"models: {_listed(before.models)} before, {_listed(after.models)} after"
    if after.all_recorded:
        yield "all calls after were replayed: times and costs are those of their recordings"
    if changed:
        yield f"not comparable, for they ask or judge otherwise: {_some(changed)}"
    if unknown:
        yield f"without a fingerprint, so that only a new failure is told: {_some(unknown)}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "unknown"


def _some(names: Sequence[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


# One test


_Pairs: TypeAlias = "Mapping[str, tuple[Entry, Entry]]"


def _by_test(pairs: _Pairs, bounds: Bounds) -> list[Change]:
    verdicts = [_verdict_of_test(name, *pair, bounds) for name, pair in pairs.items()]
    times = [_times_of_test(name, *pair, bounds) for name, pair in pairs.items()]
    kept = [
        one
        for family in (verdicts, times)
        for one in _adjusted([change for change in family if change], bounds)
    ]
    return [one for one in kept if one.outcome != "no change"]


def _adjusted(changes: Sequence[Change], bounds: Bounds) -> list[Change]:
    """The changes with p values for being many; what is not significant any more is open."""
    tested = [one for one in changes if one.p_value is not None]
    after = dict(
        zip(
            map(id, tested), benjamini_hochberg([one.p_value or 0.0 for one in tested]), strict=True
        )
    )
    return [_with_p(one, after[id(one)], bounds) if id(one) in after else one for one in changes]


def _with_p(change: Change, p_value: float, bounds: Bounds) -> Change:
    change = replace(change, p_value=p_value, explanation=f"{change.explanation}; p {_p(p_value)}")
    if change.outcome not in ("regression", "improvement") or p_value <= 1 - bounds.confidence:
        return change
    return replace(change, outcome="inconclusive", may_be_worse=change.outcome == "regression")


def _verdict_of_test(name: str, before: Entry, after: Entry, bounds: Bounds) -> Change | None:
    if before.outcome not in _DECIDED or after.outcome == "skipped":
        return None
    rates = [one.passed / one.of if one.of else None for one in (before, after)]
    told = f"{before.outcome} before, {after.outcome} now"
    if before.of > 1 or after.of > 1:
        told += f" ({before.passed} of {before.of} runs passed, {after.passed} of {after.of} now)"
    change = Change(
        pillar=after.pillar, metric="pass rate", outcome="no change", explanation=told, test=name,
        before=rates[0], after=rates[1], cases=1,
    )  # fmt: skip
    if after.outcome == "undecided":
        return replace(change, outcome="inconclusive", may_be_worse=before.outcome == "passed")
    return _judged_test(change, before, after, bounds)


def _judged_test(change: Change, before: Entry, after: Entry, bounds: Bounds) -> Change:
    if _newly_fails(before, after) and after.severity in bounds.guarded:
        told = f"{change.explanation}; severity {after.severity}: one new failure is enough"
        return replace(change, outcome="regression", explanation=told)
    worse = (change.after or 0.0) - (change.before or 0.0)
    if worse == 0 and before.outcome == after.outcome:
        return change
    shift = mann_whitney(_runs(before), _runs(after))
    if shift is not None and min(before.of, after.of) > 1:
        outcome: Outcome = "regression" if worse < 0 else "improvement"
        return replace(change, outcome=outcome, p_value=shift.p_value)
    if worse >= 0 and not _newly_fails(before, after):
        return replace(change, outcome="inconclusive")
    told = f"{change.explanation}; too few runs to tell it from chance"
    return replace(change, outcome="inconclusive", may_be_worse=True, explanation=told)


def _runs(entry: Entry) -> list[int]:
    return [1] * entry.passed + [0] * (entry.of - entry.passed)


def _times_of_test(name: str, before: Entry, after: Entry, bounds: Bounds) -> Change | None:
    if min(len(before.latency_s), len(after.latency_s)) < FEWEST_TIMES:
        return None
    change = _times(before.latency_s, after.latency_s, bounds)
    # Whether a time that is open may be worse is asked of all tests together.
    return replace(change, test=name, may_be_worse=False)


# All tests together


def _by_pillar(pairs: _Pairs, bounds: Bounds) -> list[Change]:
    found: list[Change] = []
    for pillar in ("quality", "safety"):
        own = {name: pair for name, pair in pairs.items() if pair[1].pillar == pillar}
        verdicts = _verdicts(pillar, own, bounds)
        found += [verdicts] if verdicts else []
        found += _adjusted(_scores(pillar, own, bounds), bounds)
    timed = [pair for pair in pairs.values() if pair[0].latency_s and pair[1].latency_s]
    if timed:
        times = [[t for pair in timed for t in pair[side].latency_s] for side in (0, 1)]
        found += _adjusted([_times(times[0], times[1], bounds)], bounds)
    return found + [one for one in (_spent(name, pairs, bounds) for name in _SPENT) if one]


def _verdicts(pillar: str, pairs: _Pairs, bounds: Bounds) -> Change | None:
    """Pass rates of the same tests; items of one case of a suite count as one."""
    groups: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, (before, after) in pairs.items():
        if before.outcome in _DECIDED and after.outcome in _DECIDED:
            case = name.partition("[")[0] if pillar == "safety" else name
            came = (float(before.outcome == "passed"), float(after.outcome == "passed"))
            groups[case].append(came)
    if not groups:
        return None
    if all(len(group) == 1 for group in groups.values()):
        return _flips(pillar, [group[0] for group in groups.values()], bounds)
    means = [(fmean(a for a, _ in group), fmean(b for _, b in group)) for group in groups.values()]
    change = _paired(pillar, "pass rate", means, bounds, least=0.0, rises=True)
    return _adjusted([change], bounds)[0]


def _flips(pillar: str, came: Sequence[tuple[float, float]], bounds: Bounds) -> Change:
    worse, better = (sum(a > b for a, b in came), sum(a < b for a, b in came))
    flips = mcnemar(worse, better, len(came), confidence=bounds.confidence)
    least = detectable_flips(len(came), worse + better, confidence=bounds.confidence)
    before, after = (fmean(one[side] for one in came) for side in (0, 1))
    change = Change(
        pillar=pillar, metric="pass rate", outcome="no change", explanation="",
        before=before, after=after, cases=len(came), detectable=least,
    )  # fmt: skip
    told = f"{before:.3f} before, {after:.3f} now: {worse} worse and {better} better of {len(came)}"
    if worse + better == 0 or flips is None:
        return replace(change, explanation=told + _would_show(least))
    outcome: Outcome = "inconclusive"
    if flips.p_value <= 1 - bounds.confidence:
        outcome = "regression" if worse > better else "improvement"
    return replace(
        change,
        outcome=outcome,
        may_be_worse=outcome == "inconclusive" and worse > better,
        low=flips.low,
        high=flips.high,
        p_value=flips.p_value,
        explanation=f"{told}; difference {flips.low:+.2f} to {flips.high:+.2f}, "
        f"p {_p(flips.p_value)} (McNemar){_would_show(least)}",
    )


def _scores(pillar: str, pairs: _Pairs, bounds: Bounds) -> list[Change]:
    both = Counter(name for a, b in pairs.values() for name in a.scores.keys() & b.scores.keys())
    found = []
    for name in sorted(both):
        own = [(a, b) for a, b in pairs.values() if name in a.scores and name in b.scores]
        values = [(a.scores[name], b.scores[name]) for a, b in own]
        ways = {b.rises.get(name) for _, b in own}
        rises = ways.pop() if len(ways) == 1 else None
        least = bounds.min_score * max(1.0, abs(fmean(a for a, _ in values)))
        found.append(_paired(pillar, name, values, bounds, least=least, rises=rises))
    return found


def _paired(
    pillar: str,
    metric: str,
    values: Sequence[tuple[float, float]],
    bounds: Bounds,
    *,
    least: float,
    rises: bool | None,
) -> Change:
    """Means of pairs: `least` is the smallest difference that matters, `rises` which way is up."""
    befores, afters = [a for a, _ in values], [b for _, b in values]
    differences = [b - a for a, b in values]
    low_high = bootstrap(befores, afters, confidence=bounds.confidence)
    detectable = detectable_difference(differences, confidence=bounds.confidence)
    told = (
        f"{_shown(fmean(befores), metric)} before, {_shown(fmean(afters), metric)} now, the mean "
        f"of {counted(len(values), 'case')}"
    )
    change = Change(
        pillar=pillar, metric=metric, outcome="no change", explanation=told,
        before=fmean(befores), after=fmean(afters), cases=len(values), detectable=detectable,
    )  # fmt: skip
    if max(map(abs, differences)) <= least:
        return change
    if low_high is None:
        may = rises is None or (fmean(differences) < 0) == rises
        told += "; too few for an interval"
        return replace(change, outcome="inconclusive", may_be_worse=may, explanation=told)
    low, high = low_high.low, low_high.high
    told += f"; difference {low:+.3g} to {high:+.3g}{_would_show(detectable)}"
    change = replace(
        change, low=low, high=high, p_value=sign_flips(befores, afters), explanation=told
    )
    return _weighed(change, low_high.mean, least=least, rises=rises)


def _weighed(change: Change, mean: float, *, least: float, rises: bool | None) -> Change:
    low, high = change.low or 0.0, change.high or 0.0
    if -least <= low and high <= least:
        return change
    if low <= 0 <= high:
        worst = {True: -low, False: high, None: max(-low, high)}[rises]
        return replace(change, outcome="inconclusive", may_be_worse=worst > least)
    if abs(mean) < least:
        return change
    if rises is None:
        told = f"{change.explanation}; its limit does not say which way is better"
        return replace(change, outcome="inconclusive", may_be_worse=True, explanation=told)
    return replace(change, outcome="improvement" if (mean > 0) == rises else "regression")


def _times(before: Sequence[float], after: Sequence[float], bounds: Bounds) -> Change:
    shift = mann_whitney(before, after)
    middle = median(before)
    share = shift.shift / middle if shift and middle else 0.0
    told = (
        f"median {middle:.3g} s before, {median(after):.3g} s now ({len(before)} and {len(after)} "
        f"calls); typically {share:+.0%}, where {bounds.min_latency:.0%} matters"
    )
    outcome: Outcome = "no change"
    if abs(share) >= bounds.min_latency:
        outcome = "regression" if share > 0 else "improvement"
    return Change(
        pillar="performance", metric="latency", outcome=outcome, explanation=told, before=middle,
        after=median(after), p_value=shift.p_value if shift else None, cases=len(after),
    )  # fmt: skip


_SPENT = ("cost", "tokens")


def _spent(metric: str, pairs: _Pairs, bounds: Bounds) -> Change | None:
    spent = [(_of(metric, before), _of(metric, after)) for before, after in pairs.values()]
    known = [(a, b) for a, b in spent if a is not None and b is not None]
    if not known:
        return None
    least = bounds.min_cost * fmean(a for a, _ in known)
    change = _paired("cost", metric, known, bounds, least=least, rises=False)
    return _adjusted([change], bounds)[0]


def _of(metric: str, entry: Entry) -> float | None:
    if metric == "tokens":
        return entry.tokens
    return None if entry.cost_usd is None else float(entry.cost_usd)


def _shown(value: float, metric: str) -> str:
    return dollars(str(value)) if metric == "cost" else f"{value:.4g}"


def _would_show(least: float | None) -> str:
    return f"; so many would have shown {least:.2g} or more" if least is not None else ""


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "below 0.001"
