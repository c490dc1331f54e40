"""Given: calls, records and runs made by hand, and the strict reading of the report's schema."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from pytest_litmus.report.build import build
from pytest_litmus.report.records import CassetteUse, TestRecord
from pytest_litmus.report.run import Run
from pytest_litmus.verdicts import Limit, Score, Verdict, judge
from pytest_litmus.wire.calls import Attempt, Call, Message, Part, Usage

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def said(role: str, text: str) -> Message:
    return Message(role=role, parts=(Part(type="text", content=text),))


def attempt(status: int | None = 200, *, error_type: str | None = None) -> Attempt:
    return Attempt(status=status, error_type=error_type, started_at=NOON, duration_s=0.4)


def call(id: str = "c1", **changed: Any) -> Call:  # noqa: A002
    fields: dict[str, Any] = {
        "id": id,
        "operation_name": "chat",
        "provider_name": "openai",
        "wire_format": "openai.chat",
        "request_model": "gpt-4o",
        "response_model": "gpt-4o-2024-08-06",
        "input_messages": (said("user", "Can I return an opened laptop?"),),
        "output_messages": (said("assistant", "Within 30 days."),),
        "finish_reasons": ("stop",),
        "usage": Usage(input_tokens=100, output_tokens=40),
        "status": 200,
        "started_at": NOON,
        "duration_s": 0.8,
        "attempts": (attempt(),),
        "cost_usd": Decimal("0.00065"),
        "cost_source": "genai-prices 0.2.3",
    }
    return Call(**(fields | changed))


def cassette(**changed: Any) -> CassetteUse:
    fields: dict[str, Any] = {
        "path": "tests/cassettes/test_refund/test_answer.yaml",
        "mode": "none",
        "played": 1,
        "recorded": 0,
        "misses": 0,
        "stale": 0,
        "recorded_at": datetime(2026, 10, 14, 12, 0, tzinfo=UTC),
        "age_days": 41.0,
        "models": ("gpt-4o-2024-08-06",),
        "saved": False,
        "problem": None,
    }
    return CassetteUse(**(fields | changed))


def similar(value: float = 0.41) -> Verdict:
    return judge(
        Score(name="similar", value=value, explanation="it says 14 days"), Limit(at_least=0.8)
    )


def budget(value: float = 0.06) -> Verdict:
    score = Score(name="cost", value=value, unit="USD", explanation="3 calls")
    return judge(score, Limit(at_most=0.05))


def record(nodeid: str = "tests/test_refund.py::test_answer", **changed: Any) -> TestRecord:
    fields: dict[str, Any] = {
        "nodeid": nodeid,
        "file": nodeid.partition("::")[0],
        "line": 12,
        "outcome": "passed",
        "started_at": NOON,
        "duration_s": 1.5,
        "calls": (call(),),
        "verdicts": (),
        "budgets": (),
        "cassette": None,
        "failure": None,
        "worker": "master",
    }
    return TestRecord(**(fields | changed))


def run(**changed: Any) -> Run:
    fields: dict[str, Any] = {
        "id": "run-1",
        "started_at": NOON,
        "duration_s": 20.0,
        "exit_status": 0,
    }
    return Run(**(fields | changed))


def report_of(*records: TestRecord, **changed: Any) -> dict[str, Any]:
    """A report that the schema, read strictly, accepts."""
    report = build(records, run(**changed))
    assert problems(report) == []
    return report


def schema(name: str = "report") -> dict[str, Any]:
    file = resources.files("pytest_litmus.report") / f"{name}.schema.json"
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def problems(written: Any, name: str = "report") -> list[str]:
    """What breaks a schema, read strictly: it refuses unknown fields and checks formats."""
    return [
        f"{error.json_path}: {error.message}" for error in _validator(name).iter_errors(written)
    ]


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(_closed(schema(name)), format_checker=FormatChecker())


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "type" in node:
        closed.setdefault("additionalProperties", False)
    return closed
