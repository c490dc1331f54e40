"""Tools of every format by the conventions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.tools import tool_definitions
from tests.wire.otel import problems

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
FUNCTION = {
    "type": "function",
    "name": "weather",
    "description": "Tells it.",
    "parameters": SCHEMA,
}
TOLD = {"name": "weather", "description": "Tells it."}


@pytest.mark.parametrize(
    "tool",
    [
        pytest.param({"type": "function", "function": {**TOLD, "parameters": SCHEMA}}, id="chat"),
        pytest.param({"type": "function", **TOLD, "parameters": SCHEMA}, id="responses"),
        pytest.param({**TOLD, "parameters": SCHEMA}, id="the old functions"),
        pytest.param({**TOLD, "input_schema": SCHEMA}, id="anthropic"),
        pytest.param({**TOLD, "type": "custom", "input_schema": SCHEMA}, id="anthropic's custom"),
        pytest.param({"functionDeclarations": [{**TOLD, "parameters": SCHEMA}]}, id="gemini"),
        pytest.param(
            {"function_declarations": [{**TOLD, "parameters_json_schema": SCHEMA}]}, id="vertex"
        ),
        pytest.param(
            {"functionDeclarations": [{**TOLD, "parametersJsonSchema": SCHEMA}]}, id="json schema"
        ),
        pytest.param({"toolSpec": {**TOLD, "inputSchema": {"json": SCHEMA}}}, id="converse"),
    ],
)
def test_a_function_is_the_same_in_every_format(tool: dict[str, Any]) -> None:
    assert tool_definitions([tool]) == (FUNCTION,)


@pytest.mark.parametrize(
    ("tool", "definition"),
    [
        ({"type": "web_search"}, {"type": "web_search", "name": "web_search"}),
        (
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 2},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 2},
        ),
        ({"googleSearch": {}}, {"type": "googleSearch", "name": "googleSearch"}),
        (
            {"systemTool": {"name": "nova_grounding"}},
            {"type": "systemTool", "name": "nova_grounding"},
        ),
        (
            {"type": "custom", "custom": {"name": "sql", "format": {"type": "text"}}},
            {"type": "custom", "name": "sql", "format": {"type": "text"}},
        ),
        (
            {"type": "graph", "function": {"graph_ids": ["g"]}},
            {"type": "graph", "name": "graph", "graph_ids": ["g"]},
        ),
        (
            {"name": "f", "parameter_definitions": {"a": {"type": "str"}}},
            {"type": "function", "name": "f", "parameter_definitions": {"a": {"type": "str"}}},
        ),
    ],
)
def test_other_tools_keep_the_provider_s_words(
    tool: dict[str, Any], definition: dict[str, Any]
) -> None:
    assert tool_definitions([tool]) == (definition,)


def test_one_object_of_gemini_s_may_hold_several_tools() -> None:
    tools = tool_definitions([{"functionDeclarations": [TOLD, {"name": "b"}], "googleSearch": {}}])

    assert [(tool["type"], tool["name"]) for tool in tools] == [
        ("function", "weather"),
        ("function", "b"),
        ("googleSearch", "googleSearch"),
    ]


def test_a_mark_for_the_cache_is_no_tool() -> None:
    assert tool_definitions([{"cachePoint": {"type": "default"}}]) == ()


KEYS = st.sampled_from(
    ["type", "name", "function", "custom", "parameters", "input_schema", "toolSpec", "inputSchema"]
)
VALUES = st.recursive(
    st.none() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_whatever_stands_there_the_definitions_keep_the_schema(tools: Any) -> None:
    defined = tool_definitions(tools)

    call = Call(operation_name="chat", provider_name="p", wire_format="w", tool_definitions=defined)
    assert problems(call) == []
    assert tool_definitions(list(defined)) == defined
