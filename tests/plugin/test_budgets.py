"""Budgets of tests: by mark, and in the ini file for all of them."""

from __future__ import annotations

import pytest

PRICES = "prices:\n  - {model: m, input: 1000, output: 2000}\n"


@pytest.fixture
def priced(project):
    """A project whose calls cost $0.011 each."""
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    return project


def asking(limits: str) -> str:
    return f"""
        import pytest

        @pytest.mark.llm({limits})
        def test_it(llm):
            llm.ask("one")
            llm.ask("two")
    """


@pytest.mark.parametrize(
    "limits",
    ["max_cost_usd=0.022", "max_latency_s=60", "max_tokens=16", "max_calls=2"],
)
def test_a_test_within_its_budget_passes(priced, limits):
    priced.test(asking(limits))

    priced.run("--llm-live").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ("max_cost_usd=0.021", "budget cost: fail*0.021*2 calls cost $0.022"),
        ("max_latency_s=0", "budget latency: fail*the model worked * s of it in the slowest of 2*"),
        ("max_tokens=15", "budget tokens: fail*15*10 tokens in, 6 out"),
        ("max_calls=1", "budget calls: fail*1*2 calls were made"),
        (
            "max_time_to_first_chunk_s=1",
            "budget time_to_first_chunk: error*no call was streamed, so none has a first chunk",
        ),
    ],
)
def test_a_test_that_breaks_its_budget_fails_and_says_by_what(priced, limits, told):
    priced.test(asking(limits))

    result = priced.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([told])


def test_all_budgets_that_break_are_shown_together(priced):
    priced.test(asking("max_cost_usd=0, max_tokens=1, max_calls=1"))

    result = priced.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["budget cost: *", "budget tokens: *", "budget calls: *"])


def test_an_unknown_price_makes_a_cost_budget_an_error_and_never_zero(project):
    project.test(asking("max_cost_usd=1000"))

    result = project.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["budget cost: error*2 of 2 calls have no known cost: no price for model m of provider *"]
    )


def test_the_ini_file_sets_budgets_for_all_tests_and_a_mark_its_own(priced):
    priced.ini("llm_prices = prices.yaml\nllm_max_calls = 1")
    priced.test("""
        import pytest

        def test_one(llm): llm.ask("one")

        def test_two(llm): llm.ask("one"), llm.ask("two")

        @pytest.mark.llm(max_calls=2)
        def test_marked(llm): llm.ask("one"), llm.ask("two")
    """)

    result = priced.run("--llm-live")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_it.py::test_two - *budget calls: fail*"])


def test_a_first_chunk_budget_for_all_tests_lets_those_pass_that_stream_nothing(project):
    project.ini("llm_max_time_to_first_chunk_s = 60")
    project.test("def test_it(llm): llm.ask('one')")

    project.run("--llm-live").assert_outcomes(passed=1)


def test_a_streamed_call_is_held_to_a_budget_on_its_first_chunk(project):
    project.test("""
        import openai
        import pytest

        @pytest.mark.llm(max_time_to_first_chunk_s=0)
        def test_it(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k")
            messages = [{"role": "user", "content": "one"}]
            list(client.chat.completions.create(model="m", messages=messages, stream=True))
            client.close()
    """)

    result = project.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["budget time_to_first_chunk: fail*the slowest of 1 streams took*"])


def test_recorded_calls_count_with_what_they_had_cost(priced):
    priced.test(asking("max_cost_usd=0.021"))
    priced.test("def test_it(llm): llm.ask('one'), llm.ask('two')")
    priced.run("--llm-record=once").assert_outcomes(passed=1)
    priced.test(asking("max_cost_usd=0.021"))

    result = priced.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["budget cost: fail*2 calls cost $0.022"])


def test_a_test_that_fails_by_itself_shows_its_own_failure(priced):
    priced.test("""
        import pytest

        @pytest.mark.llm(max_calls=0)
        def test_it(llm):
            llm.ask("one")
            assert 1 == 2
    """)

    result = priced.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *assert 1 == 2"])


def test_the_block_of_a_broken_budget_shows_score_limit_and_reason(priced):
    priced.test(asking("max_cost_usd=0.02"))

    result = priced.run("--llm-live")

    result.stdout.fnmatch_lines(
        [
            "budgets    0 of 1 pass",
            "  FAIL  cost: $0.0220, wanted at most 0.02",
            "      | 2 calls cost $0.022",
        ]
    )
