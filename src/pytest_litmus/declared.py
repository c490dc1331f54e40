"""Declared: the options and ini values, as pytest is told of them, and who else claims one."""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--llm-record": {
        "choices": ("none", "once", "new_episodes", "all"),
        "default": "none",
        "help": "record model calls to cassettes: none (default: replay only), once (what has no "
        "cassette), new_episodes (what is missing), all (everything anew)",
    },
    "--llm-record-of": {
        "choices": ("subject", "judge", "attacker"),
        "help": "with --llm-record=all: record anew only the calls of the program (subject), of "
        "its judge or its attacker; of the others, what is missing",
    },
    "--llm-live": {
        "action": "store_true",
        "help": "leave cassettes alone: every call goes to the model",
    },
    "--llm-replay-real-time": {
        "action": "store_true",
        "help": "replay as slowly as the model answered, instead of at once",
    },
    "--llm-max-cost": {
        "metavar": "USD",
        "help": "budget of the session, judges included: a live call that could break it is "
        "refused before it is made",
    },
    "--llm-suite": {
        "metavar": "NAME,...",
        "help": "run suites that ship with pytest-litmus against --llm-target: injection, privacy, "
        "...; `litmus suites` lists them",
    },
    "--llm-target": {
        "metavar": "MODULE:FUNCTION",
        "help": "what suites attack, instead of what they name (beside --llm-suite: what those "
        "suites attack): module:function, a fixture, or the "
        "URL of an OpenAI-compatible endpoint (its model is the ini value llm_model)",
    },
    "--llm-concurrency": {
        "metavar": "N",
        "type": int,
        "default": 8,
        "help": "how many items of a suite are asked at a time, in live and recording runs; "
        "default 8",
    },
    "--llm-runs": {
        "metavar": "N",
        "type": int,
        "help": "run each test that uses `llm` up to N times, until its pass rate is decided "
        "(min_pass_rate= of its mark; 1 without); wins over runs= of marks",
    },
    "--llm-seed": {
        "metavar": "TEXT",
        "help": "what the canaries of suites are made from; without it, each run has fresh ones",
    },
    "--llm-baseline": {
        "metavar": "FILE",
        "help": "compare this run with the baseline in the file; default: that of the ini value "
        "llm_baseline, where it lists tests",
    },
    "--llm-ab": {
        "metavar": "TARGET_B",
        "help": "run suites against a second target too, one of theirs by name or as --llm-target "
        "takes them, and compare the two case by case",
    },
    "--llm-gate": {
        "metavar": "FILE",
        "help": "decide the run by a policy (gate.toml, or [tool.litmus.gate] of a "
        "pyproject.toml), which sets the exit status; needs no --llm-report",
    },
    "--llm-report": {
        "action": "store_true",
        "help": "write report.json and calls.jsonl of this run",
    },
    "--llm-report-dir": {
        "metavar": "DIR",
        "default": "llm-report",
        "help": "default: llm-report",
    },
    "--llm-report-content": {
        "choices": ("none", "failed", "all"),
        "default": "failed",
        "help": "whose prompts and answers the report holds (secrets redacted): none, failed "
        "tests (default), all",
    },
}

BUDGETS = {
    "max_cost_usd": "US dollars that a test's model calls may cost, recorded ones included",
    "max_latency_s": "seconds that models may work in a test",
    "max_time_to_first_chunk_s": "seconds to the first content of a test's slowest stream",
    "max_tokens": "input and output tokens that a test may use",
    "max_calls": "model calls that a test may make",
    "max_judge_cost_usd": "US dollars that a test's judges may cost, recorded calls included",
}

SEVERITIES = ("low", "medium", "high", "critical")
"""How bad a failure would be: `severity=` of the mark, and of cases in suites."""

INI = {
    **{f"llm_{name}": f"for every test that uses `llm`: {told}" for name, told in BUDGETS.items()},
    "llm_prices": "price file (YAML), relative to the ini file, which wins over the public list",
    "llm_stale": "what a recorded call that a test no longer makes is: `fail` (default) or `warn`",
    "llm_max_age_days": "days after which a recording is too old, and its test fails",
    "llm_base_url": "OpenAI-compatible endpoint of `llm.ask`, such as http://127.0.0.1:8080/v1",
    "llm_model": "model of `llm.ask`",
    "llm_api_key_env": "environment variable with the key of `llm.ask`; default OPENAI_API_KEY",
    "llm_assumed_output_tokens": "output tokens that --llm-max-cost counts with where a call "
    "sets no maximum; default 4096",
    "llm_baseline": "file with the known breaches and the tests to compare with, relative to the "
    "ini file; default llm-baseline.yaml",
    "llm_record_hosts": "hosts whose other traffic is recorded too, such as a vector store's",
}

FIXTURE = "llm_recorder"
"""The fixture that captures: a mark asks for it, and so does `llm`."""

# Plugins that claim one of our options, by the name that `-p no:` takes: module, distribution,
# option. A plugin that is loaded after ours fails inside pytest, where nobody can explain it.
_RIVALS = {"llm_report": ("pytest_llm_report", "pytest-llm-report", "--llm-report")}


def declare(parser: pytest.Parser, plugins: pytest.PytestPluginManager) -> None:
    """Tell pytest of our options and ini values.

    Raises:
        pytest.UsageError: Another plugin has one of the options; says which, and how to go on.
    """
    _refuse_rivals(plugins)
    group = parser.getgroup("llm", "LLM behaviour (pytest-litmus)")
    for option, attributes in OPTIONS.items():
        try:
            group.addoption(option, **attributes)
        except (ValueError, argparse.ArgumentError) as error:
            raise _taken(option, *_claimant(option, plugins)) from error
    for name, told in INI.items():
        if name == "llm_record_hosts":
            parser.addini(name, told, type="args")
        else:
            parser.addini(name, told)


def _refuse_rivals(plugins: pytest.PytestPluginManager) -> None:
    for name, (module, distribution, option) in _RIVALS.items():
        if plugins.has_plugin(name) or (_will_load(module) and not plugins.is_blocked(name)):
            raise _taken(option, distribution, name)


def _will_load(module: str) -> bool:
    """Whether pytest loads a plugin that is installed."""
    off = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    if off or "--disable-plugin-autoload" in sys.argv:
        return False
    return importlib.util.find_spec(module) is not None


def _claimant(option: str, plugins: pytest.PytestPluginManager) -> tuple[str, str]:
    """The distribution, and the name for `-p no:`, of the loaded plugin that spells the option."""
    for plugin, distribution in plugins.list_plugin_distinfo():
        if inspect.ismodule(plugin) and plugin.__name__ != "pytest_litmus.plugin":
            try:
                source = inspect.getsource(plugin)
            except (OSError, TypeError):
                continue
            if f'"{option}"' in source or f"'{option}'" in source:
                return distribution.project_name, str(plugins.get_name(plugin))
    return "another plugin", "NAME"


def refuse_conftest(error: Exception) -> None:
    """Name the conftest file that claims one of our options, if that is what the error says.

    Raises:
        pytest.UsageError: It is; says which option, and how to go on.
    """
    option = next((word for word in _words(error) if word in OPTIONS), None)
    if option is None:
        return
    places = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__))
    where = [place for place in places if Path(place).name == "conftest.py"] or ["a conftest.py"]
    raise pytest.UsageError(
        f"{option} is an option of {where[-1]} and of pytest-litmus: give that one another name\n"
        f"  or load only that one: pytest -p no:litmus"
    ) from error


def _words(error: Exception) -> list[str]:
    return re.findall(r"--[\w-]+", str(error))


def _taken(option: str, distribution: str, name: str) -> pytest.UsageError:
    return pytest.UsageError(
        f"{option} is an option of {distribution} and of pytest-litmus: load one of the two\n"
        f"  this one  pytest -p no:{name}\n"
        f"  that one  pytest -p no:litmus\n"
        "  always    addopts = -p no:... in the ini file"
    )
