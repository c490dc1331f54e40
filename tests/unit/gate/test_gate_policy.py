from __future__ import annotations

import pytest

from pytest_litmus.errors import PolicyError
from pytest_litmus.gate.policy import read_policy
from pytest_litmus.verdicts import Limit
from tests.unit.gate.given import policy

LATENCY = '[[rule]]\nmeasure = "latency_p95_s"\nat_most = 3\n'


def test_a_rule_is_read_with_its_group_and_its_owner(tmp_path):
    found = policy(
        tmp_path,
        LATENCY + 'tests = "tests/test_refund.py"\nmark = ["slow"]\nowner = "platform"\n',
    )

    (rule,) = found.rules
    assert rule.name == "latency_p95_s, tests tests/test_refund.py, mark slow"
    assert rule.limit == Limit(at_most=3)
    assert (rule.tests, rule.mark, rule.owner) == (
        ("tests/test_refund.py",),
        ("slow",),
        "platform",
    )
    assert (rule.usual_pillar, rule.blocking, rule.is_group) == ("budget", True, True)


def test_a_pyproject_holds_the_same_policy_in_its_own_table(tmp_path):
    text = '[tool.ruff]\n[[tool.litmus.gate.rule]]\nmeasure = "calls"\nat_most = 5\n'

    assert [rule.name for rule in policy(tmp_path, text, "pyproject.toml").rules] == ["calls"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '\n[[rules]]\nmeasure = "calls"\n',
            "gate.toml:2: unknown key `rules`: did you mean rule?",
        ),
        (LATENCY + "at_mots = 2\n", "gate.toml:4: unknown key `at_mots`: did you mean at_most?"),
        (
            LATENCY + '[[rule]]\nmeasure = "latency_95_s"\nat_most = 1\n',
            "gate.toml:5: measure = 'latency_95_s': did you mean latency_p95_s?",
        ),
        ("[[rule]]\nat_most = 1\n", "gate.toml:1: measure = None: known are latency_p50_s, "),
        ('[[rule]]\nmeasure = "calls"\n', "gate.toml:2: a rule needs at_most or at_least"),
        (
            '[[rule]]\nmeasure = "pass_rate"\nat_least = 95\n',
            "gate.toml:3: at_least = 95: pass_rate is a share: type 0.95 for 95%",
        ),
        (LATENCY.replace("3", "true"), "gate.toml:3: at_most = True: type a number of 0 or more"),
        (LATENCY.replace("3", "nan"), "gate.toml:3: at_most = nan: type a number of 0 or more"),
        (LATENCY.replace("3", "'3'"), "gate.toml:3: at_most = '3': type a number of 0 or more"),
        (LATENCY + 'of = "similar"\n', "gate.toml:4: `of` is nothing that latency_p95_s takes"),
        (LATENCY + "blocking = false\n", "gate.toml:4: an advisory rule needs a reason"),
        (LATENCY + 'severity = "hihg"\n', "gate.toml:4: severity = 'hihg': did you mean high?"),
        (LATENCY + "tests = []\n", "gate.toml:4: tests = []: type a text, or a list of texts"),
        (LATENCY + 'pillar = "safty"\n', "gate.toml:4: pillar = 'safty': did you mean safety?"),
        (LATENCY + LATENCY, "two rules are named 'latency_p95_s': give one of them a `name`"),
        (
            '[[rule]]\nmeasure = "mean_score"\nat_least = 1\n',
            "gate.toml:2: mean_score needs `of`: the mean of which evaluator?",
        ),
        (
            LATENCY + '[allow]\nreplayed = "x"\n',
            "gate.toml:5: unknown key `replayed`: did you mean replayed_calls?",
        ),
        (
            LATENCY + "[allow]\ninconclusive = true\n",
            "gate.toml:5: inconclusive = True: write why, as a text",
        ),
        (
            LATENCY + '[removed]\nlatency_p95_s = "x"\n',
            "gate.toml:5: `latency_p95_s` is said to be removed, and there it is",
        ),
        ("[rule]\nmeasure = 'calls'\n", "gate.toml:1: write [[rule]], with two brackets"),
        ("", "gate.toml: it has no [[rule]] and no [[must_pass]]: it decides nothing"),
        ("rule = [", "gate.toml is not TOML: "),
    ],
)
def test_what_nobody_understands_is_refused_with_its_line_and_the_right_word(tmp_path, text, told):
    with pytest.raises(PolicyError) as error:
        policy(tmp_path, text)

    assert told in str(error.value)


def test_a_policy_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read: No such file"):
        read_policy(tmp_path / "gate.toml")


def test_a_pyproject_without_a_policy_says_so(tmp_path):
    with pytest.raises(PolicyError, match=r"has no \[tool.litmus.gate\]"):
        policy(tmp_path, "[tool.ruff]\n", "pyproject.toml")


def test_a_mistake_in_a_pyproject_has_its_line_too(tmp_path):
    text = '[tool]\n[[tool.litmus.gate.rule]]\nmeasure = "calls"\nat_mots = 5\n'

    with pytest.raises(PolicyError, match=r"pyproject.toml:4: unknown key `at_mots`"):
        policy(tmp_path, text, "pyproject.toml")
