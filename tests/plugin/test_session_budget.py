"""`--llm-max-cost`: the session's budget refuses before the call that could break it."""

from __future__ import annotations

import pytest

PRICES = "prices:\n  - {model: m, input: 1000, output: 2000}\n"
ASK = "llm.ask({prompt!r}, max_tokens=10)"


@pytest.fixture
def priced(project):
    """A project whose calls may cost up to some $0.08, and cost $0.011."""
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    return project


def test_calls_within_the_budget_are_made(priced):
    priced.test("def test_it(llm): [llm.ask(w, max_tokens=10) for w in 'abc']")

    priced.run("--llm-live", "--llm-max-cost=0.12").assert_outcomes(passed=1)

    assert priced.asked == ["a", "b", "c"]


def test_the_call_that_could_break_it_is_refused_before_it_is_made(priced):
    priced.test("""
        def test_one(llm):
            for word in "abcdefghijklmnop":
                llm.ask(word, max_tokens=10)

        def test_two(llm):
            llm.ask("z", max_tokens=10)
    """)

    result = priced.run("--llm-live", "--llm-max-cost=0.12")

    result.assert_outcomes(failed=2)
    made = len(priced.asked)
    assert 0 < made < 16
    assert made * 0.011 <= 0.12
    result.stdout.fnmatch_lines(
        [
            "E *BudgetRefusal: a call to m was not made: it could break the session's budget",
            "E *  budget    --llm-max-cost $0.12",
            f"E *  spent     ${made * 11 / 1000:.3f}*, calls under way at their most",
            "E *  call      up to $0.0* by price file",
        ]
    )
    result.stdout.no_fnmatch_line("*openai_chat.py:*")


def test_a_refusal_that_the_program_swallows_fails_the_test_all_the_same(priced):
    priced.test("""
        def test_it(llm):
            try:
                llm.ask("a", max_tokens=10)
            except BaseException:
                pass
    """)

    result = priced.run("--llm-live", "--llm-max-cost=0")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["BudgetRefusal: a call to m was not made: it could break the*"])
    assert priced.asked == []


def test_an_unknown_price_is_refused_and_says_how_to_mend_it(project):
    project.test("def test_it(llm): llm.ask('a')")

    result = project.run("--llm-live", "--llm-max-cost=1000")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E *BudgetRefusal: a call to m was not made: what it may cost is not known",
            "E *  why       no price for model m of provider 127.0.0.1*",
            "E *  budget    --llm-max-cost $1000",
            "E *  mend      give the model a price in a price file (ini value llm_prices)",
        ]
    )
    assert project.asked == []


def test_replayed_calls_are_free(priced):
    priced.test("def test_it(llm): llm.ask('a')")
    priced.run("--llm-record=once").assert_outcomes(passed=1)

    priced.run("--llm-max-cost=0").assert_outcomes(passed=1)


def test_a_call_that_the_provider_refused_costs_nothing(priced):
    from tests.sdk.loopback import Failure

    priced.provider.failures += [Failure(status=429)] * 5
    priced.test("""
        import pytest
        from pytest_litmus import LitmusError

        def test_it(llm):
            for _ in range(5):
                with pytest.raises(LitmusError):
                    llm.ask("a", max_tokens=10)
            llm.ask("a", max_tokens=10)
    """)

    priced.run("--llm-live", "--llm-max-cost=0.12").assert_outcomes(passed=1)


def test_a_plain_test_is_held_to_it_too(priced):
    priced.test("""
        import requests

        def test_plain():
            body = {"model": "m", "messages": [{"role": "user", "content": "a"}]}
            requests.post(URL + "/v1/chat/completions", json=body)
    """)

    result = priced.run("--llm-max-cost=0")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *BudgetRefusal: a call to m was not made: it could break*"])
    assert priced.asked == []


def test_calls_without_a_maximum_are_reckoned_with_the_assumed_one(priced):
    priced.ini("llm_prices = prices.yaml\nllm_assumed_output_tokens = 10")
    priced.test("def test_it(llm): llm.ask('a')")

    priced.run("--llm-live", "--llm-max-cost=0.12").assert_outcomes(passed=1)


def test_the_workers_of_a_run_share_one_budget(priced):
    priced.test("""
        import pytest

        @pytest.mark.parametrize("n", range(24))
        def test_it(llm, n):
            llm.ask("a", max_tokens=10)
    """)

    result = priced.run_apart("-n2", "--llm-live", "--llm-max-cost=0.2")

    made = len(priced.asked)
    assert 0.05 < made * 0.011 <= 0.2
    result.assert_outcomes(passed=made, failed=24 - made)
    result.stdout.fnmatch_lines(["E *  budget    --llm-max-cost $0.2"])
