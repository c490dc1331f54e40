"""Telling: a history as lines of a terminal, what is wrong first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_litmus.history.fixing import hours_between
from pytest_litmus.history.trends import MEASURES, kind_of, pass_rate, whole_cost
from pytest_litmus.report.plain import (
    ascii_line,
    counted,
    days,
    dollars,
    duration,
    keep_end,
    keep_start,
    measured,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_litmus.history.asking import Chosen, Row, Run
    from pytest_litmus.history.fixing import Fixing, Spell
    from pytest_litmus.history.flaky import Flakiness, Flaky
    from pytest_litmus.history.one_test import Event, TestHistory
    from pytest_litmus.history.spending import PeriodSpent, Spending, Spent
    from pytest_litmus.history.trends import Course, Trends

SHOWN = 10
"""Tests of a kind that are named."""
_COLUMN = 12
_REVISION = 9
_UNIT_IS_SHARE = "1"
_OF_EVERY_CALL = ("USD", "{token}")


def row(label: str, text: str, *, width: int = 1_000) -> str:
    """A line with its label; what the report says is made harmless and the line is cut."""
    return keep_start(f"{label:<{_COLUMN - 1}} {ascii_line(text)}".rstrip(), longest=width)


def runs_lines(chosen: Chosen, *, last: int, width: int) -> Iterator[str]:
    """The last runs as a table, the latest at the end."""
    yield row("runs", _span(chosen))
    for count, what in (
        (chosen.shards, "that are part of a merged run"),
        (chosen.rescored, "that were rescored from a run (--rescored takes them instead)"),
        (chosen.passed_over, "that were not asked for"),
    ):
        if count:
            yield row("", f"and {counted(count, 'report')} {what}")
    if not chosen.runs:
        return
    yield ""
    head = ("started (UTC)", "revision", "branch", "calls", "passed", "cost", "p50", "attacks")
    table = [head, *(_cells(run) for run in chosen.runs[-last:])]
    yield from (keep_start(line, longest=width) for line in columns(table))


def columns(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows of a table, its columns below each other."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = (f"{cell:<{size}}" for cell, size in zip(cells, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _span(chosen: Chosen) -> str:
    if not chosen.runs:
        return "none"
    first, last = (run["started_at"][:10] for run in (chosen.runs[0], chosen.runs[-1]))
    return f"{len(chosen.runs)}, from {first} to {last}"


def _cells(run: Run) -> tuple[str, ...]:
    attacks = run["attack_success_rate"]
    broken_off = f" ({run['reason']})" if run["reason"] else ""
    rate = pass_rate(run)
    share = "-" if rate is None else _percent(rate)
    return (
        minute(run),
        revision(run),
        keep_end(ascii_line(run["git_branch"] or "-"), longest=20),
        kind_of(run),
        ascii_line(f"{run['passed']} of {run['tests'] - run['skipped']} ({share}){broken_off}"),
        _cost(run),
        duration(run["latency_p50_s"]) if run["latency_p50_s"] is not None else "-",
        "-" if attacks is None else f"{_percent(attacks)} of {run['attacks_of']}",
    )


def minute(run: Run) -> str:
    """When a run began, in UTC."""
    return str(run["started_at"])[:16].replace("T", " ")


def revision(run: Run | None) -> str:
    """A commit, with a star where files differed from it; `-` where none is known."""
    if run is None or not run["git_revision"]:
        return "-"
    return ascii_line(run["git_revision"])[:_REVISION] + ("*" if run["git_dirty"] else "")


def _cost(run: Run) -> str:
    if not run["calls"]:
        return "-"
    if whole_cost(run) is None and run["cost_usd"] is not None:
        return f"{dollars(run['cost_usd'])}+"
    return dollars(run["cost_usd"])


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}%"


def trend_lines(found: Trends) -> Iterator[str]:
    """How the measures go, those that changed first."""
    if found.kind is None:
        return
    quiet = found.kind == "no calls"
    yield row("trends", f"over {counted(found.compared, 'run')} with {_kinds(found)}")
    if found.other_kind:
        yield row("", f"without {counted(found.other_kind, 'run')} of another kind")
    if found.other_tests:
        yield row("", f"without {counted(found.other_tests, 'run')} of other tests")
    longest = max(len(one.name) for one in MEASURES)
    for course in sorted(found.courses, key=lambda one: one.means is None):
        # Cost and tokens are there for every call: that they are not known is worth a word.
        if course.word != "not measured" or (course.unit in _OF_EVERY_CALL and not quiet):
            yield f"{'':<{_COLUMN}}{course.measure:<{longest}}  {_course(course)}"


def _kinds(found: Trends) -> str:
    if found.kind == "replayed":
        return "replayed calls (times and cost are those of the recordings)"
    return "live calls" if found.kind == "live" else "no calls"


def _course(course: Course) -> str:
    last = _number(course.last, course.unit)
    if course.word == "not measured":
        return "not known of all calls of the last run"
    if course.word == "too few runs":
        return f"too few runs to tell ({course.runs}); last {last}"
    told: str = course.word
    if course.word in ("rises", "falls"):
        told += (
            f", {_number(course.slope, course.unit)} a run (p {course.p_value:.2g}): "
            f"{_number(course.first, course.unit)} -> {last}"
        )
    else:
        told += f"; last {last}"
    if course.last_is == "new":
        told += f"; all {course.runs - 1} runs before were alike, and the last is not"
    elif course.last_is and course.usual:
        low, high = (_number(end, course.unit) for end in course.usual)
        told += f"; the last run is unusually {course.last_is} (usual {low} to {high})"
    return f"{told}{f' - {course.means}' if course.means else ''}"


def _number(value: float | None, unit: str) -> str:
    if value is not None and unit == _UNIT_IS_SHARE:
        return _percent(value)
    if value is not None and unit == "{token}":
        return f"{value:,.0f}"
    return measured(value, unit)


def failing_lines(found: Fixing, *, width: int) -> Iterator[str]:
    """What fails, since when, and how long it took to fix what failed before."""
    unknown = [one for one in found.open if not one.known]
    known = len(found.open) - len(unknown)
    yield row("failing", _many(unknown, "test") + (f", and {known} known" if known else ""))
    for spell in unknown[:SHOWN]:
        yield _name(spell.nodeid, width=width)
        yield from (row("", f"  {line}") for line in _since(spell))
    yield from _more(len(unknown))
    yield row("to fix", _to_fix(found))


def _name(nodeid: str, *, width: int) -> str:
    return row("", keep_end(ascii_line(nodeid), longest=max(width - _COLUMN, 20)))


def _to_fix(found: Fixing) -> str:
    if found.median_hours is None or found.median_runs is None:
        return "unknown: no failure began and was fixed in these runs"
    whole = sum(one.is_whole for one in found.fixed)
    runs = "1 run" if found.median_runs == 1 else f"{found.median_runs:g} runs"
    told = f"median {_hours(found.median_hours)}, {runs}"
    still = f"; {len(found.open)} open" if found.open else ""
    were = "was" if whole == 1 else "were"
    return (
        f"{told}, of {counted(whole, 'failure')} that began and {were} fixed in these runs{still}"
    )


def _since(spell: Spell) -> Iterator[str]:
    severity = f"{spell.severity}, " if spell.severity else ""
    age = f"{_hours(spell.hours)}, {counted(spell.runs, 'run')}" if spell.hours else "the last run"
    since = f"{minute(spell.began)} at {revision(spell.began)}"
    yield f"{severity}failing since {since} ({age})"
    told = "never seen to pass"
    if spell.good:
        told = f"last good {minute(spell.good)} at {revision(spell.good)}"
    if spell.changed:
        told += "; the test was changed since it first failed"
    if hours_between(spell.began, spell.last_failed) < spell.hours:
        told += f"; not decided since {minute(spell.last_failed)}"
    yield told


def _hours(value: float) -> str:
    if value < 1:
        return counted(round(value * 60), "minute")
    return days(value / 24)


def flaky_lines(found: Flakiness, *, width: int) -> Iterator[str]:
    """The tests that flipped, the worst first."""
    names = {one.nodeid for one in found.flaky}
    yield row("flaky", f"{len(names)} of {counted(found.tests, 'test')} that could have flipped")
    for one in found.flaky[:SHOWN]:
        yield _name(one.nodeid, width=width)
        yield from (row("", f"  {line}") for line in _flips(one))
    yield from _more(len(found.flaky))
    if found.without_fingerprint:
        told = counted(found.without_fingerprint, "test")
        yield row("", f"{told} without a fingerprint could not be compared")


def _flips(one: Flaky) -> Iterator[str]:
    interval = f"{_percent(one.low)} to {_percent(one.high)}"
    often = f"flipped {one.flips} of {one.pairs} times, {_percent(one.rate)} ({interval})"
    yield f"{one.kind}: {often}; {one.passed} passed, {one.failed} failed, last {one.last}"
    same, of = one.same_revision_flips, one.same_revision_pairs
    if not of:
        yield "no two runs in a row were of the same revision: the program may have changed"
    elif same:
        yield f"{same} of {of} at the same revision: no change of the program explains these"
    else:
        yield f"0 of {of} at the same revision: the program may have changed"


def _many(found: Sequence[object], noun: str) -> str:
    return counted(len(found), noun) if found else f"no {noun}"


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield row("", f"and {count - SHOWN:,} more (--json has all)")


def spending_lines(found: Spending) -> Iterator[str]:
    """What was spent, by period and by model."""
    yield row("cost", f"{_spent(found.total)}, by {found.by}:")
    of = "" if found.by == "day" else f"{found.by} of "
    for period in found.periods[-SHOWN:]:
        yield row("", f"{of}{period.begins}  {_period(period)}")
    if len(found.by_model) > 1 or found.total.word != "nothing":
        for place, (name, spent) in enumerate(list(found.by_model.items())[:SHOWN]):
            yield row("" if place else "by model", f"{name}: {_spent(spent)}")
        yield from _more(len(found.by_model))


def _period(period: PeriodSpent) -> str:
    return f"{_spent(period.spent)}, {counted(period.runs, 'run')}"


def _spent(spent: Spent) -> str:
    told = {
        "nothing": "nothing spent",
        "unknown": "unknown",
        "at least": f"at least {dollars(spent.live_cost_usd)}",
        "exactly": dollars(spent.live_cost_usd),
    }[spent.word]
    live = f" for {counted(spent.live_calls, 'live call')}" if spent.live_calls else ""
    further = []
    if spent.live_calls and spent.unpriced_calls:
        further.append(f"{counted(spent.unpriced_calls, 'call')} without a price")
    if replayed := spent.calls - spent.live_calls:
        further.append(f"{counted(replayed, 'call')} replayed")
    return told + live + (f" ({', '.join(further)})" if further else "")


def test_lines(found: TestHistory, *, last: int, width: int) -> Iterator[str]:
    """The history of one test."""
    yield row("test", found.nodeid, width=width)
    if not found.events:
        yield row("", "no result in the runs that are looked at")
        return
    for spell in found.fixing.open:
        yield from _labelled("failing", _since(spell))
    for one in found.flakiness.flaky:
        yield from _labelled("flaky", _flips(one))
    for spell in found.fixing.fixed[-SHOWN:]:
        yield row("fixed", _fixed(spell))
    yield ""
    head = ("started (UTC)", "revision", "result", "calls", "time", "cost", "scores")
    table = [head, *(_event(one) for one in found.events[-last:])]
    yield from (keep_start(line, longest=width) for line in columns(table))


def _labelled(label: str, lines: Iterable[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield row("" if place else label, line)


def _fixed(spell: Spell) -> str:
    changed = ", and the test was changed" if spell.changed else ""
    return (
        f"after {_hours(spell.hours)}: failed from {minute(spell.began)} at "
        f"{revision(spell.began)}, passed at {revision(spell.fixed)}{changed}"
    )


def _event(event: Event) -> tuple[str, ...]:
    one, told = event.result, event.result.row
    result = one.result + (" (test changed)" if event.changed else "")
    if told["runs_of"] > 1:
        result += f" {told['runs_passed']} of {told['runs_of']}"
    calls = "live" if one.live else "replayed" if told["calls"] else "-"
    return (
        minute(one.run),
        revision(one.run),
        result,
        calls,
        duration(told["duration_s"]),
        dollars(told["cost_usd"]) if told["calls"] else "-",
        ascii_line(", ".join(_scores(event.scores))),
    )


def _scores(scores: Iterable[Row]) -> Iterator[str]:
    for score in scores:
        failed = "" if score["outcome"] == "pass" else f" ({score['outcome']})"
        yield f"{score['name']} {measured(score['value'], score['unit'] or '1')}{failed}"
