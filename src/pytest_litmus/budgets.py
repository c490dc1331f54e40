"""Budgets: what a test's calls, or a session's, may cost and take."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import BudgetRefusal
from pytest_litmus.purpose import SUBJECT
from pytest_litmus.verdicts import Limit, Score, Verdict, judge
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_litmus.call_totals import CallTotals
    from pytest_litmus.pricing import Priced
    from pytest_litmus.purpose import Purpose
    from pytest_litmus.wire.calls import Call


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Upper limits on the calls of one test; None where there is none. The ends are inside.

    They are the program's calls; those of its judges have a limit of their own.
    """

    max_cost_usd: float | None = None
    max_latency_s: float | None = None
    """On the time in which a model was at work, over the whole test."""
    max_time_to_first_chunk_s: float | None = None
    """On the slowest streamed call."""
    max_tokens: float | None = None
    """On input and output tokens together."""
    max_calls: float | None = None
    max_judge_cost_usd: float | None = None
    for_all: frozenset[str] = frozenset()
    """Names of the limits that were set for all tests: one on first chunks asks nothing of a test
    that streams nothing. Set for one test, it is an error there."""

    def verdicts(self, calls_as: Callable[[Purpose], CallTotals]) -> tuple[Verdict, ...]:
        """Hold each limit against what the calls came to; a value that is not known is an error.

        Args:
            calls_as: The calls for a purpose.
        """
        return tuple(
            judge(score(calls), Limit(at_most=limit))
            for name, (purpose, score) in _SCORES.items()
            if (limit := getattr(self, name)) is not None
            and self._concerns(name, calls := calls_as(purpose))
        )

    def _concerns(self, name: str, calls: CallTotals) -> bool:
        of_streams = name == "max_time_to_first_chunk_s" and name in self.for_all
        return not of_streams or any(call.streamed for call in calls.calls)

    def over(self, defaults: Budget) -> Budget:
        """This budget, with the defaults where it says nothing."""
        missing = {name for name in NAMES if getattr(self, name) is None}
        taken = {name: getattr(defaults, name) for name in missing}
        return replace(self, **taken, for_all=self.for_all | (defaults.for_all & missing))


NAMES = tuple(field.name for field in fields(Budget) if field.name.startswith("max_"))


def budget(
    given: Mapping[str, Any], *, where: str, prefix: str = "", for_all: bool = False
) -> Budget:
    """Make a budget of what a mark or an ini file says.

    Args:
        given: Limits by name.
        where: Who says it, for messages.
        prefix: What stands before a name there.
        for_all: Whether it is said of all tests.

    Raises:
        ValueError: A name is unknown, or a value is no number of 0 or more; says which, and what to
            type.
    """
    values = {name: _limit(name, value, f"{where}: {prefix}") for name, value in given.items()}
    return Budget(**values, for_all=frozenset(values) if for_all else frozenset())


def _limit(name: str, value: Any, where: str) -> float:
    if name not in NAMES:
        raise ValueError(f"{where}{name}= is unknown: {hint(name, NAMES)}")
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not number >= 0 or math.isinf(number):
        raise ValueError(f"{where}{name}={value!r} is no number of 0 or more")
    return number


def _cost(calls: CallTotals) -> Score:
    unpriced = [call for call in calls.calls if call.cost_usd is None]
    if unpriced:
        why = unpriced[0].cost_note or "no price"
        said = f"{len(unpriced)} of {len(calls.calls)} calls have no known cost: {why}"
        return Score(name="cost", unit="USD", explanation=said)
    cost = calls.cost_usd or Decimal(0)
    return Score(
        name="cost",
        value=float(cost),
        unit="USD",
        explanation=f"{len(calls.calls)} calls cost ${cost:f}",
    )


def _latency(calls: CallTotals) -> Score:
    seconds = calls.latency_s
    slow = max(calls.calls, key=lambda call: call.duration_s or 0.0, default=None)
    said = "a call's duration is not known (a cassette of plain vcrpy has no times)"
    if seconds is not None:
        said = f"the model worked {seconds:.3f} s"
        if slow is not None and len(calls.calls) > 1:
            said += (
                f", {slow.duration_s or 0.0:.3f} s of it in the slowest of {len(calls.calls)} calls"
            )
    return Score(name="latency", value=seconds, unit="s", explanation=said)


def _first_chunk(calls: CallTotals) -> Score:
    streamed = [call for call in calls.calls if call.streamed]
    seconds = calls.time_to_first_chunk_s
    said = (
        f"the slowest of {len(streamed)} streams took {seconds:.3f} s"
        if seconds is not None
        else ""
    )
    if not streamed:
        said = "no call was streamed, so none has a first chunk"
    elif seconds is None:
        said = "no stream had a first chunk with content"
    return Score(name="time_to_first_chunk", value=seconds, unit="s", explanation=said)


def _tokens(calls: CallTotals) -> Score:
    tokens = calls.total_tokens
    silent = [call for call in calls.calls if call.usage.total_tokens is None]
    said = (
        f"{calls.input_tokens} tokens in, {calls.output_tokens} out"
        if tokens is not None
        else f"{len(silent)} of {len(calls.calls)} calls report no usage"
    )
    return Score(name="tokens", value=tokens, unit="{token}", explanation=said)


def _calls(calls: CallTotals) -> Score:
    count = len(calls.calls)
    return Score(name="calls", value=count, unit="{call}", explanation=f"{count} calls were made")


def _judge_cost(calls: CallTotals) -> Score:
    return replace(_cost(calls), name="judge_cost")


_SCORES: Mapping[str, tuple[Purpose, Callable[[CallTotals], Score]]] = {
    "max_cost_usd": (SUBJECT, _cost),
    "max_latency_s": (SUBJECT, _latency),
    "max_time_to_first_chunk_s": (SUBJECT, _first_chunk),
    "max_tokens": (SUBJECT, _tokens),
    "max_calls": (SUBJECT, _calls),
    "max_judge_cost_usd": ("judge", _judge_cost),
}
"""Of whose calls each limit speaks, and of what."""


class Ledger:
    """What is spent, or reserved for calls that are under way, in US dollars."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._committed_usd = Decimal(0)

    @contextmanager
    def entry(self) -> Iterator[Entry]:
        """The sum, to be read and changed while nobody else does."""
        with self._lock:
            entry = Entry(self._committed_usd)
            yield entry
            self._committed_usd = entry.committed_usd


class SharedLedger:
    """A ledger in a file, for processes that spend from the same budget.

    What a process had reserved when it died stays reserved: its call may have been answered.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock

        self._path = path
        self._lock = FileLock(path.with_suffix(".lock"))

    @contextmanager
    def entry(self) -> Iterator[Entry]:
        """As a ledger's."""
        with self._lock:
            text = self._path.read_text(encoding="ascii") if self._path.exists() else "0"
            entry = Entry(Decimal(text))
            yield entry
            self._path.write_text(str(entry.committed_usd), encoding="ascii")


@dataclass
class Entry:
    """The sum of a ledger while it is held."""

    committed_usd: Decimal


class SessionBudget:
    """What the live calls of a session may cost, whoever makes them: a judge's money is real too.

    Replayed calls are free: they were paid for.
    """

    def __init__(
        self,
        limit_usd: Decimal,
        *,
        upper_bound: Callable[[Call], Priced],
        ledger: Ledger | SharedLedger | None = None,
    ) -> None:
        self._limit, self._upper_bound = limit_usd, upper_bound
        self._ledger = ledger or Ledger()

    @property
    def committed_usd(self) -> Decimal:
        """Spent, and reserved for calls that are under way."""
        with self._ledger.entry() as entry:
            return entry.committed_usd

    def reserve(self, call: Call) -> Decimal | None:
        """Set aside the most that a call can cost, before it is sent.

        Returns:
            None for a request that starts no work of a model: it costs nothing by itself.

        Raises:
            BudgetRefusal: The call could break the budget, or its price is not known.
        """
        if call.poll_of or not call.runs_model:
            return None
        bound = self._upper_bound(call)
        model = call.request_model or "a model without a name"
        if bound.cost_usd is None:
            raise BudgetRefusal(
                f"a call to {model} was not made: what it may cost is not known\n"
                f"  why       {bound.cost_note}\n"
                f"  budget    --llm-max-cost {dollars(self._limit)}\n"
                "  mend      give the model a price in a price file (ini value llm_prices)"
            )
        with self._ledger.entry() as entry:
            if entry.committed_usd + bound.cost_usd > self._limit:
                raise BudgetRefusal(
                    f"a call to {model} was not made: it could break the session's budget\n"
                    f"  budget    --llm-max-cost {dollars(self._limit)}\n"
                    f"  spent     {dollars(entry.committed_usd)}, calls under way at their most\n"
                    f"  call      up to {dollars(bound.cost_usd)} by {bound.cost_source}"
                )
            entry.committed_usd += bound.cost_usd
        return bound.cost_usd

    def settle(self, reserved: Decimal, call: Call | None) -> None:
        """Put what the call came to in the place of what was set aside for it.

        A call that the provider refused costs nothing. One whose cost nobody knows stays at its
        most, one that timed out or broke off too: the provider may charge for it.
        """
        if call is None:
            return
        spent = Decimal(0) if call.status is not None and call.status >= 400 else call.cost_usd
        if spent is not None:
            with self._ledger.entry() as entry:
                entry.committed_usd += spent - reserved


def dollars(amount: Decimal) -> str:
    """An amount to the last digit that says something; a budget's refusal must add up."""
    return f"${amount.normalize():f}"


def max_cost(text: str) -> Decimal:
    """Read `--llm-max-cost`.

    Raises:
        ValueError: It is no amount of 0 or more.
    """
    try:
        amount = Decimal(text.lstrip("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"--llm-max-cost {text!r} is no amount in US dollars of 0 or more")
    return amount
