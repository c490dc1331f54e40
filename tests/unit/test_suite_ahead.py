from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from pytest_litmus.capture import routing
from pytest_litmus.errors import EndpointBusy
from pytest_litmus.recorder import capturing
from pytest_litmus.suite_ahead import Ahead, Gate, patient


@pytest.fixture
def ahead():
    made = Ahead(4)
    yield made
    made.stop()


def test_jobs_run_at_the_same_time_and_each_result_is_taken_once(ahead):
    together = threading.Barrier(4, timeout=10)

    def job(number):
        return lambda: (together.wait(), number)[1]

    ahead.start([(f"i{number}", job(number)) for number in range(4)])

    assert [ahead.take(f"i{number}").result(10) for number in range(4)] == [0, 1, 2, 3]
    assert ahead.take("i0") is None
    assert ahead.take("other") is None


def test_what_a_job_raises_is_raised_where_it_is_taken(ahead):
    def fails():
        raise KeyboardInterrupt

    ahead.start([("i", fails)])

    with pytest.raises(KeyboardInterrupt):
        ahead.take("i").result(10)


def test_after_a_stop_no_further_job_begins_and_threads_are_as_they_were(ahead):
    started, go_on = threading.Event(), threading.Event()
    start = threading.Thread.start
    begun: list[int] = []

    def job(number):
        def run():
            begun.append(number)
            started.set()
            go_on.wait(10)

        return run

    ahead.start([(f"i{number}", job(number)) for number in range(20)])
    assert started.wait(10)
    ahead.stop()
    go_on.set()

    assert len(begun) <= 4
    assert threading.Thread.start is not start or routing._unpatched == []
    assert ahead.take("i19").cancelled()


def test_no_more_ask_at_a_time_than_the_concurrency_allows(ahead):
    three_ask = threading.Barrier(3)

    def ask(_):
        three_ask.wait(0.3)

    def job():
        with capturing() as recorder:
            patient(ask, gate, recorder)(None)

    gate = Gate(2)
    ahead.start([(f"i{number}", job) for number in range(3)])

    for number in range(3):
        with pytest.raises(threading.BrokenBarrierError):
            ahead.take(f"i{number}").result(10)


def test_an_endpoint_that_was_busy_for_the_program_s_own_sdk_is_asked_by_fewer():
    with capturing() as recorder:
        recorder.capture.tapes = [SimpleNamespace(status=200, abandon=int)]

        def ask(_):
            recorder.capture.tapes += [SimpleNamespace(status=status) for status in (429, 200)]
            return "said"

        gate = Gate(8)
        assert patient(ask, gate, recorder)(None) == "said"
        recorder.capture.tapes = []

    assert gate.limit == 4


def test_a_busy_endpoint_halves_the_places_and_answers_give_them_back():
    gate = Gate(8)

    gate.busy(0.0)
    assert gate.limit == 4
    gate.busy(0.0)
    gate.busy(0.0)
    gate.busy(0.0)
    assert gate.limit == 1
    for _ in range(60):
        gate.answered()
    assert gate.limit == 8


def test_an_endpoint_that_stays_busy_is_an_error_after_some_tries():
    tries = []

    def ask(_):
        tries.append(1)
        raise EndpointBusy("429", retry_after_s=0.001)

    with capturing() as recorder, pytest.raises(EndpointBusy):
        patient(ask, Gate(2), recorder)(None)

    assert len(tries) == 6


def test_threads_carry_their_starter_s_capture_while_items_run_ahead():
    from concurrent.futures import ThreadPoolExecutor

    seen: list[object] = []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        routing.carry_into_threads()
        try:
            with capturing() as outer, capturing():
                routing._current.set(outer.capture)
                thread = threading.Thread(target=lambda: seen.append(routing.active()))
                thread.start()
                thread.join()
                seen.append(pool.submit(routing.active).result())
        finally:
            routing.carry_no_more()

    assert seen == [outer.capture, outer.capture]
