"""`litmus judge`: how far a judge can be believed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import nothing_asked, refused

if TYPE_CHECKING:
    import argparse

    from pytest_litmus.cli.asking import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    judge = commands.add_parser("judge", help="compare a judge with people")
    judge.set_defaults(command=nothing_asked(judge))
    actions = judge.add_subparsers(title="commands", metavar="COMMAND")
    parser = actions.add_parser(
        "calibrate",
        help="how far a judge's verdicts are those of people",
        description="Compare a judge's values with labels of people: accuracy, TPR, TNR, kappa.",
    )
    parser.add_argument(
        "labels", metavar="LABELS.jsonl", type=Path, help="lines of JSON with id and label"
    )
    parser.add_argument(
        "--judged",
        metavar="JUDGED.jsonl",
        type=Path,
        help="lines of JSON with id and value; without it, values stand beside the labels",
    )
    parser.add_argument(
        "--at-least", type=float, default=0.5, help="from which value on it is a yes (%(default)s)"
    )
    parser.set_defaults(command=_calibrate)


def _calibrate(options: argparse.Namespace) -> int:
    from pytest_litmus import calibration
    from pytest_litmus.errors import LitmusError

    try:
        found = calibration.read(options.labels, options.judged, threshold=options.at_least)
    except LitmusError as error:
        return refused("judge calibrate", error)
    sys.stdout.write(calibration.told(found))
    return 0
