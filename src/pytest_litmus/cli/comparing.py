"""`litmus compare`: two runs of the same tests."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import refused

if TYPE_CHECKING:
    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.compare.comparing import Bounds
    from pytest_litmus.compare.entries import Side

_EXIT = {"regression": 1, "inconclusive": 3}


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "compare",
        help="compare two runs of the same tests, or two targets of one run",
        description="Compare two runs of the same tests, or two targets of one run. Exits with 0 "
        "where nothing is worse, 1 for a regression or lost tests, 3 where something may be worse "
        "and the numbers cannot tell, 2 where a file cannot be read.",
    )
    parser.add_argument(
        "before", metavar="A", type=Path, help="a report's folder, or a baseline (*.yaml)"
    )
    parser.add_argument("after", metavar="B", type=Path, nargs="?", help="likewise")
    parser.add_argument(
        "--target-b",
        metavar="NAME",
        help="compare the targets of report A instead: the other one with this one",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--confidence", type=_share, default=0.95, help="of each test; default %(default)s"
    )
    parser.add_argument(
        "--min-score",
        type=_share,
        default=0.05,
        help="a change of a mean score that matters, in its unit (above 1, as a share); default "
        "%(default)s",
    )
    parser.add_argument(
        "--min-latency",
        type=_share,
        default=0.1,
        help="a change of latency that matters, as a share; default %(default)s",
    )
    parser.add_argument(
        "--min-cost",
        type=_share,
        default=0.05,
        help="a change of cost and tokens that matters, as a share; default %(default)s",
    )
    parser.set_defaults(command=_compare)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1")
    return value


def _compare(options: argparse.Namespace) -> int:
    from pytest_litmus.compare.comparing import compare
    from pytest_litmus.compare.telling import comparison_lines
    from pytest_litmus.errors import LitmusError

    try:
        before, after = _sides(options)
    except LitmusError as error:
        return refused("compare", error)
    found = compare(before, after, bounds=_bounds(options))
    if options.json:
        sys.stdout.write(json.dumps(found.as_json(), indent=1, default=str) + "\n")
    else:
        width = shutil.get_terminal_size().columns
        lines = comparison_lines(found, width=width)
        sys.stdout.write("".join(f"{line.text}\n" for line in lines))
    return _EXIT.get(found.outcome, 0)


def _bounds(options: argparse.Namespace) -> Bounds:
    from pytest_litmus.compare.comparing import Bounds

    return Bounds(
        confidence=options.confidence,
        min_score=options.min_score,
        min_latency=options.min_latency,
        min_cost=options.min_cost,
    )


def _sides(options: argparse.Namespace) -> tuple[Side, Side]:
    """What is compared.

    Raises:
        LitmusError: A file cannot be read, or there are not two sides.
    """
    from pytest_litmus.compare.baseline import side_at
    from pytest_litmus.compare.entries import sides_by_target
    from pytest_litmus.errors import ReportError
    from pytest_litmus.report.reading import read_report

    if (options.after is None) == (options.target_b is None):
        raise ReportError(
            "give two reports (litmus compare A B), or one and the name of its second target "
            "(litmus compare A --target-b NAME)"
        )
    if options.target_b is not None:
        return sides_by_target(read_report(options.before).report, options.target_b)
    return side_at(options.before), side_at(options.after)
