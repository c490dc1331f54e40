"""Changes: what came out otherwise when a test was decided again, and by which evaluator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.verdicts import Verdict

_BAD = ("failed", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """A verdict before and after."""

    name: str
    run: int | None
    """Of a test that ran several times, which run, counted from 1."""
    was: Verdict | None
    """None of one that was not held then."""
    now: Verdict | None
    """None of one that is not held any more."""

    @property
    def is_decisive(self) -> bool:
        """Whether the outcome is another one, and not only the score or the limit."""
        return _outcome(self.was) != _outcome(self.now)

    def as_json(self) -> dict[str, Any]:
        """As `litmus rescore --json` prints it."""
        return {
            "name": self.name,
            "run": self.run,
            "was": _verdict_as_json(self.was),
            "is": _verdict_as_json(self.now),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A test before and after."""

    nodeid: str
    was: str
    """Its outcome; of an item of a suite with what was found: `skipped (unsafe, known)`."""
    now: str
    is_worse: bool
    """Whether it fails, and did not."""
    verdicts: tuple[VerdictChange, ...]
    stays: str = ""
    """Why it stays as it was, whatever its verdicts are; or empty."""

    @property
    def is_decisive(self) -> bool:
        """Whether an outcome is another one, and not only scores."""
        return self.was != self.now or any(one.is_decisive for one in self.verdicts)

    def as_json(self) -> dict[str, Any]:
        """As `litmus rescore --json` prints it."""
        return {
            "nodeid": self.nodeid,
            "was": self.was,
            "is": self.now,
            "is_worse": self.is_worse,
            "stays_because": self.stays or None,
            "verdicts": [one.as_json() for one in self.verdicts],
        }


def change_of(was: TestRecord, now: TestRecord, *, stays: str = "") -> Change | None:
    """What came out otherwise; None where nothing did."""
    verdicts = tuple(_verdict_changes(was, now))
    label_was, label_now = _label(was), _label(now)
    if label_was == label_now and not verdicts:
        return None
    return Change(
        nodeid=now.nodeid,
        was=label_was,
        now=label_now,
        is_worse=now.outcome in _BAD and was.outcome not in _BAD,
        verdicts=verdicts,
        stays=stays,
    )


def _label(record: TestRecord) -> str:
    finding = record.finding
    if finding is None:
        return record.outcome
    status = f", {finding.status}" if finding.status else ""
    return f"{record.outcome} ({finding.outcome}{status})"


def _verdict_changes(was: TestRecord, now: TestRecord) -> Iterator[VerdictChange]:
    runs_was, runs_now = _runs(was), _runs(now)
    several = max(len(runs_was), len(runs_now)) > 1
    # An item that is decided sooner has fewer runs: those beyond were not decided again.
    for number, (before, after) in enumerate(zip(runs_was, runs_now, strict=False), 1):
        yield from _of_run(before, after, number if several else None)
    yield from _of_run(_budgets(was), _budgets(now), None)


def _runs(record: TestRecord) -> list[tuple[Verdict, ...]]:
    if not record.attempts:
        return [record.verdicts]
    several = len(record.attempts) > 1
    return [(*one.verdicts, *(one.budgets if several else ())) for one in record.attempts]


def _budgets(record: TestRecord) -> tuple[Verdict, ...]:
    """Those that are not of one of its runs."""
    of_runs = any(one.budgets for one in record.attempts or ())
    return () if of_runs and len(record.attempts or ()) > 1 else record.budgets


def _of_run(
    was: tuple[Verdict, ...], now: tuple[Verdict, ...], run: int | None
) -> Iterator[VerdictChange]:
    before, after = _by_place(was), _by_place(now)
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if _shown(one) != _shown(other):
            yield VerdictChange(name=key[0], run=run, was=one, now=other)


def _by_place(verdicts: tuple[Verdict, ...]) -> dict[tuple[str, int], Verdict]:
    """By name, and which of that name it is."""
    seen: Counter[str] = Counter()
    found = {}
    for one in verdicts:
        found[one.name, seen[one.name]] = one
        seen[one.name] += 1
    return found


def _outcome(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.outcome


def _shown(verdict: Verdict | None) -> Any:
    """What counts as a change: outcome, value, label and limit, and no wording."""
    if verdict is None:
        return None
    score = verdict.score
    measured = None if score is None else (score.value, score.label)
    return (verdict.outcome, measured, verdict.limit)


def _verdict_as_json(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    score, limit = verdict.score, verdict.limit
    return {
        "outcome": verdict.outcome,
        "value": None if score is None else score.value,
        "label": None if score is None else score.label,
        "at_least": limit.at_least if limit else None,
        "at_most": limit.at_most if limit else None,
    }
