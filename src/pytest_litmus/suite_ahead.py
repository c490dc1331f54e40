"""Ahead: a suite's items asked before pytest comes to them, several at a time, reported in order.

A model takes seconds and pytest runs one item after the other, so that most of a red-team run
would be waiting. Only what asks the target runs ahead, each item with its own capture and cassette;
set-up, verdict and report stay where they were. A replay needs none of it, and under xdist the
workers are the concurrency.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeAlias

from pytest_litmus.capture import routing
from pytest_litmus.errors import EndpointBusy
from pytest_litmus.posting import BUSY

if TYPE_CHECKING:
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.suites.attempt import Attempt
    from pytest_litmus.suites.targets import Ask, Asked

Job: TypeAlias = "Callable[[], Attempt]"

_WINDOW = 8
"""So many times the concurrency may be asked and not yet reported: it waits in memory."""
_TRIES = 6
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0


class Gate:
    """How many may ask at a time: fewer where the endpoint is busy, more again while it answers.

    Additive increase, multiplicative decrease, as in TCP (RFC 5681).
    """

    def __init__(self, most: int) -> None:
        self._most, self._limit = most, float(most)
        self._asking = 0
        self._closed_until = 0.0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        """Wait for a place."""
        with self._changed:
            while self._asking >= self.limit or self._wait_s() > 0:
                self._changed.wait(self._wait_s() or None)
            self._asking += 1

    def __exit__(self, *_: object) -> None:
        """Give the place back."""
        with self._changed:
            self._asking -= 1
            self._changed.notify()

    def answered(self) -> None:
        """The endpoint has answered: one more after a round."""
        with self._changed:
            before = self.limit
            self._limit = min(self._most, self._limit + 1 / self._limit)
            if self.limit > before:
                self._changed.notify()

    def busy(self, wait_s: float) -> None:
        """The endpoint wants to be asked later: half as many, and none until then."""
        with self._changed:
            self._limit = max(1.0, self._limit / 2)
            self._closed_until = max(self._closed_until, time.monotonic() + wait_s)

    @property
    def limit(self) -> int:
        """How many may ask now."""
        return int(self._limit)

    def _wait_s(self) -> float:
        return max(0.0, self._closed_until - time.monotonic())


def patient(ask: Ask, gate: Gate, recorder: Recorder) -> Ask:
    """An `ask` that takes its turn and comes back later where the endpoint says so.

    A replay waits for nothing.
    """

    def asked(what: Asked) -> str:
        replays = recorder.capture.replaying
        for number in range(_TRIES):
            try:
                return ask(what) if replays else _asked_in_turn(ask, what, gate, recorder)
            except EndpointBusy as busy:
                if number == _TRIES - 1:
                    raise
                if not replays:
                    _pause(busy.retry_after_s, number, gate)
        raise AssertionError  # the last try has returned or raised

    return asked


def _asked_in_turn(ask: Ask, what: Asked, gate: Gate, recorder: Recorder) -> str:
    with gate:
        sent = len(recorder.capture.tapes)
        answer = ask(what)
    # An SDK that tries again by itself says nothing of it.
    if any(tape.status in BUSY for tape in recorder.capture.tapes[sent:]):
        gate.busy(_FIRST_WAIT_S)
    else:
        gate.answered()
    return answer


def _pause(retry_after_s: float | None, number: int, gate: Gate) -> None:
    """Wait as long as the endpoint says, or ever longer."""
    wait_s = min(retry_after_s or _FIRST_WAIT_S * 2**number, _LONGEST_WAIT_S)
    gate.busy(wait_s)
    time.sleep(wait_s)


class Ahead:
    """Runs jobs on threads, in their order, each once; their results are taken in any order."""

    def __init__(self, concurrency: int) -> None:
        self.gate = Gate(concurrency)
        self._concurrency = concurrency
        self._jobs: queue.SimpleQueue[tuple[str, Job, contextvars.Context]] = queue.SimpleQueue()
        self._results: dict[str, Future[Attempt]] = {}
        self._room = threading.Semaphore(concurrency * _WINDOW)
        self._stopped = threading.Event()

    def start(self, jobs: Sequence[tuple[str, Job]]) -> None:
        """Take on jobs, each with its item's node id.

        Each runs in a context of its own, so that its calls are its own item's.
        """
        routing.carry_into_threads()
        for nodeid, job in jobs:
            self._results[nodeid] = Future()
            self._jobs.put((nodeid, job, contextvars.copy_context()))
        for number in range(min(self._concurrency, len(jobs))):
            # A daemon: a request that hangs must not keep an interrupted run from ending.
            threading.Thread(target=self._work, name=f"litmus-ahead-{number}", daemon=True).start()

    def take(self, nodeid: str) -> Future[Attempt] | None:
        """The result of an item, or to be; None where it does not run ahead."""
        found = self._results.pop(nodeid, None)
        if found is not None:
            self._room.release()
        return found

    def stop(self) -> None:
        """Begin no further job; those that run may end."""
        self._stopped.set()
        routing.carry_no_more()
        for result in self._results.values():
            result.cancel()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                nodeid, job, context = self._jobs.get_nowait()
            except queue.Empty:
                return
            self._room.acquire()
            context.run(self._do, self._results.get(nodeid), job)

    def _do(self, result: Future[Attempt] | None, job: Job) -> None:
        if result is None or self._stopped.is_set() or not result.set_running_or_notify_cancel():
            return
        try:
            result.set_result(job())
        except BaseException as error:  # noqa: BLE001 - it is raised where the item runs
            result.set_exception(error)
