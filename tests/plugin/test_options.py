"""Options and ini values: what is misspelt, misused or taken is named with the right word."""

from __future__ import annotations

import pytest

OPTIONS = (
    "--llm-record, --llm-record-of, --llm-live, --llm-replay-real-time, --llm-max-cost, "
    "--llm-suite, --llm-target, --llm-concurrency, --llm-runs, --llm-seed, "
    "--llm-baseline, --llm-ab, "
    "--llm-gate, --llm-report, --llm-report-dir, --llm-report-content"
)


def refused(project, *words: str) -> str:
    """What a run that ends before any test says."""
    project.test("def test_it(): raise SystemExit('a test ran')")
    result = project.run(*words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (told,) = [line for line in result.stderr.lines if line.startswith("ERROR: ")]
    return told.removeprefix("ERROR: ")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("--llm-recrod=once", "unknown option --llm-recrod: did you mean --llm-record?"),
        ("--llm-content=all", "unknown option --llm-content: did you mean --llm-report-content?"),
        ("--llm-max-cost-usd=1", "unknown option --llm-max-cost-usd: did you mean --llm-max-cost?"),
        ("--llm-zzz", f"unknown option --llm-zzz: known are {OPTIONS}"),
    ],
)
def test_an_option_that_nobody_knows_is_named_with_the_right_word(project, word, told):
    assert refused(project, word) == told


def test_addopts_are_looked_through_as_well(project):
    project.ini("addopts = --llm-recrod=once")

    assert refused(project) == "unknown option --llm-recrod: did you mean --llm-record?"


def test_an_option_of_a_conftest_file_may_begin_as_ours_do(project):
    project.conftest("def pytest_addoption(parser): parser.addoption('--llm-recroder')")
    project.test("def test_it(pytestconfig): assert pytestconfig.getoption('llm_recroder') == 'x'")

    project.run("--llm-recroder=x").assert_outcomes(passed=1)


def test_without_the_plugin_pytest_speaks_for_itself(project):
    project.pytester.makeini("[pytest]")
    project.test("def test_it(): pass")

    project.run("-p", "no:litmus").assert_outcomes(passed=1)
    result = project.run("-p", "no:litmus", "--llm-record=once")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*unrecognized arguments: --llm-record=once"])


def test_a_mode_that_is_none_is_refused_with_those_there_are(project):
    project.test("def test_it(): pass")

    result = project.run("--llm-record=onec")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--llm-record: invalid choice: 'onec' (choose from *once*"])


def test_live_and_recording_exclude_each_other(project):
    assert refused(project, "--llm-live", "--llm-record=all") == (
        "--llm-live leaves cassettes alone, --llm-record=all writes them: give one of the two"
    )


@pytest.mark.parametrize("amount", ["five", "-1", "nan"])
def test_a_session_budget_that_is_no_amount_is_refused(project, amount):
    said = f"--llm-max-cost {amount!r} is no amount in US dollars of 0 or more"

    assert refused(project, f"--llm-max-cost={amount}") == said


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("llm_max_cots_usd = 1", "unknown llm_max_cots_usd: did you mean llm_max_cost_usd?"),
        ("llm_max_cost = 1", "unknown llm_max_cost: did you mean llm_max_cost_usd?"),
        ("llm_pricess = p.yaml", "unknown llm_pricess: did you mean llm_prices?"),
        ("llm_max_calls = -1", "llm_max_calls='-1' is no number of 0 or more"),
        ("llm_max_cost_usd = cheap", "llm_max_cost_usd='cheap' is no number of 0 or more"),
        ("llm_max_age_days = old", "llm_max_age_days = 'old' is no number of 0 or more"),
        (
            "llm_assumed_output_tokens = -4",
            "llm_assumed_output_tokens = '-4' is no number of 0 or more",
        ),
        ("llm_stale = ignore", "llm_stale = 'ignore': type `fail` or `warn`"),
    ],
)
def test_a_misused_ini_value_is_refused_with_its_file(project, line, told):
    project.ini(line)

    assert refused(project) == f"{project.path / 'tox.ini'}: {told}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\nllm_modell = m"),
        ("setup.cfg", "[tool:pytest]\nllm_modell = m"),
        ("pyproject.toml", '[tool.pytest.ini_options]\nllm_modell = "m"'),
    ],
)
def test_every_kind_of_ini_file_is_looked_through(project, name, text):
    (project.path / "tox.ini").unlink()
    (project.path / name).write_text(text)

    told = refused(project)

    assert told == f"{project.path / name}: unknown llm_modell: did you mean llm_model?"


def test_what_other_sections_say_is_not_ours(project):
    (project.path / "tox.ini").unlink()
    text = '[tool.other]\nllm_modell = "m"\n[tool.pytest.ini_options]\nllm_model = "m"'
    (project.path / "pyproject.toml").write_text(text)
    project.test("def test_it(): pass")

    project.run().assert_outcomes(passed=1)


def test_a_misspelt_override_is_refused(project):
    said = f"{project.path / 'tox.ini'}: unknown llm_modell: did you mean llm_model?"

    assert refused(project, "-o", "llm_modell=x") == said


def test_an_ini_value_of_another_plugin_may_begin_as_ours_do(project):
    project.ini("llm_recorder_dir = x")
    project.conftest("def pytest_addoption(parser): parser.addini('llm_recorder_dir', 'theirs')")
    project.test("def test_it(): pass")

    project.run().assert_outcomes(passed=1)


def test_a_price_file_that_cannot_be_read_ends_the_run_before_the_first_test(project):
    project.ini("llm_prices = none.yaml")

    told = refused(project)

    assert told.startswith(f"{project.path / 'tox.ini'}: llm_prices = none.yaml: ")


def test_a_report_folder_that_cannot_be_made_ends_the_run_before_the_first_test(project):
    (project.path / "taken").write_text("a file")

    told = refused(project, "--llm-report", "--llm-report-dir=taken")

    assert told.startswith("--llm-report-dir cannot be used: ")


RIVAL = """
def pytest_addoption(parser):
    parser.getgroup("rival").addoption("{option}", dest="theirs")
"""


def test_a_plugin_that_claims_one_of_our_options_is_named_with_the_way_on(project, monkeypatch):
    given_installed(project, "pytest_llm_report", RIVAL.format(option="--llm-report"), monkeypatch)
    project.test("def test_it(): pass")

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: --llm-report is an option of pytest-llm-report and of pytest-litmus: load one*",
            "  this one  pytest -p no:llm_report",
            "  that one  pytest -p no:litmus",
            "  always    addopts = -p no:... in the ini file",
        ]
    )
    project.run("-p", "no:llm_report").assert_outcomes(passed=1)


def given_installed(project, module: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project.pytester.makepyfile(**{module: source})
    monkeypatch.syspath_prepend(project.path)


def test_a_conftest_file_that_claims_one_of_our_options_is_named_with_the_way_on(project):
    project.conftest("def pytest_addoption(parser): parser.addoption('--llm-live')")
    place = project.path / "conftest.py"

    assert refused(project) == (
        f"--llm-live is an option of {place} and of pytest-litmus: give that one another name"
    )
    project.pytester.makeini("[pytest]")
    project.test("def test_it(): pass")
    project.run("-p", "no:litmus").assert_outcomes(passed=1)


def test_a_conftest_file_that_breaks_by_itself_breaks_as_before(project):
    project.conftest("def pytest_addoption(parser): raise ValueError('--llm-zzz is mine')")
    project.test("def test_it(): pass")

    result = project.run_apart()

    assert result.ret != pytest.ExitCode.OK
    result.stderr.fnmatch_lines(["*--llm-zzz is mine*"])


def test_a_plugin_that_came_first_is_found_by_what_it_says(project, monkeypatch):
    given_installed(project, "pytest_rival", RIVAL.format(option="--llm-live"), monkeypatch)
    project.test("def test_it(): pass")

    result = project.run("-p", "pytest_rival")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: --llm-live is an option of * and of pytest-litmus: load one of the two",
            "  this one  pytest -p no:*",
        ]
    )


def test_an_unregistered_run_is_told_of(project):
    project.test("def test_it(llm): pass")

    result = project.run("-p", "no:litmus-run")

    told = "*pytest-litmus does nothing without its plugin litmus-run: -p no:litmus-run took it*"
    result.stderr.fnmatch_lines([told])


def test_help_tells_of_every_option_and_ini_value(project):
    result = project.run("--help")

    for option in OPTIONS.split(", "):
        result.stdout.fnmatch_lines([f"*{option}*"])
    result.stdout.fnmatch_lines(["*llm_max_cost_usd*", "*llm_prices*", "*llm_base_url*"])
