"""Schema: the JSON Schema of a gate's policy, for editors that check and complete `gate.toml`.

It keeps to the part of draft-07 (https://json-schema.org/draft-07) that taplo reads, which is what
Even Better TOML runs, and has taplo's own `x-taplo` for what a measure is. The file
`gate.schema.json` in the package is what `litmus schema gate` prints; it is written by
`python -m pytest_litmus.gate.schema`, and a test holds the two together. What no schema can say is
left to `policy.py`: that names differ, that `at_least` is not above `at_most`, and that a rule is
not said to be removed while it is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_litmus.gate.measures import EXIT_CODES, MEASURES, Measure
from pytest_litmus.gate.policy import (
    ALLOWANCES,
    BREAKS,
    FLAGS,
    KEYS,
    LISTS,
    ONLY_SOME,
    SEVERITIES,
)
from pytest_litmus.verdicts import UNIT_WORDS

FILE = "gate.schema.json"
_TEXT = {"type": "string", "pattern": r"\S"}
_KEYS_TOLD = {
    "measure": "The number that the limit is held against.",
    "at_most": "The highest number that passes; of a share 0.05 for 5%.",
    "at_least": "The lowest number that passes; of a share 0.95 for 95%.",
    "tests": "Only these tests: node ids, in which * and ? stand for others, files or folders.",
    "mark": "Only tests with one of these marks of pytest.",
    "severity": "Only tests of these severities.",
    "of": "Only these evaluators; of feedback these criteria.",
    "family": "Only these families of attacks.",
    "attack": "Only these attacks.",
    "new_only": "Leave the breaches out that the baseline knows.",
    "interval": "All of the 95% interval has to keep the limit, and not just the rate.",
    "name": "The rule's own name; without one, what it measures and of which tests.",
    "owner": "Whom to wake when it breaks.",
    "reason": "Why the limit is as it is; the ratchet asks for a new one when it is weakened.",
    "blocking": "false: it is told and does not block. Needs a reason.",
    "pillar": "What a broken limit is, which decides the exit code; without it, what the measure, "
    "its evaluators or its tests say.",
}
_ALLOWANCES_TOLD = {
    "failed_tests": "Why failed tests do not block by themselves: the rules decide.",
    "inconclusive": "Why numbers that span their limit, and tests that could not be decided, do "
    "not block.",
    "replayed_calls": "Why calls that were replayed from cassettes may decide: a recording says "
    "nothing of the model today.",
    "unpriced_calls": "Why a cost may be of the calls alone that have a price.",
}


def schema_of(measures: Mapping[str, Measure] = MEASURES) -> dict[str, Any]:
    """The schema with these measures."""
    entries = ("rule", "must_pass")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "pytest-litmus gate",
        "description": "What a run has to keep before it is deployed: `litmus gate REPORT "
        "--policy gate.toml`.",
        "type": "object",
        "additionalProperties": False,
        # A policy without a rule decides nothing.
        "anyOf": [{"required": [one], "properties": {one: {"minItems": 1}}} for one in entries],
        "properties": {
            "rule": {
                "description": "Limits, each on a number of all tests or of some.",
                "type": "array",
                "items": _rule(measures),
            },
            "must_pass": {
                "description": "Tests that have to pass, all of them.",
                "type": "array",
                "items": _entry("must_pass", measures),
            },
            "allow": {
                "description": "What does not block, each with the reason why.",
                "type": "object",
                "additionalProperties": False,
                "properties": {name: _told(_ALLOWANCES_TOLD[name], _TEXT) for name in ALLOWANCES},
            },
            "removed": {
                "description": "Why a rule went, by its name: `litmus ratchet` asks for it.",
                "type": "object",
                "additionalProperties": _TEXT,
            },
        },
    }


def _rule(measures: Mapping[str, Measure]) -> dict[str, Any]:
    shares = [name for name, one in measures.items() if one.is_share]
    share = {"maximum": 1}
    without = {key: [n for n, one in measures.items() if key not in one.keys] for key in ONLY_SOME}
    by_measure = [
        {"anyOf": [{"required": ["at_most"]}, {"required": ["at_least"]}]},
        _where(measure=shares, then={"properties": {"at_most": share, "at_least": share}}),
        _where(measure=["mean_score"], then={"required": ["of"]}),
        *(
            _where(measure=names, then={"properties": {key: False}})
            for key, names in without.items()
        ),
    ]
    # taplo completes no keys where an `allOf` stands beside the properties.
    depends = {"dependencies": {"measure": {"allOf": by_measure}}}
    return {**_entry("rule", measures), "required": ["measure"], **depends}


def _entry(table: str, measures: Mapping[str, Measure]) -> dict[str, Any]:
    advisory = {"properties": {"blocking": {"const": False}}, "required": ["blocking"]}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _told(_KEYS_TOLD[key], _value(key, measures)) for key in KEYS[table]},
        "if": advisory,
        "then": {"required": ["reason"]},
    }


def _where(*, measure: list[str], then: Mapping[str, Any]) -> dict[str, Any]:
    named = {"properties": {"measure": {"enum": measure}}, "required": ["measure"]}
    return {"if": named, "then": dict(then)}


def _value(key: str, measures: Mapping[str, Measure]) -> dict[str, Any]:
    if key == "measure":
        return _one_of({name: _measure(one) for name, one in measures.items()})
    if key == "pillar":
        return _one_of({name: f"exit code {EXIT_CODES[name]}" for name in BREAKS})
    if key in ("at_most", "at_least"):
        return {"type": "number", "minimum": 0}
    if key in FLAGS:
        return {"type": "boolean", "default": key == "blocking"}
    if key == "severity":
        word: dict[str, Any] = {"type": "string", "enum": list(SEVERITIES)}
        return {"anyOf": [_told(_KEYS_TOLD[key], one) for one in (word, _several(word))]}
    if key in LISTS:
        word = {"type": "string", "minLength": 1}
        return {**_several(word), "type": ["string", "array"], "minLength": 1}
    return _TEXT


def _several(word: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(word), "minItems": 1}


def _one_of(words: Mapping[str, str]) -> dict[str, Any]:
    """A word of some, each with what it is."""
    docs = {"docs": {"enumValues": list(words.values())}}
    return {"type": "string", "enum": list(words), "x-taplo": docs}


def _measure(one: Measure) -> str:
    unit = "share, 0 to 1" if one.is_share else UNIT_WORDS.get(one.unit, one.unit.strip("{}"))
    parts = [one.pillar, unit, f"takes {', '.join(one.keys)}" if one.keys else ""]
    return "; ".join(part for part in parts if part)


def _told(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, **schema}


def write(path: Path) -> None:
    """Write the schema."""
    path.write_text(json.dumps(schema_of(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).with_name(FILE))
