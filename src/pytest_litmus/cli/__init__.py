"""Command line: `litmus`, for what is done with suites and reports outside of a test run."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pytest_litmus.cli import (
    baselines,
    comparing,
    drifting,
    feedback,
    gates,
    history,
    importing,
    incident,
    judges,
    merging,
    rescoring,
    schemas,
    suites,
)
from pytest_litmus.cli.asking import nothing_asked, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_COMMANDS = {
    "baseline": baselines.add,
    "check": suites.add_check,
    "compare": comparing.add,
    "drift": drifting.add,
    "feedback": feedback.add,
    "freeze": suites.add_freeze,
    "gate": gates.add_gate,
    "generate": suites.add_generate,
    "history": history.add,
    "import": importing.add,
    "incident": incident.add,
    "judge": judges.add,
    "merge": merging.add,
    "ratchet": gates.add_ratchet,
    "rescore": rescoring.add,
    "schema": schemas.add,
    "suites": suites.add_suites,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run `litmus`.

    Args:
        argv: The words after `litmus`; None takes the process's own.

    Returns:
        The exit code: 0 when it did what was asked and found nothing wrong, 1 when it found
        something wrong, 2 when it did not understand; `gate` has codes of its own.
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
            one_of("command", _COMMANDS)(command)
        except argparse.ArgumentTypeError as problem:
            parser.error(str(problem))
    return parser.parse_args(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="litmus",
        description="Work with the suites and reports of pytest-litmus.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    parser.set_defaults(command=nothing_asked(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="name")
    for add in _COMMANDS.values():
        add(commands)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: metadata costs a search of the path."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"litmus {version('pytest-litmus')}\n")
        parser.exit(0)
