"""`litmus merge` on the report that the example suites really made, and what reads its result."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_litmus.cli import main
from pytest_litmus.gate.deciding import Ruling, decide
from pytest_litmus.report.build import build
from pytest_litmus.report.reading import read_report
from pytest_litmus.report.run import Run
from pytest_litmus.report.writing import write_new
from tests.unit.gate.given import policy
from tests.unit.report import given

POLICY = """\
[[rule]]
measure = "attack_success_rate"
at_most = 0.02
interval = true

[[rule]]
measure = "pass_rate"
at_least = 0.5

[[rule]]
measure = "latency_p95_s"
at_most = 3

[[rule]]
measure = "cost_usd"
at_most = 0.003

[[rule]]
measure = "test_pass_rate"
at_least = 0.9

[allow]
replayed_calls = "the demo"
"""
GIT = {"revision": "abc123", "dirty": False}


@pytest.fixture
def halves(demo_report, tmp_path, monkeypatch) -> list[Path]:
    """The demo's report as two shards would have written it: `one` and `two`."""
    monkeypatch.chdir(tmp_path)
    stored = read_report(demo_report)
    records, run = stored.records(), Run.from_json(stored.report["run"])
    for name, part in (("one", records[::2]), ("two", records[1::2])):
        own = replace(run, id=name, git=run.git or GIT)
        write_new(Path(name), build(part, own), part)
    return [Path("one"), Path("two")]


def merged(*words: str) -> dict[str, object]:
    assert main(["merge", *words, "--into", "whole"]) == 0
    return read_report(Path("whole")).report


def test_two_halves_of_a_run_come_to_the_run_itself(demo_report, halves):
    report = merged("one", "two")

    whole = read_report(demo_report).report
    assert {**report, "run": {}} == {**whole, "run": {}}
    for key in ("started_at", "duration_s", "exit_status", "versions", "options"):
        assert report["run"][key] == whole["run"][key]
    assert given.problems(report) == []
    assert read_report(Path("whole")).records() == read_report(demo_report).records()


def test_each_shard_and_the_whole_are_told_in_a_line(halves, demo_report, capsys):
    merged("one", "two")

    one, two, whole = capsys.readouterr().out.splitlines()
    report = read_report(demo_report).report
    calls, tests = report["totals"]["calls"]["total"], report["verdict"]["tests"]
    assert one.startswith(f"one: {tests - tests // 2} tests, ")
    assert two.startswith(f"two: {tests // 2} tests, ")
    told = rf"whole: {tests} tests, {calls} calls, \$0\.00\d\d and 1 call without a price"
    assert re.match(told, whole)
    assert whole.endswith(", passed; of 2 shards")


def test_the_gate_decides_the_whole_as_it_decides_the_shards_together(halves, tmp_path):
    held = policy(tmp_path, POLICY)

    report = merged("one", "two")

    shards = decide([read_report(path).report for path in halves], held, several=True)
    found = decide([report], held)
    assert [in_any_order(one) for one in found.rulings] == [
        in_any_order(one) for one in shards.rulings
    ]
    assert found.exit_code == shards.exit_code == 11


def in_any_order(ruling: Ruling) -> Ruling:
    """Tests of shards stand in the order of the shards."""
    return replace(ruling, tests=tuple(sorted(ruling.tests)))


def test_the_merged_report_is_compared_and_gated_with_a_baseline_as_the_run_is(
    halves, demo_report, tmp_path, capsys
):
    policy(tmp_path, POLICY)
    merged("one", "two")
    bless = ["baseline", "bless", "--reason", "the demo", "--file"]
    assert main([*bless, "of-run.yaml", str(demo_report)]) == 0
    assert main([*bless, "of-whole.yaml", "whole"]) == 0
    capsys.readouterr()

    assert main(["compare", str(demo_report), "whole"]) == 0
    assert main(["compare", "of-run.yaml", "whole"]) == 0
    gated = [main(["gate", one, "--policy", "gate.toml", "--baseline", "of-run.yaml"])
             for one in ("whole", str(demo_report))]  # fmt: skip
    assert gated == [11, 11]
    tests = [Path(name).read_text().partition("tests:")[2] for name in
             ("of-run.yaml", "of-whole.yaml")]  # fmt: skip
    assert tests[0] == tests[1]


def test_one_half_is_a_lost_half_to_a_baseline(halves, demo_report, capsys):
    merged("one")

    assert main(["compare", str(demo_report), "whole"]) == 1
    lost = read_report(demo_report).report["verdict"]["tests"] // 2
    assert f" {lost} " in capsys.readouterr().out


def broken(name: str, path: Path) -> None:
    report, calls = path / "report.json", path / "calls.jsonl"
    if name == "newer schema":
        report.write_text(report.read_text().replace('"1.0"', '"2.0"', 1))
    elif name == "without calls":
        calls.unlink()
    elif name == "calls cut off":
        calls.write_bytes(calls.read_bytes()[:-200])
    elif name == "report cut off":
        report.write_bytes(report.read_bytes()[:-200])
    elif name == "killed":
        report.unlink()
    else:
        report.write_text('{"schema_version": "1.0", "tests": [], "run": {}}')


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("newer schema", "two/report.json has schema 2.0, and this version reads 1.x"),
        ("without calls", "two/calls.jsonl cannot be read: No such file or directory; a merge "),
        ("calls cut off", "two/calls.jsonl:"),
        ("report cut off", "two/report.json is not JSON, or was cut off"),
        ("killed", "two has a calls.jsonl and no report.json: its run was killed"),
        ("odd", "two/report.json is not as its schema has it: KeyError"),
    ],
)
def test_a_shard_that_cannot_be_read_ends_with_2_and_nothing_is_written(halves, capsys, name, told):
    broken(name, Path("two"))

    assert main(["merge", "one", "two", "--into", "whole"]) == 2

    written = capsys.readouterr()
    assert written.err.startswith(f"litmus merge: error: {told}")
    assert written.out == ""
    assert sorted(path.name for path in Path().iterdir()) == ["one", "two"]


def test_a_folder_that_holds_something_is_not_overwritten(halves, capsys):
    before = Path("one/report.json").read_bytes()

    assert main(["merge", "one", "two", "--into", "one"]) == 2
    assert "one is there already" in capsys.readouterr().err
    assert Path("one/report.json").read_bytes() == before


def test_a_job_that_was_tried_again_is_refused_and_taken_with_last(stored, capsys):
    failed = given.record(outcome="failed", calls=(given.call("c1"),))
    passed = given.record(calls=(given.call("c2"),))
    first = stored("first", failed, id="a", git=GIT, exit_status=1)
    again = stored("again", passed, id="b", git=GIT, started_at=given.NOON.replace(hour=13))
    whole = first.parent / "whole"
    words = ["merge", str(first), str(again), "--into", str(whole)]

    assert main(words) == 2
    assert "share 1 test, such as tests/test_refund.py::test_answer" in capsys.readouterr().err
    assert main([*words, "--last"]) == 0
    assert capsys.readouterr().out == (
        f"{again}: 1 test, 1 call, $0.00065, 20.00 s, passed\n"
        f"{first}: left out, all of its tests ran again in a later one\n"
        f"{whole}: 1 test, 1 call, $0.00065, 20.00 s, passed; of 1 shard\n"
    )


def test_versions_that_are_not_the_same_are_told(stored, capsys):
    one = stored("one", given.record("a.py::a"), id="a", git=GIT, versions={"python": "3.11"})
    two = stored("two", given.record("b.py::b", calls=()), id="b", git=GIT,
                 versions={"python": "\x1b[2J"})  # fmt: skip

    assert main(["merge", str(one), str(two), "--into", str(one.parent / "whole")]) == 0
    told = f"not the same in all: python 3.11 ({one}), \\x1b[2J ({two})\n"
    assert told in capsys.readouterr().out


def test_a_hundred_thousand_calls_are_merged(large_report, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    whole = read_report(large_report)
    report = whole.report
    for name, kept in (("one", slice(0, 500)), ("two", slice(500, 1000))):
        split(whole.path.parent, Path(name), report, kept)

    assert main(["merge", "one", "two", "--into", "whole", "--several"]) == 0

    again = json.loads(Path("whole/report.json").read_text())
    assert again["totals"] == report["totals"]
    assert again["tests"] == report["tests"]


def split(folder: Path, into: Path, report, kept: slice) -> None:
    """A part of a large report, by places of its tests: each has 100 calls, in their order."""
    lines = (folder / "calls.jsonl").read_text().splitlines()[1:-1]
    own = lines[kept.start * 100 : kept.stop * 100]
    into.mkdir()
    part = {**report, "run": {**report["run"], "id": into.name}, "tests": report["tests"][kept]}
    (into / "report.json").write_text(json.dumps(part))
    ends = [
        json.dumps({"kind": kind, "run_id": into.name, "calls": len(own)})
        for kind in ("header", "end")
    ]
    (into / "calls.jsonl").write_text("\n".join([ends[0], *own, ends[1]]) + "\n")
