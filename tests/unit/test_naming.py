from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.naming import cassette_name


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("tests/test_a.py::test_refund", "test_refund"),
        ("tests/test_a.py::TestShop::test_refund", "TestShop.test_refund"),
        ("tests/test_a.py::test_refund[gpt-4o-mini]", "test_refund[gpt-4o-mini]"),
        ("tests/test_a.py::test_refund[a=1,b@2]", "test_refund[a=1,b@2]"),
    ],
)
def test_a_plain_id_is_readable_in_the_file_name(nodeid, name):
    assert cassette_name(nodeid) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("t.py::test_a[x/y]", "t.py::test_a[x-y]"),
        ("t.py::test_a[x/y]", "t.py::test_a[x:y]"),
        ("t.py::test_a[x::y]", "t.py::test_a[x.y]"),
        ("t.py::A::b", "t.py::A.b"),
        ("t.py::test_a[" + "x" * 300 + "]", "t.py::test_a[" + "x" * 301 + "]"),
        ("t.py::test_a[é]", "t.py::test_a[è]"),
        ("t.py::test_a[\ud800]", "t.py::test_a[\ud801]"),
    ],
)
def test_ids_that_differ_have_names_that_differ(one, other):
    assert cassette_name(one) != cassette_name(other)


def test_ids_that_differ_in_case_have_names_that_differ_where_case_does_not_count():
    names = {cassette_name(f"t.py::test_a[{word}]").lower() for word in ("yes", "Yes", "YES")}

    assert len(names) == 3


@given(st.text())
def test_any_parameter_gives_a_name_that_every_file_system_takes(parameter):
    name = cassette_name(f"tests/test_a.py::test_a[{parameter}]")

    assert re.fullmatch(r"[\w\-.\[\],=+@]{1,129}", name, re.ASCII)
    assert not name.startswith(".")
    assert not name.endswith(".")


@given(st.lists(st.text(max_size=5), min_size=2, max_size=2, unique=True))
def test_any_two_parameters_give_two_names(parameters):
    one, other = (cassette_name(f"t.py::test_a[{each}]") for each in parameters)

    assert one.lower() != other.lower()
