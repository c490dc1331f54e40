"""Judges: their calls beside those of the program, and a verdict of a real model, replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_litmus.capture import cassette_file
from pytest_litmus.declared import OPTIONS
from pytest_litmus.purpose import PURPOSES

RECORDED = Path(__file__).parent / "recorded_judge"
PRICES = "prices:\n  - {model: m, input: 1000, output: 2000}\n"
JUDGED = """
    from pytest_litmus.evaluators.judging import Judge, judged_by

    def test_it(llm):
        said = llm.ask("hello")
        judged_by(Judge(ask=lambda prompt: llm.ask(prompt) and 0.9, rubric="Polite?"), said)
"""
OWN, JUDGES = "cassettes/test_it/test_it.yaml", "cassettes/test_it/test_it.judge.yaml"


@pytest.fixture
def judged(project):
    """A test that asks the model once, and a judge of the answer once; each costs $0.011."""
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    project.test(JUDGED)
    return project


@pytest.fixture
def recorded(judged):
    """The same, after it was recorded."""
    judged.run("--llm-record=once").assert_outcomes(passed=1)
    judged.provider.seen.clear()
    return judged


def asked(project) -> list[str]:
    """Who asked the model."""
    return ["judge" if "rubric" in prompt else "program" for prompt in project.asked]


def recordings(project) -> dict[str, int]:
    """How many there are in each cassette."""
    found = project.path.rglob("cassettes/**/*.yaml")
    return {path.relative_to(project.path).as_posix(): len(read(path).recordings) for path in found}


def read(path: Path):
    return cassette_file.read(path, key=lambda _: "")


# Totals and budgets


def test_the_fixture_s_totals_are_the_program_s_and_the_judges_have_their_own(judged):
    judged.test(
        f"""{JUDGED}
        assert [call.input_text for call in llm.calls] == ["hello"]
        assert len(llm.requests) == len(llm.exchanges) == len(llm.trace.children) == 1
        assert float(llm.cost_usd) == float(llm.judge.cost_usd) == 0.011
        assert (llm.total_tokens, len(llm.judge.calls)) == (8, 1)
        assert list(llm.steps) == [None] and len(llm.steps[None].calls) == 1
        assert llm.last.purpose == "subject" and llm.judge.last.purpose == "judge"
    """
    )

    judged.run("--llm-live").assert_outcomes(passed=1)


def test_budgets_are_on_the_program_and_a_judge_has_one_of_its_own(judged):
    judged.ini("llm_prices = prices.yaml\nllm_max_cost_usd = 0.011\nllm_max_calls = 1")
    judged.run("--llm-live").assert_outcomes(passed=1)

    judged.ini("llm_prices = prices.yaml\nllm_max_judge_cost_usd = 0.01")
    result = judged.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*budget judge_cost*1 calls cost $0.011*"])


def test_the_session_s_budget_counts_judges_too(judged):
    judged.ini("llm_prices = prices.yaml\nllm_assumed_output_tokens = 4")

    judged.run("--llm-live", "--llm-max-cost=0.5").assert_outcomes(failed=1)

    assert asked(judged) == ["program"]


def test_a_judges_calls_have_their_own_cost_and_are_left_out_of_performance(judged):
    judged.run("--llm-live", "--llm-report").assert_outcomes(passed=1)

    totals = judged.report["totals"]
    assert (totals["calls"]["total"], totals["calls"]["judge"]) == (2, 1)
    assert (totals["cost"]["cost_usd"], totals["cost"]["judge_cost_usd"]) == ("0.022", "0.011")
    assert totals["performance"]["latency"]["count"] == 1


# Cassettes


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
def test_a_judge_is_recorded_beside_the_program_and_replayed(judged, mode):
    judged.run(f"--llm-record={mode}").assert_outcomes(passed=1)
    assert recordings(judged) == {OWN: 1, JUDGES: 1}

    judged.provider.seen.clear()
    judged.run("--llm-report").assert_outcomes(passed=1)

    assert asked(judged) == []
    (test,) = judged.report["tests"]
    used = [test["cassette"], *test["side_cassettes"]]
    assert [(use["path"], use["purpose"], use["played"]) for use in used] == [
        (OWN, "subject", 1),
        (JUDGES, "judge", 1),
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--llm-record=once"], []),
        (["--llm-record=new_episodes"], []),
        (["--llm-record=all"], ["program", "judge"]),
        (["--llm-record=all", "--llm-record-of=subject"], ["program"]),
        (["--llm-record=all", "--llm-record-of=judge"], ["judge"]),
        (["--llm-live"], ["program", "judge"]),
    ],
)
def test_each_of_the_two_is_recorded_anew_without_the_other(recorded, options, expected):
    recorded.run(*options).assert_outcomes(passed=1)

    assert asked(recorded) == expected
    assert recordings(recorded) == {OWN: 1, JUDGES: 1}


@pytest.mark.parametrize(("gone", "expected"), [(OWN, "program"), (JUDGES, "judge")])
def test_once_records_the_cassette_that_is_missing(recorded, gone, expected):
    (recorded.path / gone).unlink()

    recorded.run("--llm-record=once").assert_outcomes(passed=1)

    assert asked(recorded) == [expected]


def test_whose_calls_are_recorded_anew_is_refused_without_the_mode(judged):
    result = judged.run("--llm-record=once", "--llm-record-of=judge")

    result.stderr.fnmatch_lines(["*--llm-record-of=judge*give --llm-record=all with it*"])


def test_the_option_knows_all_purposes():
    assert OPTIONS["--llm-record-of"]["choices"] == PURPOSES


def test_a_program_that_answers_otherwise_is_judged_anew(recorded):
    recorded.provider.texts = lambda prompt, number: ("Now I say ", "more.")

    recorded.run("--llm-record=all", "--llm-record-of=subject").assert_outcomes(passed=1)

    assert asked(recorded) == ["program", "judge"]
    assert recordings(recorded) == {OWN: 1, JUDGES: 1}


# What does not fit


def test_a_miss_of_a_judge_names_the_judge_s_cassette(recorded):
    recorded.test(JUDGED.replace("Polite?", "Kind?"))

    result = recorded.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*CassetteMiss: no recorded exchange matches POST *",
            f"*  cassette  {JUDGES} (1 recorded, 0 played)",
            "*  record    pytest --llm-record=new_episodes test_it.py::test_it",
        ]
    )


def test_a_judge_without_a_cassette_is_a_miss_that_says_how_to_record_it(recorded):
    (recorded.path / JUDGES).unlink()

    result = recorded.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"*  cassette  {JUDGES} (does not exist)",
            "*  record    pytest --llm-record=once test_it.py::test_it",
        ]
    )


def test_a_recording_in_the_cassette_of_another_purpose_is_found_and_can_be_moved(recorded):
    own, judges = recorded.path / OWN, recorded.path / JUDGES
    _, _, judged = judges.read_text().partition("interactions:\n")
    own.write_text(own.read_text().replace("version: 1\n", judged))
    judges.unlink()

    result = recorded.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [f"*  why       {OWN} holds it, which is not the file for a judge*"]
    )
    recorded.run("--llm-record=new_episodes").assert_outcomes(passed=1)
    assert recordings(recorded) == {OWN: 1, JUDGES: 1}


def test_a_verdict_that_is_no_longer_asked_for_is_stale(recorded):
    recorded.test("def test_it(llm): llm.ask('hello')")

    result = recorded.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*stale recording: 1 of 1 recorded exchanges were not asked for",
            f"*  cassette  {JUDGES}",
            "*  record    pytest --llm-record=all --llm-record-of=judge test_it.py::test_it",
        ]
    )
    recorded.run("--llm-record=all").assert_outcomes(passed=1)
    assert recordings(recorded) == {OWN: 1}


def test_a_judge_s_cassette_belongs_to_its_test(recorded):
    said = recorded.run().stdout.str()
    assert "cassette without a test" not in said

    (recorded.path / JUDGES).rename((recorded.path / JUDGES).with_name("test_old.judge.yaml"))
    result = recorded.run("--llm-record=once")

    result.stdout.fnmatch_lines(["cassette without a test: *test_old.judge.yaml"])


def test_an_old_verdict_is_as_old_as_any_recording(recorded):
    recorded.ini("llm_max_age_days = 0\nllm_prices = prices.yaml")
    old = (recorded.path / JUDGES).read_text()
    (recorded.path / JUDGES).write_text(old.replace("recorded_at: '20", "recorded_at: '19"))

    result = recorded.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the oldest recording that was played is 36*days old*"])


def test_a_judge_in_a_wide_fixture_has_a_cassette_beside_the_fixture_s(judged):
    judged.test(
        JUDGED.replace("def test_it(llm):", "@pytest.fixture(scope='module')\n    def said():")
        .replace("llm.ask", "endpoint.ask")
        .replace("    from", "    import pytest\n    from", 1)
        + """
    def test_wide(llm, said): pass

    from pytest_litmus.endpoint import Endpoint
    endpoint = Endpoint(base_url=URL + "/v1", model="m")
    """
    )

    judged.run("--llm-record=once").assert_outcomes(passed=1)

    folder = "cassettes/test_it/fixture-said"
    assert recordings(judged) == {f"{folder}.yaml": 1, f"{folder}.judge.yaml": 1}
    judged.provider.seen.clear()
    judged.run().assert_outcomes(passed=1)
    assert asked(judged) == []


# A real model


def test_a_verdict_of_a_real_model_is_replayed_without_it(project):
    project.test((RECORDED / "judged.py").read_text(encoding="utf-8"))
    cassette = project.path / "cassettes" / "test_it" / "test_judged.judge.yaml"
    cassette.parent.mkdir(parents=True)
    cassette.write_text(
        (RECORDED / "cassette.judge.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )

    project.run("--llm-report").assert_outcomes(passed=1)

    totals = project.report["totals"]
    assert totals["calls"] == {"total": 1, "live": 0, "recorded": 1, "judge": 1}
    assert not totals["performance"]["measured"]
