"""Ratchet: the limits that a new policy weakens, and whether it says why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_litmus.verdicts import plain

if TYPE_CHECKING:
    from pytest_litmus.gate.policy import Policy, Rule

_SCOPE = ("measure", "tests", "mark", "severity", "of", "family", "attack")


@dataclass(frozen=True, slots=True)
class Weakened:
    """A limit that holds less than it did."""

    name: str
    how: str
    reason: str | None
    """Why, as the new policy says; None where it does not."""
    remedy: str


def weakened(old: Policy, new: Policy) -> list[Weakened]:
    """What the new policy lets pass that the old one did not, in the order of the old one."""
    rules = {rule.name: rule for rule in new.rules}
    found: list[Weakened] = []
    for before in old.rules:
        after = rules.get(before.name)
        if after is None:
            reason = new.removed.get(before.name)
            remedy = f"write [removed] {before.name!r} = 'why'"
            found.append(Weakened(before.name, "it was removed", reason, remedy))
            continue
        # A reason that stood there before speaks of an earlier change.
        reason = after.reason if after.reason != before.reason else None
        remedy = "write a reason for this change in the rule: reason = 'why'"
        found += [Weakened(before.name, how, reason, remedy) for how in _ways(before, after)]
    found += [
        Weakened(f"[allow] {name}", "it was not allowed before", reason, "")
        for name, reason in new.allow.items()
        if name not in old.allow
    ]
    return found


def _ways(before: Rule, after: Rule) -> Iterator[str]:
    yield from _looser(before, after)
    for name in _SCOPE:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{name} was {_listed(was)} and is {_listed(now)}: it speaks of something else"
    if before.blocking and not after.blocking:
        yield "it blocked, and only advises"
    if before.interval and not after.interval:
        yield "the whole interval had to keep the limit, and now only the rate has to"
    if after.new_only and not before.new_only:
        yield "it counted all breaches, and now only new ones"
    kind, other = before.usual_pillar, after.usual_pillar
    if kind != other:
        yield f"it was of {kind}, and is of {other}: the exit code changed"


def _looser(before: Rule, after: Rule) -> Iterator[str]:
    was, now = before.limit.at_most, after.limit.at_most
    if (math.inf if now is None else now) > (math.inf if was is None else was):
        yield f"at_most was {_plain(was)} and is {_plain(now)}"
    was, now = before.limit.at_least, after.limit.at_least
    if (-math.inf if now is None else now) < (-math.inf if was is None else was):
        yield f"at_least was {_plain(was)} and is {_plain(now)}"


def _plain(value: float | None) -> str:
    return "gone" if value is None else plain(value)


def _listed(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "everything"
    return str(value)
