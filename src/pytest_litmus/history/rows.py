"""Rows: a stored report as rows of a history's tables, each value checked to be of its column."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_litmus.compare.entries import entry_of
from pytest_litmus.errors import ReportError
from pytest_litmus.history.layout import MODELS, PARTS, RUNS, SCORES, TESTS
from pytest_litmus.report.reading import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.history.layout import Kind, Table
    from pytest_litmus.report.reading import StoredReport

Row: TypeAlias = "tuple[str | float | int | None, ...]"
Rows: TypeAlias = "dict[str, list[Row]]"
"""By the table's name; the values in the order of its columns."""

_LARGEST = 2**63


def rows_of(stored: StoredReport) -> Rows:
    """All rows of one run.

    Raises:
        ReportError: The report is not as its schema has it; says where.
    """
    try:
        run = _run(stored.report)
        tests = list(_with_attempts(stored.tests))
        return {
            RUNS.name: [_checked(RUNS, run, "run")],
            TESTS.name: [
                _checked(TESTS, _test(run["id"], *one), one[0]["nodeid"]) for one in tests
            ],
            SCORES.name: [
                _checked(SCORES, row, row["nodeid"]) for row in _scores(run["id"], tests)
            ],
            MODELS.name: [
                _checked(MODELS, row, "per_model") for row in _models(run["id"], stored.report)
            ],
            PARTS.name: [
                _checked(PARTS, {"run_id": run["id"], "part_id": part}, "merged_from")
                for part in sorted(set(_ids(stored.report["run"].get("merged_from"))))
            ],
        }
    except UNREADABLE as error:
        raise ReportError(f"{stored.path} is not as its schema has it: {error!r}") from error


def moment(text: str) -> str:
    """A time in UTC as histories have it, so that the order of texts is the order of times."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return read.astimezone(UTC).isoformat(timespec="microseconds")


def _run(report: Mapping[str, Any]) -> dict[str, Any]:
    run, verdict = report["run"], report["verdict"]
    git, ci = run["git"] or {}, run["ci"] or {}
    counts = ("tests", "passed", "failed", "error", "skipped")
    return {
        "id": run["id"],
        "started_at": moment(run["started_at"]),
        "duration_s": run["duration_s"],
        "exit_status": run["exit_status"],
        "verdict": verdict["outcome"],
        "reason": verdict["reason"],
        **{name: verdict[name] for name in counts},
        "git_revision": git.get("revision"),
        "git_dirty": git.get("dirty"),
        "git_branch": git.get("branch"),
        **{f"ci_{name}": ci.get(name) for name in ("system", "name", "id", "url")},
        "versions": json.dumps(run["versions"], sort_keys=True),
        "schema_version": report["schema_version"],
        "merged": bool(run.get("merged_from")),
        "rescored_from": next(iter(_ids(run.get("rescored_from"))), None),
        **_of_calls(report["totals"]),
        **_of_attacks(report["attacks"]),
        **{
            f"{pillar}_{outcome}": report["totals"][pillar][outcome]
            for pillar in ("quality", "safety")
            for outcome in ("pass", "fail", "inconclusive", "error")
        },
    }


def _of_calls(totals: Mapping[str, Any]) -> dict[str, Any]:
    calls, tokens = totals["calls"], totals["tokens"]
    return {
        "all_recorded": calls["live"] == 0 if calls["total"] else None,
        "calls": calls["total"],
        "live_calls": calls["live"],
        "judge_calls": calls["judge"],
        "input_tokens": tokens["input_tokens"],
        "output_tokens": tokens["output_tokens"],
        "calls_without_usage": tokens["calls_without_usage"],
        **_performance(totals["performance"]),
        **_cost(totals["cost"]),
        **_live_cost(totals["cost"]),
    }


def _performance(told: Mapping[str, Any]) -> dict[str, Any]:
    latency = told["latency"]
    return {
        "errors": told["errors"],
        "latency_p50_s": latency["p50_s"],
        "latency_p95_s": latency["p95_s"],
    }


def _cost(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cost_usd": told["cost_usd"],
        "cost_usd_float": _amount(told["cost_usd"]),
        "unpriced_calls": told["unpriced_calls"],
    }


def _live_cost(told: Mapping[str, Any]) -> dict[str, Any]:
    live = told["live_cost_usd"]
    return {"live_cost_usd": live, "live_cost_usd_float": _amount(live)}


def _amount(text: str | None) -> float | None:
    if text is None:
        return None
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError(f"a cost of {text[:80]!r}")
    return float(amount)


def _of_attacks(attacks: Mapping[str, Any] | None) -> dict[str, Any]:
    if attacks is None:
        return {}
    success, refusal = attacks["attack_success"], attacks["over_refusal"]
    return {
        "attacks_unsafe": success["unsafe"],
        "attacks_of": success["of"],
        "attack_success_rate": success["rate"],
        "over_refused": refusal["unsafe"],
        "over_refused_of": refusal["of"],
        "over_refusal_rate": refusal["rate"],
    }


def _ids(told: Any) -> Iterator[str]:
    """The runs that a report was made of: ids, or objects with one."""
    for one in told if isinstance(told, list) else [told] if told else []:
        yield one["id"] if isinstance(one, Mapping) else one


def _with_attempts(tests: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each test, and how often it had run before in this run."""
    seen: Counter[str] = Counter()
    for test in tests:
        yield test, seen[test["nodeid"]]
        seen[test["nodeid"]] += 1


def _test(run_id: str, test: Mapping[str, Any], attempt: int) -> dict[str, Any]:
    finding, entry = test["finding"] or {}, entry_of(test)
    return {
        "run_id": run_id,
        "nodeid": test["nodeid"],
        "attempt": attempt,
        "outcome": test["outcome"],
        "result": entry.outcome,
        "fingerprint": test.get("fingerprint"),
        "severity": test["severity"],
        "started_at": moment(test["started_at"]),
        "duration_s": test["duration_s"],
        "calls": len(test["calls"]),
        "live_calls": sum(call["source"] == "live" for call in test["calls"]),
        **_cost(test),
        "finding_outcome": finding.get("outcome"),
        "finding_status": finding.get("status"),
        "benign": finding.get("benign"),
        "runs_passed": entry.passed,
        "runs_of": entry.of,
    }


def _scores(
    run_id: str, tests: Iterable[tuple[Mapping[str, Any], int]]
) -> Iterator[dict[str, Any]]:
    for test, attempt in tests:
        for place, verdict in enumerate(test["verdicts"]):
            score, limit = verdict["score"] or {}, verdict["limit"] or {}
            yield {
                "run_id": run_id,
                "nodeid": test["nodeid"],
                "attempt": attempt,
                "place": place,
                "name": verdict["name"],
                "value": score.get("value"),
                "unit": score.get("unit"),
                "outcome": verdict["outcome"],
                "at_least": limit.get("at_least"),
                "at_most": limit.get("at_most"),
            }


def _models(run_id: str, report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for place, told in enumerate(report["per_model"]):
        yield {
            "run_id": run_id,
            "place": place,
            "provider": told["provider"],
            "model": told["model"],
            "calls": told["calls"]["total"],
            "live_calls": told["calls"]["live"],
            "input_tokens": told["tokens"]["input_tokens"],
            "output_tokens": told["tokens"]["output_tokens"],
            **_performance(told["performance"]),
            **_cost(told["cost"]),
            **_live_cost(told["cost"]),
        }


def _checked(table: Table, row: Mapping[str, Any], where: object) -> Row:
    return tuple(
        _value(row.get(name), kind, f"{where}: {table.name}.{name}", needed=name in table.key)
        for name, kind in table.columns.items()
    )


def _value(value: Any, kind: Kind, where: str, *, needed: bool) -> Any:
    if value is None and not needed:
        return None
    if kind == "TEXT" and isinstance(value, str):
        # A lone surrogate is a letter that JSON can spell and no UTF-8 holds.
        return value.encode("utf-8", "backslashreplace").decode()
    if kind == "INTEGER" and isinstance(value, int) and -_LARGEST <= value < _LARGEST:
        return int(value)
    if kind == "REAL" and isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    raise ValueError(f"{where} is {str(value)[:80]!r}, which is no {kind}")
