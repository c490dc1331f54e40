"""As JSON: a history for programs: what `litmus history --json` prints."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_litmus.history.layout import VERSION
from pytest_litmus.report.json_ready import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_litmus.history.asking import Chosen, Run
    from pytest_litmus.history.fixing import Fixing, Spell
    from pytest_litmus.history.flaky import Flakiness
    from pytest_litmus.history.one_test import TestHistory
    from pytest_litmus.history.spending import PeriodSpent, Spending, Spent
    from pytest_litmus.history.trends import Trends


def history_as_json(
    chosen: Chosen, *, trends: Trends, flaky: Flakiness, fixing: Fixing, spending: Spending
) -> dict[str, Any]:
    """All of it; the runs as `runs` of the layout has them."""
    return {
        "layout": VERSION,
        "runs": list(chosen.runs),
        "left_out": {
            "shards": chosen.shards,
            "rescored": chosen.rescored,
            "not_asked_for": chosen.passed_over,
        },
        "trends": _plain(trends),
        "flaky": _plain(flaky),
        "fixing": _fixing(fixing),
        "spending": {
            "by": spending.by,
            "total": _spent(spending.total),
            "by_model": {name: _spent(one) for name, one in spending.by_model.items()},
            "periods": [_period(one) for one in spending.periods],
        },
    }


def test_as_json(found: TestHistory) -> dict[str, Any]:
    """The history of one test."""
    return {
        "layout": VERSION,
        "nodeid": found.nodeid,
        "results": [
            {
                "run": _run(one.result.run),
                **dict(one.result.row),
                "fingerprint_changed": one.changed,
                "scores": list(one.scores),
            }
            for one in found.events
        ],
        "flaky": _plain(found.flakiness),
        "fixing": _fixing(found.fixing),
    }


def _fixing(fixing: Fixing) -> dict[str, Any]:
    return {
        "median_hours": fixing.median_hours,
        "median_runs": fixing.median_runs,
        "open": _spells(fixing.open),
        "fixed": _spells(fixing.fixed),
    }


def _spells(spells: Iterable[Spell]) -> list[dict[str, Any]]:
    return [
        {
            "nodeid": one.nodeid,
            "severity": one.severity,
            "failing_since": _run(one.began),
            "last_good": _run(one.good),
            "beginning_seen": one.is_whole,
            "fixed": _run(one.fixed),
            "last_failed": _run(one.last_failed),
            "hours": one.hours,
            "runs": one.runs,
            "test_changed": one.changed,
            "known": one.known,
        }
        for one in spells
    ]


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {name: run[name] for name in ("id", "started_at", "git_revision", "git_branch")}


def _period(period: PeriodSpent) -> dict[str, Any]:
    return {
        "begins": period.begins.isoformat(),
        "runs": period.runs,
        **_spent(period.spent),
        "by_model": {name: _spent(one) for name, one in period.by_model.items()},
    }


def _spent(spent: Spent) -> dict[str, Any]:
    return {"known": spent.word, **_plain(spent)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
