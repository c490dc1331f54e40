"""Whether a suite fits its schema, said quickly: always as jsonschema says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from pytest_litmus.suites.fitting import fits_of
from pytest_litmus.suites.schema import shipped

VALIDATOR = Draft7Validator(shipped())
FITS = fits_of(shipped())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.sampled_from([0.5, 1.0, 2.5, float("inf"), float("nan")]),
    st.sampled_from(["refuses", "base64", "app:answer", "high", "LLM01:2025", "framing", "a b"]),
)
_NAMES = """
    id prompt turns user expect contains not all_of at_least attacks runs budget max_calls
    variables severity maps_to tools name
"""
KEYS = st.sampled_from([*_NAMES.split(), "x y"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@given(case=st.dictionaries(KEYS, VALUES, max_size=5), target=VALUES)
def test_it_says_what_jsonschema_says(case: dict[str, Any], target: Any) -> None:
    suite = {"target": target, "cases": [{"id": "a", "prompt": "b", "expect": ["refuses"]} | case]}
    for value in (suite, {"cases": suite["cases"]}, target):
        assert FITS(value) is VALIDATOR.is_valid(value)


@pytest.mark.parametrize(
    "changed",
    [
        {"runs": 0},
        {"runs": True},
        {"runs": 1.5},
        {"min_pass_rate": 2},
        {"tags": ["no mark"]},
        {"variables": {"no name": 1}},
        {"expect": []},
        {"expect": ["refuse"]},
        {"expect": [{}]},
        {"expect": [{"refuses": {}, "contains": "a"}]},
        {"expect": [{"not": {"contains": {"in": "a"}}}]},
        {"attacks": [["nothing"]]},
        {"tools": [{}]},
        {"turns": [{"expect": ["refuses"]}]},
        {"unknown": 1},
        {"budget": {"max_calls": -1}},
    ],
)
def test_what_does_not_fit_is_found(changed: dict[str, Any]) -> None:
    suite = {"cases": [{"id": "a", "prompt": "b", "expect": ["refuses"]} | changed]}
    assert not VALIDATOR.is_valid(suite)
    assert not FITS(suite)


def test_a_keyword_that_it_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="oneOf"):
        fits_of({"oneOf": [{"type": "string"}]})
