from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

from pytest_litmus.cli import main


@pytest.mark.parametrize("name", ["report", "call"])
def test_schema_prints_the_schema_of_a_file_that_we_write(name, capsys):
    code = main(["schema", name])

    schema = json.loads(capsys.readouterr().out)
    assert code == 0
    assert schema["title"] == f"pytest-litmus {name}"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["shcema", "report"], "litmus: error: unknown command 'shcema'; did you mean 'schema'?"),
        (["qqq"], "litmus: error: unknown command 'qqq'; there is: schema"),
        (
            ["schema", "reprot"],
            "litmus schema: error: argument NAME: unknown schema 'reprot'; did you mean 'report'?",
        ),
        (["schema"], "litmus schema: error: the following arguments are required: NAME"),
        (["schema", "report", "--nope"], "litmus: error: unrecognized arguments: --nope"),
    ],
)
def test_words_that_it_does_not_know_end_with_2_and_the_nearest_right_word(
    words, complaint, capsys
):
    code = main(words)

    written = capsys.readouterr()
    assert code == 2
    assert written.out == ""
    assert written.err.splitlines()[-1] == complaint


def test_help_names_the_commands(capsys):
    code = main(["--help"])

    assert code == 0
    assert "print the JSON Schema of a file that pytest-litmus writes" in capsys.readouterr().out


def test_without_a_command_it_explains_itself_and_ends_with_2(capsys):
    code = main([])

    written = capsys.readouterr()
    assert (code, written.out) == (2, "")
    assert written.err.startswith("usage: litmus")


def test_version_names_the_installed_version(capsys):
    code = main(["--version"])

    assert code == 0
    assert capsys.readouterr().out == f"litmus {version('pytest-litmus')}\n"


def test_the_command_starts_without_pytest_and_other_heavy_imports():
    program = (
        "import sys; from pytest_litmus.cli import main; main(['schema', 'report'])\n"
        "heavy = {'pytest', '_pytest', 'yaml', 'vcr', 'httpx', 'jsonschema', 'genai_prices'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
