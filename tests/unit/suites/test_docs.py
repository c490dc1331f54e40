"""The examples of `docs/suites.md` are suites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_litmus.suites.attacks import pytest_llm_attacks
from pytest_litmus.suites.reading import Reader

PAGE = (Path(__file__).parents[3] / "docs/suites.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
CASE = "target: app:answer\njudge: app:judge\nstate: app:state\ncases:\n- id: a\n  prompt: x\n"


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_is_read_without_a_mistake(block, tmp_path):
    text = block if block.startswith("#") else CASE + re.sub("^", "  ", block, flags=re.MULTILINE)
    path = tmp_path / "s.llm.yaml"
    path.write_text(text)
    reader = Reader({one.name: one.family for one in pytest_llm_attacks()})

    suite = reader.read(path, shown="s", root=tmp_path)

    assert all(case.expect for case in suite.cases)
    assert suite.warnings == ()


def test_the_page_names_every_key_of_a_case():
    from pytest_litmus.suites.schema import shipped

    keys = set(shipped()["definitions"]["case"]["properties"])
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
