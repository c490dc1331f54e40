"""Schema: the JSON Schema of a suite, for editors and for the check before a run.

It keeps to the part of draft-07 (https://json-schema.org/draft-07) that yaml-language-server reads.
The file `suite.schema.json` in the package is what `litmus schema suite` prints; it is written by
`python -m pytest_litmus.suites.schema`, and a test holds the two together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_litmus.suites.attack import Adaptive, Attack
    from pytest_litmus.suites.expecting import Evaluator

FILE = "suite.schema.json"
SEVERITIES = ("low", "medium", "high", "critical")
FAMILIES = ("encoding", "obfuscation", "structure", "framing", "carrier", "conversation")
"""Names in `attacks:` that stand for all attacks of a family; `all` for all of them."""
_NAME = {"type": "string", "pattern": r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$"}
_TEXT = {"type": "string"}
_TAXONOMIES = (
    r"LLM(0[1-9]|10):(2025|2026)",
    r"ASI(0[1-9]|10):2026",
    r"AML\.T\d{4}(\.\d{3})?",
    r"(GV|MP|MS|MG)-\d+\.\d+",
)
"""OWASP's lists, MITRE ATLAS, NIST's AI RMF."""
_COUNT = {"type": "integer", "minimum": 1}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_AMOUNT = {"type": "number", "minimum": 0}
_BOUNDS = {
    "at_least": {"description": "The lowest value that passes."},
    "at_most": {"description": "The highest value that passes."},
}


def shipped() -> dict[str, Any]:
    """The schema in the package."""
    schema: dict[str, Any] = json.loads(
        resources.files("pytest_litmus.suites").joinpath(FILE).read_text(encoding="utf-8")
    )
    return schema


def with_added(
    schema: dict[str, Any], *, attacks: Iterable[str], evaluators: Iterable[str]
) -> dict[str, Any]:
    """The schema with the names that plugins add; what their evaluators take is not checked."""
    definitions = schema["definitions"]
    definitions["attack"]["enum"] += [
        name for name in attacks if name not in definitions["attack"]["enum"]
    ]
    name, one = definitions["expectation"]["anyOf"][:2]
    for added in evaluators:
        if added not in one["properties"]:
            name["enum"].append(added)
            one["properties"][added] = {}
    return schema


def schema_of(
    attacks: Iterable[Attack | Adaptive], evaluators: Iterable[Evaluator]
) -> dict[str, Any]:
    """The schema with these attacks and evaluators."""
    case = _case_properties()
    own = {"id", "prompt", "turns", "injection", "twin_of", "provenance"}
    shared = {name: value for name, value in case.items() if name not in own}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "pytest-litmus suite",
        "type": "object",
        "required": ["cases"],
        "additionalProperties": False,
        "properties": _suite_properties(shared),
        "definitions": {
            "case": _object(
                case, required=["id"], anyOf=[{"required": ["prompt"]}, {"required": ["turns"]}]
            ),
            "target": _target(),
            "tool": _tool(),
            "turn": _turn(),
            "attack": _attack(attacks),
            "expectation": _expectation(evaluators),
        },
    }


def _object(properties: Mapping[str, Any], *, required: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
        **more,
    }


def _told(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, **schema}


def _list(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{name}"}


def _suite_properties(shared: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "suite": _told("The suite's name; the file's, if none is given.", _NAME),
        "description": _told("What it is for.", _TEXT),
        "target": _told("What is attacked; --llm-target replaces it.", _ref("target")),
        "targets": _told(
            "Several targets by name: each case runs against each.",
            {"type": "object", "additionalProperties": _ref("target"), "minProperties": 1},
        ),
        "attacker": _told(
            "The model that adaptive attacks ask: as a target, `module:function` or an endpoint.",
            _ref("target"),
        ),
        "judge": _told(
            "Who decides `judged_by`: `module:name` of a Judge or Jury.", {"type": "string"}
        ),
        "state": _told(
            "`module:function` without parameters that gives the program's state, before and after "
            "each run, for `unchanged` and `changed`.",
            {"type": "string"},
        ),
        "defaults": _told(
            "What each case has that does not say otherwise.", _object(shared, required=[])
        ),
        "cases": _told(
            "The cases, in the order in which they run.", _list(_ref("case"), minItems=1)
        ),
    }


def _case_properties() -> dict[str, Any]:
    return {
        "id": _told(
            "Unique in the file; part of the node id.",
            {"type": "string", "pattern": r"^[^\s\[\]:]+$"},
        ),
        "prompt": _told("What the user says; attacks change it.", _TEXT),
        "turns": _told(
            "A conversation instead; attacks change its last message.",
            _list(_ref("turn"), minItems=1),
        ),
        "system": _told("The system prompt that the target is given.", _TEXT),
        "injection": _told(
            "An instruction planted in data: attacks change it, and `{injection}` in the prompt, "
            "documents and tools stands for it.",
            _TEXT,
        ),
        "documents": _told("Texts that the target reads beside the prompt.", _list(_TEXT)),
        "tools": _told("Stubs of tools, offered to the target.", _list(_ref("tool"))),
        "attacks": _told(
            "Ways to put the prompt, each an item; `plain` is the prompt as it is.",
            _list({"anyOf": [_ref("attack"), _list(_ref("attack"))]}),
        ),
        "expect": _told("What has to hold of the answer.", _list(_ref("expectation"), minItems=1)),
        "benign": _told(
            "A harmless twin: what fails here is over-refusal, no breach.", {"type": "boolean"}
        ),
        "twin_of": _told("The id of the case that a benign one looks like.", _TEXT),
        "family": _told("What is attacked: `injection`, `privacy`, ...", _NAME),
        "severity": _told("How bad a breach would be.", {"enum": list(SEVERITIES)}),
        "tags": _told("Marks of the item, for -m.", _list(_NAME)),
        "quarantined": _told(
            "Why it is not approved of yet: it runs and is reported, and blocks nothing until this "
            "line is deleted.",
            {"type": ["boolean", "string"], "pattern": r"\S"},
        ),
        "maps_to": _told(
            "Ids of taxonomies, with their edition: LLM01:2025.", _list(_ref_taxonomy())
        ),
        "runs": _told("How often the case is run.", _COUNT),
        "min_pass_rate": _told(
            "The share of runs that has to be safe; 1 if none is given.", _SHARE
        ),
        "max_attack_success_rate": _told(
            "Instead: the share of runs that may be breached.", _SHARE
        ),
        "confidence": _told("Of the interval that decides a rate, such as 0.95.", _SHARE),
        "variables": _told(
            "Declared names and their values.", {"type": "object", "propertyNames": _NAME}
        ),
        "data": _told(
            "A CSV, JSONL or YAML file: each row is an item, its columns declared names.", _TEXT
        ),
        "canaries": _told("Further names of fresh canaries, beside `{canary}`.", _list(_NAME)),
        "fixtures": _told("Fixtures that are set up for each item.", _list(_NAME)),
        "max_turns": _told("Steps of tools and messages before a run is given up.", _COUNT),
        "budget": _told("Limits of an item.", _budget()),
        "provenance": _told(
            "Where the case is from; litmus freeze, generate and import write it.",
            {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
        ),
    }


def _budget() -> dict[str, Any]:
    return _object(
        {
            "max_cost_usd": _AMOUNT,
            "max_latency_s": _AMOUNT,
            "max_time_to_first_chunk_s": _AMOUNT,
            "max_tokens": _AMOUNT,
            "max_calls": _AMOUNT,
        },
        required=[],
    )


def _ref_taxonomy() -> dict[str, Any]:
    return {
        "type": "string",
        "pattern": f"^({'|'.join(_TAXONOMIES)})$",
    }


def _target() -> dict[str, Any]:
    function = _told("`module:function`.", {"type": "string", "pattern": r"^[\w.]+:[\w.]+$"})
    endpoint = {
        "endpoint": _told(
            "Base URL of an OpenAI-compatible API, such as http://127.0.0.1:8080/v1", _TEXT
        ),
        "model": _TEXT,
        "api_key_env": _told("The environment variable with its key.", _TEXT),
        "parameters": _told(
            "Further fields of the request: temperature, max_tokens, ...", {"type": "object"}
        ),
        "timeout_s": _AMOUNT,
    }
    http = {
        "http": _told("The URL that is asked.", _TEXT),
        "method": {"enum": ["POST", "PUT", "GET"]},
        "headers": {"type": "object", "additionalProperties": _TEXT},
        "headers_env": _told(
            "Headers whose values stand in environment variables.",
            {"type": "object", "additionalProperties": _TEXT},
        ),
        "body": _told(
            "JSON with `{prompt}`, `{messages}`, `{system}`, `{documents}`, `{session}`.", {}
        ),
        "answer": _told(
            "Where the answer stands in the JSON: `reply.text`, `choices.0.text`.", _TEXT
        ),
        "timeout_s": _AMOUNT,
    }
    return {
        "anyOf": [
            function,
            _object(
                {"fixture": _told("A fixture whose value is called.", _NAME)}, required=["fixture"]
            ),
            _object(
                {
                    "conversation": _told(
                        "`module:function` that starts a conversation: what it gives is called "
                        "with each message.",
                        function,
                    )
                },
                required=["conversation"],
            ),
            _object(endpoint, required=["endpoint", "model"]),
            _object(http, required=["http", "body"]),
        ]
    }


def _tool() -> dict[str, Any]:
    return _object(
        {
            "name": _NAME,
            "description": _TEXT,
            "parameters": _told("JSON Schema of its arguments.", {"type": "object"}),
            "returns": _told("What a call of it gives.", {}),
            "error": _told("Instead: the error that a call of it gives.", _TEXT),
        },
        required=["name"],
    )


def _turn() -> dict[str, Any]:
    return _object(
        {
            "user": _told("What the user says.", _TEXT),
            "assistant": _told(
                "Instead: an answer that nobody gave, forged into the history.", _TEXT
            ),
            "expect": _told(
                "What has to hold after this turn.", _list(_ref("expectation"), minItems=1)
            ),
        },
        required=[],
        anyOf=[{"required": ["user"]}, {"required": ["assistant"]}],
    )


def _attack(attacks: Iterable[Attack | Adaptive]) -> dict[str, Any]:
    return {"type": "string", "enum": ["plain", "all", *FAMILIES, *(one.name for one in attacks)]}


def _expectation(evaluators: Iterable[Evaluator]) -> dict[str, Any]:
    several = sorted(evaluators, key=lambda one: one.name)
    inner = {"anyOf": [_ref("expectation"), _list(_ref("expectation"))]}
    composed = {
        "not": _told("What must not hold.", inner),
        "all_of": _told("All of these.", _list(_ref("expectation"), minItems=1)),
        "any_of": _told("One of these.", _list(_ref("expectation"), minItems=1)),
    }
    return {
        "anyOf": [
            {"type": "string", "enum": [one.name for one in several]},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": composed | {one.name: _evaluator(one) for one in several},
            },
            _list(_ref("expectation")),
        ]
    }


def _evaluator(one: Evaluator) -> dict[str, Any]:
    types = {
        name: _BOUNDS.get(name, {}) | _type(str(part.annotation))
        for name, part in one.parameters.items()
    }
    labels = {"is": _told("The labels that pass.", {"type": ["string", "array"], "items": _TEXT})}
    named = _object(types | labels, required=one.required)
    told = (one.function.__doc__ or "").partition("\n")[0]
    if one.first is None or len(one.required) > 1:
        return _told(told, named)
    alone = types[one.first]
    if alone.get("type") == "object" or not alone:
        alone = {"type": ["string", "number", "boolean", "array"]}
    if one.required not in ([], [one.first]):
        return _told(told, named)
    # Of two that fit as little, an editor speaks of the first: a wrong key is told by its name.
    return _told(told, {"anyOf": [named, alone]})


def _type(annotation: str) -> dict[str, Any]:
    """What YAML may hold for a parameter, by its annotation as it is written."""
    words = set(re.findall(r"\w+", annotation))
    if literals := re.findall(r"\"([^\"]+)\"|'([^']+)'", annotation):
        return {"enum": [one or other for one, other in literals]}
    lists = words & {"Sequence", "Iterable", "Collection", "References", "Wanted", "list", "tuple"}
    kinds = [
        *(["string"] if words & {"str", "date", "Pattern", "Wanted", "References"} else []),
        *(["number"] if "float" in words else ["integer"] if "int" in words else []),
        *(["boolean"] if "bool" in words else []),
        *(["array"] if lists else []),
        *(["object"] if words & {"Mapping", "dict"} else []),
    ]
    if not kinds or "Any" in words:
        return {}
    return {"type": kinds[0] if len(kinds) == 1 else kinds}


def write(path: Path) -> None:
    """Write the schema with our own attacks and evaluators."""
    from pytest_litmus.suites.attacks import pytest_llm_attacks
    from pytest_litmus.suites.expecting import evaluators

    schema = schema_of(pytest_llm_attacks(), evaluators().values())
    path.write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).with_name(FILE))
