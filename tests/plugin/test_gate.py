"""`--llm-gate`: what it does to a run's exit status and to the end of its output."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_litmus.cli import main

TEST = """
def test_answer(llm):
    assert llm.ask("Say hello")
"""
RULE = '[[rule]]\nmeasure = "calls"\nat_most = {}\n'


@pytest.fixture
def gated(project):
    """A project with a test, and with a policy of one's choice."""
    project.ini()
    project.test(TEST)

    def made(text: str):
        (project.path / "gate.toml").write_text(text)
        return project

    return made


def ending(result, count: int) -> list[str]:
    return [line for line in result.outlines if line.strip()][-count:]


def test_a_run_that_keeps_its_policy_ends_with_0(gated):
    result = gated(RULE.format(9)).run("--llm-live", "--llm-gate=gate.toml")

    assert result.ret == 0
    assert ending(result, 2) == [
        "DEPLOY: exit code 0, by gate.toml",
        "1 rule kept; --explain shows them, and all tests",
    ]


def test_a_failing_gate_ends_the_output_after_pytests_own_line(gated):
    project = gated(RULE.format(0))

    result = project.run("--llm-live", "--llm-gate=gate.toml")

    assert result.ret == 12
    closing, section, *told = ending(result, 9)
    assert "1 passed" in closing
    assert section.strip("= ") == "llm gate"
    assert told == [
        "DO NOT DEPLOY: budget, exit code 12, by gate.toml (1 of 1 ruling block)",
        "FAIL (budget) calls",
        "  measured  1 calls (in 1 test)",
        "  limit     at most 0 calls",
        "  tests     test_it.py::test_answer",
        "  mend      1 calls less, or a limit with a reason",
        "DO NOT DEPLOY: budget, exit code 12, by gate.toml (1 of 1 ruling block)",
    ]
    assert not (project.path / "llm-report").exists()


def test_the_controller_of_xdist_decides_for_all_workers(gated):
    result = gated(RULE.format(0)).run_apart("--llm-live", "--llm-gate=gate.toml", "-n2")

    assert result.ret == 12
    assert ending(result, 1)[0].startswith("DO NOT DEPLOY: budget, exit code 12, by gate.toml")


def test_a_failed_test_is_the_gates_to_allow(gated):
    project = gated("[allow]\nfailed_tests = 'rates decide'\n" + RULE.format(9))
    project.test(TEST + "    assert False\n")

    assert project.run("--llm-live", "--llm-gate=gate.toml").ret == 0


def test_a_test_that_fails_without_a_model_blocks_as_quality(gated):
    project = gated("[allow]\nfailed_tests = 'rates decide'\n" + RULE.format(9))
    project.test(TEST + "\ndef test_plain(): assert False\n")

    assert project.run("--llm-live", "--llm-gate=gate.toml").ret == 10


def test_a_failure_that_the_gate_has_not_seen_is_not_its_to_allow(gated):
    project = gated("[allow]\nfailed_tests = 'rates decide'\n" + RULE.format(9))
    project.test("import nothing_of_this_name", "test_broken")

    result = project.run("--llm-live", "--llm-gate=gate.toml", "--continue-on-collection-errors")

    assert result.ret == 10
    assert "FAIL (quality) failed without a model" in result.outlines
    assert "  tests     test_broken.py" in result.outlines


def test_an_exit_status_that_no_test_is_the_cause_of_stays(gated):
    project = gated(RULE.format(9))
    project.conftest("def pytest_sessionfinish(session): session.exitstatus = 1")

    result = project.run("--llm-live", "--llm-gate=gate.toml")

    assert result.ret == 1
    assert ending(result, 1) == ["pytest itself ends with 1, and not by a test"]


def test_a_run_that_is_broken_off_is_infrastructure(gated):
    project = gated(RULE.format(9))
    project.test(TEST + "\ndef test_stop():\n    import pytest; pytest.exit('the machine went')\n")

    assert project.run("--llm-live", "--llm-gate=gate.toml").ret == 14


def test_a_run_without_tests_is_not_deployed(gated):
    assert gated(RULE.format(9)).run("-k", "nothing", "--llm-gate=gate.toml").ret == 15


def test_a_policy_that_cannot_be_read_stops_the_run_before_its_tests(gated):
    result = gated("[[rules]]\n").run("--llm-live", "--llm-gate=gate.toml")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --llm-gate: *gate.toml:1: unknown key `rules`: did you*"])


def test_a_collection_alone_is_not_decided(gated):
    result = gated(RULE.format(0)).run("--collect-only", "--llm-gate=gate.toml")

    assert result.ret == 0
    assert "llm gate" not in result.stdout.str()


def test_the_example_suites_are_decided_from_their_stored_report(pytester, monkeypatch, capsys):
    from pytest_litmus.cli import main

    suites = Path(__file__).parents[2] / "example_suites"
    pytester.run(
        sys.executable, "-m", "pytest", str(suites / "test_answers.py"), "-p", "no:cacheprovider",
        "--llm-report", timeout=120,
    )  # fmt: skip
    (pytester.path / "gate.toml").write_text(
        "[allow]\nreplayed_calls = 'the model is asked at night'\n"
        "[[must_pass]]\ntests = 'test_answers.py'\n"
        "[[rule]]\nmeasure = 'latency_max_s'\nat_most = 0.001\n"
    )
    monkeypatch.chdir(pytester.path)
    capsys.readouterr()

    code = main(["gate", "llm-report", "--policy", "gate.toml", "--explain"])

    out = capsys.readouterr().out
    assert code == 12
    assert "ALLOWED replayed calls" in out
    assert "PASS must_pass, tests test_answers.py" in out


def test_a_regression_against_the_baseline_closes_the_gate_with_13(project):
    project.pytester.makefile(".toml", gate=RULE.format(9))
    project.test("def test_it(llm): assert llm.ask('hello') == 'You said hello.'")
    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)
    words = ["baseline", "bless", str(project.path / "llm-report"), "--file"]
    assert main([*words, str(project.path / "llm-baseline.yaml")]) == 0
    project.test("def test_other(llm): assert llm.ask('hello') == 'You said hello.'")

    result = project.run("--llm-live", "--llm-gate=gate.toml")

    assert result.ret == 13
    result.stdout.fnmatch_lines(["*lost coverage, tests*"])


def test_a_stored_report_is_held_against_an_earlier_one(project, capsys):
    project.pytester.makefile(".toml", gate=RULE.format(9))
    project.test("def test_it(llm): assert llm.ask('hello') == 'You said hello.'")
    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)
    project.test("def test_other(llm): assert llm.ask('hello') == 'You said hello.'")
    project.run("--llm-live", "--llm-report", "--llm-report-dir=new").assert_outcomes(passed=1)
    policy = ["--policy", str(project.path / "gate.toml")]
    reports = [str(project.path / "new"), "--baseline", str(project.path / "llm-report")]

    assert main(["gate", *reports, *policy]) == 13
    assert "lost coverage, tests" in capsys.readouterr().out
