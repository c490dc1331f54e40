"""Changes: what is told of a test that came out otherwise."""

from __future__ import annotations

from dataclasses import replace

from pytest_litmus.report.build import build
from pytest_litmus.report.records import AttemptRecord
from pytest_litmus.rescoring.changes import change_of
from pytest_litmus.rescoring.deciding import Rescored
from pytest_litmus.rescoring.telling import as_json, told
from pytest_litmus.verdicts import Verdict
from tests.unit.report.given import call, record, run, similar

WAS = record(verdicts=(similar(0.9),))


def rescored(*changes, **more):
    fields = {
        "report": build([WAS], replace(run(), rescored_from={"id": "r"})),
        "records": (WAS,),
        "decided": 1,
        "left": 0,
        "not_rescored": {},
        "kept": {},
        "judge_calls": (),
    }
    return Rescored(changes=changes, **(fields | more))


def test_the_same_verdicts_in_other_words_are_no_change():
    (one,) = WAS.verdicts

    assert change_of(WAS, replace(WAS, verdicts=(replace(one, explanation="other words"),))) is None


def test_another_score_with_the_same_outcome_is_counted_and_not_listed():
    found = rescored(change_of(WAS, replace(WAS, verdicts=(similar(0.85),))))

    assert told(found) == [
        "1 test decided again",
        "no test came out otherwise",
        "1 test with other scores or limits, and the same outcome",
    ]
    assert found.exit_code == 0


def test_verdicts_of_one_name_are_compared_by_their_order():
    was = replace(WAS, verdicts=(similar(0.9), similar(0.9)))

    found = change_of(was, replace(was, verdicts=(similar(0.9), similar(0.1)), outcome="failed"))

    assert [(one.was.outcome, one.now.outcome) for one in found.verdicts] == [("pass", "fail")]
    assert found.is_worse


def test_a_run_of_several_is_named():
    runs = (AttemptRecord(outcome="passed"), AttemptRecord(outcome="passed", verdicts=(similar(),)))
    was = replace(WAS, attempts=runs)
    now = replace(was, attempts=(runs[0], replace(runs[1], verdicts=(similar(0.9),))))

    (one,) = change_of(was, now).verdicts

    assert (one.run, one.was.outcome, one.now.outcome) == (2, "fail", "pass")


def test_hostile_text_moves_no_cursor_and_commands_no_runner():
    evil = "x\x1b[2J\n##[error]y"
    now = replace(
        WAS,
        nodeid=f"t::{evil}",
        outcome="failed",
        verdicts=(Verdict(name=evil, outcome="fail", explanation=evil),),
    )

    lines = told(rescored(change_of(WAS, now, stays=evil), not_rescored={evil: evil}))

    assert not [line for line in lines if "\x1b" in line or "\n" in line or "##[" in line]


def test_what_could_not_be_rescored_is_the_exit_code_unless_something_is_worse():
    worse = change_of(WAS, replace(WAS, outcome="failed", verdicts=(similar(0.1),)))

    assert rescored(not_rescored={"a": "why"}).exit_code == 3
    assert rescored(worse, not_rescored={"a": "why"}).exit_code == 1


def test_calls_without_a_price_are_told_beside_the_sum():
    calls = (call("c1", purpose="judge"), call("c2", purpose="judge", cost_usd=None))
    found = rescored(judge_calls=calls)

    assert told(found)[-1] == "judges: 2 calls, cost $0.00065, 1 without a price"
    assert as_json(found)["judge"] == {"calls": 2, "cost_usd": "0.00065", "unpriced_calls": 1}
    assert told(rescored(judge_calls=calls[1:]))[-1] == "judges: 1 call, cost unknown"
