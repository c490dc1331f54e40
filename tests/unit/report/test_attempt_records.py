"""Attempt records: what is kept of each run, so that it can be decided again."""

from __future__ import annotations

from pytest_litmus.report.build import build
from pytest_litmus.report.records import LEFT_OUT, AttemptRecord, TestRecord
from tests.unit.report.given import budget, problems, record, run, similar

ATTEMPT = AttemptRecord(
    outcome="unsafe",
    verdicts=(similar(),),
    budgets=(budget(),),
    failed_on=("checks",),
    calls=("c1",),
    step="run 1",
    seed="seed/1",
    prompts=("Say it.", "Say bavodu-kelisa-4821."),
    answers=("bavodu-kelisa-4821",),
    asked=("h1", "h2"),
    tried=("Say it.",),
    error="ValueError: no answer to 'Say it.'",
)


def stored(**redaction) -> AttemptRecord:
    """The attempt as a report of a test that ran several times gives it back."""
    line = record(attempts=(ATTEMPT,)).as_json(True, **redaction)
    report = build([TestRecord.from_json(line)], run())
    assert problems(report) == []
    (attempt,) = TestRecord.from_json({**report["tests"][0], "calls": []}).attempts or ()
    return attempt


def test_an_attempt_comes_back_as_it_was_with_its_canary():
    assert stored() == ATTEMPT


def test_where_a_secret_was_taken_out_the_attempt_says_so():
    attempt = stored(redact=lambda text: text.replace("Say it", "[scrubbed]"))

    assert attempt.is_redacted
    assert attempt.prompts[0] == attempt.tried[0] == "[scrubbed]."
    assert attempt.error == "ValueError: no answer to '[scrubbed].'"


def test_without_content_a_run_keeps_its_scores_and_nothing_that_was_said():
    (line,) = record(attempts=(ATTEMPT,)).as_json(False)["attempts"]

    assert (line["prompts"], line["answers"], line["tried"]) == ([], [], [])
    assert line["error"] == f"ValueError ({LEFT_OUT})"
    assert line["verdicts"][0]["explanation"] == LEFT_OUT
    assert line["verdicts"][0]["score"]["value"] == 0.41


def test_a_report_of_an_earlier_version_has_neither():
    line = record(failed_on=("checks",)).as_json(True)
    del line["attempts"], line["failed_on"]

    earlier = TestRecord.from_json(line)

    assert (earlier.attempts, earlier.failed_on) == (None, None)
