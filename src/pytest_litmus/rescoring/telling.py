"""Telling: what a rescored run came to, line by line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_litmus.call_totals import sum_of
from pytest_litmus.report.json_ready import decimal_text, json_ready
from pytest_litmus.report.plain import ascii_line, counted, dollars, keep_start, measured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pytest_litmus.rescoring.changes import Change, VerdictChange
    from pytest_litmus.rescoring.deciding import Rescored
    from pytest_litmus.verdicts import Verdict

_SHOWN = 3
"""Verdicts of a test that are listed."""
_LONGEST = 300


def told(found: Rescored) -> list[str]:
    """What changed, test by test; what did not come to be decided, and why; and counts."""
    lines = [line for change in found.changes if change.is_decisive for line in _change(change)]
    return [*lines, *_not_rescored(found), *_summary(found)]


def as_json(found: Rescored) -> dict[str, Any]:
    """The same for programs, with the changes of scores alone too."""
    verdict = found.report["verdict"]
    ready: dict[str, Any] = json_ready(
        {
            "run": found.report["run"]["id"],
            "rescored_from": found.report["run"]["rescored_from"],
            "exit_code": found.exit_code,
            "outcome": verdict["outcome"],
            "tests": verdict["tests"],
            "decided": found.decided,
            "left": found.left,
            "changes": [change.as_json() for change in found.changes],
            "not_rescored": dict(found.not_rescored),
            "kept": dict(found.kept),
            "judge": {
                "calls": len(found.judge_calls),
                "cost_usd": decimal_text(_cost(found)),
                "unpriced_calls": sum(one.cost_usd is None for one in found.judge_calls),
            },
        }
    )
    return ready


def _change(change: Change) -> Iterator[str]:
    worse = "  WORSE" if change.is_worse else ""
    arrow = f"{change.was} -> {change.now}" if change.was != change.now else f"{change.was} still"
    yield f"{ascii_line(change.nodeid)}: {arrow}{worse}"
    decisive = [one for one in change.verdicts if one.is_decisive]
    for one in decisive[:_SHOWN]:
        yield f"  {_verdict_change(one)}"
    if len(decisive) > _SHOWN:
        yield f"  and {len(decisive) - _SHOWN} more verdicts"
    if change.stays:
        yield f"  stays: {ascii_line(change.stays)}"


def _verdict_change(one: VerdictChange) -> str:
    run = f" (run {one.run})" if one.run else ""
    was, now = _verdict(one.was), _verdict(one.now)
    why = one.now.explanation if one.now is not None and not one.now else ""
    shown = f"; {ascii_line(why)}" if why else ""
    return keep_start(f"{ascii_line(one.name)}{run}: {was} -> {now}{shown}", longest=_LONGEST)


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return "not held"
    score, limit = verdict.score, verdict.limit
    known = score is not None and score.value is not None
    value = f" {measured(score.value, score.unit)}" if score is not None and known else ""
    return f"{verdict.outcome}{value}{f' (wanted {limit})' if limit else ''}"


def _not_rescored(found: Rescored) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for nodeid, why in found.not_rescored.items():
        reasons.setdefault(why, []).append(nodeid)
    for why, nodeids in reasons.items():
        yield f"not rescored: {ascii_line(why)}"
        for nodeid in nodeids:
            yield f"  {ascii_line(nodeid)}"


def _summary(found: Rescored) -> Iterator[str]:
    beside = [
        f"{len(found.not_rescored)} not rescored" if found.not_rescored else "",
        f"{found.left} left as they were" if found.left else "",
    ]
    more = "".join(f", {one}" for one in beside if one)
    yield f"{counted(found.decided, 'test')} decided again{more}"
    moved = Counter(_moved(change) for change in found.changes if change.was != change.now)
    turned = ", ".join(f"{count} {name}" for name, count in sorted(moved.items()))
    scores = sum(not change.is_decisive for change in found.changes)
    yield turned or "no test came out otherwise"
    if scores:
        yield f"{counted(scores, 'test')} with other scores or limits, and the same outcome"
    for name, count in sorted(found.kept.items()):
        why = _WHY_KEPT.get(name, _STATE)
        yield f"kept as stored: {counted(count, 'verdict')} of {name} ({why})"
    if found.judge_calls:
        yield _judges(found)


_STATE = "the program's state of then is gone"
_WHY_KEPT = {"judged_by": "held to the limits of now; --judge asks again"}


def _moved(change: Change) -> str:
    was, now = change.was.partition(" ")[0], change.now.partition(" ")[0]
    return f"{was} -> {now}" if was != now else f"{was}, by another finding"


def _judges(found: Rescored) -> str:
    calls = found.judge_calls
    replayed = sum(call.source == "recorded" for call in calls)
    unpriced = sum(call.cost_usd is None for call in calls)
    price = dollars(_cost(found))
    more = f", {unpriced} without a price" if unpriced and unpriced < len(calls) else ""
    played = f", {replayed} of them replayed" if replayed else ""
    return f"judges: {counted(len(calls), 'call')}{played}, cost {price}{more}"


def _cost(found: Rescored) -> Decimal | None:
    """Of the calls that have a price; None where none has."""
    priced = [call.cost_usd for call in found.judge_calls if call.cost_usd is not None]
    return sum_of(priced) if priced else None
