"""Command line: `litmus`, for what is done with reports outside of a test run."""

from __future__ import annotations

import argparse
import difflib
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SCHEMAS = {"report": "report.schema.json", "call": "call.schema.json"}
"""Names of the schemas that `litmus schema` prints, and their files in `pytest_litmus.report`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `litmus`.

    Args:
        argv: The words after `litmus`; None takes the process's own.

    Returns:
        The exit code: 0 when it did what was asked, 2 when it did not understand.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        options = _understood(words)
    except SystemExit as stop:  # argparse has already said why
        return stop.code if isinstance(stop.code, int) else 2
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def _understood(words: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    # No option before the command takes a value, so the first plain word is the command.
    command = next((word for word in words if not word.startswith("-")), None)
    if command is not None:
        try:
            _one_of("command", _COMMANDS)(command)
        except argparse.ArgumentTypeError as problem:
            parser.error(str(problem))
    return parser.parse_args(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="litmus", description="Work with the reports of pytest-litmus.", allow_abbrev=False
    )
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    parser.set_defaults(command=_nothing_asked(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="name")
    for add in _COMMANDS.values():
        add(commands)
    return parser


def _add_schema(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "schema",
        help="print the JSON Schema of a file that pytest-litmus writes",
        description="Print the JSON Schema (draft 2020-12) of a file that pytest-litmus writes.",
    )
    parser.add_argument(
        "schema",
        metavar="NAME",
        type=_one_of("schema", _SCHEMAS),
        help=f"one of: {_listed(_SCHEMAS)}",
    )
    parser.set_defaults(command=_print_schema)


def _add_judge(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    judge = commands.add_parser("judge", help="compare a judge with people")
    judge.set_defaults(command=_nothing_asked(judge))
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


_COMMANDS = {"judge": _add_judge, "schema": _add_schema}


def _print_schema(options: argparse.Namespace) -> int:
    file = resources.files("pytest_litmus.report") / _SCHEMAS[options.schema]
    sys.stdout.write(file.read_text(encoding="utf-8"))
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    from pytest_litmus import calibration
    from pytest_litmus.errors import LitmusError

    try:
        found = calibration.read(options.labels, options.judged, threshold=options.at_least)
    except LitmusError as error:
        sys.stderr.write(f"litmus judge calibrate: error: {error}\n")
        return 2
    sys.stdout.write(calibration.told(found))
    return 0


def _nothing_asked(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    def explain(_: argparse.Namespace) -> int:
        parser.print_help(sys.stderr)
        return 2

    return explain


def _one_of(noun: str, names: Iterable[str]) -> Callable[[str], str]:
    """An argparse type that takes one of the names, and for another says the nearest of them."""

    def check(word: str) -> str:
        if word in names:
            return word
        near = difflib.get_close_matches(word, list(names), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there is: {_listed(names)}"
        raise argparse.ArgumentTypeError(f"unknown {noun} {word!r}; {hint}")

    return check


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: metadata costs a search of the path."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"litmus {version('pytest-litmus')}\n")
        parser.exit(0)
