"""Given: policies from text, and reports written where `litmus gate` reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_litmus.gate.deciding import Decision, Ruling, decide
from pytest_litmus.gate.policy import Policy, read_policy
from pytest_litmus.report.records import TestRecord
from pytest_litmus.suites.finding import Finding
from tests.unit.report.given import record, report_of


def policy(folder: Path, text: str, name: str = "gate.toml") -> Policy:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def decided(folder: Path, text: str, *records: TestRecord, **changed: Any) -> Decision:
    return decide([report_of(*records, **changed)], policy(folder, text))


def ruling(folder: Path, text: str, *records: TestRecord) -> Ruling:
    """What the last rule of a policy comes to."""
    return decided(folder, text, *records).rulings[-1]


def written(folder: Path, name: str, *records: TestRecord, **changed: Any) -> Path:
    """The folder of a report."""
    made = folder / name
    made.mkdir()
    report = report_of(*records, **{"id": name, **changed})
    (made / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return made


def attacked(case: str, outcome: str = "safe", **changed: Any) -> TestRecord:
    """An item of a suite: one run."""
    runs = {"safe": 0, "unsafe": 0, "undetermined": 0, "errors": 0}
    runs["errors" if outcome == "error" else outcome] = 1
    fields: dict[str, Any] = {
        "suite": "injection", "case": case, "attack": "plain", "attack_family": "",
        "target": "app:answer", "row": None, "family": "injection", "severity": "high",
        "tags": (), "maps_to": (), "benign": False, "twin_of": None, "outcome": outcome,
        "rests_on": ("refuses",), "decided_by": "refuses" if outcome == "unsafe" else None,
        "seed": "s", "status": "new" if outcome == "unsafe" else "",
    }  # fmt: skip
    found = Finding(**{**fields, **runs, **changed})
    ended = {"safe": "passed"}.get(outcome, "failed")
    ended = "passed" if found.status in ("known", "dismissed") else ended
    return record(f"injection.llm.yaml::{case}", outcome=ended, finding=found)
