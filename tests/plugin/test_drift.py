from __future__ import annotations

import json
from pathlib import Path

from pytest_litmus.cli import main

ROOT = Path(__file__).parents[2]


def test_the_report_of_the_example_suites_is_a_baseline(project, capsys):
    where = project.path / "llm-report"
    result = project.run_apart(
        *(str(ROOT / "example_suites"), "--llm-report", f"--llm-report-dir={where}"),
        "--llm-report-content=all",
    )
    assert result.ret == 0
    capsys.readouterr()

    code = main(["drift", str(where), "--baseline", str(where), "--json"])

    told = json.loads(capsys.readouterr().out)
    by_name = {one["name"]: one for one in told["features"]}
    # A few dozen calls decide nothing, and that is said.
    assert (code, told["verdict"]) == (3, "inconclusive")
    assert told["log"]["calls"] > 50
    assert told["log"]["unknown_records"] == 0
    assert by_name["tools"]["measures"]["js"] == 0
    assert "tool_calls" in by_name["finish reasons"]["measures"]["after"]
    assert told["not_told"] == ["fingerprint"]
