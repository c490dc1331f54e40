"""Suites whose run is cut short keep what they were answered, and leave nothing behind."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

APP = """
import os, signal, threading
from pytest_litmus.endpoint import Endpoint

model = Endpoint(base_url="URL/v1", model="m")
second_asked = threading.Event()
by_thread = {}

def answer(prompt):
    said = model.ask(prompt)
    if os.path.exists("whole"):
        return said
    WHEN
    return said
"""
# A shell's job in the background ignores them, and so would all that it starts.
HEEDS_INTERRUPTS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
INTERRUPTED = """
    if prompt == "p0":
        threading.Event().wait()
    mine = by_thread.setdefault(threading.get_ident(), [])
    mine.append(prompt)
    if len(mine) == 3:  # what the same thread was asked before is over
        with open("asked", "w") as file:
            file.write(" ".join(mine))
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait()
"""
SIGNALLED_ELSEWHERE = INTERRUPTED.replace(
    "os.kill(os.getpid(), signal.SIGINT)",
    "signal.pthread_kill(threading.get_ident(), signal.SIGINT)",
)
FIRST_FAILS = """
    if prompt == "p2":
        second_asked.set()
    if prompt == "p0":
        assert second_asked.wait(10)
        return "wrong"
"""


@pytest.fixture
def suite(project):
    """Six cases; what the program does with them until the run is whole is given."""

    def write(when: str) -> None:
        text = APP.replace("URL", project.provider.url).replace("    WHEN", when.strip("\n"))
        (project.path / "app.py").write_text(text, encoding="utf-8")
        project.conftest(HEEDS_INTERRUPTS)
        cases = "".join(
            f"  - {{id: c{n}, prompt: p{n}, expect: [{{contains: p{n}}}]}}\n" for n in range(6)
        )
        (project.path / "six.llm.yaml").write_text(
            f"target: app:answer\ncases:\n{cases}", encoding="utf-8"
        )

    return write


def asked_when_whole(project) -> set[str]:
    """What a further run still has to ask, in which all passes."""
    project.provider.seen.clear()
    (project.path / "whole").touch()
    project.run_apart("--llm-record=once").assert_outcomes(passed=6)
    return set(project.asked)


def test_what_was_answered_before_an_interrupt_is_not_asked_again(project, suite):
    suite(INTERRUPTED)

    stopped = project.run_apart("--llm-record=once", "--llm-concurrency=2")

    assert stopped.ret == pytest.ExitCode.INTERRUPTED
    first, second, stopped_at = (project.path / "asked").read_text(encoding="utf-8").split()
    asked = asked_when_whole(project)
    assert asked.isdisjoint({first, second})
    assert stopped_at in asked


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="the system has none")
def test_an_interrupt_that_another_thread_was_given_ends_the_run(project, suite):
    suite(SIGNALLED_ELSEWHERE)

    stopped = project.run_apart("--llm-record=once", "--llm-concurrency=2")

    assert stopped.ret == pytest.ExitCode.INTERRUPTED


def test_what_was_answered_before_the_first_failure_ends_a_run_is_not_asked_again(project, suite):
    suite(FIRST_FAILS)

    stopped = project.run_apart("--llm-record=once", "--llm-concurrency=2", "-x")

    stopped.assert_outcomes(failed=1)
    assert "p1" not in asked_when_whole(project)


def test_no_thread_and_no_patch_outlives_a_run_that_is_cut_short(project, suite):
    start, submit = threading.Thread.start, ThreadPoolExecutor.submit
    suite(FIRST_FAILS)

    project.run("--llm-record=once", "--llm-concurrency=2", "-x").assert_outcomes(failed=1)

    assert threading.Thread.start is start
    assert ThreadPoolExecutor.submit is submit
    ahead = [one for one in threading.enumerate() if one.name.startswith("litmus-ahead")]
    for one in ahead:
        one.join(10)
    assert not any(one.is_alive() for one in ahead)
