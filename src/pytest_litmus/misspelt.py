"""Misspelt: options and ini values that begin as ours do and that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.declared import INI, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SECTIONS = {"setup.cfg": ("tool:pytest",)}
_TOML_SECTIONS = {"pyproject.toml": (("tool", "pytest", "ini_options"), ("tool", "pytest"))}


def refuse_options(parser: pytest.Parser, args: Iterable[str]) -> None:
    """Name the `--llm-*` options that no plugin and no conftest file knows.

    Raises:
        pytest.UsageError: There is one; says which was probably meant.
    """
    words = list(args)
    if not any(word.startswith("--llm-") for word in words):
        return
    _, unknown = parser.parse_known_and_unknown_args(words)
    for word in unknown:
        if word.startswith("--llm-"):
            from pytest_litmus.words import hint

            option = word.partition("=")[0]
            raise pytest.UsageError(f"unknown option {option}: {hint(option, OPTIONS)}")


def refuse_ini_values(config: pytest.Config) -> None:
    """Name the `llm_*` ini values that no plugin knows; pytest itself would only warn.

    Raises:
        pytest.UsageError: There is one; says which was probably meant.
    """
    for name in _written_names(config):
        try:
            config.getini(name)
        except ValueError as error:
            from pytest_litmus.words import hint

            where = config.inipath or "-o"
            raise pytest.UsageError(f"{where}: unknown {name}: {hint(name, INI)}") from error


def _written_names(config: pytest.Config) -> list[str]:
    """The `llm_*` names in the ini file and after `-o`, as they are written."""
    overrides: list[str] = config.getoption("override_ini", None) or []
    names = [override.partition("=")[0].strip() for override in overrides]
    if config.inipath is not None:
        text = config.inipath.read_text(encoding="utf-8")
        # Most ini files say nothing of us, and are not worth a parser.
        names += _keys(config.inipath, text) if "llm_" in text else []
    return [name for name in names if name.startswith("llm_")]


def _keys(path: Path, text: str) -> list[str]:
    """The names in pytest's own section of an ini file, which pytest has parsed before."""
    if path.suffix == ".toml":
        import tomllib

        tables = _TOML_SECTIONS.get(path.name, (("pytest",),))
        return [name for table in tables for name in _table(tomllib.loads(text), table)]
    from iniconfig import IniConfig

    parsed = IniConfig(str(path), data=text)
    sections = _SECTIONS.get(path.name, ("pytest",))
    return [name for section in sections if section in parsed for name in parsed[section]]


def _table(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for name in path:
        inner = document.get(name)
        document = inner if isinstance(inner, dict) else {}
    return document
