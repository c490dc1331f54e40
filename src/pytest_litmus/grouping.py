"""Grouping: exchanges to calls. The tries of one call are one, and so are a run and its polls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.calls import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_litmus.capture.tape import Tape
    from pytest_litmus.wire.calls import Call

_RETRIED = frozenset({408, 409, 425, 429})

_SAID = (
    "response_model",
    "service_tier",
    "output_messages",
    "finish_reasons",
    "flags",
    "usage",
    "reported_cost_usd",
    "server_times_s",
)
"""What a poll may know better than the call that started the run."""

_NOTHING: tuple[Any, ...] = (None, (), {}, Usage())


def by_attempts(tapes: Iterable[Tape]) -> list[list[Tape]]:
    """The tapes, those of one call together: the same request again after a try that failed."""
    groups: list[list[Tape]] = []
    open_groups: dict[Any, list[Tape]] = {}
    for tape in tapes:
        context = tape.notes.get("context")
        group = open_groups.get(context)
        if group and _is_retry(tape, of=group[-1]):
            group.append(tape)
            continue
        open_groups[context] = group = [tape]
        groups.append(group)
    return groups


def _is_retry(tape: Tape, *, of: Tape) -> bool:
    """Whether a tape is the next try of one that failed; some SDKs say so themselves."""
    said = tape.request.header("x-stainless-retry-count")
    if tape.key != of.key or said == "0":
        return False
    if of.status is None:
        return of.error_type is not None
    return of.status in _RETRIED or of.status >= 500


def with_polls(calls: Iterable[Call]) -> list[Call]:
    """The calls, each with what its polls said; a poll of a run that is not among them stays.

    Args:
        calls: In the order in which they were sent.
    """
    found: list[Call] = []
    places: dict[str, int] = {}
    for call in calls:
        place = places.get(call.poll_of) if call.poll_of else None
        if place is None:
            place = len(found)
            found.append(call)
        else:
            found[place] = _polled(found[place], call)
        names = (found[place].response_id, *call.handles)
        places |= {name: place for name in names if name}
    return found


def started_by(call: Call, calls: Sequence[Call]) -> Call:
    """The call that a poll is part of; the poll itself where there is none, and any other call."""
    asked = (one for one in calls if call.poll_of in (one.response_id, *one.handles))
    return next(asked, call) if call.poll_of else call


def _polled(call: Call, poll: Call) -> Call:
    """A call after a poll. One that failed by itself says nothing of the run."""
    if poll.status is None or not 200 <= poll.status < 300:
        return replace(call, polls=call.polls + 1)
    said = {name: value for name in _SAID if (value := getattr(poll, name)) not in _NOTHING}
    return replace(
        call,
        **said,
        error_type=poll.error_type,
        error_message=poll.error_message,
        ended=poll.ended,
        streamed=call.streamed or poll.streamed,
        time_to_first_chunk_s=call.time_to_first_chunk_s
        or _until(poll, poll.time_to_first_chunk_s, since=call),
        # A list of what was said, read later, is no work of the model.
        duration_s=_until(poll, poll.duration_s, since=call)
        if poll.runs_model
        else call.duration_s,
        polls=call.polls + 1,
    )


def _until(poll: Call, moment_s: float | None, *, since: Call) -> float | None:
    """Seconds from sending a call to a moment of a poll; None where one of them is not known."""
    if since.started_at is None or poll.started_at is None or moment_s is None:
        return None
    waited_s = (poll.started_at - since.started_at).total_seconds()
    return max(0.0, waited_s) + moment_s
