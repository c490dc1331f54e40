"""`litmus schema`: the JSON Schemas of what pytest-litmus reads and writes."""

from __future__ import annotations

import sys
from importlib import resources
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import listed, one_of

if TYPE_CHECKING:
    import argparse

    from pytest_litmus.cli.asking import Commands

_SCHEMAS = {
    "report": ("report", "report.schema.json"),
    "call": ("report", "call.schema.json"),
    "suite": ("suites", "suite.schema.json"),
}
"""By name: the package and the file."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "schema",
        help="print the JSON Schema of a file that pytest-litmus reads or writes",
        description="Print the JSON Schema of a file that pytest-litmus reads or writes: of "
        "reports (draft 2020-12), or of suites (draft-07, for yaml-language-server).",
    )
    parser.add_argument(
        "schema",
        metavar="NAME",
        type=one_of("schema", _SCHEMAS),
        help=f"one of: {listed(_SCHEMAS)}",
    )
    parser.set_defaults(command=_print)


def _print(options: argparse.Namespace) -> int:
    package, name = _SCHEMAS[options.schema]
    file = resources.files(f"pytest_litmus.{package}") / name
    sys.stdout.write(file.read_text(encoding="utf-8"))
    return 0
