"""Rules: the file that says how other tests are decided again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_litmus.errors import SuiteError
from pytest_litmus.rescoring.items import Project
from pytest_litmus.rescoring.rules import read_rules
from pytest_litmus.verdicts import Limit

PAGE = (Path(__file__).parents[3] / "docs/rescore.md").read_text(encoding="utf-8")


@pytest.fixture
def rules_of(tmp_path):
    def read(text: str, *, has_judge: bool = False):
        path = tmp_path / "rules.yaml"
        path.write_text(text, encoding="utf-8")
        return read_rules(path, Project(root=tmp_path).reader, {}, has_judge=has_judge)

    return read


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_an_example_of_the_page_is_read_without_a_mistake(block, rules_of):
    assert rules_of(block, has_judge=True).rules


@pytest.mark.parametrize(
    ("tests", "nodeid", "is_for"),
    [
        ("tests/test_a.py", "tests/test_a.py::test_x[1]", True),
        ("tests", "tests/test_a.py::test_x", True),
        ("tests/test_a.py::test_x", "tests/test_a.py::test_x[a]", True),
        ("tests/test_a.py::test_x[a]", "tests/test_a.py::test_x[a]", True),
        ("*::test_?", "tests/test_a.py::test_x", True),
        ("tests/test_a", "tests/test_a.py::test_x", False),
        ("test_x", "tests/test_a.py::test_x", False),
    ],
)
def test_a_rule_is_for_tests_files_and_folders(rules_of, tests, nodeid, is_for):
    (rule,) = rules_of(f"rules: [{{tests: '{tests}', expect: [refuses]}}]").rules

    assert rule.is_for(nodeid) is is_for


def test_limits_of_all_tests_come_before_those_of_a_rule(rules_of):
    text = "limits: {a: {at_least: 1}}\nrules:\n- {tests: t, limits: {a: {at_most: 3}}}"

    first, second = rules_of(text).of("t")

    assert (first.limits, first.line) == ({"a": Limit(at_least=1)}, 1)
    assert (second.limits, second.line) == ({"a": Limit(at_most=3)}, 3)


def test_a_judge_within_a_composition_needs_one_too(rules_of):
    text = "rules: [{tests: t, expect: [{any_of: [refuses, judged_by]}]}]"

    with pytest.raises(SuiteError, match="`judged_by` needs a judge"):
        rules_of(text)
    assert rules_of(text, has_judge=True)
