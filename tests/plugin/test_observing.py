"""Plain tests are observed for a report or a session budget, and never changed by it."""

from __future__ import annotations

import pytest

PLAIN = """
    import requests

    def test_plain():
        body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
        assert requests.post(URL + "/v1/chat/completions", json=body).ok

    def test_without_a_call():
        pass
"""


def test_a_plain_test_is_left_alone(project):
    project.test(PLAIN)
    project.conftest("""
        import sys

        def pytest_runtest_teardown():
            from http.client import HTTPConnection
            assert HTTPConnection.request.__module__ == "http.client"
    """)

    result = project.run()

    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*= llm =*")


def test_with_a_report_its_calls_are_live_and_in_it(project):
    project.test(PLAIN)

    project.run("--llm-report").assert_outcomes(passed=2)

    (test,) = project.report["tests"]
    assert test["nodeid"] == "test_it.py::test_plain"
    assert [call["source"] for call in test["calls"]] == ["live"]
    assert test["cassette"] is None
    assert project.asked == ["hello"]
    assert project.cassettes == []


def test_recording_leaves_a_plain_test_alone(project):
    project.test(PLAIN)

    project.run("--llm-report", "--llm-record=all").assert_outcomes(passed=2)

    assert project.cassettes == []


def test_budgets_of_the_ini_file_are_not_for_plain_tests(project):
    project.ini("llm_max_calls = 0")
    project.test(PLAIN)

    project.run("--llm-report").assert_outcomes(passed=2)


def test_a_plain_test_fails_as_it_would_have(project):
    project.test("""
        import requests

        def test_plain():
            body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
            answer = requests.post(URL + "/v1/chat/completions", json=body).json()
            assert answer["choices"] == []
    """)

    result = project.run("--llm-report")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *assert *== []*", "*calls*1, *", "*  | You said hello."])


@pytest.mark.parametrize("phase", ["setup", "teardown"])
def test_a_plain_test_that_breaks_beside_its_body_is_an_error_as_before(project, phase):
    project.test(f"""
        import pytest
        import requests

        @pytest.fixture
        def broken():
            body = {{"model": "m", "messages": [{{"role": "user", "content": "hello"}}]}}
            requests.post(URL + "/v1/chat/completions", json=body)
            if {phase!r} == "setup":
                raise ZeroDivisionError
            yield
            raise ZeroDivisionError

        def test_plain(broken): pass
    """)

    project.run("--llm-report")

    (test,) = project.report["tests"]
    assert (test["outcome"], len(test["calls"])) == ("error", 1)


def test_a_report_that_cannot_be_written_on_changes_no_outcome(project):
    project.test("""
        import shutil
        import requests

        def test_plain():
            shutil.rmtree("llm-report")
            body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
            assert requests.post(URL + "/v1/chat/completions", json=body).ok
    """)

    result = project.run("--llm-report")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*calls.jsonl: a call was not written down: *"])


def test_a_call_made_while_no_test_runs_is_nobodys(project):
    project.conftest(
        """
        import requests

        def pytest_sessionfinish():
            body = {"model": "m", "messages": [{"role": "user", "content": "bye"}]}
            requests.post(URL + "/v1/chat/completions", json=body)
    """.replace("URL", repr(project.provider.url))
    )
    project.test(PLAIN)

    project.run("--llm-report").assert_outcomes(passed=2)

    assert project.asked == ["hello", "bye"]
    assert project.report["totals"]["calls"]["total"] == 1
