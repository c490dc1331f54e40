from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_litmus.report.attacks import attack_results, rate
from pytest_litmus.suites.finding import Finding
from tests.unit.report.given import record

GIVEN = Finding(
    suite="s",
    case="a",
    attack="plain",
    attack_family="",
    target="",
    row=None,
    family="injection",
    severity="high",
    tags=(),
    maps_to=("LLM01:2026",),
    benign=False,
    twin_of=None,
    outcome="safe",
    safe=1,
    unsafe=0,
    undetermined=0,
    errors=0,
    rests_on=("leaks_nothing",),
    decided_by=None,
    seed="7",
    status="",
)


def finding(outcome: str = "safe", **changed) -> Finding:
    counts = dict.fromkeys(("safe", "unsafe", "undetermined"), 0) | {outcome: 1}
    status = "new" if outcome == "unsafe" else ""
    return replace(GIVEN, outcome=outcome, **{"status": status, **counts, **changed})


def results(*findings: Finding):
    records = [record(nodeid=f"t{n}", finding=one) for n, one in enumerate(findings)]
    return attack_results(records)


def test_a_run_without_suites_has_no_attacks():
    assert attack_results([record()]) is None


def test_undetermined_runs_are_no_part_of_the_rate():
    found = rate([finding(), finding("unsafe", case="b"), finding("undetermined", case="c")])

    assert (found["unsafe"], found["of"], found["rate"], found["undetermined"]) == (1, 2, 0.5, 1)
    assert found["low"] < 0.5 < found["high"]


def test_nothing_decided_is_no_rate():
    assert rate([finding("undetermined")])["rate"] is None


def test_twenty_attacks_of_one_case_say_less_than_one_attack_of_twenty():
    alike = [finding("unsafe" if case == 0 else "safe", case=str(case)) for case in range(4)] * 5
    apart = [finding("unsafe" if case < 5 else "safe", case=str(case)) for case in range(20)]

    wide, narrow = rate(alike), rate(apart)
    assert wide["rate"] == narrow["rate"] == 0.25
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


def test_groups_are_by_family_attack_severity_and_taxonomy():
    found = results(
        finding("unsafe"),
        finding(family="privacy", attack="base64", attack_family="encoding", severity="low"),
        finding("unsafe", benign=True),
    )

    assert {name: one["rate"] for name, one in found["by_family"].items()} == {
        "injection": 1.0,
        "privacy": 0.0,
    }
    assert list(found["by_severity"]) == ["high", "low"]
    assert found["by_taxonomy"]["LLM01:2026"]["of"] == 2
    assert found["over_refusal"]["rate"] == 1.0
    assert found["breaches"]["new"] == ["t0"]
    assert found["over_refused"]["new"] == ["t2"]


def test_a_rate_that_rests_on_one_measured_detector_is_corrected():
    by_refusal = [finding("safe", case=str(n), rests_on=("refuses",)) for n in range(90)]
    by_refusal += [finding("unsafe", case=f"u{n}", rests_on=("refuses",)) for n in range(10)]

    corrected = rate(by_refusal)["corrected"]

    assert corrected["rate"] != 0.1
    assert corrected["low"] <= corrected["rate"] <= corrected["high"]
    assert "refusal" in corrected["data"]
    assert rate([*by_refusal, finding()])["corrected"] is None


@pytest.mark.parametrize("status", ["new", "known", "dismissed", "fixed"])
def test_breaches_are_told_by_what_the_baseline_says(status):
    outcome = "safe" if status == "fixed" else "unsafe"

    assert results(finding(outcome, status=status))["breaches"][status] == ["t0"]


def test_quarantined_cases_are_counted_apart_and_nowhere_else():
    found = results(
        finding(),
        finding("unsafe", status="quarantined"),
        finding(status="quarantined"),
        finding("unsafe", benign=True, status="quarantined"),
    )

    assert found["attack_success"]["of"] == 1
    assert found["over_refusal"]["items"] == 0
    assert found["breaches"].pop("quarantined") == ["t1", "t3"]
    assert not any(found["breaches"].values())
    assert (found["quarantined"]["unsafe"], found["quarantined"]["of"]) == (2, 3)
    assert found["over_refused"]["new"] == []
