"""Changes: what differs between two runs and their prompts, as far as the reports hold it."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from pytest_litmus.incident.snapshot import Snapshot

Kind: TypeAlias = Literal["system prompt", "tool definitions", "first input"]

_MOST_DIFFS = 150
"""Pairs of texts whose difference is looked at; further ones are counted."""
_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """A fact of the run itself."""

    name: str
    before: str | None
    """None: not known."""
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """The same change of a prompt, in all the places that have it."""

    kind: Kind
    tests: tuple[str, ...]
    failing: int
    """Of these tests, those that fail now and did not before."""
    steps: tuple[str, ...]
    diff: tuple[str, ...]
    """A unified diff without its head; empty where the texts were not kept."""


class _Use(NamedTuple):
    """A text that changed, where it was used."""

    kind: Kind
    before: str
    after: str
    step: str | None
    nodeid: str


def settings_of(before: Snapshot, after: Snapshot) -> tuple[Setting, ...]:
    """What differs of the runs: revision, versions, options, CI job, machine-independent."""
    sides = [_settings(run.run) for run in (before, after)]
    names = dict.fromkeys(name for side in sides for name in side)
    told = (Setting(name, *(side.get(name) for side in sides)) for name in names)
    return tuple(one for one in told if one.before != one.after)


def text_changes(
    before: Snapshot, after: Snapshot, failing: Iterable[str]
) -> tuple[TextChange, ...]:
    """Prompts that changed in tests of both runs, those of failing tests first."""
    groups: dict[tuple[Kind, tuple[str, ...]], list[_Use]] = defaultdict(list)
    sick = set(failing)
    diff = lru_cache(maxsize=None)(
        _Differ(before.texts | before.inputs, after.texts | after.inputs)
    )
    for use in _uses(before, after, first=sick):
        key = tuple(line for line in diff(use.before, use.after) if line[:1] in "+-")
        groups[use.kind, key].append(use)
    found = [
        _text_change(kind, uses, sick, diff(uses[0].before, uses[0].after))
        for (kind, _), uses in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.failing, -len(one.tests), one.kind, one.diff)))


class _Differ:
    """Compares two texts by their digests, a bounded number of times."""

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self._texts = before, after
        self._left = _MOST_DIFFS

    def __call__(self, before: str, after: str) -> tuple[str, ...]:
        old, new = self._texts[0].get(before), self._texts[1].get(after)
        if old is None or new is None or not self._left:
            return ()
        self._left -= 1
        lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=_CONTEXT, lineterm="")
        return tuple(lines)[2:]


def _uses(before: Snapshot, after: Snapshot, *, first: AbstractSet[str]) -> Iterator[_Use]:
    common = before.calls.keys() & after.calls.keys()
    for nodeid in sorted(common, key=lambda name: (name not in first, name)):
        old, new = before.calls[nodeid], after.calls[nodeid]
        step_of_first = old.places[0].step if old.places else None
        pairs: list[tuple[Kind, str | None, str | None, str | None]] = [
            ("first input", old.first_asked, new.first_asked, step_of_first)
        ]
        for one, other in zip(old.places, new.places, strict=False):
            pairs.append(("system prompt", one.system, other.system, other.step))
            pairs.append(("tool definitions", one.tools, other.tools, other.step))
        for kind, text, changed, step in pairs:
            if text is not None and changed is not None and text != changed:
                yield _Use(kind, text, changed, step, nodeid)


def _text_change(
    kind: Kind, uses: Sequence[_Use], failing: set[str], diff: tuple[str, ...]
) -> TextChange:
    tests = tuple(dict.fromkeys(use.nodeid for use in uses))
    return TextChange(
        kind=kind,
        tests=tests,
        failing=len(failing.intersection(tests)),
        steps=tuple(sorted({use.step for use in uses if use.step})),
        diff=diff,
    )


def _settings(run: Mapping[str, Any]) -> dict[str, str]:
    told: dict[str, Any] = {}
    for part in ("git", "ci"):
        told |= _under(part, run.get(part))
    # A baseline keeps the version of pytest-litmus alone.
    versions = run.get("versions") or {"pytest-litmus": run.get("version")}
    told |= _under("version", versions) | _under("option", run.get("options"))
    return {name: _text(value) for name, value in told.items() if value is not None}


def _under(part: str, values: Any) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        return {}
    return {f"{part} {name}": value for name, value in values.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
