"""`litmus judge`: how far a judge can be believed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import nothing_asked, refused

if TYPE_CHECKING:
    import argparse

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.report.human_labels import Paired

_SHOWN = 5
"""Tests that are named."""


def add(commands: Commands) -> None:
    """Add the command."""
    judge = commands.add_parser("judge", help="compare a judge with people")
    judge.set_defaults(command=nothing_asked(judge))
    actions = judge.add_subparsers(title="commands", metavar="COMMAND")
    parser = actions.add_parser(
        "calibrate",
        help="how far a judge's verdicts are those of people",
        description="Compare a judge's values with labels of people: accuracy, TPR, TNR, kappa. "
        "Both are in files, or in a report that `litmus feedback` joined ratings to.",
    )
    parser.add_argument(
        "labels",
        metavar="LABELS.jsonl",
        type=Path,
        nargs="?",
        help="lines of JSON with id and label",
    )
    parser.add_argument(
        "--report", metavar="REPORT", type=Path, help="a folder of --llm-report with ratings"
    )
    parser.add_argument(
        "--name", metavar="EVALUATOR", help="of a report: the verdicts of this name alone"
    )
    parser.add_argument(
        "--criterion", metavar="NAME", help="of a report: the ratings by this criterion alone"
    )
    parser.add_argument(
        "--judged",
        metavar="JUDGED.jsonl",
        type=Path,
        help="lines of JSON with id and value; without it, values stand beside the labels",
    )
    parser.add_argument(
        "--at-least",
        metavar="VALUE",
        type=float,
        help="from which value on it is a yes (0.5; of a report the verdicts' own limit)",
    )
    parser.set_defaults(command=_calibrate)


def _calibrate(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError

    of_files = options.labels or options.judged
    if bool(of_files) == bool(options.report) or (of_files and not options.labels):
        told = "type LABELS.jsonl with --judged or without, or --report REPORT, and not both"
        return refused("judge calibrate", told)
    if options.labels and (options.name or options.criterion):
        return refused("judge calibrate", "--name and --criterion are of a --report")
    try:
        told = _of_files(options) if options.report is None else _of_report(options)
    except LitmusError as error:
        return refused("judge calibrate", error)
    except (KeyError, TypeError) as error:
        problem = f"{options.report}: not as the report's schema has it: {error!r}"
        return refused("judge calibrate", problem)
    sys.stdout.write(told)
    return 0


def _of_files(options: argparse.Namespace) -> str:
    from pytest_litmus import calibration

    threshold = 0.5 if options.at_least is None else options.at_least
    return calibration.told(calibration.read(options.labels, options.judged, threshold=threshold))


def _of_report(options: argparse.Namespace) -> str:
    """Each evaluator's verdicts beside people's ratings by each criterion.

    Raises:
        LitmusError: The report or its ratings cannot be read, or nothing can be compared.
    """
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.report.feedback import read
    from pytest_litmus.report.human_labels import pairs
    from pytest_litmus.report.reading import read_report

    stored = read_report(options.report)
    ratings = read(stored)
    if not ratings:
        told = f"litmus feedback {options.report} RATINGS.csv adds some"
        raise LitmusError(f"{stored.path} has no ratings: {told}")
    met = pairs(ratings, stored.tests)
    chosen = _chosen("evaluator", options.name, met)
    chosen = _chosen("name", options.criterion, chosen)
    if not any(pair.labels for pair in chosen):
        blocks = "\n".join(_told(pair, None) for pair in chosen)
        raise LitmusError(
            f"{stored.path}: no verdict stands beside a yes or no of people; numbers of a scale "
            f"say so with `litmus feedback --up-from NUMBER`\n{blocks}".rstrip()
        )
    return "\n".join(_told(pair, options.at_least) for pair in chosen)


def _chosen(field: str, wanted: str | None, met: list[Paired]) -> list[Paired]:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.words import hint

    names = sorted({getattr(pair, field) for pair in met})
    if wanted is None or wanted in names or not names:
        return [pair for pair in met if wanted is None or getattr(pair, field) == wanted]
    word = {"evaluator": "--name", "name": "--criterion"}[field]
    raise LitmusError(f"{word} {wanted!r}: no test that was rated has it; {hint(wanted, names)}")


def _told(pair: Paired, threshold: float | None) -> str:
    from pytest_litmus import calibration
    from pytest_litmus.report.plain import ascii_line

    heads = f"judge      {ascii_line(pair.evaluator)}\npeople     {ascii_line(pair.name)}\n"
    if not pair.labels:
        open_ = f"; {len(pair.undecided)} that the judge could not decide" if pair.undecided else ""
        return f"{heads}items      0{open_}\n{_left_out(pair)}"
    found = calibration.of_verdicts(
        pair.labels, pair.verdicts, undecided=len(pair.undecided), threshold=threshold
    )
    return heads + calibration.told(found) + _left_out(pair)


def _left_out(pair: Paired) -> str:
    from pytest_litmus.report.plain import ascii_line, counted

    several = "with several verdicts of this name: nothing says which one people rated"
    reasons = {several: pair.several, "of which people say yes and no": pair.split}
    return "".join(
        f"left out   {counted(len(tests), 'test')} {why}: "
        f"{', '.join(map(ascii_line, tests[:_SHOWN]))}{', ...' if len(tests) > _SHOWN else ''}\n"
        for why, tests in reasons.items()
        if tests
    )
