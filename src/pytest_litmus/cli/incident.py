"""`litmus incident`: what changed since a run that was well, and a post-mortem to fill in."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import printable, refused

if TYPE_CHECKING:
    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.incident.gathering import Incident


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "incident",
        help="gather what changed since a run, the calls involved, and a post-mortem to fill in",
        description="Gather what changed since an earlier run (models, prompts, latency, cost, "
        "breaches), the calls involved, and a Markdown post-mortem to fill in. Exit codes: 0 "
        "nothing is worse, 1 something is, 3 something may be and the numbers cannot tell, 2 "
        "unreadable.",
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="the folder of --llm-report")
    parser.add_argument(
        "--since",
        metavar="EARLIER",
        required=True,
        help="an earlier report's folder, a file of `litmus baseline bless`, or a moment (ISO "
        "8601, UTC where it names no zone): then the last run that began before it",
    )
    parser.add_argument(
        "--runs",
        metavar="DIR",
        type=Path,
        help="a folder with reports' folders: to look the moment up in, and for the runs between; "
        "default for a moment: where REPORT lies",
    )
    parser.add_argument("--into", metavar="FILE.md", type=Path, help="write the post-mortem there")
    parser.add_argument(
        "--force", action="store_true", help="with --into: write over a file that is there"
    )
    parser.add_argument(
        "--calls",
        metavar="N",
        type=_count,
        default=20,
        help="quote so many calls at most; default %(default)s",
    )
    parser.add_argument("--json", action="store_true", help="print the facts as JSON")
    parser.set_defaults(command=_incident)


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 0 or more")
    return value


def _incident(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.incident.gathering import gathered
    from pytest_litmus.report.reading import UNREADABLE

    if problem := _unwritable(options.into, force=options.force):
        return refused("incident", problem)
    try:
        found = gathered(options.report, options.since, runs=options.runs, most_calls=options.calls)
        # It took its time, in which the file may have come to be.
        if problem := _unwritable(options.into, force=options.force):
            return refused("incident", problem)
        _tell(found, options)
    except LitmusError as error:
        return refused("incident", error)
    except (*UNREADABLE, RecursionError) as error:
        told = (
            f"{options.report} or {options.since} is not as the report's schema has it: {error!r}"
        )
        return refused("incident", told)
    except OSError as error:
        return refused("incident", f"{options.into} cannot be written: {error.strerror}")
    return found.exit_code


def _unwritable(into: Path | None, *, force: bool) -> str | None:
    """Why a file cannot be written; asked first, because gathering takes its time."""
    if into is None:
        return "--force belongs to --into FILE.md" if force else None
    if into.is_dir():
        return f"{into} is a folder: name a file, as in --into {into}/incident.md"
    if into.exists() and not force:
        return (
            f"{into} is there already, and somebody may have filled it in: name another file, or "
            "write over it with --force"
        )
    return None


def _tell(found: Incident, options: argparse.Namespace) -> None:
    """Print or write what was found.

    Raises:
        OSError: The file cannot be written.
    """
    from pytest_litmus.capture.cassette_file import write
    from pytest_litmus.incident.postmortem import headline, postmortem

    if options.into is not None:
        write(options.into, postmortem(found))
    if options.json:
        sys.stdout.write(json.dumps(found.as_json(), indent=1) + "\n")
    elif options.into is None:
        sys.stdout.write(printable(postmortem(found)))
    else:
        sys.stdout.write(f"{headline(found)}\n{options.into}: a post-mortem to fill in\n")
