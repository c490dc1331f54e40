"""The example of `docs/import.md`."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

from pytest_litmus import cli
from pytest_litmus.importing.cases import LONGEST, SAME
from pytest_litmus.importing.choosing import MOST, WHYS
from pytest_litmus.importing.likeness import AT_LEAST
from pytest_litmus.importing.quarantine import MOST_CASES
from tests.unit.importing.given import complaint, written

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
LOG = [
    complaint(
        "Where is my parcel? My mail is maria.gonzalez@gmx.de",
        id="t-1",
        output="I don't know.",
        comment="useless, write to maria.gonzalez@gmx.de",
        timestamp="2026-11-20T10:00:00Z",
    ),
    complaint("where is my parcel? My mail is p.miller@web.de", output="Ask somebody else."),
    complaint("What does shipping cost?", rating=None, output="", error="timeout"),
    complaint("Do you open on Sunday?", rating="up"),
]


def test_the_example_prints_and_writes_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "thumbs.jsonl", LOG)
    (command, printed) = re.findall(r"```console\n\$ litmus (.*)\n([^`]*)```", PAGE)[0]
    (case,) = re.findall(r"```yaml\n([^`]*`quarantined:`)?(.*?)```", PAGE, re.DOTALL)

    assert cli.main(shlex.split(command)) == 0

    assert capsys.readouterr().out == printed
    today = datetime.now(UTC).date().isoformat()
    suite = (tmp_path / "quarantine.llm.yaml").read_text()
    assert "".join(case).replace("imported 2026-11-24", f"imported {today}") in suite


def test_the_numbers_and_the_words_are_those_in_force():
    assert f"{AT_LEAST} or more" in PAGE
    assert f"at_least: {SAME}" in PAGE
    assert f"Up to {MOST:,} calls" in PAGE
    assert f"{MOST_CASES:,} cases written" in " ".join(PAGE.split())
    assert f"more than {LONGEST:,} characters" in " ".join(PAGE.split())
    assert [why for why in WHYS if f"`{why}`" not in PAGE and f"only {why}`" not in PAGE] == []
