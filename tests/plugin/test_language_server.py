"""The suite's schema in an editor: diagnostics and completion of the real yaml-language-server.

It is not installed here: `npm install yaml-language-server`, and YAML_LANGUAGE_SERVER names the
folder `node_modules` that it then lies in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pytest_litmus.suites.schema import shipped

SERVER = Path(
    os.environ.get("YAML_LANGUAGE_SERVER", "node_modules"),
    "yaml-language-server/bin/yaml-language-server",
)
HEAD = "# yaml-language-server: $schema=suite.schema.json\ntarget: app:answer\ncases:\n"
HERE = "<here>"

pytestmark = pytest.mark.skipif(
    not (SERVER.is_file() and shutil.which("node")),
    reason="YAML_LANGUAGE_SERVER names no node_modules with yaml-language-server, or no node",
)


class Editor:
    """Speaks the Language Server Protocol with the server, one suite at a time."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder, self._process = folder, process
        self._asked = self._opened = 0
        self._request(
            "initialize",
            {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": _CAPABILITIES},
        )
        self._send("initialized", {})

    def told(self, text: str) -> list[tuple[int, str]]:
        """What is wrong with a suite: the line, counted from 1, and the message."""
        uri = self._open(text)
        while True:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics":
                given = message["params"]
                if given["uri"] == uri:
                    found = given["diagnostics"]
                    return [(one["range"]["start"]["line"] + 1, one["message"]) for one in found]

    def offered(self, text: str) -> dict[str, str]:
        """What completes a suite at HERE, each with its documentation."""
        before = text.partition(HERE)[0]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        where = {
            "textDocument": {"uri": self._open(text.replace(HERE, ""))},
            "position": {"line": line, "character": column},
        }
        found = self._request("textDocument/completion", where)
        return {one["label"]: _text(one.get("documentation", "")) for one in found["items"]}

    def _open(self, text: str) -> str:
        self._opened += 1
        uri = (self.folder / f"s{self._opened}.llm.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        return uri

    def _request(self, method: str, params: Any) -> Any:
        self._asked += 1
        self._send(method, params, id=self._asked)
        while True:
            message = self._read()
            if message.get("id") == self._asked and "method" not in message:
                return message["result"]

    def _send(self, method: str, params: Any, **more: Any) -> None:
        self._write({"method": method, "params": params, **more})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; what the server asks of an editor is answered with its defaults."""
        assert self._process.stdout
        headers = b"".join(iter(self._process.stdout.readline, b"\r\n"))
        assert headers, "the server has ended"
        length = int(headers.lower().partition(b"content-length:")[2].split()[0])
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if message.get("method") == "workspace/configuration":
            result = [_SETTINGS.get(one.get("section")) for one in message["params"]["items"]]
            self._write({"id": message["id"], "result": result})
        elif "method" in message and "id" in message:
            self._write({"id": message["id"], "result": None})
        return message


_CAPABILITIES = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["plaintext", "markdown"]}}
    },
}
_SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "completion": True}}


def _text(documentation: Any) -> str:
    return documentation["value"] if isinstance(documentation, dict) else documentation


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suites")
    (folder / "suite.schema.json").write_text(json.dumps(shipped()), encoding="utf-8")
    command = [shutil.which("node") or "node", str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Editor(folder, process)
        finally:
            process.kill()


def test_a_right_suite_has_no_mistake(editor):
    assert (
        editor.told(HEAD + "  - {id: a, prompt: hi, attacks: [base64], expect: [refuses]}\n") == []
    )


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ("  - id: a\n    promt: hi\n    prompt: hi\n", 5, "promt"),
        ("  - id: a\n    prompt: hi\n    attacks: [bas64]\n", 6, "base64"),
        ("  - id: a\n    prompt: hi\n    expect: [refuse]\n", 6, "refuses"),
        ("  - id: a\n    prompt: hi\n    expect:\n      - refuse: {at_least: 1}\n", 7, "refuse"),
        ("  - id: a\n    prompt: hi\n    expect:\n      - refuses: {at_leas: 1}\n", 7, "at_leas"),
        ("  - id: a\n    prompt: hi\n    runs: often\n", 6, "integer"),
        ("  - id: a\n    prompt: hi\n    severity: huge\n", 6, "critical"),
    ],
)
def test_a_mistake_is_told_where_it_stands_and_what_would_be_right(editor, lines, line, said):
    told = editor.told(HEAD + lines)

    assert {number for number, _ in told} == {line}, told
    assert any(said in message for _, message in told), told


@pytest.mark.parametrize(
    ("lines", "expected", "documented"),
    [
        ("  - id: a\n    <here>\n", ["prompt", "attacks", "expect", "severity"], "attacks"),
        ("  - id: a\n    attacks:\n      - <here>\n", ["base64", "rot13", "encoding"], None),
        (
            "  - id: a\n    expect:\n      - <here>\n",
            ["refuses", "leaks_nothing", "not"],
            "refuses",
        ),
        (
            "  - id: a\n    expect:\n      - refuses:\n          <here>\n",
            ["at_least", "is"],
            "at_least",
        ),
        ("  - id: a\n    severity: <here>\n", ["critical", "low"], None),
    ],
)
def test_what_may_stand_there_is_offered(editor, lines, expected, documented):
    offered = editor.offered(HEAD + lines)

    assert set(expected) <= set(offered), sorted(offered)
    if documented is not None:
        assert offered[documented]
