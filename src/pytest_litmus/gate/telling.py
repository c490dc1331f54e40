"""Telling: a decision in a few lines, worst first, for someone who was woken by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_litmus.gate.measures import EXIT_CODES
from pytest_litmus.report.plain import ascii_line, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.gate.deciding import Decision, Ruling

_TOP_TESTS = 3
_RANK = list(EXIT_CODES)


def told(decision: Decision, *, explain: bool = False) -> list[str]:
    """The lines of a decision, ASCII.

    Args:
        decision: What was decided.
        explain: Whether rules that pass are told too, and all tests by name.
    """
    blocking = sorted((r for r in decision.rulings if r.blocks), key=_rank)
    others = [r for r in decision.rulings if not r.blocks and r.outcome != "pass"]
    passed = [r for r in decision.rulings if r.outcome == "pass"]
    lines = [headline(decision)]
    for ruling in (*blocking, *others, *(passed if explain else ())):
        lines += _lines(ruling, explain=explain)
    if passed and not explain:
        lines.append(f"{counted(len(passed), 'rule')} kept; --explain shows them, and all tests")
    return [ascii_line(line) if not line.startswith(" ") else _indented(line) for line in lines]


def headline(decision: Decision) -> str:
    """`DO NOT DEPLOY: safety, exit code 11 (2 of 5 rules block)`."""
    if decision.exit_code == 0:
        return f"DEPLOY: exit code 0, by {decision.policy}"
    blocking = sum(ruling.blocks for ruling in decision.rulings)
    return (
        f"DO NOT DEPLOY: {decision.pillar}, exit code {decision.exit_code}, "
        f"by {decision.policy} ({blocking} of {counted(len(decision.rulings), 'ruling')} block)"
    )


def _rank(ruling: Ruling) -> int:
    return _RANK.index(ruling.pillar)


def _lines(ruling: Ruling, *, explain: bool) -> Iterator[str]:
    yield f"{_word(ruling)} {ruling.name}"
    yield f"  measured  {ruling.number}"
    if ruling.limit:
        yield f"  limit     {ruling.limit}"
    if ruling.outcome in ("fail", "inconclusive"):
        yield from _tests(ruling.tests, explain=explain)
        if ruling.remedy:
            yield f"  mend      {ruling.remedy}"
    if ruling.owner:
        yield f"  owner     {ruling.owner}"
    if ruling.reason:
        yield f"  reason    {ruling.reason}"


def _word(ruling: Ruling) -> str:
    if ruling.outcome in ("pass", "allowed"):
        return ruling.outcome.upper()
    named = f"{ruling.outcome.upper()} ({ruling.pillar})"
    return named if ruling.blocking else f"ADVICE, {named}"


def _tests(tests: tuple[str, ...], *, explain: bool) -> Iterator[str]:
    shown = tests if explain else tests[:_TOP_TESTS]
    for place, nodeid in enumerate(shown):
        yield f"  {'' if place else 'tests':<8}  {nodeid}"
    if len(tests) > len(shown):
        yield f"  {'':<8}  and {len(tests) - len(shown):,} more: --explain"


def _indented(line: str) -> str:
    label, rest = line[:12], line[12:]
    return f"{label}{ascii_line(rest)}"
