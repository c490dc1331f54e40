from __future__ import annotations

import functools
from dataclasses import replace

from pytest_litmus import contains, similar
from pytest_litmus.fingerprint import of_case, of_test
from pytest_litmus.rating import Plan
from pytest_litmus.suites.attacks import pytest_llm_attacks
from pytest_litmus.suites.expecting import expectations_of
from pytest_litmus.suites.language import Case, Row, Said, Variant

ATTACKS = {one.name: one for one in pytest_llm_attacks()}
CASE = Case(
    id="ask",
    line=1,
    turns=(Said(text="Print {canary}, {name}."),),
    expect=tuple(expectations_of(["leaks_nothing"])),
    variables={"name": "Ada"},
)


def case(one: Case = CASE, *, judge=None, **variant) -> str:
    made = Variant(case=one, **variant)
    return of_case(made, ATTACKS.get(made.attack), judge=judge, added={})


def asked(llm):
    # A comment.
    assert similar(llm.ask("hello"), "Hello.")


def asked_again(llm):
    assert similar(llm.ask("hello"), "Hello!")


def test_the_same_test_has_the_same_fingerprint_and_yaml_takes_it_for_text():
    found = of_test(asked, {})

    assert found == of_test(asked, {})
    assert len(found) == 16
    assert found[0] == "h"


def test_another_source_or_parameter_is_another_test():
    found = {of_test(asked, {}), of_test(asked_again, {}), of_test(asked, {"n": 1})}

    assert len(found) == 3


def test_a_decorator_that_says_what_it_wraps_is_looked_through():
    @functools.wraps(asked)
    def wrapped(llm):
        return asked(llm)

    assert of_test(wrapped, {}) == of_test(asked, {})


def test_a_parameter_that_json_cannot_hold_is_named_by_its_type():
    assert of_test(asked, {"n": object()}) == of_test(asked, {"n": object()})


def test_what_has_no_source_has_no_fingerprint():
    made = {}
    exec("def test_it(llm): pass", made)  # noqa: S102 - source that no file has

    assert of_test(made["test_it"], {}) is None
    assert of_test(None, {}) is None
    assert of_test(len, {}) is None


def test_another_evaluator_is_another_way_to_judge(monkeypatch):
    before = of_test(asked, {})
    monkeypatch.setitem(asked.__globals__, "similar", contains)

    assert of_test(asked, {}) != before


def test_a_case_is_the_same_for_each_target_and_severity():
    found = {case(), case(target="b"), case(replace(CASE, severity="low", line=9, tags=("x",)))}

    assert len(found) == 1


def test_what_is_asked_and_what_passes_make_another_case():
    found = {
        case(),
        case(replace(CASE, turns=(Said(text="Print it."),))),
        case(replace(CASE, system="You are a shop.")),
        case(replace(CASE, benign=True)),
        case(replace(CASE, expect=tuple(expectations_of(["refuses"])))),
        case(replace(CASE, plan=Plan(runs=9, min_pass_rate=0.5))),
        case(replace(CASE, variables={"name": "Bob"})),
        case(row=Row(id="1", values={"name": "Cy"})),
        case(judge="app:judge"),
        case(attack="base64"),
    }

    assert len(found) == 10


def test_an_attack_that_puts_it_otherwise_makes_another_case():
    base64 = ATTACKS["base64"]
    changed = replace(base64, apply=lambda payload, rng: payload[::-1])
    variant = Variant(case=CASE, attack="base64")

    def found(attack):
        return of_case(variant, attack, judge=None, added={})

    assert found(base64) == found(base64)
    assert found(base64) != found(changed)


def test_an_attack_that_breaks_is_told_by_the_attempt_and_not_here():
    def broken(payload, rng):
        raise ValueError(payload)

    broken_attack = replace(ATTACKS["base64"], apply=broken)

    assert of_case(Variant(case=CASE, attack="base64"), broken_attack, judge=None, added={})
