"""`litmus feedback`: what people say of a run's calls and tests."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli.asking import field_and_key, printable, refused

if TYPE_CHECKING:
    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.feedback.joining import Joined
    from pytest_litmus.feedback.saying import Manner
    from pytest_litmus.report.json_ready import Redact
    from pytest_litmus.report.reading import StoredReport

_NUMBER = r"-?\d+(?:\.\d+)?"
_SCALE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")

_WORDS = {
    "added": "added",
    "known": "known already",
    "replaced": "replaced",
    "unknown": "left out as unknown",
    "blank": "without a rating",
}
"""What became of the rows, in words."""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "feedback",
        help="join ratings of people to a report, and add them up",
        description="Join ratings of people (CSV or JSONL) to the calls and tests of a report, and "
        "tell what they say; without ratings, what is there. Exit codes: 0 done, 2 refused, and "
        "nothing was written.",
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="the folder of --llm-report")
    parser.add_argument(
        "ratings",
        metavar="RATINGS",
        type=Path,
        nargs="*",
        help="CSV or JSONL with `call` or `test`, `rating`, and maybe name, by, at, comment",
    )
    parser.add_argument(
        "--scale", metavar="MIN..MAX", type=_scale, help="what numbers are of, as in 1..5"
    )
    parser.add_argument(
        "--up-from",
        metavar="NUMBER",
        type=float,
        help="the lowest number of the scale that approves; without it a number says neither",
    )
    parser.add_argument(
        "--name", metavar="NAME", help="the criterion of rows that name none (rating)"
    )
    parser.add_argument(
        "--map",
        metavar="FIELD=KEY",
        action="append",
        default=[],
        type=_pair,
        help="the column or path of a field: rating, name, by, at, comment; or of the id: call, "
        "test, response, session, metadata.KEY of the calls; repeatable",
    )
    parser.add_argument(
        "--skip-unknown", action="store_true", help="leave out what the report does not know"
    )
    parser.add_argument(
        "--replace", action="store_true", help="new ratings take the place of earlier ones"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with all sums")
    parser.set_defaults(command=_feedback)


def _feedback(options: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from pytest_litmus.capture.locks import lock_of
    from pytest_litmus.errors import LitmusError

    folder = options.report if options.report.is_dir() else options.report.parent
    try:
        with lock_of(folder) if options.ratings else nullcontext():
            stored, joined, section = _added(options)
    except LitmusError as error:
        return refused("feedback", error)
    except OSError as error:
        return refused("feedback", f"{folder} cannot be locked: {error.strerror or error}")
    except (KeyError, TypeError, ValueError) as error:
        told = f"not as the report's schema has it: {error!r}"
        return refused("feedback", f"{options.report}: {told}")
    told = _as_json(stored, joined, section) if options.json else _table(joined, section)
    sys.stdout.write(printable(told))
    return 0


def _added(options: argparse.Namespace) -> tuple[StoredReport, Joined, dict[str, Any]]:
    """The report, its ratings with the new ones, and their sums.

    Raises:
        LitmusError: A file cannot be read, or a rating is refused.
    """
    from pytest_litmus.feedback.joining import Joined, join
    from pytest_litmus.report.feedback import read, summary, write
    from pytest_litmus.report.reading import read_report

    manner = _manner(options)
    stored = read_report(options.report)
    earlier = read(stored)
    if not options.ratings:
        return stored, Joined(ratings=earlier), summary(earlier, stored.tests)
    joined = join(
        stored,
        options.ratings,
        manner,
        earlier=earlier,
        skip_unknown=options.skip_unknown,
        replace_earlier=options.replace,
        redact=_redaction(),
    )
    return stored, joined, write(stored, joined.ratings)


def _manner(options: argparse.Namespace) -> Manner:
    from pytest_litmus.errors import ReportError
    from pytest_litmus.feedback.saying import Manner
    from pytest_litmus.report.feedback import USUAL_NAME

    low, high = options.scale or (0.0, -1.0)
    if options.up_from is not None and not low <= options.up_from <= high:
        told = f"from {low:g} to {high:g}" if options.scale else "of a --scale, and there is none"
        raise ReportError(f"--up-from {options.up_from:g} is no number {told}")
    return Manner(
        mapping=dict(options.map),
        scale=options.scale,
        up_from=options.up_from,
        name=options.name or USUAL_NAME,
    )


def _redaction() -> Redact:
    """Takes secrets out: those of the environment, and what looks like one."""
    from pytest_litmus.capture.secret_scan import SCRUBBED, places
    from pytest_litmus.capture.secrets import Scrubber, Scrubbing

    scrubber = Scrubber(Scrubbing())

    def redact(text: str) -> str:
        text = scrubber.text(text)
        for _, start, end in reversed(places(text)):
            text = f"{text[:start]}{SCRUBBED}{text[end:]}"
        return text

    return redact


def _table(joined: Joined, section: dict[str, Any]) -> str:
    import shutil

    from pytest_litmus.feedback.telling import told

    lines = told(section, joined.ratings, width=shutil.get_terminal_size().columns)
    counts = _counts(joined)
    if any(counts.values()):
        words = (f"{count:,} {_WORDS[name]}" for name, count in counts.items() if count)
        lines.insert(1, f"{'this time':<10} {', '.join(words)}")
    return "".join(f"{line}\n" for line in lines)


def _as_json(stored: StoredReport, joined: Joined, section: dict[str, Any]) -> str:
    shown = {"run_id": stored.report["run"]["id"], **_counts(joined), "feedback": section}
    return json.dumps(shown, indent=2) + "\n"


def _counts(joined: Joined) -> dict[str, int]:
    return {name: getattr(joined, name) for name in _WORDS}


def _scale(text: str) -> tuple[float, float]:
    found = _SCALE.fullmatch(text)
    low, high = map(float, found.groups()) if found else (0.0, 0.0)
    if low >= high:
        raise argparse.ArgumentTypeError(f"{text!r} is no scale: type MIN..MAX, such as 1..5")
    return low, high


def _pair(text: str) -> tuple[str, str]:
    from pytest_litmus.feedback.joining import FIELDS, is_field

    return field_and_key(text, (*FIELDS, "metadata.KEY"), is_field=is_field)
