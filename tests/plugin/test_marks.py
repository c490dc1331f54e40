"""`@pytest.mark.llm`: it captures, it sets budgets, and misuse of it ends the run."""

from __future__ import annotations

import pytest

from pytest_litmus.budgets import NAMES

ASK = """
import unittest

import pytest
import requests

def ask(word):
    body = {"model": "m", "messages": [{"role": "user", "content": word}]}
    return requests.post(URL + "/v1/chat/completions", json=body).json()
"""


def marked(project, source: str) -> None:
    from textwrap import dedent

    project.test(ASK + dedent(source))


def test_the_mark_alone_captures(project):
    marked(
        project,
        """
        @pytest.mark.llm
        def test_it():
            ask("hello")
        """,
    )

    project.run("--llm-record=once").assert_outcomes(passed=1)
    project.provider.is_refusing = True
    project.run().assert_outcomes(passed=1)

    assert project.asked == ["hello"]


@pytest.mark.parametrize(
    "source",
    [
        """
        @pytest.mark.llm(max_calls=0)
        class TestIt:
            def test_it(self):
                ask("hello")
        """,
        """
        pytestmark = pytest.mark.llm(max_calls=0)

        def test_it():
            ask("hello")
        """,
        """
        class TestIt(unittest.TestCase):
            @pytest.mark.llm(max_calls=0)
            def test_it(self):
                ask("hello")
        """,
        """
        @pytest.mark.llm(max_calls=0)
        class TestIt(unittest.TestCase):
            def setUp(self):
                ask("hello")

            def test_it(self):
                pass
        """,
        """
        marked = pytest.param("hello", marks=pytest.mark.llm(max_calls=0))

        @pytest.mark.parametrize("word", [marked])
        def test_it(word):
            ask(word)
        """,
    ],
    ids=["class", "module", "unittest-method", "unittest-class", "parameter"],
)
def test_the_mark_counts_wherever_marks_are_set(project, source):
    marked(project, source)

    result = project.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["budget calls: fail*1 calls were made"])


def test_the_nearest_mark_wins_limit_by_limit(project):
    marked(
        project,
        """
        pytestmark = pytest.mark.llm(max_calls=0, max_tokens=7)

        @pytest.mark.llm(max_calls=1)
        def test_it():
            ask("hello")
        """,
    )

    result = project.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["budget tokens: fail*5 tokens in, 3 out"])
    result.stdout.no_fnmatch_line("budget calls*")


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("max_cost=1", "max_cost= is unknown: did you mean max_cost_usd?"),
        ("max_latency=1", "max_latency= is unknown: did you mean max_latency_s?"),
        ("zzz=1", f"zzz= is unknown: known are {', '.join(NAMES)}"),
        ("max_calls=-1", "max_calls=-1 is no number of 0 or more"),
        ("max_tokens='many'", "max_tokens='many' is no number of 0 or more"),
        ("max_cost_usd=True", "max_cost_usd=True is no number of 0 or more"),
        (
            "0.5",
            "takes names, not positions: type max_cost_usd=0.5, or whichever limit is meant",
        ),
    ],
)
def test_a_misused_mark_ends_the_run_and_says_what_is_right(project, mark, told):
    project.test(f"""
        import pytest

        def test_before(): pass

        @pytest.mark.llm({mark})
        def test_it(): pass
    """)

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = f"test_it.py::test_it: @pytest.mark.llm{':' if '=' in mark else ''} {told}"
    assert f"ERROR: {said}" in result.stderr.lines + result.stdout.lines
    assert project.asked == []


def test_a_misused_mark_is_told_under_xdist_too(project):
    project.test("""
        import pytest

        @pytest.mark.llm(max_cost=1)
        def test_it(): pass
    """)

    result = project.run_apart("-n1")

    result.assert_outcomes(errors=1)
    told = "test_it.py::test_it: @pytest.mark.llm: max_cost= is unknown: did you mean max_cost_usd?"
    result.stdout.fnmatch_lines([f"UsageError: {told}"])


def test_pytest_tells_of_the_mark(project):
    result = project.run("--markers")

    names = ", ".join(f"{name}=" for name in NAMES)
    result.stdout.fnmatch_lines([f"@pytest.mark.llm({names}, severity=, runs=, *): *"])


def test_a_marked_test_that_is_skipped_captures_nothing(project):
    project.test("""
        import pytest

        @pytest.mark.llm
        @pytest.mark.skip
        def test_it(): pass
    """)

    project.run().assert_outcomes(skipped=1)
