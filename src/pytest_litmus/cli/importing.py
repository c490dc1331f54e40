"""`litmus import`: logged calls, complaints and failed calls as quarantined cases of a suite."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import field_and_key, one_of, refused

if TYPE_CHECKING:
    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.importing.choosing import Wanted
    from pytest_litmus.importing.quarantine import How
    from pytest_litmus.suites.reading import Reader

_WHYS = ("thumbs-down", "failed", "thumbs-up", "all")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "import",
        help="make quarantined cases of production traces, complaints and failed calls",
        description="Make cases of a suite of logged calls: those that people rejected, and those "
        "that failed. Secrets and personal data are replaced, and calls that ask nearly the same "
        "are one case. Each runs and is reported, and blocks nothing until its line `quarantined:` "
        "is deleted. Exit codes: 0 the cases were added, or there was nothing to add; 2 the log or "
        "the suite cannot be used, and nothing was written.",
    )
    parser.add_argument(
        "log", metavar="LOG", type=Path, help="a file that litmus drift reads, or a report's folder"
    )
    parser.add_argument(
        "--into", metavar="FILE", type=Path, required=True, help="*.llm.yaml, made or added to"
    )
    parser.add_argument("--target", metavar="MODULE:FUNCTION", help="what a new suite asks")
    _add_choice(parser)
    _add_cases(parser)
    parser.set_defaults(command=_import)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only",
        metavar="WHICH",
        action="append",
        default=[],
        type=one_of("choice", _WHYS),
        help=f"{', '.join(_WHYS)}; repeatable; default: thumbs-down and failed",
    )
    parser.add_argument(
        "--match", metavar="TEXT", default="", help="only calls that say this, in any case"
    )
    parser.add_argument(
        "--feedback",
        metavar="FILE",
        type=Path,
        help="ratings that are kept apart, by id of a call or a trace: JSONL, JSON, CSV, Parquet",
    )
    parser.add_argument(
        "--score",
        metavar="NAME",
        action="append",
        default=[],
        help="the score that tells thumbs-up and thumbs-down; default: those of people",
    )
    parser.add_argument(
        "--down-at-most",
        metavar="NUMBER",
        type=float,
        help="of a scale: the highest number that is thumbs-down",
    )
    parser.add_argument(
        "--map",
        metavar="FIELD=KEY",
        action="append",
        default=[],
        type=_pair,
        help="of plain records: the key or path of a field, as in rating=user.vote; repeatable",
    )


def _add_cases(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sample", metavar="N", type=_count, help="at most N cases, the same ones each time"
    )
    parser.add_argument(
        "--alike",
        metavar="SHARE",
        type=_share,
        default=0.9,
        help="from which likeness of letters on two texts are one case; default: %(default)s",
    )
    parser.add_argument(
        "--against",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="suites, or folders with suites, whose cases need not be added; repeatable",
    )
    parser.add_argument(
        "--last-message",
        action="store_true",
        help="take the last message alone, for a target that takes no conversation",
    )
    parser.add_argument(
        "--with-system", action="store_true", help="take the logged system prompt along"
    )
    parser.add_argument(
        "--plugin",
        metavar="MODULE",
        action="append",
        default=[],
        help="a module with pytest_llm_attacks or pytest_llm_evaluators that the suites need",
    )


def _import(options: argparse.Namespace) -> int:
    from pytest_litmus.capture.cassette_file import write
    from pytest_litmus.cli.suites import reader_with
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.importing.choosing import choose
    from pytest_litmus.importing.own import Suites
    from pytest_litmus.importing.quarantine import imported
    from pytest_litmus.importing.telling import told
    from pytest_litmus.suites.reading import ENDINGS

    if not options.into.name.endswith(ENDINGS):
        return refused(
            "import", f"--into {options.into}: name it *.llm.yaml, as pytest collects it"
        )
    try:
        reader = reader_with(options.plugin)
        how = _how(options, reader)
        choice = choose(options.log, _wanted(options))
        found = imported(choice, how, reader, Suites(Path.cwd(), reader))
        if found.text is not None:
            write(options.into, found.text)
    except (LitmusError, ImportError, OSError) as error:
        return refused("import", error)
    sys.stdout.write(told(choice, found, options.into))
    return 0


def _wanted(options: argparse.Namespace) -> Wanted:
    from pytest_litmus.importing.choosing import Wanted

    return Wanted(
        only=tuple(options.only),
        match=options.match,
        names=tuple(options.score),
        down_at_most=options.down_at_most,
        feedback=options.feedback,
        mapping=dict(options.map),
    )


def _how(options: argparse.Namespace, reader: Reader) -> How:
    from datetime import UTC, datetime

    from pytest_litmus.cli.suites import root_of, suite_files
    from pytest_litmus.importing.quarantine import How

    today = datetime.now(UTC).date().isoformat()
    return How(
        into=options.into,
        quarantined=f"imported {today}, to be reviewed",
        root=root_of(options.into),
        target=options.target,
        sample=options.sample,
        at_least=options.alike,
        against=[
            reader.read(path, shown=path, root=root_of(path))
            for path in suite_files(options.against)
            if path.resolve() != options.into.resolve()
        ],
        last_only=options.last_message,
        system=options.with_system,
    )


def _pair(text: str) -> tuple[str, str]:
    from pytest_litmus.drift.readers import plain
    from pytest_litmus.importing.traced import NAMES

    return field_and_key(text, plain.NAMES | NAMES)


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of cases from 1 on")
    return count


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0.5 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share from 0.5 to 1")
    return share
