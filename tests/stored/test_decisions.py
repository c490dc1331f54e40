"""The commands that decide stored runs: on what the example suites made, and on 100,000 calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_litmus.cli import main

POLICY = """
[[rule]]
measure = "pass_rate"
at_least = 0.5

[[rule]]
measure = "latency_p95_s"
at_most = 60

[allow]
failed_tests = "they are what is tested here"
replayed_calls = "the example is replayed"
"""


@pytest.fixture
def litmus(capsys):
    """Run a command: its exit code, and what it printed."""

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        written = capsys.readouterr()
        return code, written.out + written.err

    return run


@pytest.fixture
def policy(tmp_path) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


def decided(litmus, report: Path, policy: Path) -> tuple[int, str]:
    return litmus("gate", report, "--policy", policy, "--explain")


def test_the_gate_decides_the_demo(litmus, demo_report, policy):
    code, said = decided(litmus, demo_report, policy)

    assert code == 0, said
    assert "latency_p95_s" in said


def test_a_gate_that_the_demo_does_not_keep_says_which_number_and_which_tests(
    litmus, demo_report, tmp_path
):
    strict = tmp_path / "gate.toml"
    rule = 'measure = "attack_success_rate"\nat_most = 0.01\n'
    strict.write_text(f"[[rule]]\n{rule}{POLICY}", encoding="utf-8")

    code, said = decided(litmus, demo_report, strict)

    assert code == 11
    assert "attacks.llm.yaml::lifetime-warranty" in said


def test_the_demo_is_blessed_and_then_no_worse_than_itself(litmus, demo_report, tmp_path, policy):
    baseline = tmp_path / "llm-baseline.yaml"

    code, said = litmus("baseline", "bless", demo_report, "--file", baseline)
    assert code == 0, said
    assert litmus("compare", baseline, demo_report)[0] == 0
    assert litmus("compare", demo_report, demo_report)[0] == 0
    held = litmus("gate", demo_report, "--policy", policy, "--baseline", baseline)
    assert held[0] == 0, held[1]


def test_so_few_calls_as_the_demo_s_do_not_show_that_nothing_has_drifted(litmus, demo_report):
    code, said = litmus("drift", demo_report, "--baseline", demo_report)

    assert code == 3
    assert "are too few: 392 a side would decide" in said
    assert "0 drifted" in said


def test_a_hundred_thousand_calls_are_decided_blessed_compared_and_held_against_themselves(
    litmus, large_report, tmp_path, policy
):
    baseline = tmp_path / "llm-baseline.yaml"

    assert decided(litmus, large_report, policy)[0] == 0
    code, said = litmus("baseline", "bless", large_report, "--file", baseline)
    assert (code, f"{baseline}: 1000 tests, 100 of them do not pass" in said) == (0, True), said
    code, said = litmus("compare", baseline, large_report, "--json")
    assert json.loads(said)["outcome"] != "regression"
    code, said = litmus("drift", large_report, "--baseline", large_report)
    assert code == 0, said


@pytest.mark.parametrize(
    "words",
    [
        ("gate", "REPORT", "--policy", "POLICY"),
        ("baseline", "bless", "REPORT", "--file", "new.yaml"),
        ("compare", "REPORT", "REPORT"),
        ("drift", "REPORT", "--baseline", "REPORT"),
    ],
)
def test_a_report_of_a_newer_schema_is_refused_and_nothing_is_written(
    litmus, demo_copy, policy, tmp_path, monkeypatch, words
):
    monkeypatch.chdir(tmp_path)
    report = json.loads((demo_copy / "report.json").read_text())
    (demo_copy / "report.json").write_text(json.dumps(report | {"schema_version": "2.0"}))
    there = sorted(tmp_path.rglob("*"))
    stands_for = {"REPORT": demo_copy, "POLICY": policy}

    code, said = litmus(*(stands_for.get(word, word) for word in words))

    assert code == 2
    assert "has schema 2.0, and this version reads 1.x" in said
    assert sorted(tmp_path.rglob("*")) == there
