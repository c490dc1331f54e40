"""What docs/feedback.md says is what the commands do."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from pytest_litmus import cli
from pytest_litmus.feedback.joining import IDS
from pytest_litmus.feedback.saying import TOLD
from pytest_litmus.gate.policy import read_policy

PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_says(demo_copy, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    demo_copy.rename("llm-report")
    (ratings,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    Path("ratings.csv").write_text(ratings)
    ((words, printed),) = re.findall(r"```console\n\$ litmus (.*?)\n(.*?)```", PAGE, re.DOTALL)

    assert cli.main(shlex.split(words)) == 0
    assert capsys.readouterr().out == printed


def test_the_page_names_every_column():
    known = {name for names in (*IDS.values(), *TOLD.values()) for name in names}

    assert {name for name in known if f"`{name}`" not in PAGE} == set()


def test_the_rule_of_the_page_is_one(tmp_path):
    (rule,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "gate.toml"
    path.write_text(rule)

    (found,) = read_policy(path).rules

    assert (found.measure, found.of, found.interval) == ("feedback_up_rate", ("helpful",), True)
