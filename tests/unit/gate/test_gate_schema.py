"""`litmus schema gate` says what the reader of policies does."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from pytest_litmus.cli import main
from pytest_litmus.errors import PolicyError
from pytest_litmus.gate.measures import MEASURES
from pytest_litmus.gate.policy import ALLOWANCES, BREAKS, KEYS, SEVERITIES, read_policy
from pytest_litmus.gate.schema import FILE, schema_of

SCHEMA = schema_of()
VALIDATOR = Draft7Validator(SCHEMA)
PAGE = (Path(__file__).parents[3] / "docs" / "gate.md").read_text(encoding="utf-8")


def properties(table: str) -> dict[str, Any]:
    return SCHEMA["properties"][table]["items"]["properties"]


def test_the_shipped_schema_is_that_of_the_code(capsys):
    text = resources.files("pytest_litmus.gate").joinpath(FILE).read_text("utf-8")

    assert json.loads(text) == SCHEMA, "write it anew: python -m pytest_litmus.gate.schema"
    assert main(["schema", "gate"]) == 0
    assert capsys.readouterr().out == text


def test_the_schema_is_one_of_draft_7():
    Draft7Validator.check_schema(SCHEMA)


def test_schema_and_reader_know_the_same_keys_measures_and_values():
    assert {table: tuple(properties(table)) for table in KEYS} == KEYS
    assert properties("rule")["measure"]["enum"] == list(MEASURES)
    assert properties("rule")["severity"]["anyOf"][0]["enum"] == list(SEVERITIES)
    assert properties("rule")["pillar"]["enum"] == list(BREAKS)
    assert list(SCHEMA["properties"]["allow"]["properties"]) == list(ALLOWANCES)
    assert list(SCHEMA["properties"]) == [*KEYS, "allow", "removed"]


def test_every_key_and_every_word_is_described():
    for node in (SCHEMA, *(SCHEMA["properties"][one] for one in SCHEMA["properties"])):
        assert node["description"].endswith((".", ".toml`."))
    keys = [*properties("rule").values(), *properties("must_pass").values()]
    for node in (*keys, *SCHEMA["properties"]["allow"]["properties"].values()):
        assert node["description"].endswith(".")
    for key in ("measure", "pillar"):
        node = properties("rule")[key]
        assert len(node["x-taplo"]["docs"]["enumValues"]) == len(node["enum"])


def test_nothing_stands_beside_the_keys_that_keeps_taplo_from_completing_them():
    """With `allOf` there, taplo 0.9 completes no key, and of `anyOf` it shows the parts alone."""
    for table in KEYS:
        assert "allOf" not in SCHEMA["properties"][table]["items"]
        for node in properties(table).values():
            assert all(one["description"] for one in node.get("anyOf", ()))


# The same policies are read and refused


def toml(value: Any) -> str:
    """A value in one line of TOML; a policy is the inside of its table."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{toml(str(key))} = {toml(one)}" for key, one in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def document(policy: dict[str, Any]) -> str:
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in policy.items())


def is_read(folder: Path, policy: dict[str, Any]) -> bool:
    path = folder / "gate.toml"
    path.write_text(document(policy), encoding="utf-8")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == policy
    try:
        read_policy(path)
    except PolicyError:
        return False
    return True


def name_of(entry: dict[str, Any]) -> str:
    lists = {key: one if isinstance(one, list) else [one] for key, one in entry.items()}
    scope = [
        f"{key} {' '.join(lists[key])}"
        for key in ("tests", "mark", "severity", "of", "family", "attack")
        if key in lists
    ]
    return entry.get("name") or ", ".join([entry.get("measure", "must_pass"), *scope])


def is_beyond_a_schema(policy: dict[str, Any]) -> bool:
    """What only the reader can know: of a policy that the schema accepts."""
    rules = [*policy.get("rule", ()), *policy.get("must_pass", ())]
    names = [name_of(one) for one in rules]
    contradict = any(one.get("at_least", 0) > one.get("at_most", math.inf) for one in rules)
    return contradict or len(set(names)) < len(names) or bool(set(names) & set(policy["removed"]))


def of(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a part of the schema accepts."""
    if "anyOf" in node:
        return st.one_of(*map(of, node["anyOf"]))
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if isinstance(node["type"], list):
        return st.one_of(of({**node, "type": one}) for one in node["type"])
    if node["type"] == "array":
        return st.lists(of(node["items"]), min_size=node["minItems"], max_size=2)
    if node["type"] == "number":
        return st.sampled_from([0, 0.05, 0.5, 1, 1.5, 60])
    if node["type"] == "boolean":
        return st.booleans()
    return st.sampled_from(["tests/test_a.py", "why", "x*", "é😀", "\t\"'"])


@st.composite
def entries(draw, table: str) -> dict[str, Any]:
    """Entries with keys of the schema, nearly always a measure and a limit."""
    nodes = properties(table)
    needed = ["measure", draw(st.sampled_from(["at_most", "at_least"]))] if table == "rule" else []
    more = draw(st.sets(st.sampled_from(sorted(nodes)), max_size=2))
    return {key: draw(of(nodes[key])) for key in [*needed, *sorted(more - set(needed))]}


WRONG = st.sampled_from(
    ["", " ", "tset", [], [""], [3], ["high", "x"], {}, -1, 2, 0.5, True, False, "safety", "calls"]
)


@st.composite
def policies(draw) -> dict[str, Any]:
    """Policies that the schema nearly accepts: in some one value or key is another."""
    policy: dict[str, Any] = {"allow": {}, "removed": {}}
    for table in KEYS:
        policy[table] = draw(st.lists(entries(table), max_size=2))
    for name in draw(st.sets(st.sampled_from(ALLOWANCES), max_size=2)):
        policy["allow"][name] = "why"
    for name in draw(st.sets(st.sampled_from(["calls", "x", "must_pass"]), max_size=1)):
        policy["removed"][name] = "it went"
    tables = [policy, *policy["rule"], *policy["must_pass"], policy["allow"], policy["removed"]]
    if draw(st.sampled_from([True, False, False])):
        table = draw(st.sampled_from(tables))
        key = draw(st.sampled_from([*table, "odd", "of", "interval", "reason", "at_most"]))
        table[key] = draw(WRONG)
    return policy


@given(policy=policies())
@settings(max_examples=300, deadline=None)
def test_the_reader_takes_what_the_schema_takes_and_nothing_else(tmp_path_factory, policy):
    accepted = VALIDATOR.is_valid(policy)
    read = is_read(tmp_path_factory.getbasetemp(), policy)

    if accepted and not is_beyond_a_schema(policy):
        assert read
    if not accepted:
        assert not read


def mistakes() -> Iterator[Any]:
    """The policies that the tests of the reader refuse, where a schema can say why."""
    rule = {"measure": "latency_p95_s", "at_most": 3}
    yield {}, "nothing to decide"
    yield {"rule": []}, "no rule"
    yield {"rules": [rule]}, "unknown table"
    yield {"rule": rule}, "one bracket"
    yield {"rule": [{**rule, "at_mots": 2}]}, "unknown key"
    yield {"rule": [{"measure": "latency_95_s", "at_most": 1}]}, "unknown measure"
    yield {"rule": [{"at_most": 1}]}, "no measure"
    yield {"rule": [{"measure": "calls"}]}, "no limit"
    yield {"rule": [{"measure": "pass_rate", "at_least": 95}]}, "a share in percent"
    yield {"rule": [{**rule, "at_most": True}]}, "true for a number"
    yield {"rule": [{**rule, "at_most": -1}]}, "less than nothing"
    yield {"rule": [{**rule, "of": "similar"}]}, "a key of another measure"
    yield {"rule": [{**rule, "blocking": False}]}, "advisory without a reason"
    yield {"rule": [{**rule, "severity": "hihg"}]}, "unknown severity"
    yield {"rule": [{**rule, "tests": []}]}, "an empty list"
    yield {"rule": [{**rule, "pillar": "inconclusive"}]}, "a pillar that no limit has"
    yield {"rule": [{"measure": "mean_score", "at_least": 1}]}, "a mean of nothing"
    yield {"must_pass": [{"at_least": 1}]}, "a limit on tests that must pass"
    yield {"rule": [rule], "allow": {"replayed": "x"}}, "unknown allowance"
    yield {"rule": [rule], "allow": {"inconclusive": True}}, "no reason"
    yield {"rule": [rule], "removed": {"x": " "}}, "a blank reason"


@pytest.mark.parametrize("policy", [pytest.param(one, id=told) for one, told in mistakes()])
def test_schema_and_reader_refuse_the_same_mistakes(tmp_path, policy):
    assert not VALIDATOR.is_valid(policy)
    assert not is_read(tmp_path, policy)


def test_the_policies_of_the_page_are_accepted():
    example, _ = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)

    assert [error.message for error in VALIDATOR.iter_errors(tomllib.loads(example))] == []
