"""A project of a user of the plugin: test files, a model provider, and runs of pytest."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.sdk.loopback import Provider

if TYPE_CHECKING:
    import pytest

INI = """
[pytest]
llm_base_url = {url}/v1
llm_model = m
{more}
"""
UNNEEDED = ("cacheprovider", "hypothesispytest", "asyncio", "anyio")
"""Plugins that these projects do not need: without them a run starts faster."""


@dataclass
class Project:
    """A folder with tests that `llm.ask` the provider; see `run`."""

    pytester: pytest.Pytester
    provider: Provider

    @property
    def path(self) -> Path:
        return self.pytester.path

    def ini(self, more: str = "") -> None:
        """Write the ini file: the endpoint, and further lines."""
        self.pytester.makeini(INI.format(url=self.provider.url, more=more))

    def test(self, source: str, name: str = "test_it") -> None:
        """Write a test module; `URL` in it is the provider's address."""
        text = source.replace("URL", repr(self.provider.url))
        self.pytester.makepyfile(**{name: text})

    def conftest(self, source: str) -> None:
        self.pytester.makeconftest(source)

    def run(self, *args: str) -> pytest.RunResult:
        """Run pytest with the plugin in this process."""
        return self.pytester.runpytest_inprocess(*_without(*UNNEEDED, "xdist"), *args)

    def run_apart(self, *args: str) -> pytest.RunResult:
        """Run pytest in a process of its own: for xdist and for runs that are killed."""
        command = (sys.executable, "-m", "pytest", *_without(*UNNEEDED), *args)
        return self.pytester.run(*command, timeout=60)

    def record(self, *args: str, mode: str = "all") -> str:
        """Record in a run that has to pass; the text of the only cassette there is."""
        self.run(f"--llm-record={mode}", *args).assert_outcomes(passed=1)
        return self.cassette.read_text(encoding="utf-8")

    @property
    def cassettes(self) -> list[Path]:
        return sorted(self.path.rglob("*.yaml"))

    @property
    def cassette(self) -> Path:
        """The only cassette there is."""
        (path,) = self.cassettes
        return path

    @property
    def asked(self) -> list[str]:
        """The prompts that reached the model."""
        return [seen.prompt for seen in self.provider.seen]

    @property
    def report(self) -> dict[str, Any]:
        """The report of the run, which its schema, read strictly, accepts."""
        from tests.unit.report.given import problems

        read: dict[str, Any] = json.loads((self.path / "llm-report/report.json").read_text())
        assert problems(read) == []
        return read

    @property
    def calls_log(self) -> list[dict[str, Any]]:
        """The lines of `calls.jsonl`."""
        lines = (self.path / "llm-report/calls.jsonl").read_text(encoding="ascii").splitlines()
        return [json.loads(line) for line in lines]


def _without(*plugins: str) -> list[str]:
    return [word for name in plugins for word in ("-p", f"no:{name}")]
