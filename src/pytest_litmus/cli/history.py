"""`litmus history`: many runs: trends, flaky tests, time to fix, cost over time."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli.asking import refused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.history.asking import Chosen, Selection
    from pytest_litmus.history.index import Indexed

FILE = "litmus-history.sqlite"
_LEFT_OUT = 3


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "history",
        help="index the reports of many runs: trends, flaky tests, time to fix, cost over time",
        description="Index the reports below the given folders, and tell what all indexed runs "
        "show: trends, what fails since when, flaky tests, time to fix, cost over time. Without a "
        "folder it tells of what is indexed already. Exit codes: 0, or 3 where a report could not "
        "be read and was left out, or 2 where nothing was done.",
    )
    parser.add_argument(
        "folders", metavar="DIR", type=Path, nargs="*", help="where reports are, however deep"
    )
    parser.add_argument(
        "--db", metavar="FILE", type=Path, default=Path(FILE), help="default %(default)s"
    )
    parser.add_argument(
        "--test", metavar="NODEID", help="the history of one test; a part of its node id will do"
    )
    parser.add_argument(
        "--last",
        metavar="N",
        type=_count,
        default=20,
        help="runs that are listed and that trends are of; default %(default)s",
    )
    parser.add_argument(
        "--since", metavar="DATE", type=_date, help="only runs from then on (UTC): 2026-11-24"
    )
    parser.add_argument("--live", action="store_true", help="only runs with live calls")
    parser.add_argument("--branch", metavar="NAME", help="only runs of this branch")
    parser.add_argument(
        "--rescored",
        action="store_true",
        help="take a rescored report in place of the run that it was made of",
    )
    parser.add_argument(
        "--by", choices=("day", "week", "month"), default="week", help="default %(default)s"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--parquet",
        metavar="FOLDER",
        help="write all indexed runs as Parquet too, those that are there already left as they are",
    )
    parser.set_defaults(command=_history)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of runs")
    return int(text)


def _date(text: str) -> str:
    from datetime import UTC, datetime

    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no date, as in 2026-11-24 or 2026-11-24T06:00"
        ) from None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def _history(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.history.folders import reports_below
    from pytest_litmus.history.index import Indexed, index, opened

    indexed = Indexed(0, 0, ())
    try:
        reports = reports_below(options.folders)
        with opened(options.db, to_write=bool(reports)) as connection:
            if reports:
                indexed = index(connection, reports)
            sys.stderr.writelines(_indexing(indexed, options.db))
            if options.parquet is not None:
                sys.stderr.write(_parquet(connection, options.parquet))
            _tell(connection, options)
    except LitmusError as error:
        return refused("history", error)
    return _LEFT_OUT if indexed.unreadable else 0


def _indexing(indexed: Indexed, db: Path) -> Iterator[str]:
    """What became of the reports, apart from the history itself, which may be JSON."""
    from pytest_litmus.report.plain import ascii_line, counted

    for told in indexed.unreadable:
        yield f"litmus history: left out: {ascii_line(told)}\n"
    if indexed.new or indexed.known or indexed.unreadable:
        left_out = len(indexed.unreadable)
        tail = f", {left_out} left out because they cannot be read" if left_out else ""
        told = f"{counted(indexed.new, 'new run')}, {indexed.known} known{tail}"
        yield f"litmus history: {db}: {told}\n"


def _parquet(connection: sqlite3.Connection, folder: str) -> str:
    from pytest_litmus.errors import ReportError
    from pytest_litmus.history.parquet import write_parquet
    from pytest_litmus.report.plain import counted

    if "://" in folder:
        raise ReportError(
            f"--parquet writes into a folder, not to {folder}: name one, and copy it, as in "
            f"aws s3 sync FOLDER {folder}"
        )
    written, there = write_parquet(connection, Path(folder))
    return f"litmus history: {folder}: {counted(written, 'run')} written, {there} there already\n"


def _tell(connection: sqlite3.Connection, options: argparse.Namespace) -> None:
    from pytest_litmus.history.asking import chosen, named

    found = chosen(connection, _selection(options))
    if options.test is not None:
        _tell_test(connection, found, named(connection, options.test), options)
    elif options.json:
        sys.stdout.write(_json(_everything(connection, found, options)))
    else:
        sys.stdout.writelines(f"{line}\n" for line in _sections(connection, found, options))


def _selection(options: argparse.Namespace) -> Selection:
    from pytest_litmus.history.asking import Selection

    return Selection(
        since=options.since,
        live=options.live,
        branch=options.branch,
        rescored=options.rescored,
    )


def _tell_test(
    connection: sqlite3.Connection, found: Chosen, nodeid: str, options: argparse.Namespace
) -> None:
    from pytest_litmus.history.as_json import test_as_json
    from pytest_litmus.history.one_test import history_of
    from pytest_litmus.history.telling import test_lines

    told = history_of(connection, found.runs, nodeid)
    if options.json:
        sys.stdout.write(_json(test_as_json(told)))
    else:
        lines = test_lines(told, last=options.last, width=_width())
        sys.stdout.writelines(f"{line}\n" for line in lines)


def _everything(
    connection: sqlite3.Connection, found: Chosen, options: argparse.Namespace
) -> dict[str, Any]:
    from pytest_litmus.history.as_json import history_as_json

    return history_as_json(found, **_looked_at(connection, found, options))


def _looked_at(
    connection: sqlite3.Connection, found: Chosen, options: argparse.Namespace
) -> dict[str, Any]:
    from pytest_litmus.history.asking import results
    from pytest_litmus.history.fixing import fixing
    from pytest_litmus.history.flaky import flakiness
    from pytest_litmus.history.spending import spending
    from pytest_litmus.history.trends import trends

    return {
        "trends": trends(connection, found.runs[-options.last :]),
        "fixing": fixing(results(connection, found.runs), found.runs),
        "flaky": flakiness(results(connection, found.runs)),
        "spending": spending(connection, found.runs, by=options.by),
    }


def _sections(
    connection: sqlite3.Connection, found: Chosen, options: argparse.Namespace
) -> Iterator[str]:
    from pytest_litmus.history import telling

    width = _width()
    yield from telling.runs_lines(found, last=options.last, width=width)
    if not found.runs:
        return
    looked_at = _looked_at(connection, found, options)
    sections: tuple[Iterable[str], ...] = (
        telling.failing_lines(looked_at["fixing"], width=width),
        telling.trend_lines(looked_at["trends"]),
        telling.flaky_lines(looked_at["flaky"], width=width),
        telling.spending_lines(looked_at["spending"]),
    )
    for section in sections:
        yield ""
        yield from section


def _width() -> int:
    return max(shutil.get_terminal_size().columns, 100)


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, indent=1) + "\n"
