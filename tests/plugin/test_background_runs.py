"""Runs that a program starts and asks for until they are done: one call, counted once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sdk.scripted import Scripted
from tests.wire.recordings import RESPONSES_SAID

WAITING = {**RESPONSES_SAID, "status": "in_progress", "output": [], "usage": None}

SOURCE = """
    import openai

    def test_it(llm):
        client = openai.OpenAI(base_url=f"{URL}/v1", api_key="k")
        run = client.responses.create(model="gpt-5", input="Hi", background=True)
        while run.status == "in_progress":
            run = client.responses.retrieve(run.id)

        assert run.output_text == "Hello!"
        assert len(llm.calls) == 1
        assert (llm.last.output_text, llm.last.polls, llm.total_tokens) == ("Hello!", 2, 10)
        assert llm.last.finish_reasons == ("completed",)
"""


@pytest.fixture
def server():
    with Scripted([WAITING, WAITING, RESPONSES_SAID]) as running:
        yield running


def source(server: Scripted) -> str:
    return SOURCE.replace("URL", repr(server.url))


def test_the_run_and_its_polls_are_one_call_recorded_and_replayed(project, server):
    project.test(source(server))

    project.run("--llm-record=once").assert_outcomes(passed=1)
    project.run("--llm-report", "--llm-report-content=all").assert_outcomes(passed=1)

    assert [method for method, _ in server.seen] == ["POST", "GET", "GET"]
    assert project.report["totals"]["calls"]["total"] == 1
    assert project.report["totals"]["tokens"]["input_tokens"] == 8
    (line,) = [line for line in project.calls_log if line["kind"] == "call"]
    assert line["polls"] == 2


def test_a_run_in_another_process_that_dies_leaves_one_line(project, server):
    project.test(
        source(server) + "        import os; os._exit(3)\n",
    )

    project.run_apart("--llm-live", "--llm-report")

    ids: set[Any] = {line["id"] for line in project.calls_log if line["kind"] == "call"}
    assert len(ids) == 1
    assert project.calls_log[-1]["polls"] == 2
