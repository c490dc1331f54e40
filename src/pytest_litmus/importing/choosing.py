"""Choosing: which calls of a log become cases, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_litmus.drift.logs import open_log, records_of
from pytest_litmus.errors import ReportError
from pytest_litmus.importing.opinions import Opinion, Scale, by_id, of_rating
from pytest_litmus.importing.traced import Traced, traced
from pytest_litmus.report.reading import read_report
from pytest_litmus.suites.finding import QUARANTINED
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_litmus.drift.logs import Log

Why: TypeAlias = Literal["thumbs-down", "failed", "thumbs-up", "all"]
"""From the worst on: of several reasons the first one counts. `all` is that it was asked for."""
WHYS: tuple[Why, ...] = ("thumbs-down", "failed", "thumbs-up", "all")
_USUAL: tuple[Why, ...] = ("thumbs-down", "failed")
MOST = 200_000
"""Calls that are chosen at once: they are held in memory and compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be chosen."""

    only: Sequence[Why] = ()
    """None: thumbs-down and failed ones, where the log tells of such."""
    match: str = ""
    """Only calls whose input or answer holds this text, in any case."""
    names: Sequence[str] = ()
    """The criteria of opinions that count; none: those of people."""
    down_at_most: float | None = None
    feedback: Path | None = None
    """A file of opinions by id of a call or of a trace."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """By field, the key or path that holds it, of plain records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A call, and why it was chosen."""

    call: Traced
    why: Why
    comment: str = ""
    """What a person said of it."""
    test: Mapping[str, Any] | None = None
    """Of our own reports: the test that made the call, as the report has it."""


@dataclass(slots=True)
class Choice:
    """What was chosen, and what was met on the way."""

    path: Path
    """As it was given."""
    log: Log
    scale: Scale
    chosen: list[Chosen] = field(default_factory=list)
    calls: int = 0
    tells: set[Why] = field(default_factory=set)
    """What the log tells of at all."""


def choose(path: Path, wanted: Wanted) -> Choice:
    """The calls of a log that are wanted.

    Raises:
        ReportError: The log or its feedback cannot be read; it tells of nothing that says which
            calls are wanted; or they are too many.
    """
    log = open_log(path, wanted.mapping)
    choice = Choice(path, log, Scale(wanted.names, wanted.down_at_most))
    opinions, tests = _beside(path, wanted)
    seen_ids: set[str] = set()
    for found in traced(log):
        call = replace(found, opinions=(*found.opinions, *_of(found, opinions, seen_ids)))
        choice.calls += 1
        one = _chosen(call, tests.get(call.trace), wanted, choice)
        if one is not None:
            choice.chosen.append(one)
            _refuse_many(choice)
    _refuse_untold(choice, wanted, opinions, seen_ids)
    choice.chosen = list(_last_of_traces(choice.chosen))
    return choice


def _beside(
    path: Path, wanted: Wanted
) -> tuple[Mapping[str, list[Opinion]], dict[str, Mapping[str, Any]]]:
    """Opinions that stand apart, by id; and of our own reports the tests, by node id."""
    opinions = by_id(records_of(wanted.feedback)) if wanted.feedback else {}
    if not path.is_dir():
        return opinions, {}
    from pytest_litmus.report import feedback

    stored = read_report(path)
    for rating in feedback.read(stored):
        opinions.setdefault(rating.call or rating.test, []).append(of_rating(rating))
    return opinions, {test["nodeid"]: test for test in stored.tests}


def _of(call: Traced, opinions: Mapping[str, list[Opinion]], seen: set[str]) -> Iterator[Opinion]:
    for one in {call.id, call.trace} - {""}:
        if one in opinions:
            seen.add(one)
            yield from opinions[one]


def _chosen(
    call: Traced, test: Mapping[str, Any] | None, wanted: Wanted, choice: Choice
) -> Chosen | None:
    ups = [(choice.scale.up(one), one) for one in call.opinions]
    down = [one for up, one in ups if up is False]
    liked = [one for up, one in ups if up is True]
    failed = _failed(call, test)
    if down or liked:
        choice.tells.add("thumbs-down")
    if failed is not None:
        choice.tells.add("failed")
    reasons: dict[Why, Any] = {
        "thumbs-down": down,
        "failed": failed,
        "thumbs-up": liked,
        "all": True,
    }
    only = WHYS if "all" in wanted.only else wanted.only or _USUAL
    why = next((one for one in WHYS if one in only and reasons[one]), None)
    if why is None or not _matches(call, wanted.match):
        return None
    told = down if why == "thumbs-down" else liked
    comment = next((one.comment for one in told if one.comment), "")
    of_trace = bool(told) and all(one.of_trace for one in told)
    kept = replace(call, opinions=(Opinion(of_trace=of_trace),))
    return Chosen(call=kept, why=why, comment=comment, test=test)


def _failed(call: Traced, test: Mapping[str, Any] | None) -> bool | None:
    """Whether a call broke, or its test did; None where nothing tells."""
    if test is None:
        return call.seen.failed
    finding = test["finding"]
    if finding is not None and finding["status"] in (QUARANTINED, "dismissed"):
        return False  # it is a case in quarantine already, or somebody said that nothing is wrong
    unsafe = finding is not None and finding["outcome"] in ("unsafe", "error")
    return bool(call.seen.failed) or unsafe or test["outcome"] in ("failed", "error")


def _matches(call: Traced, text: str) -> bool:
    if not text:
        return True
    said = (call.seen.input or "", call.seen.output or "")
    return any(text.casefold() in one.casefold() for one in said)


def _refuse_many(choice: Choice) -> None:
    if len(choice.chosen) > MOST:
        raise ReportError(
            f"{choice.log.path}: more than {MOST:,} calls are chosen: take fewer with "
            "--match TEXT, or --only thumbs-down or failed"
        )


def _refuse_untold(
    choice: Choice, wanted: Wanted, opinions: Mapping[str, Any], seen_ids: set[str]
) -> None:
    path, scale = choice.log.path, choice.scale
    if not choice.calls:
        raise ReportError(
            f"{path} has no call of a model that its reader ({choice.log.reader.name}) knows: "
            f"{choice.log.unknown} of {choice.log.records} records are unknown"
        )
    if wanted.feedback and not seen_ids:
        raise ReportError(
            f"{wanted.feedback} has {len(opinions):,} ids of calls and traces, and none is in "
            f"{path}"
        )
    if wanted.names and scale.ignored and not choice.tells & {"thumbs-down"}:
        raise ReportError(
            f"{path}: no opinion is called {wanted.names[0]}: "
            f"{hint(wanted.names[0], sorted(scale.ignored))}"
        )
    if not wanted.only and not choice.tells:
        names = ", ".join(sorted(scale.ignored)[:8])
        others = f" (it has the scores {names}: --score NAME takes one)" if names else ""
        raise ReportError(
            f"{path} says neither what people thought of a call nor whether it failed{others}: "
            "name the key of the rating with --map rating=KEY, give the file of ratings with "
            "--feedback FILE, or take --only all"
        )


def _last_of_traces(chosen: list[Chosen]) -> Iterator[Chosen]:
    """Of a whole trace that somebody rated, the call that gave the answer: the last one."""
    last: dict[str, tuple[str, int]] = {}
    for place, one in enumerate(chosen):
        if _is_of_trace(one):
            last[one.call.trace] = max(last.get(one.call.trace, ("", -1)), (one.call.at, place))
    for place, one in enumerate(chosen):
        if not _is_of_trace(one) or last[one.call.trace][1] == place:
            yield one


def _is_of_trace(one: Chosen) -> bool:
    thought = one.why in ("thumbs-down", "thumbs-up")
    return thought and bool(one.call.trace) and one.call.opinions[0].of_trace
