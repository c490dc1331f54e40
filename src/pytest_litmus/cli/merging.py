"""`litmus merge`: the reports of CI shards made into one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.report.merging import Merged


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "merge",
        help="make one report of those of CI shards",
        description="Make one report of those of CI shards: parts of one run, of one commit, with "
        "no test in common. Exits with 2, and writes nothing, where they are not.",
    )
    parser.add_argument(
        "shards",
        metavar="SHARD",
        type=Path,
        nargs="+",
        help="folders of --llm-report, whole: merging takes report.json and calls.jsonl",
    )
    parser.add_argument(
        "--into", metavar="DIR", type=Path, required=True, help="the new report's folder"
    )
    parser.add_argument(
        "--several",
        action="store_true",
        help="the shards are of different commits or options, on purpose",
    )
    parser.add_argument(
        "--last",
        action="store_true",
        help="jobs were tried again: take a test that several shards have from the run that "
        "started last",
    )
    parser.set_defaults(command=_merge)


def _merge(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.report.merging import merge, write
    from pytest_litmus.report.reading import UNREADABLE

    try:
        merged = merge(options.shards, several=options.several, last=options.last)
        lines = list(_told(merged, options.into))
        write(options.into, merged)
    except LitmusError as error:
        return refused("merge", error)
    except UNREADABLE as error:
        paths = ", ".join(map(str, options.shards))
        return refused("merge", f"{paths}: not as the report's schema has it: {error!r}")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _told(merged: Merged, into: Path) -> Iterator[str]:
    from pytest_litmus.report.merging import differing
    from pytest_litmus.report.plain import ascii_line, counted

    for shard in merged.shards:
        yield f"{shard.path.parent}: {_summary(shard.stored.report)}"
    for shard in merged.left_out:
        yield f"{shard.path.parent}: left out, all of its tests ran again in a later one"
    for package, by_version in differing(merged.shards).items():
        told = ", ".join(
            f"{ascii_line(version)} ({', '.join(str(path.parent) for path in paths)})"
            for version, paths in by_version.items()
        )
        yield f"not the same in all: {ascii_line(package)} {told}"
    yield f"{into}: {_summary(merged.report)}; of {counted(len(merged.shards), 'shard')}"


def _summary(report: Mapping[str, Any]) -> str:
    from pytest_litmus.report.plain import ascii_line, counted, dollars, duration

    verdict, cost = report["verdict"], report["totals"]["cost"]
    reason = f" ({ascii_line(str(verdict['reason']))})" if verdict["reason"] else ""
    unpriced = f" and {counted(cost['unpriced_calls'], 'call')} without a price"
    return ", ".join(
        [
            counted(verdict["tests"], "test"),
            counted(report["totals"]["calls"]["total"], "call"),
            f"{dollars(cost['cost_usd'])}{unpriced if cost['unpriced_calls'] else ''}",
            duration(report["run"]["duration_s"]),
            f"{ascii_line(str(verdict['outcome']))}{reason}",
        ]
    )
