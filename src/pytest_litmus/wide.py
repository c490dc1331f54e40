"""Wide fixtures: calls of fixtures that outlive a test, in cassettes of their own.

A session's fixture runs within whichever test needs it first. In that test's cassette, its calls
would be missing from every other test that is run alone, or first in another worker.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.naming import cassette_name

PREFIX = "fixture-"
"""What the names of such cassettes begin with."""

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_litmus.case import Case


class WideFixtures:
    """A plugin that is registered with the first test that uses `llm`."""

    def __init__(self, *, host: Callable[[], Case | None], opened: Callable[..., Case]) -> None:
        self._host = host
        """The test that is running, if it uses `llm`."""
        self._opened = opened

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        """Capture the set-up of a fixture of class, module, package or session scope."""
        host = self._host()
        if fixturedef.scope == "function" or host is None:
            return (yield)
        root = request.config.rootpath
        case = self._opened(host, path=_path(fixturedef, request, root), label=_label(fixturedef))
        try:
            result = yield
        except BaseException:
            case.close(clean=False)
            raise
        case.outcomes = {"setup": "passed", "call": "passed"}
        said = case.close(clean=True)
        step = f"fixture {fixturedef.argname}"
        host.fixture_calls += [
            replace(call, step=step, step_path=(step, *call.step_path))
            for call in case.recorder.traced
        ]
        if said:
            pytest.fail("\n".join(said), pytrace=False)
        return result


def _label(fixturedef: pytest.FixtureDef[Any]) -> str:
    where = f"{fixturedef.baseid}::" if fixturedef.baseid else ""
    return f"{where}{fixturedef.argname} ({fixturedef.scope} fixture)"


def _path(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest, root: Path) -> Path:
    """Beside the tests that may use it: in `cassettes/MODULE`, or in `cassettes` of its folder."""
    home = root / fixturedef.baseid.partition("::")[0]
    folder = home / "cassettes" if home.is_dir() else home.parent / "cassettes" / home.stem
    param = getattr(request, "param", None)
    name = fixturedef.argname if param is None else f"{fixturedef.argname}[{param}]"
    return folder / f"{PREFIX}{cassette_name(f'::{name}')}.yaml"
