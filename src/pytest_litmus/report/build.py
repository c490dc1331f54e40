"""Build: the report of a run, made of its tests' records."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, get_args

from pytest_litmus.report.attacks import attack_results
from pytest_litmus.report.json_ready import decimal_text, json_ready, moment_text, unchanged
from pytest_litmus.report.records import TestOutcome, verdict_as_json
from pytest_litmus.report.totals import cost, model_time_s, per_model, seconds, totals
from pytest_litmus.trace import trace_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_litmus.report.json_ready import Redact
    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.report.run import Run
    from pytest_litmus.trace import Span
    from pytest_litmus.wire.calls import Call

SCHEMA_VERSION = "1.0"
"""MAJOR.MINOR of `report.json` and `calls.jsonl`. A minor only adds fields; readers ignore those
that they do not know."""

# pytest's exit statuses that say more than "a test failed".
_BROKEN_OFF = {2: "interrupted", 3: "internal error", 4: "wrong usage"}


def build(
    records: Iterable[TestRecord],
    run: Run,
    *,
    redact: Redact = unchanged,
) -> dict[str, Any]:
    """The report, JSON-ready, as `report.schema.json` describes it.

    Args:
        records: What the tests did, in any order. A test that ran again has a record for each time.
        run: What is known of the run itself.
        redact: Applied to what verdicts and failures quote.
    """
    ordered = in_order(records)
    calls = [call for record in ordered for call in record.model_calls]
    report = {
        "schema_version": SCHEMA_VERSION,
        "run": _run(run),
        "verdict": _verdict(ordered, run),
        "totals": totals(ordered),
        "attacks": attack_results(ordered),
        "per_model": per_model(calls),
    }
    tests = [_test(record, redact=redact) for record in ordered]
    return {**json_ready(report), "tests": tests}


def in_order(records: Iterable[TestRecord]) -> list[TestRecord]:
    """Records by node id, those of the same test by when they began."""
    return sorted(records, key=lambda record: (record.nodeid, record.started_at.isoformat()))


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "started_at": moment_text(run.started_at),
        "duration_s": seconds(run.duration_s),
        "exit_status": run.exit_status,
        "versions": dict(run.versions),
        "git": run.git,
        "ci": run.ci,
        "options": dict(run.options),
        **({"merged_from": list(run.merged_from)} if run.merged_from else {}),
        **({"rescored_from": dict(run.rescored_from)} if run.rescored_from else {}),
    }


def _verdict(records: Sequence[TestRecord], run: Run) -> dict[str, Any]:
    counts = Counter(record.outcome for record in records)
    broken_off = _BROKEN_OFF.get(run.exit_status or 0)
    if counts["failed"] or counts["error"] or broken_off:
        outcome = "failed"
    else:
        # A run that decided nothing is not a run that passed.
        outcome = "passed" if counts["passed"] else "no tests"
    counted = {name: counts[name] for name in get_args(TestOutcome)}
    return {"outcome": outcome, "reason": broken_off, "tests": len(records), **counted}


def _test(record: TestRecord, *, redact: Redact) -> dict[str, Any]:
    spent = cost(record.model_calls)
    return {
        "nodeid": json_ready(record.nodeid),
        "file": json_ready(record.file),
        "line": record.line,
        "outcome": record.outcome,
        "started_at": moment_text(record.started_at),
        "duration_s": seconds(record.duration_s),
        "worker": record.worker,
        "failure": json_ready(record.failure, redact=redact),
        "model_time_s": model_time_s(record.model_calls),
        "cost_usd": spent["cost_usd"],
        "unpriced_calls": spent["unpriced_calls"],
        "marks": json_ready(record.marks),
        "severity": json_ready(record.severity),
        "runs": json_ready(record.runs),
        "fingerprint": record.fingerprint,
        "finding": json_ready(record.finding, redact=redact),
        "verdicts": [verdict_as_json(verdict, redact=redact) for verdict in record.verdicts],
        "budgets": [verdict_as_json(verdict, redact=redact) for verdict in record.budgets],
        "cassette": record.cassette.as_json(redact=redact) if record.cassette else None,
        "side_cassettes": [use.as_json(redact=redact) for use in record.side_cassettes],
        "failed_on": json_ready(record.failed_on),
        "attempts": None
        if record.attempts is None
        else [one.as_json(redact=redact) for one in record.attempts],
        "calls": json_ready([_call(call) for call in record.model_calls]),
        "trace": _span(trace_of(record.calls, name=record.nodeid), redact=redact),
    }


def _span(span: Span, *, redact: Redact) -> dict[str, Any]:
    """A node of the trace: names, times and the ids of calls; nothing of what was said."""
    return {
        "kind": span.kind,
        "name": json_ready(span.name, redact=redact),
        "call": span.call.id if span.call else None,
        "started_at": moment_text(span.started_at),
        "duration_s": seconds(span.duration_s),
        "answered": span.tool.answered if span.tool else None,
        "error_type": json_ready(span.call.error_type) if span.call else None,
        "children": [_span(child, redact=redact) for child in span.children],
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "provider": call.provider_name,
        "model": call.response_model or call.request_model,
        "source": call.source,
        "purpose": call.purpose,
        "step": call.step,
        "duration_s": seconds(call.duration_s),
        "time_to_first_chunk_s": seconds(call.time_to_first_chunk_s),
        "attempts": len(call.attempts),
        "cost_usd": decimal_text(call.cost_usd),
        "input_tokens": call.usage.input_tokens,
        "output_tokens": call.usage.output_tokens,
        "error_type": call.error_type,
    }
