"""Telling: a comparison as lines of a terminal, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_litmus.report.plain import ascii_line, counted, keep_end
from pytest_litmus.report.terminal import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_litmus.compare.comparing import Change, Comparison

_COLUMN = 11
_SHOWN = 10
"""Tests of a kind that are named."""
_MARKUP: Mapping[str, Mapping[str, bool]] = {
    "regression": {"red": True, "bold": True},
    "inconclusive": {"yellow": True},
    "improvement": {"green": True},
    "no change": {},
}
_WORST_FIRST = ("regression", "inconclusive", "improvement", "no change")


def comparison_lines(comparison: Comparison, *, width: int) -> list[Line]:
    """The section.

    Args:
        comparison: What was found.
        width: Columns of the terminal; names of tests are cut to it at their beginning.
    """
    outcome = comparison.outcome
    return [
        _row("compared", f"{comparison.before.name} -> {comparison.after.name}"),
        _row("outcome", outcome, _MARKUP[outcome]),
        _row("tests", _counts(comparison)),
        *(_change(one) for one in comparison.changes),
        *_lost(comparison.lost, width=width),
        *_tests(comparison.tests, width=width),
        *(_row("note", note) for note in comparison.notes),
    ]


def _row(label: str, text: str, markup: Mapping[str, bool] | None = None) -> Line:
    shown = ascii_line(label)
    return Line(markup or {}, f"{shown:<{_COLUMN - 1}} {ascii_line(text)}".rstrip())


def _counts(comparison: Comparison) -> str:
    told = [
        f"{len(comparison.compared)} compared",
        *(
            f"{len(names)} {word}"
            for names, word in (
                (comparison.changed, "changed and not comparable"),
                (comparison.unknown, "without a fingerprint"),
                (comparison.lost, "lost"),
                (comparison.added, "new"),
            )
            if names
        ),
    ]
    return ", ".join(told)


def _change(change: Change) -> Line:
    label = change.pillar if change.metric in ("pass rate", change.pillar) else change.metric
    text = f"{change.outcome}: {change.explanation}"
    return _row(label, text, _MARKUP[change.outcome])


def _lost(names: Sequence[str], *, width: int) -> Iterator[Line]:
    room = max(width - _COLUMN, 20)
    for name in names[:_SHOWN]:
        yield _row("lost", keep_end(ascii_line(name), longest=room), _MARKUP["regression"])
    if len(names) > _SHOWN:
        yield _row("", f"and {counted(len(names) - _SHOWN, 'more test')}")


def _tests(changes: Sequence[Change], *, width: int) -> Iterator[Line]:
    ranked = sorted(changes, key=lambda one: (_WORST_FIRST.index(one.outcome), one.test or ""))
    room = max(width - _COLUMN, 20)
    for change in ranked[:_SHOWN]:
        name = keep_end(ascii_line(change.test or ""), longest=room)
        yield _row(_word(change), name, _MARKUP[change.outcome])
        yield _row("", f"{change.metric}: {change.explanation}")
    if len(ranked) > _SHOWN:
        yield _row("", f"and {counted(len(ranked) - _SHOWN, 'more test')}")


def _word(change: Change) -> str:
    return {"regression": "worse", "improvement": "better"}.get(change.outcome, "open")
