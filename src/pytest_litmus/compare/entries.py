"""Entries: of each test of a run what is compared: its outcome, scores, times, cost and tokens."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_litmus.errors import ReportError
from pytest_litmus.suites.finding import is_quarantined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Came: TypeAlias = Literal["passed", "failed", "undecided", "skipped"]
"""`undecided`: it has no result, because it broke down or its runs do not show which."""

_OF_FINDING: dict[str, Came] = {"safe": "passed", "unsafe": "failed"}
_OF_TEST: dict[str, Came] = {"passed": "passed", "failed": "failed", "skipped": "skipped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One test."""

    outcome: Came
    fingerprint: str | None = None
    """None: not known, so that only a new failure can be told."""
    passed: int = 0
    """Of its decided runs."""
    of: int = 0
    severity: str | None = None
    pillar: Literal["quality", "safety"] = "quality"
    """`safety`: an attack of a suite."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """By the verdict's name; the mean of several."""
    latency_s: tuple[float, ...] = ()
    """Of the program's calls that were answered."""
    cost_usd: Decimal | None = None
    """Of the program's calls, a run; None where one has no price, or there is none."""
    tokens: float | None = None
    """Likewise."""
    rises: Mapping[str, bool | None] = field(default_factory=dict)
    """Of each score whether more is better, by its limit; None where the limit does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A run, or one target of it."""

    name: str
    entries: Mapping[str, Entry]
    """By node id; of a target by what its items share with those of the other."""
    models: tuple[str, ...] = ()
    """That answered the program."""
    version: str | None = None
    """Of pytest-litmus."""
    all_recorded: bool = False
    """Whether no call was live: times and prices are those of its recordings."""


def side_of(report: Mapping[str, Any], *, name: str) -> Side:
    """All tests of a report that are not in quarantine; of one that ran again, the last time."""
    return _side(report, report["tests"], name, lambda test: str(test["nodeid"]))


def sides_by_target(report: Mapping[str, Any], second: str) -> tuple[Side, Side]:
    """The items of a suite's two targets, by what they share: file, case, attack and row.

    Raises:
        ReportError: The run had not both.
    """
    items = [test for test in report["tests"] if test["finding"]]
    there = sorted({test["finding"]["target"] for test in items})
    others = [name for name in there if name != second]
    if second not in there or len(others) != 1:
        shown = ", ".join(repr(name) for name in there) or "none"
        raise ReportError(f"there are no two targets with {second!r}: this run's are {shown}")
    return (
        _side(report, _of(items, others[0]), _target_named(others[0]), _without_target),
        _side(report, _of(items, second), _target_named(second), _without_target),
    )


def _of(items: Iterable[Any], target: str) -> list[Any]:
    return [test for test in items if test["finding"]["target"] == target]


def _target_named(name: str) -> str:
    return f"target {name}" if name else "the first target"


def _without_target(test: Mapping[str, Any]) -> str:
    one = test["finding"]
    variant = "-".join(part for part in (one["attack"], one["row"]) if part)
    return f"{test['file']}::{one['case']}[{variant}]"


def _side(
    report: Mapping[str, Any],
    tests: Iterable[Mapping[str, Any]],
    name: str,
    key: Callable[[Mapping[str, Any]], str],
) -> Side:
    tests = [test for test in tests if not is_quarantined(test)]
    entries = {key(test): entry_of(test) for test in tests}
    calls = [call for test in tests for call in _calls(test)]
    models = {str(call["model"]) for call in calls if call["model"]}
    return Side(
        name=name,
        entries=entries,
        models=tuple(sorted(models)),
        version=report["run"]["versions"].get("pytest-litmus"),
        all_recorded=bool(calls) and all(call["source"] == "recorded" for call in calls),
    )


def entry_of(test: Mapping[str, Any]) -> Entry:
    """A test of `report.json`."""
    finding, calls = test["finding"], _calls(test)
    passed, of = _runs(test)
    began = max(1, _began(test))
    scores, rises = _scores(test)
    return Entry(
        outcome=_came(test),
        fingerprint=test.get("fingerprint"),
        passed=passed,
        of=of,
        severity=test["severity"],
        pillar="safety" if finding and not finding["benign"] else "quality",
        scores=scores,
        rises=rises,
        latency_s=tuple(
            sorted(
                call["duration_s"]
                for call in calls
                if call["duration_s"] is not None and call["error_type"] is None
            )
        ),
        cost_usd=_cost(calls, began),
        tokens=_tokens(calls, began),
    )


def _calls(test: Mapping[str, Any]) -> list[Any]:
    """The program's own."""
    return [call for call in test["calls"] if call["purpose"] == "subject"]


def _came(test: Mapping[str, Any]) -> Came:
    if test["finding"]:
        return _OF_FINDING.get(test["finding"]["outcome"], "undecided")
    if test.get("runs") and test["runs"]["outcome"] not in ("pass", "fail"):
        return "undecided"
    return _OF_TEST.get(test["outcome"], "undecided")


def _runs(test: Mapping[str, Any]) -> tuple[int, int]:
    """How many runs passed, of those that were decided."""
    if test["finding"]:
        safe, unsafe = test["finding"]["safe"], test["finding"]["unsafe"]
        return safe, safe + unsafe
    if test.get("runs"):
        return test["runs"]["passed"], test["runs"]["passed"] + test["runs"]["failed"]
    return int(test["outcome"] == "passed"), int(test["outcome"] in ("passed", "failed"))


def _began(test: Mapping[str, Any]) -> int:
    if test["finding"]:
        return sum(test["finding"][name] for name in ("safe", "unsafe", "undetermined", "errors"))
    return int(test["runs"]["of"]) if test.get("runs") else 1


def _scores(test: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, bool | None]]:
    found: dict[str, list[float | None]] = defaultdict(list)
    rises: dict[str, bool | None] = {}
    for verdict in test["verdicts"]:
        score, limit, name = verdict["score"], verdict["limit"] or {}, verdict["name"]
        # Of several runs of an item, `safe` is their share, which is counted as runs already.
        if score is None or (test["finding"] and name == "safe"):
            continue
        found[name].append(score["value"])
        low, high = limit.get("at_least") is not None, limit.get("at_most") is not None
        rises[name] = low if low != high else None
    known = {name: values for name, values in found.items() if None not in values}
    return {name: fmean(v for v in known[name] if v is not None) for name in sorted(known)}, rises


def _cost(calls: Iterable[Mapping[str, Any]], runs: int) -> Decimal | None:
    prices = [call["cost_usd"] for call in calls]
    if not prices or None in prices:
        return None
    return sum(map(Decimal, prices), Decimal(0)) / runs


def _tokens(calls: Iterable[Mapping[str, Any]], runs: int) -> float | None:
    used = [call[name] for call in calls for name in ("input_tokens", "output_tokens")]
    if not used or None in used:
        return None
    total: float = sum(used)
    return total / runs
