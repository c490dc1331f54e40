"""Telling: what an import chose, merged, redacted, skipped and wrote, in a few lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_litmus.report.plain import ascii_line, counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_litmus.importing.choosing import Choice
    from pytest_litmus.importing.quarantine import Imported

_SHOWN = 20
_LABEL = 10


def told(choice: Choice, found: Imported, into: Path) -> str:
    """The lines, ASCII: names and ids are made of what users said."""
    rows = [*_of_log(choice), *_of_calls(choice, found), *_of_cases(found, into)]
    return "".join(f"{label:<{_LABEL}}{ascii_line(text)}\n" for label, text in rows)


def _of_log(choice: Choice) -> Iterator[tuple[str, str]]:
    log, scale = choice.log, choice.scale
    yield "read", f"{choice.path}: {counted(choice.calls, 'call')}, {log.reader.name}"
    if log.unknown:
        yield "unknown", f"{counted(log.unknown, 'record')}, the first is {log.first_unknown:,}"
    if scale.unknown:
        words = ", ".join(repr(one) for one in sorted(scale.unknown)[:5])
        yield "unread", f"ratings that say neither up nor down: {words}"
    if scale.ignored:
        names = ", ".join(sorted(scale.ignored)[:8])
        yield "ignored", f"scores that are not of people: {names}; --score NAME takes one"
    whys = Counter("asked for" if one.why == "all" else one.why for one in choice.chosen)
    kinds = ", ".join(f"{count:,} {why}" for why, count in whys.items())
    yield "chosen", counted(len(choice.chosen), "call") + (f": {kinds}" if kinds else "")


def _of_calls(choice: Choice, found: Imported) -> Iterator[tuple[str, str]]:
    for why, count in found.skipped.items():
        hint = ""
        if "without" in why and choice.log.path.name == "calls.jsonl":
            hint = ": pytest --llm-report-content=all keeps what was said"
        yield "skipped", f"{counted(count, 'call')} {why}{hint}"
    merged = sum(one.seen for one in found.cases) - len(found.cases)
    if merged:
        yield "merged", f"{counted(merged, 'call')} into another that asks nearly the same"
    if found.redacted:
        kinds = (f"{count:,} {kind}" for kind, count in sorted(found.redacted.items()))
        yield "redacted", ", ".join(kinds)
    if found.left:
        yield "left out", f"{counted(found.left, 'case')} by --sample"
    if found.there:
        yield "known", f"{counted(found.there, 'case')} that suites have already"


def _of_cases(found: Imported, into: Path) -> Iterator[tuple[str, str]]:
    for one in found.cases[:_SHOWN]:
        times = f", seen {one.seen:,} times" if one.seen > 1 else ""
        why = "asked for" if one.why == "all" else one.why
        yield "+", f"{one.case['id']} ({why}{times})"
    if len(found.cases) > _SHOWN:
        yield "+", f"{len(found.cases) - _SHOWN:,} more"
    if not found.cases:
        yield "written", f"nothing: there is nothing to add to {into}"
        return
    added = counted(len(found.cases), "case")
    yield "written", f"{into}: {added} added, {found.in_quarantine:,} in quarantine"
    yield "next", f"read them, and run them: pytest {into} -m quarantined"
