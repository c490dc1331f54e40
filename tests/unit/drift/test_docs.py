from __future__ import annotations

import re
import shlex
from pathlib import Path

from pytest_litmus import cli
from tests.unit.drift.given import plain, written

DOC = Path(__file__).parents[3] / "docs" / "drift.md"


def test_the_example_prints_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "baseline.jsonl", plain(900))
    written(tmp_path / "production.jsonl", plain(900, seed=2, model="gpt-4o-2024-11-20"))
    (example,) = re.findall(r"```console\n\$ litmus (.*)\n([^`]*)```", DOC.read_text())

    assert cli.main(shlex.split(example[0])) == 1
    assert capsys.readouterr().out == example[1]


def test_the_page_names_all_features():
    from pytest_litmus.drift.comparing import features

    told = DOC.read_text()
    families = ("missing", "outliers of")
    names = [name for name in features() if not name.startswith(families)]

    assert [name for name in names if f"`{name}`" not in told] == []
