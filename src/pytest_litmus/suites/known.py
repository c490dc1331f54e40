"""Known: the breaches that a baseline lists, so that a run tells the new ones apart.

The file is for people to read and to review: YAML, sorted, with a reason for each entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pytest_litmus.words import hint

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = ("known", "dismissed")
_KEYS = ("id", "status", "reason", "owner", "since", "until")
_HEAD = """\
# Breaches that this project knows of: a run takes them for expected, and only new ones fail it.
# `known` is a breach to be mended; `dismissed` is none, for the reason given; `until` ends it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A breach that somebody has looked at."""

    id: str
    """The item's node id."""
    reason: str
    status: str = "known"
    owner: str | None = None
    since: str | None = None
    until: str | None = None
    """The last day on which it counts, as YYYY-MM-DD."""

    def counts(self, today: date) -> bool:
        """Whether the entry still holds."""
        return self.until is None or date.fromisoformat(self.until) >= today


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBreaches:
    """A baseline's breaches by node id."""

    entries: Mapping[str, Known] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> KnownBreaches:
        """What a file lists; nothing where there is no file.

        Raises:
            SuiteError: It cannot be read, or an entry is wrong; names its line.
        """
        if path is None or not path.is_file():
            return cls()
        from pytest_litmus.suites import located
        from pytest_litmus.suites.language import error_of

        try:
            document = located.read(path)
            listed = _listed(document.value)
            known = [_known(one, number, document) for number, one in enumerate(listed)]
        except located.Mistake as mistake:
            raise error_of(path, [mistake]) from mistake
        return cls(entries={one.id: one for one in known})

    def of(self, nodeid: str, today: date) -> Known | None:
        """The entry for an item, if it still counts."""
        entry = self.entries.get(nodeid)
        return entry if entry is not None and entry.counts(today) else None


def written(entries: Iterable[Known]) -> str:
    """The file's text: sorted, one entry a paragraph."""
    from pytest_litmus.suites.writing import as_yaml

    listed = [
        {key: getattr(one, key) for key in _KEYS if getattr(one, key) is not None}
        for one in sorted(entries, key=lambda one: one.id)
    ]
    return _HEAD + as_yaml({"breaches": listed})


def _listed(value: Any) -> list[Any]:
    from pytest_litmus.suites.located import Mistake

    if isinstance(value, dict) and "breaches" not in value and "tests" in value:
        return []
    listed = value.get("breaches") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        raise Mistake("a baseline has a list `breaches:`", line=1)
    return listed


def _known(entry: Any, number: int, document: Any) -> Known:
    from pytest_litmus.suites.located import Mistake

    place = ("breaches", number)
    line = document.line_of(place)
    if not isinstance(entry, dict):
        raise Mistake("an entry is a mapping with `id` and `reason`", line=line)
    for key, value in entry.items():
        document.refuse_unknown((*place, key), _KEYS)
        if not isinstance(value, str):
            raise Mistake(f"`{key}` has to be a text", line=document.line_of((*place, key)))
    if not entry.get("id") or not entry.get("reason", "").strip():
        raise Mistake("an entry needs `id` and `reason`", line=line)
    if entry.get("status", "known") not in STATUSES:
        raise Mistake(f"status: {hint(entry['status'], STATUSES)}", line=line)
    if "until" in entry:
        _refuse_no_date(entry["until"], line)
    return Known(**entry)


def _refuse_no_date(text: str, line: int) -> None:
    from pytest_litmus.suites.located import Mistake

    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Mistake(f"until: {text!r} is no date: type YYYY-MM-DD", line=line) from error
