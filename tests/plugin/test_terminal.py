"""The section that closes a run, the block of a failing test, and tracebacks without libraries."""

from __future__ import annotations

import re

import pytest

PRICES = "prices:\n  - {model: m, input: 1000, output: 2000}\n"


@pytest.fixture
def priced(project):
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    return project


def test_a_run_closes_with_its_calls_costs_and_times(priced):
    priced.test("""
        def test_one(llm): llm.ask("one")
        def test_two(llm): llm.ask("two"), llm.ask("three")
    """)

    result = priced.run("--llm-live", "--llm-report")

    result.stdout.fnmatch_lines(
        [
            "*= llm =*",
            "verdict    PASSED: 2 passed",
            "calls      3 (3 live)",
            "tokens     15 in, 9 out",
            "cost       $0.0330 live",
            "latency    p50 0.* s, p95 0.* s, max 0.* s; * output tokens/s",
            "slowest    0.* s  test_it.py::test_*",
            "dearest    $0.0220  test_it.py::test_two",
            "           $0.0110  test_it.py::test_one",
            "report     llm-report/report.json",
        ]
    )


def test_a_replayed_run_says_what_replay_saved(priced):
    priced.test("def test_it(llm): llm.ask('one')")
    priced.run("--llm-record=once")

    result = priced.run()

    result.stdout.fnmatch_lines(
        [
            "calls      1 (1 recorded)",
            "cost       $0.0110 recorded",
            "replay     saved 0.* s of model time and $0.0110",
        ]
    )


def test_a_run_without_a_model_call_or_a_report_has_no_section(project):
    project.test("def test_it(): pass")

    project.run().stdout.no_fnmatch_line("*= llm =*")


def test_a_price_that_is_not_known_is_said_to_be_unknown_and_not_zero(project):
    project.test("def test_it(llm): llm.ask('one')")

    result = project.run("--llm-live")

    result.stdout.fnmatch_lines(["cost       unknown (1 call has no price)"])


def test_a_failing_test_shows_what_was_asked_and_said_and_why_it_failed(priced):
    priced.test("""
        from pytest_litmus import Limit, Score, judge

        def test_it(llm):
            llm.ask("one")
            score = Score(name="similar", value=0.41, explanation="it says nothing of 30 days")
            llm.check(judge(score, Limit(at_least=0.8)))
    """)
    priced.test("def test_it(llm): llm.ask('one')", name="test_other")
    priced.run("--llm-record=once", "test_it.py")

    result = priced.run("--llm-live", "test_it.py")

    result.stdout.fnmatch_lines(
        [
            "check similar: fail*it says nothing of 30 days",
            "*- llm -*",
            "checks     0 of 1 pass",
            "  FAIL  similar: 0.41, wanted at least 0.8",
            "      | it says nothing of 30 days",
            "calls      1, 0.* s of model time, cost $0.0110",
            "  call 1 of 1: * m; live; latency 0.* s; cost $0.0110; tokens 5 in, 3 out; *stop",
            "    input",
            "      | one",
            "    output",
            "      | You said one.",
        ]
    )


def test_a_replayed_failing_test_names_its_cassette_and_its_age(priced):
    priced.test("def test_it(llm): llm.ask('one')")
    priced.run("--llm-record=once").assert_outcomes(passed=1)
    priced.test("def test_it(llm): assert llm.ask('one') == ''")

    result = priced.run()

    told = "cassette   cassettes/test_it/test_it.yaml (mode none); 1 played; 0 hours old"
    result.stdout.fnmatch_lines([told])


def test_a_verdict_in_a_plain_assert_shows_why(project):
    project.test("""
        from pytest_litmus import Limit, Score, judge

        def test_it(llm):
            assert judge(Score(name="similar", value=0.41, explanation="far"), Limit(at_least=0.8))
    """)

    result = project.run("--llm-live")

    result.stdout.fnmatch_lines(["E *assert <similar: fail; 0.41, wanted at least 0.8; far>*"])


# Cassettes without a test

TWO = """
    import pytest

    def test_one(llm): llm.ask("one")

    @pytest.mark.skipif({skip}, reason="not today")
    def test_two(llm): llm.ask("two")
"""
ALONE = "cassette without a test: cassettes/test_it/test_two.yaml"


@pytest.fixture
def recorded(project):
    """A project with a cassette for each of two tests."""
    project.test(TWO.format(skip=False))
    project.run("--llm-record=once").assert_outcomes(passed=2)
    return project


def test_a_cassette_whose_test_is_gone_is_told_of(recorded):
    recorded.test("def test_one(llm): llm.ask('one')")

    recorded.run().stdout.fnmatch_lines([ALONE])


def test_one_whose_test_is_skipped_is_not(recorded):
    recorded.test(TWO.format(skip=True))

    recorded.run().stdout.no_fnmatch_line("cassette without a test*")


@pytest.mark.parametrize(
    "words",
    [("-k", "one"), ("test_it.py::test_one",), ("--deselect", "test_it.py::test_two"), ("-x",)],
    ids=["keyword", "named", "deselected", "stopped"],
)
def test_none_is_told_of_where_not_all_tests_ran(recorded, words):
    result = recorded.run(*words)

    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("cassette without a test*")


# Tracebacks


def shown_frames(result) -> list[str]:
    """The files of the frames that a traceback shows."""

    places = (
        re.match(r'\s*(?:\| )*\s*(?:File ")?([^\s"]+\.py)"?[:,]', line) for line in result.outlines
    )
    return [place[1] for place in places if place]


def only_the_tests(result) -> bool:
    frames = shown_frames(result)
    return bool(frames) and all(frame.endswith("test_it.py") for frame in frames)


CLIENTS = {
    "openai": """
        import openai
        client = openai.OpenAI(base_url=URL + "/v1", api_key="k")
        messages = [{"role": "user", "content": "one"}]
        client.chat.completions.create(model="m", messages=messages)
    """,
    "requests": """
        import requests
        body = {"model": "m", "messages": [{"role": "user", "content": "one"}]}
        requests.post(URL + "/v1/chat/completions", json=body)
    """,
    "urllib": """
        llm.ask("one")
    """,
}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_miss_shows_frames_of_the_program_alone(project, client):
    from textwrap import dedent, indent

    project.test("def test_it(llm):\n" + indent(dedent(CLIENTS[client]), "    "))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *CassetteMiss: no recorded exchange matches POST *"])
    assert only_the_tests(result)


ASYNC = """
    import asyncio
    import httpx

    async def ask(word):
        body = {{"model": "m", "messages": [{{"role": "user", "content": word}}]}}
        async with httpx.AsyncClient() as client:
            await client.post(URL + "/v1/chat/completions", json=body)

    async def all_of_them():
        {body}

    def test_it(llm):
        asyncio.run(all_of_them())
"""
TASK_GROUP = """async with asyncio.TaskGroup() as group:
            group.create_task(ask("one"))
            group.create_task(ask("two"))"""
GATHER = """await asyncio.gather(ask("one"), ask("two"))"""


@pytest.mark.parametrize("body", [TASK_GROUP, GATHER], ids=["task-group", "gather"])
def test_misses_in_tasks_show_frames_of_the_program_alone(project, body):
    project.test(ASYNC.format(body=body))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*CassetteMiss: no recorded exchange matches POST *"])
    assert only_the_tests(result)


def test_a_full_trace_shows_all_frames(project):
    project.test("def test_it(llm): llm.ask('one')")

    frames = shown_frames(project.run("--full-trace"))

    assert any(frame.endswith("endpoint.py") for frame in frames)


def test_an_ordinary_failure_keeps_its_frames(project):
    project.test("""
        import json

        def test_it(llm): json.loads("{")
    """)

    frames = shown_frames(project.run())

    assert any(frame.endswith("decoder.py") for frame in frames)


def test_a_broken_set_up_of_the_capture_is_told_without_frames(project):
    project.test("def test_it(llm): llm.ask('hello')")
    project.record()
    project.cassette.write_text("interactions: [")

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["CassetteError: *"])
    assert shown_frames(result) == []
