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
    "gate": ("gate", "gate.schema.json"),
}
"""By name: the package and the file."""
_NAMES = (*_SCHEMAS, "rules")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "schema",
        help="print the JSON Schema of a file that pytest-litmus reads or writes",
        description="Print the JSON Schema of a file that pytest-litmus reads or writes: of "
        "reports (draft 2020-12), of suites and of rules for `litmus rescore` (draft-07, for "
        "yaml-language-server), or of a gate's policy (draft-07, for taplo).",
    )
    parser.add_argument(
        "schema",
        metavar="NAME",
        type=one_of("schema", _NAMES),
        help=f"one of: {listed(_NAMES)}",
    )
    parser.set_defaults(command=_print)


def _print(options: argparse.Namespace) -> int:
    if options.schema == "rules":
        return _print_rules()
    package, name = _SCHEMAS[options.schema]
    file = resources.files(f"pytest_litmus.{package}") / name
    sys.stdout.write(file.read_text(encoding="utf-8"))
    return 0


def _print_rules() -> int:
    """It is the part of a suite's that is about evaluators, with what the rules have around it."""
    import json

    from pytest_litmus.rescoring.rules import schema_of

    sys.stdout.write(json.dumps(schema_of(), indent=1) + "\n")
    return 0
