from __future__ import annotations

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.matching import Matching, nearest

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
documents = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)
bodies = st.dictionaries(st.text(max_size=8), documents, min_size=1, max_size=4)


def post(body: bytes) -> Request:
    return Request(method="POST", url="https://api.example.com/v1", body=body)


def key(body: bytes) -> str:
    return Matching().key(post(body))


def reversed_keys(value):
    if isinstance(value, dict):
        return {name: reversed_keys(value[name]) for name in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def leaf_paths(value, path=()):
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [found for step, child in children for found in leaf_paths(child, (*path, step))] or [
        path
    ]


@given(bodies)
def test_key_order_does_not_count(body):
    assert key(json.dumps(reversed_keys(body)).encode()) == key(json.dumps(body).encode())


@given(bodies)
def test_pretty_printing_and_escapes_do_not_count(body):
    pretty = json.dumps(body, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")

    assert key(pretty) == key(json.dumps(body).encode())


@given(st.integers(-(2**53), 2**53))
def test_a_float_equal_to_an_integer_counts_as_it(number):
    assert key(f'{{"a":{number}.0}}'.encode()) == key(f'{{"a":{number}}}'.encode())


@given(bodies, st.data())
def test_a_changed_leaf_is_another_key_and_the_nearest_names_exactly_its_path(body, data):
    changed = copy.deepcopy(body)
    *way, last = data.draw(st.sampled_from(leaf_paths(body)))
    place = changed
    for step in way:
        place = place[step]
    place[last] = "surely something else"
    before, now = (post(json.dumps(each).encode()) for each in (body, changed))

    found = nearest(now, [before])

    assert Matching().key(before) != Matching().key(now)
    (difference,) = found.differences
    assert difference.kind == "changed"
    ignoring = Matching(ignore=(difference.path,))
    assert ignoring.key(before) == ignoring.key(now)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_have_a_key_and_a_nearest(one, other):
    assert (key(one) == key(other)) == (nearest(post(one), [post(other)]).differences == ())
