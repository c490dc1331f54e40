"""What every test here needs: a provider, a user's project, and an environment without keys."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

import pytest

from tests.plugin.project import Project
from tests.sdk.loopback import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run in this process forgets the modules that it was the first to import: these it need not
# import again each time, and errors of the HTTP libraries keep their identity.
for _name in (
    "pytest_litmus.plugin",
    "pytest_litmus.budgets",
    "pytest_litmus.case",
    "pytest_litmus.endpoint",
    "pytest_litmus.naming",
    "pytest_litmus.options",
    "pytest_litmus.recorder",
    "pytest_litmus.capture.patching",
    "pytest_litmus.capture.stacks.aiohttp",
    "pytest_litmus.capture.stacks.http_client",
    "pytest_litmus.capture.stacks.httpx",
    "pytest_litmus.capture.stacks.urllib3",
    "pytest_litmus.report.build",
    "pytest_litmus.report.call_json",
    "pytest_litmus.report.run",
    "pytest_litmus.report.terminal",
    "pytest_litmus.report.writing",
    "pytest_litmus.running",
    "pytest_litmus.suite_items",
    "pytest_litmus.suite_run",
    "pytest_litmus.suites.attacks.adaptive",
    "pytest_litmus.suites.attacks.carriers",
    "pytest_litmus.suites.attacks.conversations",
    "pytest_litmus.suites.attacks.encodings",
    "pytest_litmus.suites.attacks.framings",
    "pytest_litmus.suites.attacks.obfuscations",
    "pytest_litmus.suites.attacks.structures",
    "pytest_litmus.suites.taxonomy",
    "pytest_litmus.suites.writing",
    "aiohttp",
    "filelock",
    "genai_prices",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "jsonschema",
    "openai",
    "rapidfuzz.fuzz",
    "rapidfuzz.process",
    "requests",
    "vcr",
):
    if importlib.util.find_spec(_name.partition(".")[0]):
        importlib.import_module(_name)


@pytest.fixture(autouse=True, scope="session")
def _watching() -> None:
    """A run in this process takes its import hooks along: ours has to be there before it."""
    from pytest_litmus.capture.patching import installation

    installation.ensure()
    installation.remove()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no key of whoever runs the tests, and no colours."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or "KEY" in name or "TOKEN" in name:
            monkeypatch.delenv(name)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An OpenAI-compatible server on the loopback; it answers `You said PROMPT.`"""
    with Provider() as running:
        yield running


@pytest.fixture
def project(pytester: pytest.Pytester, provider: Provider) -> Project:
    """A project with an ini file that leads `llm.ask` to the provider."""
    made = Project(pytester, provider)
    made.ini()
    return made
