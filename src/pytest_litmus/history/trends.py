"""Trends: whether a measure of the runs rises or falls, or the last run stands out of the others.

Only runs that are like the last one are compared with it: live with live ones, replayed with
replayed ones, and those of about the same tests. Mann and Kendall's test says whether there is a
trend, the spread of the earlier runs whether the last one stands out. Both are adjusted for the
number of measures, so that one of many does not look like news by chance alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_litmus.history.asking import tests_of
from pytest_litmus.stats.paired import benjamini_hochberg
from pytest_litmus.stats.series import FEWEST, Trend, mann_kendall, next_value

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from pytest_litmus.history.asking import Run
    from pytest_litmus.stats.rates import Interval

ERROR = 0.05
"""The chance of calling noise a trend that is taken, over all measures."""
ALIKE = 0.5
"""The share of the tests of two runs, taken together, that both have, from which on they are of
about the same tests."""

Word = Literal["rises", "falls", "no change seen", "too few runs", "not measured"]
LastIs = Literal["high", "low", "new"]
Meaning = Literal["better", "worse"]
Kind = Literal["live", "replayed", "no calls"]


class Measure(NamedTuple):
    """A number of a run."""

    name: str
    unit: str
    value: Callable[[Run], float | None]
    """None where it is not known, or not known in full."""
    more_is: Meaning


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a measure goes."""

    measure: str
    unit: str
    word: Word
    runs: int
    """That know it, of those that are compared."""
    first: float | None = None
    last: float | None = None
    slope: float | None = None
    """A run, in the measure's unit."""
    p_value: float | None = None
    """Adjusted for the number of measures."""
    last_is: LastIs | None = None
    """Against the earlier runs: outside of `usual`; `new`: they were all the same, it is not."""
    usual: Interval | None = None
    """Where the last run would lie if it was like the earlier ones."""
    means: Meaning | None = None
    """What the change is, where there is one."""


@dataclass(frozen=True)
class Trends:
    """How all measures go."""

    kind: Kind | None
    """Of the runs that are compared; None where there are none."""
    compared: int
    other_kind: int
    """Runs left out, because they are of another kind than the last one."""
    other_tests: int
    """Runs left out, because their tests are others than the last one's."""
    courses: tuple[Course, ...]


def share(count: int | None, of: int | None) -> float | None:
    """None where there is nothing to divide by."""
    return count / of if count is not None and of else None


def pass_rate(run: Run) -> float | None:
    """Of the tests that were not skipped."""
    return share(run["passed"], run["passed"] + run["failed"] + run["error"])


def whole_cost(run: Run) -> float | None:
    """In US dollars; None where a call has no price."""
    amount: float | None = run["cost_usd_float"]
    return amount if run["unpriced_calls"] == 0 else None


def whole_tokens(run: Run) -> float | None:
    """Both ways; None where a call does not tell them."""
    both = run["input_tokens"], run["output_tokens"]
    return None if None in both or run["calls_without_usage"] else float(sum(both))


MEASURES = (
    Measure("pass rate", "1", pass_rate, "better"),
    Measure("attack success", "1", lambda run: run["attack_success_rate"], "worse"),
    Measure("over-refusal", "1", lambda run: run["over_refusal_rate"], "worse"),
    Measure("cost", "USD", whole_cost, "worse"),
    Measure("latency p50", "s", lambda run: run["latency_p50_s"], "worse"),
    Measure("latency p95", "s", lambda run: run["latency_p95_s"], "worse"),
    Measure("tokens", "{token}", whole_tokens, "worse"),
)


def kind_of(run: Run) -> Kind:
    """`live`: it made a live call, be it one."""
    if not run["calls"]:
        return "no calls"
    return "live" if run["live_calls"] else "replayed"


def trends(connection: sqlite3.Connection, runs: tuple[Run, ...]) -> Trends:
    """How the measures go over the runs, the last of which is in question."""
    if not runs:
        return Trends(None, 0, 0, 0, ())
    kind = kind_of(runs[-1])
    same_kind = tuple(run for run in runs if kind_of(run) == kind)
    tests = tests_of(connection, same_kind)
    alike = [run for run in same_kind if _alike(tests[run["id"]], tests[runs[-1]["id"]])]
    return Trends(
        kind=kind,
        compared=len(alike),
        other_kind=len(runs) - len(same_kind),
        other_tests=len(same_kind) - len(alike),
        courses=_courses(alike),
    )


def _alike(tests: set[str], others: set[str]) -> bool:
    return tests == others or len(tests & others) >= ALIKE * len(tests | others)


def _courses(runs: Sequence[Run]) -> tuple[Course, ...]:
    series = {one: _known(one, runs) for one in MEASURES}
    # The last run is the one in question: a measure that it does not have has no course.
    judged = [
        one for one in MEASURES if len(series[one]) >= FEWEST and one.value(runs[-1]) is not None
    ]
    found = {one: trend for one in judged if (trend := mann_kendall(series[one]))}
    adjusted = benjamini_hochberg([trend.p_value for trend in found.values()])
    p_values = dict(zip(found, adjusted, strict=True))
    confidence = 1 - ERROR / max(len(judged), 1)
    return tuple(
        _course(one, series[one], trend, p_values[one], confidence)
        if (trend := found.get(one))
        else _unjudged(one, series[one], known=one.value(runs[-1]) is not None)
        for one in MEASURES
    )


def _known(measure: Measure, runs: Sequence[Run]) -> list[float]:
    return [value for run in runs if (value := measure.value(run)) is not None]


def _unjudged(measure: Measure, values: Sequence[float], *, known: bool) -> Course:
    return Course(
        measure=measure.name,
        unit=measure.unit,
        word="too few runs" if known else "not measured",
        runs=len(values),
        first=values[0] if values else None,
        last=values[-1] if known else None,
    )


def _course(
    measure: Measure, values: Sequence[float], trend: Trend, p_value: float, confidence: float
) -> Course:
    word: Word = "no change seen"
    if p_value <= ERROR:
        word = "rises" if trend.tau > 0 else "falls"
    *earlier, last = values
    usual = next_value(earlier, confidence=confidence)
    last_is = _standing(earlier, last, usual)
    return Course(
        measure=measure.name,
        unit=measure.unit,
        word=word,
        runs=len(values),
        first=values[0],
        last=last,
        slope=trend.slope,
        p_value=p_value,
        last_is=last_is,
        usual=usual,
        means=_meaning(measure, word, last_is, up=last > earlier[-1]),
    )


def _standing(earlier: Sequence[float], last: float, usual: Interval | None) -> LastIs | None:
    if usual is None:
        return None if last == earlier[0] else "new"
    if usual.low <= last <= usual.high:
        return None
    return "high" if last > usual.high else "low"


def _meaning(measure: Measure, word: Word, last_is: LastIs | None, *, up: bool) -> Meaning | None:
    """Of the trend, and without one of the last run."""
    if word in ("rises", "falls"):
        up = word == "rises"
    elif last_is in ("high", "low"):
        up = last_is == "high"
    elif last_is is None:
        return None
    if up:
        return measure.more_is
    return "worse" if measure.more_is == "better" else "better"
