"""Quarantine: the text of a suite's file with the cases that a log gave, and what there is to tell.

Calls are redacted first, then told apart, first from each other and then from the cases that there
are: so the same log adds the same cases, and a second time none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.sampling import sampled
from pytest_litmus.errors import SuiteError
from pytest_litmus.importing.appending import appended, new_suite
from pytest_litmus.importing.cases import Asked, Made, asked_in, made_of, made_of_own
from pytest_litmus.importing.likeness import AT_LEAST, alike
from pytest_litmus.importing.redacting import Redactor
from pytest_litmus.suites.filling import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pytest_litmus.importing.choosing import Choice, Chosen
    from pytest_litmus.importing.own import Suites
    from pytest_litmus.suites.language import Case, Suite
    from pytest_litmus.suites.reading import Reader

MOST_CASES = 1_000
"""That are written at once: more, nobody reviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How cases are made and where they go."""

    into: Path
    quarantined: str
    """Why they block nothing yet."""
    root: Path
    """The folder outside of which no data file of a suite is read."""
    target: str | None = None
    """Of a new file; None: to be filled in."""
    sample: int | None = None
    """At most so many cases."""
    at_least: float = AT_LEAST
    """The likeness from which on two texts are one case."""
    against: Sequence[Suite] = ()
    """Suites that may have the cases already."""
    last_only: bool = False
    system: bool = False


@dataclass(slots=True)
class Imported:
    """What came of it."""

    text: str | None = None
    """Of the whole file; None where there is nothing to add."""
    cases: list[Made] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    """Calls that can be no case, by why."""
    there: int = 0
    """Cases that the file, or another suite, has already."""
    left: int = 0
    """Cases that the sample left out."""
    redacted: Counter[str] = field(default_factory=Counter)
    """Places, by type."""
    in_quarantine: int = 0
    """Cases of the file that are not approved of, the new ones with them."""


@dataclass(slots=True)
class _Group:
    """Calls that are one case."""

    calls: list[Chosen]
    asked: Asked | None = None
    """None of an item of a suite, whose own case it is."""
    own: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))


def imported(choice: Choice, how: How, reader: Reader, suites: Suites) -> Imported:
    """The cases of what was chosen, added to what the file holds.

    Raises:
        SuiteError: The file is no suite, cannot be added to, or would hold a mistake; or there are
            more cases than people review.
    """
    text, suite = _there(how, reader)
    redactor, found = Redactor(), Imported()
    groups = [*_own(choice, suites), *_told_apart(choice, suites, how, redactor, found)]
    if how.sample is not None:
        kept = {id(one) for one in sampled(groups, how.sample)}
        found.left = len(groups) - len(kept)
        groups = [one for one in groups if id(one) in kept]
    new = _new(groups, [*([suite] if suite else []), *how.against], how)
    source = {"name": choice.path.resolve().name, "format": choice.log.reader.name}
    found.cases = list(_made(new, suite, redactor, source))
    found.there = len(groups) - len(found.cases)
    found.redacted = +redactor.counts
    _refuse_many(found.cases, how)
    if found.cases:
        found.text, found.in_quarantine = _written(text, found.cases, how, reader)
    return found


def _there(how: How, reader: Reader) -> tuple[str | None, Suite | None]:
    """What the file holds; nothing where there is none."""
    if not how.into.exists():
        return None, None
    suite = reader.read(how.into, shown=how.into, root=how.root)
    own = suite.targets.get("")
    if how.target and (own is None or own.place != how.target):
        told = "no target" if own is None else f"the target {own.place}"
        raise SuiteError(f"{how.into} has {told}: change it there, and leave --target away")
    return how.into.read_bytes().decode("utf-8"), suite


def _own(choice: Choice, suites: Suites) -> list[_Group]:
    """The failed items of suites that are at hand: each is a case, however often it called."""
    found: dict[str, _Group] = {}
    for one in choice.chosen:
        own = _own_case(one, suites)
        if own is None or one.test is None:
            continue
        group = found.setdefault(one.test["nodeid"], _Group([], own=(own, suites.needs(one.test))))
        group.calls.append(one)
    return list(found.values())


def _own_case(one: Chosen, suites: Suites) -> dict[str, Any] | None:
    """Of a failed item of a suite; what people thought of an answer is no matter of its suite."""
    return suites.case(one.test) if one.test and one.why == "failed" else None


def _told_apart(
    choice: Choice, suites: Suites, how: How, redactor: Redactor, found: Imported
) -> Iterator[_Group]:
    """All other calls, those that say nearly the same together, in the log's order."""
    asked: list[tuple[Asked, list[Chosen]]] = []
    for calls in _alike_by_letter(choice, suites).values():
        one = asked_in(calls[0], redactor, last_only=how.last_only, system=how.system)
        if isinstance(one, str):
            found.skipped[one] += len(calls)
        else:
            asked.append((one, calls))
    places = alike([one.text for one, _ in asked], at_least=how.at_least)
    groups: dict[int, _Group] = {}
    for place, (one, calls) in zip(places, asked, strict=True):
        groups.setdefault(place, _Group([], asked=one)).calls.extend(calls)
    yield from groups.values()


def _alike_by_letter(choice: Choice, suites: Suites) -> dict[Any, list[Chosen]]:
    """Calls by what they ask: most of a log's are asked again and again."""
    found: dict[Any, list[Chosen]] = defaultdict(list)
    for one in choice.chosen:
        if _own_case(one, suites) is None:
            found[one.call.messages, one.call.seen.input, one.call.system].append(one)
    return found


def _new(groups: list[_Group], suites: Iterable[Suite], how: How) -> list[_Group]:
    """Those that are like no case of a suite."""
    there = [_text_of(case) for suite in suites for case in suite.cases]
    told = [one for one in groups if one.asked is not None]
    texts = [*there, *(one.asked.text for one in told if one.asked)]
    places = alike(texts, at_least=how.at_least)[len(there) :]
    known = {id(one) for one, place in zip(told, places, strict=True) if place < len(there)}
    return [one for one in groups if id(one) not in known]


def _text_of(case: Case) -> str:
    return "\n".join(filled(turn.text, case.variables) for turn in case.turns)


def _made(
    groups: list[_Group], suite: Suite | None, redactor: Redactor, source: dict[str, str]
) -> Iterator[Made]:
    """The cases; those whose id is taken are there already, whatever was edited since."""
    taken = {case.id for case in suite.cases} if suite else set()
    for one in groups:
        if one.asked is None:
            made = made_of_own(*one.own, one.calls, redactor, source=source)
        else:
            made = made_of(one.asked, one.calls, redactor, source=source)
        if made.case["id"] not in taken:
            taken.add(made.case["id"])
            yield made


def _refuse_many(cases: Sequence[Made], how: How) -> None:
    if len(cases) > MOST_CASES:
        raise SuiteError(
            f"{len(cases):,} cases are more than people review (at most {MOST_CASES:,} are "
            "written): take some with --sample 50, or fewer with --match TEXT"
        )


def _written(text: str | None, cases: Sequence[Made], how: How, reader: Reader) -> tuple[str, int]:
    """The file's text, which holds no mistakes; and how many cases of it are in quarantine."""
    if text is None:
        made = new_suite(cases, quarantined=how.quarantined, target=how.target)
    else:
        made = appended(text, how.into, cases, quarantined=how.quarantined)
    suite = reader.read_text(made, how.into, shown=how.into, root=how.root)
    return made, sum(bool(case.quarantined) for case in suite.cases)
