"""Shipped: the suites that come with pytest-litmus, run by name with `--llm-suite`."""

from __future__ import annotations

from pathlib import Path

from pytest_litmus.errors import SuiteError
from pytest_litmus.words import hint

FOLDER = Path(__file__).with_name("builtin")
_ENDING = ".llm.yaml"


def shipped_suites() -> dict[str, Path]:
    """Their files by name, in the alphabet's order."""
    found = sorted(FOLDER.glob(f"*{_ENDING}"))
    return {path.name.removesuffix(_ENDING): path for path in found}


def chosen(names: str) -> dict[str, Path]:
    """The suites that `--llm-suite` names, `all` for all of them.

    Raises:
        SuiteError: One is not known; says which is near.
    """
    known = shipped_suites()
    asked = [name.strip() for name in names.split(",") if name.strip()]
    if "all" in asked:
        return known
    for name in asked:
        if name not in known:
            raise SuiteError(f"--llm-suite: unknown suite {name}: {hint(name, [*known, 'all'])}")
    return {name: known[name] for name in asked}
