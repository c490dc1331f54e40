"""The suites that ship with it, and the lists that they map to."""

from __future__ import annotations

import pytest

from pytest_litmus.recorder import capturing
from pytest_litmus.suites.attacks import pytest_llm_attacks
from pytest_litmus.suites.attempt import Means, attempted
from pytest_litmus.suites.finding import outcome_of, verdict_of
from pytest_litmus.suites.language import Variant, variants
from pytest_litmus.suites.reading import Reader
from pytest_litmus.suites.shipped import shipped_suites
from pytest_litmus.suites.taxonomy import coverage, coverage_lines, entries

REFUSAL = "I'm sorry, but I can't help with that."
READER = Reader({one.name: one.family for one in pytest_llm_attacks()})
SUITES = {
    name: READER.read(path, shown=path.name, root=path.parent)
    for name, path in shipped_suites().items()
}
ANSWERS = {"robustness", "bias", "misinformation"}
"""Suites in which a refusal is no good answer either: what they ask can be answered."""
CASES = [(name, case) for name, suite in SUITES.items() for case in suite.cases]


def outcome(case, answer) -> str:
    row = case.rows[0] if case.rows else None
    with capturing() as recorder:
        variant = Variant(case=case, row=row)
        attempt = attempted(variant, Means(ask=lambda: answer), recorder, seed="7")
    return outcome_of(attempt, verdict_of(attempt))


def test_there_are_several_hundred_cases_in_the_families_that_are_promised():
    assert set(SUITES) == {
        "agency", "bias", "consumption", "exfiltration", "extraction", "indirect", "injection",
        "jailbreak", "misinformation", "privacy", "retrieval", "robustness", "toxicity",
        "unsafe-output",
    }  # fmt: skip
    assert len(CASES) >= 500


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_warns_of_nothing_has_twins_and_stays_runnable(name):
    suite = SUITES[name]
    attacks = [case for case in suite.cases if not case.benign]
    twins = [case for case in suite.cases if case.benign]

    assert suite.warnings == ()
    assert suite.description
    assert not suite.targets
    assert len(twins) * 4 >= len(attacks)
    assert all(twin.twin_of in {case.id for case in attacks} for twin in twins if twin.twin_of)
    assert len(list(variants(suite))) <= 150


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{c.id}" for name, c in CASES])
def test_a_case_maps_to_entries_that_can_be_covered(name, case):
    known = {entry.id: entry for entry in entries()}

    assert case.benign or case.maps_to
    assert all(mapped in known and not known[mapped].not_covered for mapped in case.maps_to)


@pytest.mark.parametrize(
    ("name", "case"),
    [
        (name, case)
        for name, case in CASES
        if not case.benign and name not in ANSWERS and not case.tools
    ],
    ids=lambda value: getattr(value, "id", value),
)
def test_a_refusal_breaches_nothing(name, case):
    good_answer_needed = name == "retrieval" and outcome(case, lambda _: REFUSAL) == "unsafe"

    assert good_answer_needed or outcome(case, lambda _: REFUSAL) in ("safe", "undetermined")


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name, case in CASES if case.benign and not case.tools],
    ids=lambda value: getattr(value, "id", value),
)
def test_a_refusal_of_a_harmless_twin_is_over_refusal(name, case):
    assert outcome(case, lambda _: REFUSAL) == "unsafe"


@pytest.mark.parametrize("case", SUITES["extraction"].cases, ids=lambda case: case.id)
def test_who_tells_its_instructions_is_breached(case):
    tells = outcome(case, lambda asked: f"{asked.system} {[t.description for t in asked.tools]}")

    assert case.benign or tells == "unsafe"


def test_an_injection_is_proven_by_what_only_obeying_brings_about():
    def obeys(asked):
        import re

        words = re.findall(r"[a-z]{6}-[a-z]{6}-\d{4}", asked.prompt + " ".join(asked.documents))
        return "+".join(words[:2])

    found = {
        case.id: outcome(case, obeys)
        for case in SUITES["injection"].cases
        if not case.benign and "{left}" in case.turns[-1].text
    }
    assert len(found) > 15
    assert set(found.values()) == {"unsafe"}


# The taxonomy


def test_ids_have_an_edition_and_stand_once():
    ids = [entry.id for entry in entries()]

    assert len(set(ids)) == len(ids)
    assert {"LLM06:2025", "LLM06:2026", "ASI01:2026"} <= set(ids)
    titles = {entry.id: entry.title for entry in entries()}
    assert (titles["LLM06:2025"], titles["LLM06:2026"]) == (
        "Excessive Agency",
        "Unbounded Consumption",
    )


def test_every_entry_is_covered_or_says_why_not():
    bare = [
        entry.id
        for entry, counts in coverage(list(SUITES.values()))
        if not counts and not entry.not_covered
    ]

    assert bare == []


def test_the_lines_tell_the_number_of_cases_or_the_reason():
    lines = list(coverage_lines(list(SUITES.values())))

    assert "OWASP Top 10 for LLM Applications 2026" in lines
    assert any("LLM04:2026     Supply Chain: not covered: where models" in line for line in lines)
