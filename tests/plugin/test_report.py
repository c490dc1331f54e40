"""`--llm-report`: what the report of a run holds, and what it never holds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.sdk.loopback import Failure

PRICES = "prices:\n  - {model: m, input: 1000, output: 2000}\n"
TWO_TESTS = """
    import pytest

    @pytest.mark.llm(max_calls=1)
    def test_good(llm):
        llm.tag(user_id="u1", tenant="acme")
        with llm.step("answer"):
            llm.ask("good question")

    def test_bad(llm):
        llm.check(False, name="polite")
        assert llm.ask("bad question") == "something else"
"""


def files_of(project) -> dict[str, str]:
    """Every file of the report's folder, by name."""
    return {path.name: path.read_text() for path in (project.path / "llm-report").iterdir()}


def test_without_the_option_nothing_is_written(project):
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-live").assert_outcomes(passed=1)

    assert not (project.path / "llm-report").exists()


def test_a_run_leaves_these_two_files(project):
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)

    assert sorted(files_of(project)) == ["calls.jsonl", "report.json"]


def test_the_folder_is_named_by_its_own_option(project):
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-live", "--llm-report", "--llm-report-dir=out/llm").assert_outcomes(passed=1)

    assert (project.path / "out/llm/report.json").is_file()


def test_the_option_swallows_no_path_that_follows_it(project):
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-live", "--llm-report", "test_it.py").assert_outcomes(passed=1)

    assert project.report["verdict"]["tests"] == 1


def test_tests_stand_in_it_with_outcome_verdicts_budgets_and_calls(project):
    project.test(TWO_TESTS)

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1, failed=1)

    report = project.report
    bad, good = report["tests"]
    assert report["verdict"]["outcome"] == "failed"
    assert (bad["nodeid"], bad["outcome"]) == ("test_it.py::test_bad", "failed")
    assert (good["nodeid"], good["outcome"]) == ("test_it.py::test_good", "passed")
    assert [(v["name"], v["outcome"]) for v in bad["verdicts"]] == [("polite", "fail")]
    assert [(v["name"], v["outcome"]) for v in good["budgets"]] == [("calls", "pass")]
    assert [(call["model"], call["step"]) for call in good["calls"]] == [("m", "answer")]
    assert bad["failure"].startswith("AssertionError: assert 'You said bad question.' == ")


def test_totals_are_by_pillar_and_by_model(project):
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    project.test(TWO_TESTS)

    project.run("--llm-live", "--llm-report")

    totals = project.report["totals"]
    assert totals["calls"] == {"total": 2, "live": 2, "recorded": 0, "judge": 0}
    assert totals["cost"]["cost_usd"] == "0.022"
    assert totals["tokens"]["input_tokens"] == 10
    assert totals["quality"]["fail"] == 1
    assert totals["budgets"]["pass"] == 1
    assert totals["performance"]["latency"]["count"] == 2
    (model,) = project.report["per_model"]
    assert (model["model"], model["calls"]["total"], model["cost"]["cost_usd"]) == (
        "m",
        2,
        "0.022",
    )


def test_a_replayed_run_tells_what_replay_saved(project):
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    project.test("def test_it(llm): llm.ask('hello')")
    project.run("--llm-record=once").assert_outcomes(passed=1)

    project.run("--llm-report").assert_outcomes(passed=1)

    (test,) = project.report["tests"]
    assert [call["source"] for call in test["calls"]] == ["recorded"]
    assert test["cassette"]["played"] == 1
    replay = project.report["totals"]["replay"]
    assert (replay["calls"], replay["cost_usd"]) == (1, "0.011")


def test_each_call_is_a_line_between_a_header_and_an_end(project):
    project.test(TWO_TESTS)

    project.run("--llm-live", "--llm-report")

    header, *calls, end = project.calls_log
    assert (header["kind"], end["kind"], end["calls"]) == ("header", "end", 2)
    assert header["run_id"] == project.report["run"]["id"]
    tests = ["test_it.py::test_bad", "test_it.py::test_good"]
    assert [call["test"] for call in calls] == tests
    assert calls[1]["attributes"]["user.id"] == "u1"
    assert calls[1]["metadata"] == {"tenant": "acme"}


def test_a_call_that_was_tried_again_is_one_call(project):
    project.provider.failures += [Failure(status=429), Failure(status=500)]
    project.test("""
        import openai

        def test_it(llm):
            with openai.OpenAI(base_url=URL + "/v1", api_key="k", max_retries=2) as client:
                messages = [{"role": "user", "content": "one"}]
                client.chat.completions.create(model="m", messages=messages)
    """)

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)

    (test,) = project.report["tests"]
    assert [call["attempts"] for call in test["calls"]] == [3]
    assert project.report["totals"]["performance"]["retries"] == 2
    assert len(project.calls_log) == 3


# Content


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ((), {"bad question"}),
        (("--llm-report-content=failed",), {"bad question"}),
        (("--llm-report-content=all",), {"bad question", "good question"}),
        (("--llm-report-content=none",), set()),
    ],
    ids=["default", "failed", "all", "none"],
)
def test_content_is_written_by_policy(project, policy, told):
    project.test(TWO_TESTS)

    project.run("--llm-live", "--llm-report", *policy)

    written = "\n".join(files_of(project).values())
    assert {word for word in ("bad question", "good question") if word in written} == told


def test_without_content_no_text_of_the_model_gets_through_failures_or_explanations(project):
    project.test("""
        import pytest
        from pytest_litmus import Limit, Score, Verdict, judge

        def test_assert(llm):
            assert llm.ask("canary one") == ""

        def test_check(llm):
            said = llm.ask("canary two")
            llm.check(Verdict(name="polite", outcome="fail", explanation=f"rude: {said}"))
            score = Score(name="near", value=0.1, explanation=f"far: {said}")
            llm.check(judge(score, Limit(at_least=0.5)))

        def test_failed_by_hand(llm):
            pytest.fail(llm.ask("canary"), pytrace=False)

        def test_raised(llm):
            raise ValueError(llm.ask("canary"))

        @pytest.fixture
        def broken(llm):
            raise ValueError(llm.ask("canary"))

        def test_broken(broken): pass

        def test_skipped(llm):
            pytest.skip(llm.ask("canary"))
    """)

    project.run("--llm-live", "--llm-report", "--llm-report-content=none")

    for text in files_of(project).values():
        assert "canary" not in text
        assert "You said" not in text
    tests = project.report["tests"]
    left_out = "(text left out, see --llm-report-content)"
    assert {test["nodeid"]: test["failure"] for test in tests} == {
        "test_it.py::test_assert": f"AssertionError {left_out}",
        "test_it.py::test_check": f"failed {left_out}",
        "test_it.py::test_failed_by_hand": f"failed {left_out}",
        "test_it.py::test_raised": f"ValueError {left_out}",
        "test_it.py::test_broken": f"ValueError {left_out}",
        "test_it.py::test_skipped": None,
    }


def test_what_a_provider_says_of_an_error_is_content(project):
    project.provider.failures.append(Failure(status=400))
    project.test("""
        import pytest
        from pytest_litmus import LitmusError

        def test_it(llm):
            with pytest.raises(LitmusError):
                llm.ask("hello")
    """)

    project.run("--llm-live", "--llm-report", "--llm-report-content=none").assert_outcomes(passed=1)

    (test,) = project.report["tests"]
    assert test["calls"][0]["error_type"] == "server_error"
    assert "not now" not in "".join(files_of(project).values())


def test_no_secret_of_the_environment_or_of_a_request_is_in_any_file(project, monkeypatch):
    secret, sent = "Vq8dT2xLm4Zr9KpW7nBc", "hR5yJ1uQe6Xs3GvA0fNd"
    monkeypatch.setenv("DATABASE_PASSWORD", secret)
    project.test(f"""
        import requests

        def test_it(llm):
            llm.tag(note="{secret}")
            body = {{"model": "m", "messages": [{{"role": "user", "content": "{secret} {sent}"}}]}}
            headers = {{"authorization": "Bearer {sent}"}}
            said = requests.post(URL + "/v1/chat/completions", json=body, headers=headers).text
            with llm.step("step {sent}"):
                llm.ask("again {secret}")
            llm.check(False, name="rude")
            assert said == "", "{secret} {sent}"
    """)

    project.run("--llm-live", "--llm-report", "--llm-report-content=all")

    assert project.report["verdict"]["failed"] == 1
    for text in files_of(project).values():
        assert secret not in text
        assert sent not in text


# What is an error


def test_a_broken_cassette_is_an_error_that_says_why_in_the_report(project):
    project.test("def test_it(llm): llm.ask('hello')")
    project.record()
    project.cassette.write_text("interactions: [")

    result = project.run("--llm-report")

    result.assert_outcomes(errors=1)
    (test,) = project.report["tests"]
    assert test["outcome"] == "error"
    assert "cassette" in test["failure"].lower()
    result.stdout.no_re_match_line(r".*pytest_litmus[/\\].*\.py:\d+: \w+.*")


@pytest.mark.parametrize(
    "fixture", ["llm_scrubbing", "llm_matching", "llm_cassette_dir", "llm_cassette_name"]
)
def test_a_misused_fixture_is_an_error_in_the_report(project, fixture):
    project.test(f"""
        import pytest

        @pytest.fixture
        def {fixture}():
            raise ValueError("this is not how")

        def test_it(llm): pass
    """)

    project.run("--llm-report").assert_outcomes(errors=1)

    (test,) = project.report["tests"]
    assert (test["outcome"], test["failure"]) == ("error", "ValueError: this is not how")
    assert project.report["verdict"]["outcome"] == "failed"


def test_a_miss_stands_in_the_report_with_all_that_it_says(project):
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-report")

    (test,) = project.report["tests"]
    assert test["failure"].startswith("pytest_litmus.errors.CassetteMiss: no recorded exchange")
    assert "pytest --llm-record=once test_it.py::test_it" in test["failure"]
    assert test["cassette"]["misses"] == 1


def test_a_run_in_which_no_test_used_a_model_says_so(project):
    project.test("def test_it(): pass")

    project.run("--llm-report").assert_outcomes(passed=1)

    assert project.report["verdict"]["outcome"] == "no tests"


def test_an_interrupted_run_has_its_report(project):
    project.test("""
        def test_one(llm): llm.ask("one")
        def test_two(llm): raise KeyboardInterrupt
    """)

    project.run_apart("--llm-live", "--llm-report")

    report = project.report
    assert (report["verdict"]["outcome"], report["verdict"]["reason"]) == ("failed", "interrupted")
    assert report["totals"]["calls"]["total"] == 1


KILLED = """
    import os
    import signal

    def test_one(llm):
        for word in ("a", "b", "c"):
            llm.ask(word)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_run_has_written_every_call_that_had_ended(project):
    project.test(KILLED)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--llm-live", "--llm-report"],
        cwd=project.path,
        capture_output=True,
        check=False,
    )

    assert done.returncode == -signal.SIGKILL
    assert sorted(files_of(project)) == ["calls.jsonl"]
    lines = [json.loads(line) for line in files_of(project)["calls.jsonl"].splitlines()]
    assert [line["kind"] for line in lines] == ["call", "call", "call"]


def test_a_report_that_cannot_be_written_is_told_of_and_changes_no_outcome(project):
    project.test("""
        import shutil

        def test_it(llm):
            llm.ask("hello")
            shutil.rmtree("llm-report")
    """)

    result = project.run("--llm-live", "--llm-report")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["the report was not written: *No such file*"])


def test_an_earlier_runs_report_is_gone_when_the_next_begins(project):
    project.test("def test_it(llm): llm.ask('hello')")
    project.run("--llm-live", "--llm-report")
    project.test("""
        from pathlib import Path

        def test_it(llm): assert not list(Path("llm-report").iterdir())
    """)

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)


def test_the_command_prints_the_schema_that_the_report_keeps(project):
    project.test("def test_it(llm): llm.ask('hello')")
    project.run("--llm-live", "--llm-report")

    printed = subprocess.run(
        [sys.executable, "-c", "from pytest_litmus.cli import main; main()", "schema", "report"],
        capture_output=True,
        check=True,
    )

    import jsonschema

    jsonschema.validate(project.report, json.loads(printed.stdout))
