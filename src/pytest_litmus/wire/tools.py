"""The tools that a request offers a model, by the OpenTelemetry schema.

Schema: https://github.com/open-telemetry/semantic-conventions-genai, gen-ai-tool-definitions.json.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.loose import record, records, text, without_none

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTION = "function"
# Google and Bedrock put functions under a name of their own.
_FUNCTIONS = {"functionDeclarations", "function_declarations", "toolSpec"}
_NO_TOOLS = {"cachePoint"}
# Where a function's JSON Schema stands.
_SCHEMAS = ("parameters", "input_schema", "parametersJsonSchema", "parameters_json_schema")
_BEDROCK_SCHEMA = "inputSchema"


def tool_definitions(tools: Any) -> tuple[dict[str, Any], ...]:
    """The tools of a request in any format: each has a `type` and a `name`.

    A function has `description` and `parameters`, as far as the request gives them. What the
    schema has no name for keeps the provider's.
    """
    return tuple(one for tool in records(tools) for one in _definitions(tool))


def _definitions(tool: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A tool is an object with a type or a name, or several under the names of their kinds."""
    if text(tool.get("type")) or text(tool.get("name")):
        yield _definition(tool)
        return
    for kind, held in tool.items():
        if kind not in _NO_TOOLS:
            for one in records(held) or [record(held)]:
                yield _definition({**one, "type": _FUNCTION if kind in _FUNCTIONS else kind})


def _definition(tool: dict[str, Any]) -> dict[str, Any]:
    """The definition flat: OpenAI's chat nests it under its type, Writer under `function`."""
    names = (text(tool.get("type")) or _FUNCTION, _FUNCTION)
    nested = next((name for name in names if record(tool.get(name))), "")
    flat = {**record(tool.get(nested)), **{k: v for k, v in tool.items() if k != nested}}
    schema = next((flat[name] for name in _SCHEMAS if name in flat), None)
    if schema is None:
        schema = record(flat.get(_BEDROCK_SCHEMA)).get("json")
    kind = text(flat.get("type")) or _FUNCTION
    # Anthropic calls a tool `custom` that is a function.
    kind = _FUNCTION if kind == "custom" and "input_schema" in flat else kind
    rest = {k: v for k, v in flat.items() if k not in {*_SCHEMAS, _BEDROCK_SCHEMA}}
    name = text(flat.get("name")) or kind
    return {**rest, "type": kind, "name": name, **without_none(parameters=schema)}
