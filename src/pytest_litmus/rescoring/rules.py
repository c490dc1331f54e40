"""Rules: a file that says how tests that are no items of suites are decided again.

limits: {similar: {at_least: 0.7}}            # of all tests
rules:
  - tests: "tests/test_refund.py::*"
    limits: {words: {at_most: 60}}
    on: last                                  # answer of the program's calls, or `every`
    expect: [refuses, {contains: 30 days}]    # the language of suites
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.suites import located
from pytest_litmus.suites.checking import mistakes_in
from pytest_litmus.suites.expecting import evaluators
from pytest_litmus.suites.language import error_of
from pytest_litmus.suites.located import Mistake
from pytest_litmus.suites.schema import shipped, with_added
from pytest_litmus.verdicts import Limit
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.suites.expecting import Evaluator, Expectation
    from pytest_litmus.suites.located import Document, Place
    from pytest_litmus.suites.reading import Reader

_LIMIT = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "at_least": {"description": "The lowest value that passes.", "type": "number"},
        "at_most": {"description": "The highest value that passes.", "type": "number"},
    },
}
_LIMITS = {
    "description": "By the name of a verdict or a budget: the limit that its score is held to.",
    "type": "object",
    "minProperties": 1,
    "additionalProperties": _LIMIT,
}
_RULE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "anyOf": [{"required": ["limits"]}, {"required": ["expect"]}],
    "properties": {
        "tests": {
            "description": "Node ids with `*` and `?`, files or folders.",
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
        },
        "limits": _LIMITS,
        "on": {
            "description": "Which answers of the program's model: the last one, or every one.",
            "enum": ["last", "every"],
        },
        "expect": {
            "description": "What has to hold of them, as in a suite.",
            "type": "array",
            "items": {"$ref": "#/definitions/expectation"},
            "minItems": 1,
        },
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What some tests are held to."""

    line: int
    tests: tuple[str, ...] = ()
    """Node ids with `*` and `?`, files or folders; empty: all tests."""
    limits: Mapping[str, Limit]
    """By the name of a verdict or a budget."""
    expect: tuple[Expectation, ...] = ()
    on: Literal["last", "every"] = "last"

    def is_for(self, nodeid: str) -> bool:
        """Whether it speaks of a test."""
        return not self.tests or any(_pattern(one).fullmatch(nodeid) for one in self.tests)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A file of rules."""

    path: Path
    rules: tuple[Rule, ...]
    """Of several that limit the same, the last one counts."""

    def of(self, nodeid: str) -> tuple[Rule, ...]:
        """Those that speak of a test."""
        return tuple(rule for rule in self.rules if rule.is_for(nodeid))

    def refuse_idle(self, records: Iterable[TestRecord]) -> None:
        """Refuse a rule that speaks of nothing in the report: it was meant to decide something.

        Raises:
            SuiteError: There is one; names the nearest that there is.
        """
        tests = list(records)
        mistakes = [mistake for rule in self.rules for mistake in _idle(rule, tests)]
        if mistakes:
            raise error_of(self.path, mistakes)


def read_rules(
    path: Path, reader: Reader, added: Mapping[str, Evaluator], *, has_judge: bool
) -> Rules:
    """The rules of a file.

    Args:
        path: The file.
        reader: Reads expectations, with the evaluators that there are.
        added: Evaluators of plugins.
        has_judge: Whether there is a judge to ask.

    Raises:
        SuiteError: It cannot be read, or holds mistakes; each has a line.
    """
    try:
        document = located.read(path)
    except Mistake as mistake:
        raise error_of(path, [mistake]) from mistake
    except OSError as error:
        raise error_of(path, [Mistake(f"it cannot be read: {error.strerror}")]) from error
    mistakes = _mistakes(document, added)
    if mistakes:
        raise error_of(path, mistakes)
    try:
        rules = tuple(_rules(document, reader))
        _refuse_unaskable_in(document, {**evaluators(), **added}, has_judge=has_judge)
    except Mistake as mistake:
        line = document.line_of(mistake.place)
        raise error_of(path, [Mistake(mistake.message, line=line)]) from mistake
    return Rules(path=path, rules=rules)


def _mistakes(document: Document, added: Iterable[str]) -> list[Mistake]:
    if not isinstance(document.value, dict) or not document.value:
        return [Mistake("it is a mapping with `limits:` or `rules:`", line=1)]
    return mistakes_in(document, schema_of(added))


def schema_of(added: Iterable[str] = ()) -> dict[str, Any]:
    """The JSON Schema of such a file (draft-07), with evaluators that plugins add."""
    suites = with_added(shipped(), attacks=(), evaluators=added)
    return {
        "$schema": suites["$schema"],
        "title": "pytest-litmus rules",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "limits": _LIMITS | {"description": f"Of all tests. {_LIMITS['description']}"},
            "rules": {"type": "array", "items": _RULE, "minItems": 1},
        },
        "definitions": {"expectation": suites["definitions"]["expectation"]},
    }


def _rules(document: Document, reader: Reader) -> Iterator[Rule]:
    given = document.value
    if "limits" in given:
        yield Rule(line=document.line_of(("limits",)), limits=_limits(given["limits"]))
    for number, one in enumerate(given.get("rules", ())):
        place = ("rules", number)
        tests = one["tests"]
        yield Rule(
            line=document.line_of(place),
            tests=(tests,) if isinstance(tests, str) else tuple(tests),
            limits=_limits(one.get("limits", {})),
            expect=tuple(reader.expected(one.get("expect", ()), (*place, "expect"))),
            on=one.get("on", "last"),
        )


def _limits(given: Mapping[str, Mapping[str, float]]) -> dict[str, Limit]:
    return {name: Limit(**bounds) for name, bounds in given.items()}


def _refuse_unaskable_in(
    document: Document, known: Mapping[str, Evaluator], *, has_judge: bool
) -> None:
    for number, one in enumerate(document.value.get("rules", ())):
        place = ("rules", number, "expect")
        _refuse_unaskable(one.get("expect", ()), place, known, has_judge=has_judge)


def _refuse_unaskable(
    entries: Any, place: Place, known: Mapping[str, Evaluator], *, has_judge: bool
) -> None:
    """An evaluator that a stored call gives nothing to look at."""
    if isinstance(entries, list):
        for number, entry in enumerate(entries):
            _refuse_unaskable(entry, (*place, number), known, has_judge=has_judge)
        return
    names = [entries] if isinstance(entries, str) else list(entries)
    for name in names:
        looks = known[name].looks if name in known else None
        if looks == "before":
            raise Mistake(f"`{name}` needs the program's state of then, which is gone", place=place)
        if looks == "judge" and not has_judge:
            raise Mistake(f"`{name}` needs a judge: type --judge module:name", place=place)
        if looks is None and isinstance(entries, dict):
            _refuse_unaskable(entries[name], (*place, name), known, has_judge=has_judge)


def _idle(rule: Rule, records: list[TestRecord]) -> Iterator[Mistake]:
    mine = [record for record in records if rule.is_for(record.nodeid)]
    if not mine:
        told = f"no test is named {' or '.join(rule.tests)}" if rule.tests else "there is no test"
        beside = " beside the items of suites, which are decided by their suites"
        yield Mistake(f"{told}{beside}", line=rule.line)
        return
    names = sorted({one.name for record in mine for one in scored(record)})
    for name in rule.limits:
        if name not in names:
            near = hint(name, names) if names else "there are none"
            yield Mistake(f"limits: no score is named {name}: {near}", line=rule.line)


def scored(record: TestRecord) -> Iterator[Any]:
    """The verdicts and budgets of a test that have a score."""
    for one in (*record.verdicts, *record.budgets):
        if one.score is not None:
            yield one


def _pattern(text: str) -> re.Pattern[str]:
    """A node id with `*` and `?`, and all below it; brackets are those of parameters."""
    parts = [{"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in text.rstrip("/")]
    return re.compile(rf"{''.join(parts)}(?:(?:/|::|\[).*)?", re.DOTALL)
