from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.suites.canaries import canary
from pytest_litmus.suites.filling import filled, filled_in, names_in

VALUES = {"canary": "bavodu-kelisa-4821", "city": "{canary}", "n": 3, "none": None, "list": [1]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("say {canary}", "say bavodu-kelisa-4821"),
        ("in {city}", "in {canary}"),  # once: what comes in is not looked at again
        ("{n} of {none}", "3 of "),
        ("{unknown} {{canary}} ${canary}", "{unknown} {{canary}} ${canary}"),
        ("{{7*7}} {% raw %} {# x #} <%= y %>", "{{7*7}} {% raw %} {# x #} <%= y %>"),
        ("${jndi:ldap://x} $(id) `id`", "${jndi:ldap://x} $(id) `id`"),
        ('{"key": "{canary}"}', '{"key": "bavodu-kelisa-4821"}'),
        ("{ canary } {canary", "{ canary } {canary"),
    ],
)
def test_declared_names_are_replaced_once_and_all_else_stays(text, expected):
    assert filled(text, VALUES) == expected


def test_a_text_that_is_one_name_becomes_its_value_with_its_type():
    assert filled_in({"a": "{list}", "b": ["{n}", "{n}!"], "{n}": 1}, VALUES) == {
        "a": [1],
        "b": [3, "3!"],
        "{n}": 1,
    }


@given(st.text())
def test_text_without_declared_names_is_untouched(text):
    assert filled(text, {}) == text
    assert filled(text, {"surely_not_in_it": "x"}) == text or "{surely_not_in_it}" in text


@given(st.text(), st.text(), st.text())
def test_a_value_is_never_read_as_a_template(before, value, after):
    before, after = before.replace("{", ""), after.replace("{", "")
    if before.endswith("$"):
        before += " "

    assert filled(f"{before}{{x}}{after}", {"x": value, "y": "!"}) == f"{before}{value}{after}"


def test_names_are_found_wherever_they_stand():
    assert names_in(["{a}", {"k": "x {b} {{c}}"}, 3]) == {"a", "b"}


def test_canaries_differ_by_seed_and_name_and_are_the_same_again():
    made = {canary(seed, name) for seed in ("1", "2") for name in ("canary", "other")}

    assert len(made) == 4
    assert canary("1", "canary") in made
