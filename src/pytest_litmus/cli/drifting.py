"""`litmus drift`: whether logged calls are still as they were in a baseline."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import field_and_key, refused

if TYPE_CHECKING:
    from pytest_litmus.cli.asking import Commands

_CODES = {"no drift": 0, "drift": 1, "inconclusive": 3}


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "drift",
        help="compare logged calls with a baseline: inputs, outputs, models, quality of the data",
        description="Compare the calls of a log with those of a baseline, feature by feature. Both "
        "may be a report's folder, a calls.jsonl, OTLP JSON, an export of Langfuse or of Phoenix, "
        "or plain JSONL. Exit codes: 0 no drift, 1 drift, 2 unreadable, 3 inconclusive.",
    )
    parser.add_argument("log", metavar="LOG", type=Path, help="the file or the report's folder")
    parser.add_argument(
        "--baseline", metavar="FILE", type=Path, required=True, help="what it is compared with"
    )
    parser.add_argument(
        "--map",
        metavar="FIELD=KEY",
        action="append",
        default=[],
        type=_pair,
        help="of plain JSONL: the key or path of a field, as in output=reply.text; repeatable",
    )
    parser.add_argument(
        "--only",
        metavar="FEATURE",
        action="append",
        default=[],
        type=_feature,
        help="look at this feature alone, as the table names it; repeatable",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with all measures")
    parser.set_defaults(command=_drift)


def _drift(options: argparse.Namespace) -> int:
    from pytest_litmus.drift.comparing import compared
    from pytest_litmus.drift.logs import open_log
    from pytest_litmus.drift.profile import profiled
    from pytest_litmus.drift.telling import as_json, as_table
    from pytest_litmus.errors import LitmusError

    mapping = dict(options.map)
    try:
        before, after = (
            profiled(open_log(path, mapping)) for path in (options.baseline, options.log)
        )
    except LitmusError as error:
        return refused("drift", error)
    comparison = compared(before, after, options.only)
    if options.json:
        sys.stdout.write(json.dumps(as_json(comparison), indent=2) + "\n")
    else:
        sys.stdout.write(as_table(comparison))
    return _CODES[comparison.verdict]


def _pair(text: str) -> tuple[str, str]:
    from pytest_litmus.drift.readers.plain import NAMES

    return field_and_key(text, NAMES)


def _feature(text: str) -> str:
    from pytest_litmus.drift.comparing import features
    from pytest_litmus.words import hint

    if text not in features():
        raise argparse.ArgumentTypeError(f"unknown feature {text!r}; {hint(text, features())}")
    return text
