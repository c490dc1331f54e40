"""Snapshot: a stored run, boiled down to what an incident compares, call after call.

Its size is that of the tests and not of the calls: of each test the first calls are kept as
digests, of each text that differs from all others one copy, of each group sums and times.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_litmus.compare.entries import Side, side_of
from pytest_litmus.errors import ReportError
from pytest_litmus.incident.observed import Observed, digest, from_line, from_summary
from pytest_litmus.report.reading import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.report.reading import StoredReport

PLACES = 40
"""Calls of a test, from its first on, whose prompts and parameters are compared one by one."""
_MOST_TEXTS = 2_000
"""Texts of a sort that are kept to show what changed in them; of more, only that they changed."""

Line = dict[str, Any]
Watch = Callable[[Line], None]


class Answerer(NamedTuple):
    """A model that was asked, or that answered."""

    purpose: str
    provider: str
    model: str


class Place(NamedTuple):
    """What one call of a test asked with; digests, or None where it is not known."""

    step: str | None
    system: str | None
    tools: str | None
    parameters: str | None


@dataclass(slots=True)
class Figures:
    """The calls of a group, added up."""

    calls: int = 0
    latency_s: array[float] = field(default_factory=lambda: array("d"))
    """Of those that were answered."""
    errors: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    """HTTP statuses of those that failed."""
    retries: int = 0
    cost_usd: Decimal = Decimal(0)
    """Of those that have a price."""
    unpriced: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    uncounted: int = 0
    """Calls of which a count of tokens is not known, and which the sums leave out."""
    finish: Counter[str] = field(default_factory=Counter)

    def add(self, call: Observed) -> None:
        """Count one more call."""
        self.calls += 1
        self.retries += max(0, call.attempts - 1)
        if call.error_type is not None:
            self.errors[call.error_type] += 1
            self.statuses.update([call.status] if call.status is not None else [])
        elif call.duration_s is not None:
            self.latency_s.append(call.duration_s)
        if call.finish is not None:
            self.finish[call.finish] += 1
        self._add_spent(call)

    def _add_spent(self, call: Observed) -> None:
        if call.cost_usd is None or not call.cost_usd.is_finite():
            self.unpriced += 1
        else:
            self.cost_usd += call.cost_usd
        if call.input_tokens is None or call.output_tokens is None:
            self.uncounted += 1
        else:
            self.input_tokens += call.input_tokens
            self.output_tokens += call.output_tokens


@dataclass(slots=True)
class Calls:
    """The calls of one test."""

    made: int = 0
    """By the program; those of judges are not among them."""
    answerers: Counter[Answerer] = field(default_factory=Counter)
    """Of calls that were answered."""
    asked_models: set[str] = field(default_factory=set)
    fingerprints: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    errors: Counter[str] = field(default_factory=Counter)
    finish: Counter[str] = field(default_factory=Counter)
    places: list[Place] = field(default_factory=list)
    first_asked: str | None = None
    """The digest of what its first call asks."""
    first_tokens: int | None = None
    """How many tokens its first call sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test, as far as the comparison of outcomes does not hold it."""

    __test__ = False

    finding: Mapping[str, Any] | None
    failure: str | None
    call_ids: tuple[str, ...]
    """In the order in which they began."""
    judging: frozenset[str]
    """Of these, those of judges."""
    trace: Mapping[str, Any] | None
    """None in an earlier run, which nobody asks for it."""
    recorded_at: str | None
    """Of its cassette."""


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """A run."""

    name: str
    """As the user gave it."""
    side: Side
    started_at: datetime | None
    run: Mapping[str, Any]
    """The report's `run`; of a baseline what it kept of it."""
    broken_off: str | None = None
    tests: dict[str, Test] = field(default_factory=dict)
    calls: dict[str, Calls] = field(default_factory=dict)
    models: dict[Answerer, Figures] = field(default_factory=dict)
    """By the model that was asked for, so that failed calls stand with those that succeeded; where
    `calls.jsonl` is missing, by the one that answered."""
    answerers: Counter[Answerer] = field(default_factory=Counter)
    """Calls by the model that answered."""
    steps: dict[str, Figures] = field(default_factory=dict)
    """Of the program's own calls; the empty one holds those outside of any step."""
    fingerprints: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By provider, model and fingerprint."""
    texts: dict[str, str] = field(default_factory=dict)
    """System prompts, tool definitions and parameters, by digest."""
    inputs: dict[str, str] = field(default_factory=dict)
    """What first calls ask, likewise; apart, because each test may ask something else."""
    has_calls: bool = True
    """False of a baseline, which keeps none."""
    notes: list[str] = field(default_factory=list)

    @property
    def revision(self) -> str | None:
        """The git revision that was checked out."""
        return revision_of(self.run)


def revision_of(run: Mapping[str, Any]) -> str | None:
    """The git revision of a report's `run`."""
    revision = (run.get("git") or {}).get("revision")
    return revision if isinstance(revision, str) and revision else None


def moment(text: str) -> datetime:
    """A moment by ISO 8601, in UTC where it names no zone.

    Raises:
        ValueError: It is none.
    """
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def opened(stored: StoredReport, *, name: str) -> Snapshot:
    """A stored report without its calls, which `count` adds.

    Raises:
        ReportError: It is not as its schema has it.
    """
    try:
        run = stored.report["run"]
        return Snapshot(
            name=name,
            side=side_of(stored.report, name=name),
            started_at=moment(run["started_at"]),
            run=run,
            broken_off=stored.report["verdict"]["reason"],
            tests={test["nodeid"]: _test(test) for test in stored.tests},
        )
    except UNREADABLE as error:
        raise ReportError(f"{stored.path} is not as its schema has it: {error!r}") from error


def count(into: Snapshot, stored: StoredReport, *, watch: Watch | None = None) -> None:
    """Add a report's calls to its snapshot.

    Args:
        into: The snapshot.
        stored: Its report.
        watch: Is shown each line of a model's call.

    Raises:
        ReportError: `calls.jsonl` was cut off, is of another run, or is not as its schema has it.
    """
    if not stored.calls_path.exists():
        told = "is missing: prompts, parameters, finish reasons and what was asked for are unknown"
        into.notes.append(f"{stored.calls_path} {told}")
        for nodeid, call in _summaries(stored):
            _count(into, nodeid, from_summary(call))
        return
    superseded = _superseded(stored)
    for line in stored.whole_lines():
        if line.get("kind") == "call" and line.get("runs_model") is not False:
            if line.get("id") in superseded:
                continue
            try:
                _count(into, str(line.get("test")), from_line(line))
            except ReportError as error:
                raise ReportError(f"{stored.calls_path}: {error}") from error
            if watch is not None:
                watch(line)


def _test(test: Mapping[str, Any]) -> Test:
    cassette = test["cassette"] or {}
    return Test(
        finding=test["finding"],
        failure=test["failure"],
        call_ids=tuple(call["id"] for call in test["calls"]),
        judging=frozenset(call["id"] for call in test["calls"] if call["purpose"] != "subject"),
        trace=test["trace"],
        recorded_at=cassette.get("recorded_at"),
    )


def _summaries(stored: StoredReport) -> Iterator[tuple[str, Mapping[str, Any]]]:
    last = {test["nodeid"]: test for test in stored.tests}
    for nodeid, test in last.items():
        for call in test["calls"]:
            yield nodeid, call


def _superseded(stored: StoredReport) -> set[str]:
    """Calls of tests that ran again, but for the last time, which is the one that counts."""
    last = {test["nodeid"]: test for test in stored.tests}
    if len(last) == len(stored.tests):
        return set()
    return {
        call["id"]
        for test in stored.tests
        if last[test["nodeid"]] is not test
        for call in test["calls"]
    }


def _count(into: Snapshot, nodeid: str, call: Observed) -> None:
    asked = Answerer(call.purpose, call.provider, call.name)
    into.models.setdefault(asked, Figures()).add(call)
    own = into.calls.setdefault(nodeid, Calls())
    if call.answered_by is not None:
        who = Answerer(call.purpose, call.provider, call.answered_by)
        into.answerers[who] += 1
        own.answerers[who] += 1
    if call.purpose == "subject":
        _count_subject(into, own, call)


def _count_subject(into: Snapshot, own: Calls, call: Observed) -> None:
    own.made += 1
    into.steps.setdefault(call.step or "", Figures()).add(call)
    if call.fingerprint:
        into.fingerprints[call.provider, call.answered_by or "unknown", call.fingerprint] += 1
        own.fingerprints.add(call.fingerprint)
    own.asked_models |= {call.asked_model} if call.asked_model else set()
    own.sources.add(call.source)
    own.errors.update([call.error_type] if call.error_type else [])
    own.finish.update([call.finish] if call.finish else [])
    _count_place(into, own, call)


def _count_place(into: Snapshot, own: Calls, call: Observed) -> None:
    if not own.places:
        own.first_asked = _kept(into.inputs, call.asked)
        own.first_tokens = call.input_tokens
    if len(own.places) < PLACES:
        told = (_kept(into.texts, text) for text in (call.system, call.tools, call.parameters))
        own.places.append(Place(call.step, *told))


def _kept(texts: dict[str, str], text: str | None) -> str | None:
    if text is None:
        return None
    key = digest(text)
    if key not in texts and len(texts) < _MOST_TEXTS:
        texts[key] = text
    return key
