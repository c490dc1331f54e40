"""Kept: stored verdicts of a judge or of a state, instead of new ones."""

from __future__ import annotations

from pytest_litmus.evaluators.judging import SPLIT, Judge
from pytest_litmus.rescoring.kept import Kept, kept_evaluators
from pytest_litmus.suites.expecting import evaluators
from pytest_litmus.verdicts import Limit, Score, Verdict, judge

JUDGE = Judge(ask=lambda _: "yes", rubric="Polite?", name="polite")
SCALE = Judge(ask=lambda _: "1", rubric="Polite?", scale=("no", "so so", "yes"), name="polite")


def given(*verdicts: Verdict, judge: Judge = JUDGE, **arguments):
    """What `judged_by` gives, of stored verdicts."""
    kept = Kept()
    made = kept_evaluators(verdicts, known=evaluators(), judge=judge, kept=kept)
    return made["judged_by"].function("said", **arguments), kept


def polite(value: float | None, label: str | None = None) -> Verdict:
    return judge(Score(name="polite", value=value, label=label), Limit(at_least=0.5))


def test_a_stored_score_is_held_to_the_limit_of_now():
    found, kept = given(polite(0.6), at_least=0.7, question="of no use")

    assert (found.outcome, found.limit) == ("fail", Limit(at_least=0.7))
    assert kept.given == {"judged_by": 1}


def test_without_a_limit_two_verdicts_have_that_of_a_half_and_a_scale_has_none():
    found, _ = given(polite(0.6))
    of_scale, _ = given(polite(0.6), judge=SCALE)

    assert found.outcome == "pass"
    assert isinstance(of_scale, Score)


def test_what_a_jury_could_not_decide_stays_undecided():
    found, _ = given(polite(None, SPLIT), at_least=0.1)

    assert found.outcome == "inconclusive"


def test_what_is_not_stored_is_an_error_and_told():
    found, kept = given(Verdict(name="rude", outcome="pass"))

    assert found.outcome == "error"
    assert kept.missing == ["`judged_by` was not asked when it was run: ask it now with --judge"]


def test_states_are_given_in_their_order_and_other_evaluators_are_left_alone():
    kept = Kept()
    stored = [Verdict(name="unchanged", outcome=one) for one in ("pass", "fail")]

    made = kept_evaluators(stored, known=evaluators(), judge=None, kept=kept)

    assert set(made) == {"changed", "unchanged"}
    assert [made["unchanged"].function("").outcome for _ in stored] == ["pass", "fail"]
