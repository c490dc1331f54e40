"""Judges: their calls beside those of the program, and a verdict of a real model, replayed."""

from __future__ import annotations

from pathlib import Path

RECORDED = Path(__file__).parent / "recorded_judge"
PRICES = "prices:\n  - {model: m, input: 1000, output: 2000}\n"
JUDGED = """
    from pytest_litmus.evaluators.judging import Judge, judged_by

    def test_it(llm):
        said = llm.ask("hello")
        judged_by(Judge(ask=lambda prompt: llm.ask(prompt) and 0.9, rubric="Polite?"), said)
"""


def test_a_judges_calls_have_their_own_cost_and_are_left_out_of_performance(project):
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    project.test(JUDGED)

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)

    totals = project.report["totals"]
    assert (totals["calls"]["total"], totals["calls"]["judge"]) == (2, 1)
    assert (totals["cost"]["cost_usd"], totals["cost"]["judge_cost_usd"]) == ("0.022", "0.011")
    assert totals["performance"]["latency"]["count"] == 1


def test_a_verdict_of_a_real_model_is_replayed_without_it(project):
    project.test((RECORDED / "judged.py").read_text(encoding="utf-8"))
    cassette = project.path / "cassettes" / "test_it" / "test_judged.yaml"
    cassette.parent.mkdir(parents=True)
    cassette.write_text((RECORDED / "cassette.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    project.run("--llm-report").assert_outcomes(passed=1)

    totals = project.report["totals"]
    assert totals["calls"] == {"total": 1, "live": 0, "recorded": 1, "judge": 1}
    assert not totals["performance"]["measured"]
