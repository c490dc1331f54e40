"""The schemas and names of OpenTelemetry's conventions in `otel_schema`, read strictly."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.wire.calls import Call

SCHEMA = Path(__file__).parent / "otel_schema"
FILES = {
    "gen_ai.input.messages": "gen-ai-input-messages.json",
    "gen_ai.output.messages": "gen-ai-output-messages.json",
    "gen_ai.system_instructions": "gen-ai-system-instructions.json",
    "gen_ai.tool.definitions": "gen-ai-tool-definitions.json",
}


def problems(call: Call) -> list[str]:
    """What breaks the conventions in what a call says of itself."""
    return [*_misnamed(call), *_misshaped(call)]


def registry() -> set[str]:
    """The names of attributes that the conventions have."""
    lines = (SCHEMA / "attributes.txt").read_text("utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}


def _misnamed(call: Call) -> Iterator[str]:
    written = {**call.attributes(), **call.content_attributes()}
    yield from (f"no such attribute: {name}" for name in written.keys() - registry())


def _misshaped(call: Call) -> Iterator[str]:
    for name, value in call.content_attributes().items():
        if name not in FILES:
            continue  # a tool's arguments and result, which may be anything
        for error in _validator(name).iter_errors(value):
            yield f"{name} {error.json_path}: {error.message}"
        if name == "gen_ai.output.messages":
            # Until v1.41.0 the schema required it.
            yield from ("no finish_reason" for one in value if not one.get("finish_reason"))


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMA / FILES[name]).read_text("utf-8"))
    _close(schema["$defs"])
    return Draft202012Validator(schema)


def _close(definitions: dict[str, Any]) -> None:
    """Let the generic part stand for no type that the schema knows: it would take anything."""
    types = [one.get("properties", {}).get("type", {}) for one in definitions.values()]
    if generic := definitions.get("GenericPart"):
        known = [one["const"] for one in types if "const" in one]
        generic["properties"]["type"]["not"] = {"enum": known}
