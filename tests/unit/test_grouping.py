"""The polls of a background run are part of the call that started it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pytest_litmus.grouping import started_by, with_polls
from pytest_litmus.wire.calls import Usage
from tests.unit.report.given import NOON, call, said

USAGE = Usage(input_tokens=10, output_tokens=5)


def started(**fields):
    waiting = {"response_id": "r1", "output_messages": (), "finish_reasons": (), "usage": Usage()}
    return call("start", **{**waiting, "duration_s": 1.0, **fields})


def poll(id: str, after_s: float, **fields):  # noqa: A002
    known = {"poll_of": "r1", "response_id": "r1", "duration_s": 0.5}
    return call(id, **{**known, "started_at": NOON + timedelta(seconds=after_s), **fields})


def test_a_run_and_its_polls_are_one_call_that_ends_with_the_last_poll():
    waiting = poll("p1", 2, output_messages=(), finish_reasons=(), usage=Usage())
    done = poll("p2", 9, output_messages=(said("assistant", "Done."),), usage=USAGE)

    (whole,) = with_polls([started(), waiting, done])

    assert (whole.id, whole.polls, whole.output_text) == ("start", 2, "Done.")
    assert (whole.usage, whole.duration_s) == (USAGE, 9.5)


def test_a_stream_that_is_taken_up_later_has_its_first_chunk_then():
    (whole,) = with_polls([started(), poll("p1", 2, streamed=True, time_to_first_chunk_s=0.25)])

    assert (whole.streamed, whole.time_to_first_chunk_s) == (True, 2.25)


def test_reading_what_was_said_later_is_no_work_of_the_model():
    (whole,) = with_polls([started(), poll("p1", 60, runs_model=False)])

    assert (whole.duration_s, whole.output_text) == (1.0, "Within 30 days.")


def test_what_a_later_poll_leaves_out_stays():
    done, empty = poll("p1", 2, usage=USAGE), poll("p2", 3, output_messages=(), usage=Usage())

    (whole,) = with_polls([started(), done, empty])

    assert (whole.usage, whole.output_text) == (USAGE, "Within 30 days.")


def test_a_run_that_failed_later_is_a_call_that_failed():
    (whole,) = with_polls([started(), poll("p1", 2, error_type="server_error", error_message="m")])

    assert (whole.error_type, whole.error_message) == ("server_error", "m")


def test_a_poll_that_failed_by_itself_says_nothing_of_the_run():
    (whole,) = with_polls([started(), poll("p1", 2, status=500, error_type="500")])

    assert (whole.error_type, whole.polls, whole.duration_s) == (None, 1, 1.0)


def test_a_call_is_found_by_its_other_names_too():
    first = started(handles=("https://stream.example/x",))

    (whole,) = with_polls([first, poll("p1", 2, poll_of="https://stream.example/x")])

    assert (whole.id, whole.polls) == ("start", 1)


def test_a_poll_of_a_run_that_another_test_started_is_a_call():
    alone = poll("p1", 2)

    assert with_polls([alone, poll("p2", 3)])[0].polls == 1
    assert len(with_polls([alone])) == 1


def test_calls_of_other_runs_stay_apart():
    calls = [started(), call("other", response_id="r2"), poll("p1", 2)]

    assert [(one.id, one.polls) for one in with_polls(calls)] == [("start", 1), ("other", 0)]


def test_a_run_whose_times_are_not_known_has_no_duration():
    (whole,) = with_polls([started(started_at=None), poll("p1", 2)])

    assert whole.duration_s is None


@pytest.mark.parametrize("calls", [[], [started()]])
def test_a_call_that_is_no_poll_was_started_by_itself(calls):
    alone = call("alone", response_id=None)

    assert started_by(alone, calls) is alone
    assert started_by(poll("p1", 2), [started()]).id == "start"
