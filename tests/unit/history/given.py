"""Given: runs and results made by hand, as a history has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_litmus.history.asking import Result
from pytest_litmus.history.rows import moment
from tests.unit.report.given import NOON


def run(number: int = 0, **changed: Any) -> dict[str, Any]:
    """A row of `runs`, a day after the one before."""
    fields: dict[str, Any] = {
        "id": f"run-{number:03}",
        "started_at": moment((NOON + timedelta(days=number)).isoformat()),
        "git_revision": f"{number:040}",
        "git_dirty": 0,
        "git_branch": None,
        "rescored_from": None,
        "calls": 10,
        "live_calls": 10,
        "passed": 9,
        "failed": 1,
        "error": 0,
        "attack_success_rate": None,
        "over_refusal_rate": None,
        "latency_p50_s": 0.8,
        "latency_p95_s": 1.1,
        "cost_usd_float": 0.01,
        "unpriced_calls": 0,
        "input_tokens": 100,
        "output_tokens": 50,
        "calls_without_usage": 0,
    }
    return fields | changed


def result(number: int, came: str, **changed: Any) -> Result:
    """Of the run with this number: `p` passed, `f` failed, `u` undecided, `s` skipped."""
    of_run = {name: changed.pop(name) for name in list(changed) if name.startswith("git_")}
    words: dict[str, Any] = {"p": "passed", "f": "failed", "u": "undecided", "s": "skipped"}
    fields = {"fingerprint": "h1", "live": True, "severity": None, "status": None, **changed}
    row = {"severity": fields["severity"], "finding_status": fields["status"], "attempt": 0}
    return Result(
        run(number, **of_run), words[came], fields["fingerprint"], bool(fields["live"]), row
    )


def results(letters: str, **changed: Any) -> list[Result]:
    """A run a day: `ppfp`."""
    return [result(number, came, **changed) for number, came in enumerate(letters)]
