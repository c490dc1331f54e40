"""The examples of `docs/baselines.md`."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_litmus.compare.baseline import read, written
from pytest_litmus.compare.comparing import Bounds, compare
from pytest_litmus.compare.entries import Entry, Side

PAGE = (Path(__file__).parents[3] / "docs/baselines.md").read_text(encoding="utf-8")


def test_the_baseline_is_one_and_looks_as_it_is_written(tmp_path):
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "b.yaml"
    path.write_text(block)

    assert written(read(path)).endswith(block)


def test_the_numbers_are_those_in_force():
    bounds = Bounds()

    assert (bounds.min_score, bounds.min_latency, bounds.min_cost) == (0.05, 0.1, 0.05)
    assert (bounds.confidence, bounds.guarded) == (0.95, ("critical",))


def test_ten_tests_show_no_less_than_it_says():
    ten = Side(
        name="x",
        entries={str(n): Entry(outcome="passed", fingerprint="h", of=1) for n in range(10)},
    )

    (change,) = compare(ten, ten).changes

    assert f"a drop of less than {change.detectable:.2f}" in " ".join(PAGE.split())


def test_the_commands_are_understood(tmp_path, monkeypatch, capsys):
    import shlex

    from pytest_litmus.cli import main

    monkeypatch.chdir(tmp_path)
    commands = [
        shlex.split(line, comments=True)[1:]
        for line in PAGE.splitlines()
        if line.startswith("    litmus ")
    ]
    assert len(commands) == 3
    for words in commands:
        # Understood, and there is no such report.
        assert main(words) == 2
        assert "cannot be read" in capsys.readouterr().err
