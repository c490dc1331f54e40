"""Under pytest-xdist: one merged report, also when a worker dies."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _quick_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each worker has to import all it needs: no plugins but these, and compiled only once."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "litmus,xdist")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    compiled = tmp_path_factory.getbasetemp() / "compiled"
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))


def test_the_workers_tests_are_in_one_report(project):
    project.test("""
        import pytest

        @pytest.mark.parametrize("n", range(6))
        def test_it(llm, n):
            llm.ask(f"question {n}")
            assert n != 3

        def test_plain(): pass
    """)

    result = project.run_apart("-n2", "--llm-live", "--llm-report")

    result.assert_outcomes(passed=6, failed=1)
    report = project.report
    assert report["verdict"] == {
        "outcome": "failed",
        "reason": None,
        "tests": 6,
        "passed": 5,
        "failed": 1,
        "error": 0,
        "skipped": 0,
    }
    assert report["totals"]["calls"]["live"] == 6
    assert {test["worker"] for test in report["tests"]} <= {"gw0", "gw1"}
    assert sorted(path.name for path in (project.path / "llm-report").iterdir()) == [
        "calls.jsonl",
        "report.json",
    ]
    (said,) = (line for line in project.calls_log if "content" in line)
    assert said["test"] == "test_it.py::test_it[3]"
    result.stdout.fnmatch_lines(["verdict    FAILED: 1 failed, 5 passed"])


def test_replay_works_in_workers(project):
    project.test("""
        import pytest

        @pytest.mark.parametrize("n", range(4))
        def test_it(llm, n):
            assert llm.ask(f"question {n}") == f"You said question {n}."
    """)
    project.run_apart("-n2", "--llm-record=once").assert_outcomes(passed=4)
    project.provider.is_refusing = True

    result = project.run_apart("-n2", "--llm-report")

    result.assert_outcomes(passed=4)
    assert project.report["totals"]["calls"]["recorded"] == 4


def test_a_worker_that_dies_loses_no_call_that_was_paid_for(project):
    project.test("""
        import os

        def test_dies(llm):
            llm.ask("paid for")
            llm.ask("paid for as well")
            os._exit(1)

        def test_lives(llm):
            llm.ask("and on")
    """)

    result = project.run_apart("-n1", "--llm-live", "--llm-report")

    result.assert_outcomes(passed=1, failed=1)
    dead, alive = project.report["tests"]
    assert (dead["nodeid"], dead["outcome"]) == ("test_it.py::test_dies", "error")
    assert dead["failure"] == (
        "worker died: gw0 ended before this test did; its calls are from its log"
    )
    assert len(dead["calls"]) == 2
    assert (alive["outcome"], alive["worker"]) == ("passed", "gw1")
    assert project.report["verdict"]["outcome"] == "failed"


def test_a_worker_that_dies_between_two_tries_loses_none(project):
    from tests.sdk.loopback import Failure

    project.provider.failures.append(Failure(status=429))
    project.test("""
        import os
        import openai

        def test_dies(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k", max_retries=1)
            messages = [{"role": "user", "content": "one"}]
            client.chat.completions.create(model="m", messages=messages)
            os._exit(1)
    """)

    project.run_apart("-n1", "--llm-live", "--llm-report")

    (dead,) = project.report["tests"]
    assert [(call["attempts"], call["error_type"]) for call in dead["calls"]] == [(2, None)]


def test_when_every_test_is_lost_the_terminal_still_tells_of_it(project):
    project.test("""
        import os

        def test_dies(llm):
            llm.ask("paid for")
            os._exit(1)
    """)

    result = project.run_apart("-n1", "--llm-live", "--llm-report")

    result.stdout.fnmatch_lines(["*= llm =*", "verdict    FAILED: 1 error"])


def test_a_misspelt_option_is_told_once_by_the_controller(project):
    project.test("def test_it(): pass")

    result = project.run_apart("-n2", "--llm-recrod=once")

    result.stderr.fnmatch_lines(["ERROR: unknown option --llm-recrod: did you mean --llm-record?"])
