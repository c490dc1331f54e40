"""Policy: the limits that a run has to keep before it is deployed, read from TOML."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_litmus.errors import PolicyError
from pytest_litmus.gate.measures import EXIT_CODES, MEASURES, Pillar
from pytest_litmus.verdicts import Limit
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = "pyproject.toml"
SEVERITIES = ("low", "medium", "high", "critical")
ALLOWANCES = ("failed_tests", "inconclusive", "replayed_calls", "unpriced_calls")
"""What a policy may allow, each by a written reason."""

_SCOPE = ("tests", "mark", "severity")
_TOLD = ("name", "owner", "reason", "blocking", "pillar")
ONLY_SOME = ("of", "family", "attack", "new_only", "interval")
"""Keys that a rule takes where its measure does: `Measure.keys`."""
KEYS = {
    "rule": ("measure", "at_most", "at_least", *_SCOPE, *ONLY_SOME, *_TOLD),
    "must_pass": (*_SCOPE, *_TOLD),
}
"""What an entry may have, by its table."""
_TABLES = (*KEYS, "allow", "removed")
LISTS = (*_SCOPE, "of", "family", "attack")
"""Keys whose value is a text, or a list of texts."""
FLAGS = ("blocking", "new_only", "interval")
"""Keys whose value is true or false."""
BREAKS = tuple(name for name in EXIT_CODES if name not in ("deploy", "inconclusive"))
"""What `pillar` may say that a broken limit is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A limit on a number of some tests."""

    measure: str
    """A name of `MEASURES`, or `must_pass`."""
    limit: Limit
    name: str
    """Its own, or what it measures and of which tests."""
    tests: tuple[str, ...] = ()
    """Node ids, with `*` and `?`; files and folders; all tests where there are none."""
    mark: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    """Names of evaluators."""
    family: tuple[str, ...] = ()
    attack: tuple[str, ...] = ()
    new_only: bool = False
    """Leaves out the breaches that the baseline knows."""
    interval: bool = False
    """Whether all of the 95% interval has to keep the limit, and not just the rate."""
    blocking: bool = True
    owner: str | None = None
    reason: str | None = None
    pillar: Pillar | None = None
    """What a broken limit is; None leaves it to the measure."""

    @property
    def usual_pillar(self) -> Pillar:
        """What a broken limit is, by the rule alone."""
        measure = MEASURES.get(self.measure)
        return self.pillar or (measure.pillar if measure else "quality")

    @property
    def is_group(self) -> bool:
        """Whether it speaks of some tests only."""
        return bool(self.tests or self.mark or self.severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a gate holds a run against."""

    path: str
    rules: tuple[Rule, ...]
    allow: Mapping[str, str] = field(default_factory=dict)
    """Reasons, by what they allow: `ALLOWANCES`."""
    removed: Mapping[str, str] = field(default_factory=dict)
    """Reasons why a rule went, by its name."""


def read_policy(path: Path) -> Policy:
    """The policy of a `gate.toml`, or of `[tool.litmus.gate]` in a `pyproject.toml`.

    Raises:
        PolicyError: It cannot be read, or says what nobody understands; names the line and what
            was probably meant.
    """
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"{path} is not TOML: {error}") from error
    prefix = ""
    if path.name == PYPROJECT:
        prefix = "tool.litmus.gate"
        document = _inner(document, prefix.split("."), path)
    return _Reading(str(path), text, prefix).policy(document)


def _inner(document: Any, keys: list[str], path: Path) -> Any:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
        if document is None:
            raise PolicyError(f"{path} has no [tool.litmus.gate]: write one, or name a gate.toml")
    return document


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document, with its text to find lines in: tomllib does not tell them."""

    path: str
    text: str
    prefix: str

    def policy(self, document: Any) -> Policy:
        if not isinstance(document, dict):
            self._refuse("", 0, None, "a policy is a table")
        for key in document:
            if key not in _TABLES:
                self._refuse("", 0, key, f"unknown key `{key}`: {hint(key, _TABLES)}")
        rules = [
            self._rule(table, place, entry)
            for table in KEYS
            for place, entry in enumerate(self._entries(document, table))
        ]
        self._refuse_same(rules)
        removed = self._reasons(document, "removed")
        kept = {rule.name for rule in rules} & set(removed)
        if kept:
            name = min(kept)
            self._refuse("removed", 0, name, f"`{name}` is said to be removed, and there it is")
        allow = self._reasons(document, "allow", known=ALLOWANCES)
        if not rules:
            self._refuse("", 0, None, "it has no [[rule]] and no [[must_pass]]: it decides nothing")
        return Policy(path=self.path, rules=tuple(rules), allow=allow, removed=removed)

    def _entries(self, document: dict[str, Any], table: str) -> list[Any]:
        entries = document.get(table, [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            self._refuse(table, 0, None, f"write [[{self._full(table)}]], with two brackets")
        return entries

    def _rule(self, table: str, place: int, entry: dict[str, Any]) -> Rule:
        for key, value in entry.items():
            if key not in KEYS[table]:
                told = f"unknown key `{key}`: {hint(key, KEYS[table])}"
                self._refuse(table, place, key, told)
            problem = _problem(key, value)
            if problem:
                self._refuse(table, place, key, f"{key} = {value!r}: {problem}")
        if table == "rule":
            measure, limit = self._measured(place, entry)
        else:
            measure, limit = "must_pass", Limit(at_least=1)
        if not entry.get("blocking", True) and not entry.get("reason", "").strip():
            told = "an advisory rule needs a reason: type reason = '...'"
            self._refuse(table, place, "blocking", told)
        return _made(entry, measure, limit)

    def _measured(self, place: int, entry: dict[str, Any]) -> tuple[str, Limit]:
        name = entry.get("measure")
        if name not in MEASURES:
            told = hint(str(name), MEASURES) if name else f"known are {', '.join(MEASURES)}"
            self._refuse("rule", place, "measure", f"measure = {name!r}: {told}")
        measure = MEASURES[str(name)]
        for key in entry:
            if key in ONLY_SOME and key not in measure.keys:
                self._refuse("rule", place, key, f"`{key}` is nothing that {name} takes")
        if name == "mean_score" and not entry.get("of"):
            told = "mean_score needs `of`: the mean of which evaluator?"
            self._refuse("rule", place, "measure", told)
        ends = {end: entry[end] for end in ("at_most", "at_least") if end in entry}
        if not ends:
            self._refuse("rule", place, "measure", "a rule needs at_most or at_least")
        for end, value in ends.items():
            if measure.is_share and value > 1:
                told = f"{end} = {value}: {name} is a share: type {value / 100:g} for {value}%"
                self._refuse("rule", place, end, told)
        if ends.get("at_least", 0) > ends.get("at_most", math.inf):
            self._refuse("rule", place, "at_least", "no number is at_least and at_most this")
        return str(name), Limit(**ends)

    def _reasons(
        self, document: dict[str, Any], table: str, known: tuple[str, ...] = ()
    ) -> Mapping[str, str]:
        entries = document.get(table, {})
        if not isinstance(entries, dict):
            self._refuse(table, 0, None, f"[{self._full(table)}] is a table of reasons")
        for key, value in entries.items():
            if known and key not in known:
                self._refuse(table, 0, key, f"unknown key `{key}`: {hint(key, known)}")
            if not isinstance(value, str) or not value.strip():
                told = f"{key} = {value!r}: write why, as a text; leave the line out to forbid it"
                if table == "removed":
                    told = f"{key!r} = {value!r}: write why it went, as a text"
                self._refuse(table, 0, key, told)
        return dict(entries)

    def _refuse_same(self, rules: list[Rule]) -> None:
        names = [rule.name for rule in rules]
        for name in names:
            if names.count(name) > 1:
                told = f"two rules are named {name!r}: give one of them a `name` of its own"
                self._refuse("", 0, None, told)

    def _refuse(self, table: str, place: int, key: str | None, told: str) -> NoReturn:
        line = self._line(table, place, key)
        raise PolicyError(f"{self.path}{f':{line}' if line else ''}: {told}")

    def _full(self, table: str) -> str:
        return ".".join(part for part in (self.prefix, table) if part)

    def _line(self, table: str, place: int, key: str | None) -> int | None:
        """The line of a key, or of its table; None where it is written in another way."""
        lines = self.text.splitlines()
        headers = [
            number
            for number, line in enumerate(lines)
            if re.match(rf"\s*\[+\s*{re.escape(self._full(table))}\s*\]", line)
        ]
        start = headers[place] if table and place < len(headers) else -1
        if table and start < 0:
            return None
        for number in range(start + 1, len(lines)):
            if key is not None and re.match(_written(key), lines[number]):
                return number + 1
            if table and re.match(r"\s*\[", lines[number]):
                break
        return start + 1 if start >= 0 else None


def _written(key: str) -> str:
    """How a key may begin its line, as a table's name too."""
    return rf"""\s*\[*\s*(?:[\w.]+\.)?["']?{re.escape(key)}["']?\s*[=\]]"""


def _problem(key: str, value: Any) -> str | None:
    """What is wrong with a value; None where nothing is."""
    if key in ("at_most", "at_least"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return None if number and 0 <= value < math.inf else "type a number of 0 or more"
    if key in FLAGS:
        return None if isinstance(value, bool) else "type true or false"
    if key in LISTS:
        return _list_problem(key, value)
    if not isinstance(value, str) or not value.strip():
        return "type a text"
    if key == "pillar" and value not in BREAKS:
        return hint(value, BREAKS)
    return None


def _list_problem(key: str, value: Any) -> str | None:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(w and isinstance(w, str) for w in words):
        return "type a text, or a list of texts"
    unknown = [word for word in words if key == "severity" and word not in SEVERITIES]
    return hint(unknown[0], SEVERITIES) if unknown else None


def _made(entry: dict[str, Any], measure: str, limit: Limit) -> Rule:
    lists = {key: _words(entry[key]) for key in LISTS if key in entry}
    given: dict[str, Any] = {
        key: entry[key] for key in (*FLAGS, "owner", "reason", "pillar") if key in entry
    }
    scope = [f"{key} {' '.join(words)}" for key, words in lists.items()]
    name = entry.get("name") or ", ".join([measure, *scope])
    return Rule(measure=measure, limit=limit, name=name, **lists | given)


def _words(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
