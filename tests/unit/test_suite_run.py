from __future__ import annotations

from types import SimpleNamespace

from pytest_litmus.suite_run import SuiteRun


class Opened:
    """A case that was opened ahead; while it is closed, a job that still runs opens one more."""

    def __init__(self, meanwhile=lambda: None) -> None:
        self.recorder = SimpleNamespace(capture=SimpleNamespace(closed=False))
        self.outcomes: dict[str, str] = {}
        self.complete = True
        self.meanwhile = meanwhile

    def open(self) -> None:
        """Begin."""

    def close(self, *, clean: bool) -> None:
        """End, as a case that is whole."""
        assert clean
        self.recorder.capture.closed = True
        self.meanwhile()


def test_a_case_that_is_opened_while_a_run_stops_is_kept_too():
    options = SimpleNamespace(concurrency=2, seed="7")
    run = SuiteRun(None, options, lambda _: None, lambda _, case: case)
    late = Opened()
    first = Opened(lambda: run.opened_ahead(SimpleNamespace(nodeid="late"), late))
    run.opened_ahead(SimpleNamespace(nodeid="first"), first)
    run.opened_ahead(SimpleNamespace(nodeid="second"), second := Opened())

    run.stop()

    assert [one.recorder.capture.closed for one in (first, second, late)] == [True, True, True]
