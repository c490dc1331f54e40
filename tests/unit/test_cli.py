from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

from pytest_litmus.cli import _COMMANDS, main

COMMANDS = ", ".join(sorted(_COMMANDS))


@pytest.mark.parametrize("name", ["report", "call", "suite", "rules"])
def test_schema_prints_the_schema_of_a_file_that_we_write(name, capsys):
    code = main(["schema", name])

    schema = json.loads(capsys.readouterr().out)
    assert code == 0
    assert schema["title"] == f"pytest-litmus {name}"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["shcema", "report"], "litmus: error: unknown command 'shcema'; did you mean 'schema'?"),
        (["qqq"], f"litmus: error: unknown command 'qqq'; there is: {COMMANDS}"),
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
    told = capsys.readouterr().out
    assert all(f"\n    {name} " in told for name in _COMMANDS)


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


def _lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_judge_calibrate_compares_a_judges_values_with_peoples_labels(tmp_path, capsys):
    labels = [{"id": n, "label": "yes" if n < 6 else "no"} for n in range(10)]
    values = [0.9, 0.9, 0.8, 0.7, 0.7, 0.4, 0.3, 0.2, 0.1, None]
    judged = [{"id": n, "value": value} for n, value in enumerate(values)]

    code = main(
        [
            "judge",
            "calibrate",
            _lines(tmp_path / "labels.jsonl", labels),
            "--judged",
            _lines(tmp_path / "judged.jsonl", judged),
        ]
    )

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "items      9: people say yes to 6, no to 3; 1 more that the judge could not decide",
        "accuracy   0.89, 95% interval 0.57 to 0.98 (Wilson; 8 of 9)",
        "TPR        0.83, 95% interval 0.44 to 0.97 (Wilson; 5 of 6)",
        "TNR        1.00, 95% interval 0.44 to 1.00 (Wilson; 3 of 3)",
        "kappa      0.77 (Cohen's; 0 is chance, 1 full agreement)",
        "              judge yes  judge no",
        "people yes            5         1",
        "people no             0         3",
        "threshold  0.5; 0.4 balances better: TPR 1.00, TNR 1.00 on these labels",
        "too few    6 labels 'yes' leave TPR open between 0.44 and 0.97: label about 100",
        "too few    3 labels 'no' leave TNR open between 0.44 and 1.00: label about 100",
    ]


def test_judge_calibrate_tells_how_far_several_judges_agree(tmp_path, capsys):
    labels = _lines(tmp_path / "labels.jsonl", [{"id": n, "label": n % 2} for n in range(4)])
    rows = [{"id": n, "judge": who, "value": n % 2} for n in range(4) for who in "ab"]

    code = main(["judge", "calibrate", labels, "--judged", _lines(tmp_path / "j.jsonl", rows)])

    assert code == 0
    assert "alpha      1.00 (Krippendorff's, between the judges)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["{"], ":1: a line is JSON such as"),
        ([{"id": 1}], ":1: a line is JSON such as"),
        ([{"id": 1, "label": "perhaps"}], ": the label 'perhaps' is none of yes, no"),
        ([{"id": 1, "label": 1, "value": 7}], ": the value 7 is no number from 0 to 1"),
        ([{"id": 1, "label": 1, "value": None}], ": no value for any id of the 1 in"),
    ],
)
def test_judge_calibrate_says_which_line_it_cannot_read(rows, complaint, tmp_path, capsys):
    labels = _lines(tmp_path / "labels.jsonl", rows)

    code = main(["judge", "calibrate", labels])

    written = capsys.readouterr()
    assert (code, written.out) == (2, "")
    assert written.err.startswith("litmus judge calibrate: error: ")
    assert complaint in written.err


def test_judge_without_an_action_explains_itself_and_ends_with_2(capsys):
    assert main(["judge"]) == 2
    assert capsys.readouterr().err.startswith("usage: litmus judge")
