"""`litmus baseline`: which breaches a project knows of."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli.asking import nothing_asked, refused

if TYPE_CHECKING:
    import argparse

    from pytest_litmus.cli.asking import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    baseline = commands.add_parser("baseline", help="keep the breaches that are known")
    baseline.set_defaults(command=nothing_asked(baseline))
    actions = baseline.add_subparsers(title="commands", metavar="COMMAND")
    parser = actions.add_parser(
        "bless",
        help="add a report's new breaches to the baseline",
        description="Add the new breaches of a report to the baseline, which a run then takes for "
        "expected, and drop those that are mended. Nothing else ever writes the file: review it, "
        "and commit it.",
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="the folder of --llm-report")
    parser.add_argument("--reason", required=True, help="why they are known, or no breaches")
    parser.add_argument("--owner", help="who mends them")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="the last day on which they count")
    parser.add_argument(
        "--dismiss", action="store_true", help="they are no breaches, for the reason given"
    )
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="only those whose node id holds the text"
    )
    parser.add_argument(
        "--file", type=Path, default=Path("llm-baseline.yaml"), help="default: %(default)s"
    )
    parser.set_defaults(command=_bless)


def _bless(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.suites.known import Known, KnownBreaches, written

    try:
        breaches = _breaches(options.report)
        known = dict(KnownBreaches.read(options.file).entries)
    except LitmusError as error:
        return refused("baseline bless", error)
    new = [one for one in breaches["new"] if options.only in one]
    mended = [one for one in breaches["fixed"] if options.only in one and one in known]
    for nodeid in mended:
        del known[nodeid]
    for nodeid in new:
        known[nodeid] = Known(
            id=nodeid,
            reason=options.reason,
            status="dismissed" if options.dismiss else "known",
            owner=options.owner,
            since=datetime.now(UTC).date().isoformat(),
            until=options.until,
        )
    from pytest_litmus.capture.cassette_file import write

    write(options.file, written(known.values()))
    for sign, nodeids in (("+", new), ("-", mended)):
        sys.stdout.write("".join(f"{sign} {nodeid}\n" for nodeid in nodeids))
    sys.stdout.write(f"{options.file}: {len(known)} breaches known\n")
    return 0


def _breaches(folder: Path) -> dict[str, Any]:
    """What a report says of breaches.

    Raises:
        LitmusError: It cannot be read, or its run had no suites.
    """
    from pytest_litmus.errors import LitmusError

    path = folder / "report.json" if folder.is_dir() else folder
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        attacks = report["attacks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LitmusError(f"{path} is no report: {error}") from error
    if attacks is None:
        raise LitmusError(f"{path}: its run had no suites, so there is nothing to know")
    breaches: dict[str, Any] = attacks["breaches"]
    return breaches
