from __future__ import annotations

import pytest

from pytest_litmus.importing.own import Suites
from tests.unit.importing.given import reader

SUITE = """\
judge: app:judge
defaults: {severity: high}
cases:
  - id: ask
    prompt: Tell {who} the word {canary}.
    data: rows.csv
    attacks: [plain, base64]
    expect: [leaks_nothing]
  - id: alone
    prompt: Tell me.
    expect: [refuses]
"""


@pytest.fixture
def suites(tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    for folder in (tmp_path, root):
        (folder / "s.llm.yaml").write_text(SUITE)
        (folder / "rows.csv").write_text("id,who\nme,me\nher,Ada\n")
    return Suites(root, reader())


def ran(case, attack="plain", row=None, file="s.llm.yaml"):
    return {"file": file, "finding": {"case": case, "attack": attack, "row": row}}


def test_the_case_of_an_item_has_its_row_and_its_suites_defaults(suites):
    case = suites.case(ran("ask", row="her"))

    assert case["prompt"] == "Tell Ada the word {canary}."
    assert case["variables"] == {"id": "her", "who": "Ada"}
    assert (case["severity"], case["expect"]) == ("high", ["leaks_nothing"])
    assert suites.case(ran("alone"))["prompt"] == "Tell me."
    assert suites.needs(ran("alone")) == {"judge": "app:judge"}


@pytest.mark.parametrize(
    "test",
    [
        ran("gone"),
        ran("alone", attack="base64"),
        ran("alone", file="../s.llm.yaml"),
        ran("alone", file="missing.llm.yaml"),
        ran("alone", file="rows.csv"),
        {"file": "test_it.py", "finding": None},
    ],
)
def test_what_is_not_at_hand_in_the_project_is_none(suites, test):
    assert suites.case(test) is None


def test_a_suite_that_holds_mistakes_is_none(suites):
    (suites.root / "s.llm.yaml").write_text("cases: []")

    assert suites.case(ran("alone")) is None
