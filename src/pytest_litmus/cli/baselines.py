"""`litmus baseline`: what a project approves of: known breaches, and what its tests came to."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli.asking import nothing_asked, refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.compare.baseline import Baseline
    from pytest_litmus.compare.entries import Entry
    from pytest_litmus.suites.known import Known


def add(commands: Commands) -> None:
    """Add the command."""
    baseline = commands.add_parser(
        "baseline", help="keep what tests came to, and the breaches that are known"
    )
    baseline.set_defaults(command=nothing_asked(baseline))
    actions = baseline.add_subparsers(title="commands", metavar="COMMAND")
    parser = actions.add_parser(
        "bless",
        help="approve of a report: later runs are compared with it",
        description="Approve of a report: write what its tests came to into the baseline, with "
        "which later runs are compared. Its new breaches are added to those that a run takes for "
        "expected, mended ones are dropped. Nothing else ever writes the file: review it, and "
        "commit it.",
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="the folder of --llm-report")
    parser.add_argument("--reason", help="why new breaches are known, or no breaches")
    parser.add_argument("--owner", help="who mends them")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="the last day on which they count")
    parser.add_argument(
        "--dismiss", action="store_true", help="they are no breaches, for the reason given"
    )
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="only tests whose node id holds the text"
    )
    parser.add_argument(
        "--breaches-only",
        action="store_true",
        help="write the breaches alone: later runs are not compared test by test",
    )
    parser.add_argument(
        "--drop-missing",
        action="store_true",
        help="take tests out that the report does not have: they were removed on purpose",
    )
    parser.add_argument(
        "--file", type=Path, default=Path("llm-baseline.yaml"), help="default: %(default)s"
    )
    parser.set_defaults(command=_bless)


def _bless(options: argparse.Namespace) -> int:
    from pytest_litmus.capture.cassette_file import write
    from pytest_litmus.compare import baseline
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.suites.known import KnownBreaches, written

    try:
        report = _whole(options.report)
        old = baseline.read(options.file) if options.file.is_file() else None
        known = dict(KnownBreaches.read(options.file).entries)
        changes = _bless_breaches(known, report, options)
    except LitmusError as error:
        return refused("baseline bless", error)
    texts = [written(known.values())] if known or options.breaches_only else []
    summary = f"{len(known)} breaches known"
    if not options.breaches_only:
        new, told = _blessed(old, report, options)
        texts.append(baseline.written(new))
        changes = [*told, *changes]
        failing = sum(one.outcome != "passed" for one in new.entries.values())
        summary = f"{len(new.entries)} tests, {failing} of them do not pass; {summary}"
    write(options.file, "\n".join(texts))
    sys.stdout.write("".join(f"{line}\n" for line in (*changes, f"{options.file}: {summary}")))
    return 0


def _whole(path: Path) -> Mapping[str, Any]:
    """A report of a run that came to its end.

    Raises:
        LitmusError: It cannot be read, or it did not.
    """
    from pytest_litmus.errors import ReportError
    from pytest_litmus.report.reading import read_report

    stored = read_report(path)
    if stored.report["verdict"]["reason"]:
        raise ReportError(
            f"{stored.path}: the run was broken off ({stored.report['verdict']['reason']}), so "
            "that nobody knows what its other tests come to: run it again"
        )
    return stored.report


def _bless_breaches(
    known: dict[str, Known], report: Mapping[str, Any], options: argparse.Namespace
) -> list[str]:
    """Take the new breaches in and the mended ones out; what was done, line by line.

    Raises:
        ReportError: There are new ones, and no reason.
    """
    from pytest_litmus.errors import ReportError
    from pytest_litmus.suites.known import Known

    none: dict[str, list[str]] = {"new": [], "fixed": []}
    attacks = report["attacks"] or {"breaches": none, "over_refused": none}
    both = attacks["breaches"], attacks["over_refused"]
    found = [name for one in both for name in one["new"]]
    new = [one for one in found if options.only in one and one not in known]
    fixed = [name for one in both for name in one["fixed"]]
    mended = [one for one in fixed if options.only in one and one in known]
    if new and not (options.reason or "").strip():
        raise ReportError(
            f"{len(new)} new breaches, such as {new[0]}: say why they are known with --reason TEXT"
        )
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
    return [f"{sign} breach {one}" for sign, ones in (("+", new), ("-", mended)) for one in ones]


def _blessed(
    old: Baseline | None, report: Mapping[str, Any], options: argparse.Namespace
) -> tuple[Baseline, list[str]]:
    """The tests as they are approved of now, and what changed, line by line."""
    from pytest_litmus.compare.baseline import Baseline, blessed_of
    from pytest_litmus.compare.entries import side_of

    side = side_of(report, name="")
    before = dict(old.entries) if old else {}
    given = {name: one for name, one in side.entries.items() if options.only in name}
    missing = sorted(before.keys() - side.entries.keys())
    dropped = [one for one in missing if options.drop_missing and options.only in one]
    kept = {name: one for name, one in before.items() if name not in dropped}
    told = [*_differences(before, given), *(f"- {name}" for name in dropped)]
    if len(missing) > len(dropped):
        told.append(
            f"{len(missing) - len(dropped)} tests that are not in the report were kept; "
            "--drop-missing takes them out"
        )
    return Baseline(entries=kept | given, blessed=blessed_of(report, side)), told


def _differences(before: Mapping[str, Entry], given: Mapping[str, Entry]) -> Iterable[str]:
    for name, one in sorted(given.items()):
        if name not in before:
            yield f"+ {name} {one.outcome}"
        elif before[name].outcome != one.outcome:
            yield f"~ {name} {before[name].outcome} -> {one.outcome}"
