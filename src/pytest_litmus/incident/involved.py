"""Involved: the calls of the tests that fail now, as many as people read, and what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report.call_json import call_from_json
from pytest_litmus.report.json_ready import decimal_text
from pytest_litmus.report.reading import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_litmus.incident.outcomes import Outcomes
    from pytest_litmus.incident.snapshot import Snapshot, Test
    from pytest_litmus.wire.calls import Call

LONGEST = 1_500
"""Characters of an input or an output that are kept; the report has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """A call of a test that fails now."""

    id: str
    nodeid: str
    purpose: str
    started_at: str | None
    provider: str
    model: str | None
    step: str | None
    source: str
    duration_s: float | None
    attempts: int
    cost_usd: str | None
    input_tokens: int | None
    output_tokens: int | None
    finish_reasons: tuple[str, ...]
    error_type: str | None
    status: int | None
    error_message: str | None
    tools: tuple[str, ...]
    """That the model asked for."""
    asked: str | None
    """The last message of the user; None where the report does not hold what was said."""
    answered: str | None
    was_answered_by: tuple[str, ...]
    """Of the same test in the earlier run: the models; empty where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The calls of one test that are shown, and how its calls hang together."""

    nodeid: str
    calls: tuple[Involved, ...]
    of: int
    """Calls that the test made."""
    trace: Mapping[str, Any] | None


def tests_involved(outcomes: Outcomes) -> list[str]:
    """Tests whose calls are looked at, the worst first."""
    breached = (one.nodeid for one in outcomes.new_breaches)
    failing = (*outcomes.newly_failing, *outcomes.broke_down, *outcomes.failing_added)
    return list(dict.fromkeys([*breached, *(one.nodeid for one in failing)]))


def chosen(tests: Sequence[str], run: Snapshot, *, most: int) -> list[str]:
    """Ids of calls: of each test its last one, then of each the one before, until there are `most`.

    A test's last call said what the test failed at, most of the time; those of judges come after.
    """
    waiting = [_judges_first(run.tests[name]) for name in tests]
    ids: list[str] = []
    while any(waiting) and len(ids) < most:
        for calls in waiting:
            if calls and len(ids) < most:
                ids.append(calls.pop())
    return ids


def _judges_first(test: Test) -> list[str]:
    return sorted(test.call_ids, key=lambda one: one not in test.judging)


def trails(
    tests: Sequence[str],
    lines: Iterable[Mapping[str, Any]],
    before: Snapshot,
    after: Snapshot,
) -> Iterator[Trail]:
    """The chosen calls by test, in the order in which they were made.

    Raises:
        ReportError: A call is not as its schema has it.
    """
    read = {line["id"]: _read(line) for line in lines}
    for name in tests:
        test = after.tests[name]
        calls = [
            _involved(name, read[one], before.calls.get(name))
            for one in test.call_ids
            if one in read
        ]
        if calls or test.call_ids:
            yield Trail(nodeid=name, calls=tuple(calls), of=len(test.call_ids), trace=test.trace)


def count_by_model(tests: Sequence[str], after: Snapshot) -> dict[str, int]:
    """All calls of the tests, by who answered."""
    counted: Counter[str] = Counter()
    for name in tests:
        for who, count in after.calls[name].answerers.items() if name in after.calls else ():
            counted[f"{who.provider} {who.model}"] += count
    return dict(counted.most_common())


def _read(line: Mapping[str, Any]) -> tuple[Call, bool]:
    """The call, and whether what was said is known."""
    try:
        return call_from_json(line), line.get("content") is not None
    except UNREADABLE as error:
        raise ReportError(
            f"call {line.get('id')} is not as its schema has it: {error!r}"
        ) from error


def _involved(nodeid: str, read: tuple[Call, bool], earlier: Any) -> Involved:
    call, said = read
    who = earlier.answerers if earlier else ()
    return Involved(
        id=call.id,
        nodeid=nodeid,
        purpose=call.purpose,
        started_at=call.started_at.isoformat() if call.started_at else None,
        provider=call.provider_name,
        model=call.response_model or call.request_model,
        step=call.step,
        source=call.source,
        duration_s=call.duration_s,
        attempts=len(call.attempts),
        cost_usd=decimal_text(call.cost_usd),
        input_tokens=call.usage.input_tokens,
        output_tokens=call.usage.output_tokens,
        finish_reasons=call.finish_reasons,
        error_type=call.error_type,
        status=call.status,
        error_message=call.error_message,
        tools=tuple(part.name or "" for part in call.tool_calls),
        asked=call.input_text[:LONGEST] if said else None,
        answered=call.output_text[:LONGEST] if said else None,
        was_answered_by=tuple(
            sorted({f"{one.provider} {one.model}" for one in who if one.purpose == call.purpose})
        ),
    )
