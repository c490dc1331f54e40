"""`litmus rescore`: a stored run decided again, without a call of the program's model."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli.asking import refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.rescoring.deciding import Rescored
    from pytest_litmus.rescoring.items import Project
    from pytest_litmus.wire.calls import Call


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "rescore",
        help="decide a stored run again: by changed suites, evaluators, limits, or a new judge",
        description="Decide a stored run again, without one call of the program's model: items of "
        "suites by their suites as they are now, other tests by a file of rules. Exits with 0 "
        "where nothing fails that did not, 1 where something does, 3 where a test could not be "
        "decided again and nothing is worse, 2 where a file cannot be read; then nothing is "
        "written.",
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="the folder of --llm-report")
    parser.add_argument(
        "--into", metavar="DIR", type=Path, required=True, help="the folder of the new report"
    )
    parser.add_argument(
        "--rules", metavar="FILE", type=Path, help="how tests that are no items are decided"
    )
    _add_judge(parser)
    _add_project(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(command=_rescore)


def _add_judge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--judge",
        metavar="PLACE",
        help="the judge that is asked: module:name of a Judge or Jury, or `suite` for those that "
        "the suites name; without it no judge is asked, and its stored scores count",
    )
    parser.add_argument(
        "--cassette",
        metavar="FILE",
        type=Path,
        help="keep what judges answer in a file, from which they are answered the next time",
    )
    parser.add_argument("--prices", metavar="FILE", type=Path, help="a price file, for the judges")
    parser.add_argument(
        "--concurrency",
        metavar="N",
        type=int,
        default=1,
        help="tests that are judged at a time; default %(default)s",
    )


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="pytest's rootdir, in which the suites lie; default: here",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        type=Path,
        help="the breaches that are known; default: llm-baseline.yaml in the rootdir",
    )
    parser.add_argument(
        "--plugin",
        metavar="MODULE",
        action="append",
        default=[],
        help="a module with pytest_llm_attacks or pytest_llm_evaluators, such as a conftest",
    )


def _rescore(options: argparse.Namespace) -> int:
    import json

    from pytest_litmus.errors import LitmusError
    from pytest_litmus.report.feedback import write_rated
    from pytest_litmus.rescoring.telling import as_json, told

    try:
        _refuse(options)
        found = _rescored(options)
        write_rated(options.into, found.report, found.records, found.ratings)
    except LitmusError as error:
        return refused("rescore", error)
    if options.json:
        sys.stdout.write(json.dumps(as_json(found), indent=1) + "\n")
    else:
        lines = [*told(found), f"{options.into} written"]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return found.exit_code


def _refuse(options: argparse.Namespace) -> None:
    """Refuse what cannot be meant, before a judge is asked.

    Raises:
        ReportError: The folder is there already, or an option makes no sense by itself.
    """
    from pytest_litmus.errors import ReportError
    from pytest_litmus.report.writing import refuse_taken

    refuse_taken(options.into)
    if options.judge is None and (options.cassette or options.prices):
        raise ReportError("--cassette and --prices are of judges: name one with --judge")
    if options.judge not in (None, "suite") and ":" not in options.judge:
        raise ReportError(f"--judge {options.judge}: type module:name, or suite")
    if options.concurrency < 1:
        raise ReportError(f"--concurrency {options.concurrency}: type a number of 1 or more")
    if options.baseline is not None and not options.baseline.is_file():
        raise ReportError(f"--baseline {options.baseline}: there is no such file")


def _rescored(options: argparse.Namespace) -> Rescored:
    """What came of it.

    Raises:
        LitmusError: A file cannot be read, or there is nothing to decide.
    """
    from pytest_litmus.report.reading import read_report
    from pytest_litmus.rescoring.deciding import Rescoring, rescore
    from pytest_litmus.rescoring.rules import read_rules

    stored, project = read_report(options.report), _project(options)
    has_judge = options.judge not in (None, "suite")
    rules = (
        read_rules(options.rules, project.reader, project.added, has_judge=has_judge)
        if options.rules
        else None
    )
    price = _price(options.prices)
    with _judges(options) as live:
        by = Rescoring(
            project=project,
            rules=rules,
            live=live,
            price=price,
            concurrency=options.concurrency,
        )
        return rescore(stored, by)


def _project(options: argparse.Namespace) -> Project:
    from pytest_litmus.rescoring.items import Project

    project = Project(
        root=options.root,
        plugins=tuple(options.plugin),
        judge=options.judge,
        baseline=options.baseline or options.root / "llm-baseline.yaml",
    )
    project.make_importable()
    return project


@contextmanager
def _judges(options: argparse.Namespace) -> Iterator[Recorder | None]:
    """What captures the calls of judges; None where none is asked."""
    if options.judge is None:
        yield None
        return
    from pytest_litmus.capture.by_purpose import without_purpose
    from pytest_litmus.recorder import capturing

    cassette: Path | None = options.cassette
    if cassette is not None:
        cassette = cassette.with_name(f"{without_purpose(cassette.stem)}{cassette.suffix}")
    with capturing(cassette=cassette, mode="new_episodes") as recorder:
        yield recorder


def _price(path: Path | None) -> Callable[[Call], Call]:
    """What prices the judges' calls: the user's file, then the public list."""
    from datetime import UTC, datetime

    from pytest_litmus.price_file import read_price_file
    from pytest_litmus.pricing import price
    from pytest_litmus.recorder import with_price

    prices: Any = read_price_file(path) if path else None
    today = datetime.now(UTC).date()
    return lambda call: with_price(call, price(call, prices=prices, at=today))
