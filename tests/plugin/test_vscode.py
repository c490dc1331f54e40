"""Suites in VS Code: its own pytest adapter discovers and runs them.

The adapter is the folder `python_files` of https://github.com/microsoft/vscode-python, which also
lies in the installed extension. It is not copied here: VSCODE_PYTHON_FILES names it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.test_suites import APP, SUITE

ADAPTER = Path(os.environ.get("VSCODE_PYTHON_FILES", "/nonexistent"))
BAD = "target: app:answer\ncases:\n  - {id: a, prompt: hi, expect: [refuse]}\n"
TESTS = """
import pytest

@pytest.mark.parametrize("n", [1, 2])
def test_many(n):
    pass

class TestOne:
    def test_inner(self):
        assert False
"""

pytestmark = pytest.mark.skipif(
    not (ADAPTER / "vscode_pytest").is_dir(),
    reason="VSCODE_PYTHON_FILES names no folder with VS Code's pytest adapter in it",
)


@pytest.fixture
def editor(project, monkeypatch):
    """Runs pytest as the extension does; what it is told through the pipe."""
    project.pytester.makepyfile(app=APP)
    folder = project.path / "suites"
    folder.mkdir()
    (folder / "shop.llm.yaml").write_text(
        SUITE + "  - {id: fails, prompt: x, expect: [complies]}\n", encoding="utf-8"
    )
    (folder / "bad.llm.yaml").write_text(BAD, encoding="utf-8")
    project.test(TESTS)
    pipe = project.path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv("TEST_RUN_PIPE", str(pipe))
    monkeypatch.setenv("PYTHONPATH", str(ADAPTER))

    def tell(*args: str) -> list[dict[str, Any]]:
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            project.run_apart("-p", "vscode_pytest", f"--rootdir={project.path}", *args)
            return list(_messages(os.read(reading, 65_536)))
        finally:
            os.close(reading)

    return tell


def _messages(sent: bytes):
    """The parameters of each JSON-RPC message."""
    while sent:
        headers, _, rest = sent.partition(b"\r\n\r\n")
        length = int(headers.partition(b"content-length: ")[2].split()[0])
        yield json.loads(rest[:length])["params"]
        sent = rest[length:]


def _nodes(node: dict[str, Any]):
    """The nodes of a tree, each with its parent's kind."""
    for child in node.get("children", []):
        yield child | {"parent": node["type_"]}
        yield from _nodes(child)


def _results(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: told for one in messages for name, told in (one["result"] or {}).items()}


def test_items_are_found_in_their_file_at_the_line_of_their_case(editor, project):
    (found,) = editor("--collect-only", str(project.path))

    assert found["status"] == "success", found["error"]
    nodes = list(_nodes(found["tests"]))
    suite = str(project.path / "suites" / "shop.llm.yaml")
    items = [one for one in nodes if one["id_"].startswith(f"{suite}::")]
    assert [(one["name"], one["lineno"]) for one in items] == [
        ("ask[plain]", "6"),
        ("ask[base64]", "6"),
        ("hours", "13"),
        ("fails", "18"),
    ]
    assert {(one["type_"], one["parent"], one["path"]) for one in items} == {
        ("test", "file", suite)
    }
    assert {one["name"] for one in nodes if one["type_"] == "file"} == {
        "bad.llm.yaml",
        "shop.llm.yaml",
        "test_it.py",
    }


def test_one_item_is_run_by_the_id_it_was_found_with(editor, project):
    (found,) = editor("--collect-only", str(project.path))
    asked = [one["runID"] for one in _nodes(found["tests"]) if one.get("name") == "ask[base64]"]

    told = _results(editor(*asked))

    assert {name: one["outcome"] for name, one in told.items()} == {asked[0]: "success"}


def test_a_whole_run_reports_each_item_and_why_it_failed(editor, project):
    (found,) = editor("--collect-only", str(project.path))
    known = {one["runID"] for one in _nodes(found["tests"]) if one["type_"] == "test"}

    told = _results(editor(str(project.path)))

    assert set(told) == known
    failed = {Path(name).name: one for name, one in told.items() if one["outcome"] == "failure"}
    assert sorted(failed) == [
        "bad.llm.yaml::mistakes",
        "shop.llm.yaml::fails",
        "test_it.py::TestOne::test_inner",
    ]
    assert "did you mean refuses?" in failed["bad.llm.yaml::mistakes"]["message"]
    assert "complies" in failed["shop.llm.yaml::fails"]["message"]


def test_a_known_breach_is_no_failure(editor, project):
    (project.path / "llm-baseline.yaml").write_text(
        "breaches:\n"
        "  - {id: 'suites/shop.llm.yaml::fails', status: known, reason: ticket 1, owner: ada}\n",
        encoding="utf-8",
    )
    name = f"{project.path}/suites/shop.llm.yaml::fails"

    assert _results(editor(name))[name]["outcome"] == "skipped"
