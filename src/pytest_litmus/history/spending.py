"""Spending: what the live calls cost, by day, week or month and by model.

Replayed calls cost nothing: what they would have cost stands beside it. A call without a price may
have cost anything: a sum that leaves some out is a least, and one of nothing known is None.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pytest_litmus.history.asking import models_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from pytest_litmus.history.asking import Row, Run

Period = Literal["day", "week", "month"]


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What some calls cost."""

    calls: int
    live_calls: int
    live_cost_usd: Decimal | None
    """Of the live calls with a price; None where there is none."""
    cost_usd: Decimal | None
    """Of all calls with a price, as if the replayed ones had been made again."""
    unpriced_calls: int
    """Of all calls."""

    @property
    def word(self) -> Literal["exactly", "at least", "unknown", "nothing"]:
        """How far `live_cost_usd` is what was spent.

        Which calls have no price is known of all, not of the live ones: where there are both, it
        supposes that a live one may be among them.
        """
        if not self.live_calls:
            return "nothing"
        if self.live_cost_usd is None:
            return "unknown"
        return "at least" if self.unpriced_calls else "exactly"


@dataclass(frozen=True)
class PeriodSpent:
    """A day, a week or a month."""

    begins: date
    runs: int
    spent: Spent
    by_model: dict[str, Spent]
    """`provider model`."""


@dataclass(frozen=True)
class Spending:
    """All of it."""

    by: Period
    periods: tuple[PeriodSpent, ...]
    """From the earliest to the latest; those without a run are left out."""
    total: Spent
    by_model: dict[str, Spent] = field(default_factory=dict)
    """The dearest first, and of unknown price before all."""


def spending(connection: sqlite3.Connection, runs: tuple[Run, ...], *, by: Period) -> Spending:
    """What the runs cost."""
    models = models_of(connection, runs)
    groups: dict[date, list[Run]] = defaultdict(list)
    for run in runs:
        groups[_begin(date.fromisoformat(run["started_at"][:10]), by)].append(run)
    periods = tuple(
        PeriodSpent(
            begins, len(group), *_added([row for run in group for row in models[run["id"]]])
        )
        for begins, group in sorted(groups.items())
    )
    total, by_model = _added([row for run in runs for row in models[run["id"]]])
    return Spending(by, periods, total, dict(sorted(by_model.items(), key=_dearest_first)))


def _added(rows: Sequence[Row]) -> tuple[Spent, dict[str, Spent]]:
    by_model: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_model[f"{row['provider']} {row['model'] or 'unknown model'}"].append(row)
    return _spent(rows), {name: _spent(group) for name, group in by_model.items()}


def _spent(rows: Sequence[Row]) -> Spent:
    return Spent(
        calls=sum(row["calls"] for row in rows),
        live_calls=sum(row["live_calls"] for row in rows),
        live_cost_usd=_sum(row["live_cost_usd"] for row in rows),
        cost_usd=_sum(row["cost_usd"] for row in rows),
        unpriced_calls=sum(row["unpriced_calls"] for row in rows),
    )


def _dearest_first(item: tuple[str, Spent]) -> tuple[bool, Decimal, Decimal, str]:
    name, spent = item
    return (
        spent.word != "unknown",
        -(spent.live_cost_usd or Decimal(0)),
        -(spent.cost_usd or Decimal(0)),
        name,
    )


def _begin(day: date, by: Period) -> date:
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by == "week" else day


def _sum(amounts: Iterable[str | None]) -> Decimal | None:
    known = [Decimal(text) for text in amounts if text is not None]
    return sum(known, Decimal(0)) if known else None
