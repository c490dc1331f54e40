from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from pytest_litmus.evaluators.searching import Searcher, searched

SLOW = re.compile(r"(a+)+b")
TRAP = "a" * 40


@pytest.fixture
def searcher() -> Iterator[Searcher]:
    one = Searcher()
    yield one
    one.close()


def test_both_ways_find_the_same_place(searcher: Searcher) -> None:
    for pattern, text in (
        ("b+", "aabbb"),
        ("(?i)é|x", "CAFÉ"),
        ("\ud800", "\ud800"),
        ("z", "a\nb"),
    ):
        compiled = re.compile(pattern)
        assert searcher.search(compiled, text) == searched(compiled, text)


def test_flags_go_along(searcher: Searcher) -> None:
    assert searcher.search(re.compile("^b", re.MULTILINE | re.IGNORECASE), "a\nB") == (2, 3)


def test_one_process_is_asked_again_and_again(searcher: Searcher) -> None:
    searcher.search(SLOW, "aab")
    first = searcher._process
    searcher.search(SLOW, "b")

    assert first is not None
    assert searcher._process is first


def test_a_search_without_end_is_ended_and_the_next_one_is_answered(searcher: Searcher) -> None:
    with pytest.raises(TimeoutError):
        searcher.search(SLOW, TRAP)

    assert searcher.search(SLOW, "ab") == (0, 2)


def test_what_was_ended_is_no_zombie(searcher: Searcher) -> None:
    searcher.search(SLOW, "ab")
    process = searcher._process
    searcher.close()

    assert process is not None
    assert process.returncode is not None


def test_one_that_was_killed_from_outside_is_started_anew(searcher: Searcher) -> None:
    searcher.search(SLOW, "ab")
    process = searcher._process
    assert process is not None
    process.kill()
    process.wait()

    assert searcher.search(SLOW, "ab") == (0, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
def test_ctrl_c_in_a_search_leaves_no_answer_for_the_next_one(searcher: Searcher) -> None:
    import signal

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        searcher.search(re.compile("x"), "x")
        with pytest.raises(KeyboardInterrupt):
            searcher.search(SLOW, TRAP)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert searcher.search(SLOW, "ab") == (0, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_asks_a_process_of_its_own() -> None:
    assert searched(SLOW, "a" * 3000 + "ab") == (0, 3002)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(searched, (SLOW, "a" * 3000 + "b")) == (0, 3001)
    assert searched(SLOW, "a" * 3000 + "aab") == (0, 3003)


def test_it_ends_with_the_program_that_asked() -> None:
    program = """
        import re
        from pytest_litmus.evaluators import searching
        searching.searched(re.compile("(a+)+b"), "a" * 3000 + "b")
        print(searching._SEARCHER_OF_ALL._process.pid, flush=True)
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)
