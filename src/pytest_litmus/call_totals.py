"""Call totals: what some calls come to, and the worst of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_litmus.wire.calls import Call, Part

_Number = TypeVar("_Number", int, float, Decimal)


class CallTotals:
    """What some calls have in common: sums and worst cases, None where one of them is not known."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls, in the order in which they were sent."""
        raise NotImplementedError

    @property
    def last(self) -> Call:
        """The call that was sent last.

        Raises:
            LookupError: There is none.
        """
        if not self.calls:
            raise LookupError("no model call has been made so far")
        return self.calls[-1]

    @property
    def cost_usd(self) -> Decimal | None:
        """US dollars over all calls; None when one has no known price."""
        return sum_of([call.cost_usd for call in self.calls])

    @property
    def latency_s(self) -> float | None:
        """Seconds in which a model was at work; calls that overlap count once.

        Waits between an SDK's retries are not in it. Of a replayed call it is the recorded time.
        None when a call's duration is not known.
        """
        durations = [call.duration_s for call in self.calls]
        return None if None in durations else _busy_s(self.calls)

    @property
    def time_to_first_chunk_s(self) -> float | None:
        """Seconds to the first content of the slowest stream; None when none was streamed."""
        times = [call.time_to_first_chunk_s for call in self.calls]
        return max((time for time in times if time is not None), default=None)

    @property
    def output_tokens_per_s(self) -> float | None:
        """Output tokens a second of model time; None when tokens or times are not known."""
        tokens, seconds = self.output_tokens, sum_of([call.duration_s for call in self.calls])
        return tokens / seconds if tokens and seconds else None

    @property
    def input_tokens(self) -> int | None:
        """Input tokens, cached ones included; None when a call does not report them."""
        return sum_of([call.usage.input_tokens for call in self.calls])

    @property
    def output_tokens(self) -> int | None:
        """Output tokens, reasoning included; None when a call does not report them."""
        return sum_of([call.usage.output_tokens for call in self.calls])

    @property
    def total_tokens(self) -> int | None:
        """Input and output tokens; None when either is not known."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        return self.input_tokens + self.output_tokens

    @property
    def tool_calls(self) -> tuple[Part, ...]:
        """The tool calls that models asked for."""
        return tuple(part for call in self.calls for part in call.tool_calls)

    @property
    def errors(self) -> tuple[Call, ...]:
        """The calls that failed, after the SDK's retries."""
        return tuple(call for call in self.calls if call.error_type is not None)


def _busy_s(calls: Sequence[Call]) -> float:
    """Seconds in which at least one of the calls was under way.

    A call whose start is not known overlaps with none, as far as anybody knows.
    """
    busy_s = sum(call.duration_s or 0.0 for call in calls if call.started_at is None)
    spans = [(c.started_at.timestamp(), c.duration_s or 0.0) for c in calls if c.started_at]
    until = float("-inf")
    for start, duration_s in sorted(spans):
        busy_s += max(0.0, start + duration_s - max(start, until))
        until = max(until, start + duration_s)
    return busy_s


def sum_of(values: Sequence[_Number | None]) -> _Number | None:
    """The sum; None when one of them is None; 0 of none."""
    known = [value for value in values if value is not None]
    return cast("_Number", sum(known)) if len(known) == len(values) else None


@dataclass(frozen=True)
class CallGroup(CallTotals):
    """The calls of one step, of the test outside any step, or of one purpose."""

    name: str | None
    of: tuple[Call, ...]

    @property
    def calls(self) -> tuple[Call, ...]:
        """The group's calls, in the order in which they were sent."""
        return self.of


def by_step(calls: Iterable[Call]) -> dict[str | None, CallGroup]:
    """Calls grouped by step, in the order of first use; None holds those outside any."""
    grouped: dict[str | None, list[Call]] = {}
    for call in calls:
        grouped.setdefault(call.step, []).append(call)
    return {name: CallGroup(name, tuple(of)) for name, of in grouped.items()}
