from __future__ import annotations

import sys

import pytest

HEAVY = {
    "aiohttp", "asyncio", "difflib", "filelock", "genai_prices", "http.client", "httpx", "httpx2",
    "jsonschema", "openai", "opentelemetry", "pydantic", "rapidfuzz", "requests", "sqlite3",
    "tomllib", "urllib.request", "urllib3", "vcr", "wrapt", "yaml",
}  # fmt: skip
OURS = [
    "pytest_litmus",
    "pytest_litmus.declared",
    "pytest_litmus.errors",
    "pytest_litmus.hookspecs",
    "pytest_litmus.misspelt",
    "pytest_litmus.options",
    "pytest_litmus.plugin",
    "pytest_litmus.running",
]
# Only the plugin that is measured: others import heavy things of their own.
LISTING = """
import pathlib, sys, pytest
status = pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]])
pathlib.Path("modules.txt").write_text("\\n".join(sys.modules))
sys.exit(status)
"""


@pytest.fixture
def modules_of(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """What a process has imported at the end of a pytest run with these words."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def listed(*words: str) -> set[str]:
        done = pytester.run(sys.executable, "-c", LISTING, *words)
        assert done.ret == 0
        return set((pytester.path / "modules.txt").read_text(encoding="utf-8").split("\n"))

    return listed


def heavy(modules: set[str]) -> set[str]:
    return HEAVY & modules


@pytest.mark.parametrize("words", [("--co",), ()], ids=["collecting", "running"])
def test_the_plugin_unused_imports_nothing_heavy(pytester: pytest.Pytester, modules_of, words):
    pytester.makepyfile("def test_nothing(): pass")

    without, with_it = modules_of(*words), modules_of("-p", "litmus", *words)

    more = with_it - without
    assert heavy(more) == set()
    assert sorted(name for name in more if name.startswith("pytest_litmus")) == OURS


def test_the_plugin_unused_brings_few_modules_of_the_standard_library(
    pytester: pytest.Pytester, modules_of
):
    pytester.makepyfile("def test_nothing(): pass")

    more = modules_of("-p", "litmus", "--co") - modules_of("--co")

    assert sorted(name for name in more if not name.startswith("pytest_litmus")) == []


def test_collecting_tests_that_use_the_fixture_imports_nothing_heavy(
    pytester: pytest.Pytester, modules_of
):
    pytester.makepyfile("def test_model(llm): pass")

    modules = modules_of("-p", "litmus", "--co") - modules_of("--co", "-p", "no:litmus")

    assert heavy(modules) == set()
    assert "pytest_litmus.recorder" not in modules


def test_a_test_without_a_call_needs_no_prices(pytester: pytest.Pytester, modules_of):
    pytester.makeini("[pytest]\nllm_max_cost_usd = 1")
    pytester.makepyfile("def test_model(llm): assert llm.cost_usd == 0")

    modules = modules_of("-p", "litmus")

    assert "pytest_litmus.recorder" in modules
    assert "genai_prices" not in modules


def test_a_live_run_imports_no_http_library_and_no_vcrpy(pytester: pytest.Pytester, modules_of):
    pytester.makepyfile("def test_model(llm): assert not llm.calls")

    modules = modules_of("-p", "litmus", "--llm-live")

    assert "pytest_litmus.capture.patching" in modules
    assert {"httpx", "httpx2", "aiohttp", "urllib3", "requests", "vcr"} & modules == set()


def test_without_the_plugin_nothing_of_it_is_there(pytester: pytest.Pytester, modules_of):
    pytester.makepyfile("def test_nothing(): pass")

    assert [name for name in modules_of("--co") if name.startswith("pytest_litmus")] == []
