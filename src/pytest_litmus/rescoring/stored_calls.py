"""Stored calls: those of a test of a report, as evaluators and budgets look at a recorder's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_litmus.call_totals import CallGroup, CallTotals, by_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.purpose import Purpose
    from pytest_litmus.wire.calls import Call


@dataclass(frozen=True)
class StoredCalls(CallTotals):
    """The calls of one test, or of one run of it."""

    traced: tuple[Call, ...]
    """For whatever purpose, and the requests that ran a tool."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The program's model calls, in the order in which they were sent."""
        return self.calls_as("subject").calls

    def calls_as(self, purpose: Purpose) -> CallGroup:
        """The model calls that were made for a purpose."""
        own = (call for call in self.traced if call.runs_model and call.purpose == purpose)
        return CallGroup(purpose, tuple(own))

    @property
    def steps(self) -> Mapping[str | None, CallGroup]:
        """The program's calls by step; None holds those outside any."""
        return by_step(self.calls)
