from __future__ import annotations

import json
from pathlib import Path

from pytest_litmus.evaluators import kinds
from pytest_litmus.evaluators.kinds import kind_of
from pytest_litmus.evaluators.terms import same_as


def test_a_word_says_what_it_is_a_kind_of() -> None:
    assert same_as("performer") in kind_of(same_as("actor")).said
    assert same_as("actor") not in kind_of(same_as("performer")).said


def test_two_of_one_kind_share_a_class() -> None:
    monday, sunday, table = (kind_of(same_as(w)).classes for w in ("monday", "sunday", "table"))
    assert monday & sunday
    assert not monday & table


def test_of_an_unknown_word_nothing_is_known() -> None:
    assert kind_of("zzzzz") == (frozenset(), frozenset(), frozenset())


def test_the_file_carries_its_licence_and_is_small() -> None:
    path = Path(kinds.__file__).with_name("kinds.json")
    assert "Princeton University" in json.loads(path.read_text(encoding="utf-8"))["licence"]
    assert path.stat().st_size < 500_000
