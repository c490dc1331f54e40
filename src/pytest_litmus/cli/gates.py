"""`litmus gate` and `litmus ratchet`: whether to deploy, and whether that was made easier."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli.asking import refused

if TYPE_CHECKING:
    import argparse

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.gate.deciding import Ruling
    from pytest_litmus.gate.policy import Policy
    from pytest_litmus.gate.ratchet import Weakened


def add_gate(commands: Commands) -> None:
    """Add `litmus gate`."""
    parser = commands.add_parser(
        "gate",
        help="decide stored reports by a policy, for a pipeline's exit code",
        description="Decide stored reports by a policy, without a model call. Exit codes, the "
        "highest-ranking first: 2 unreadable, 11 safety, 10 quality, 13 drift or regression, 12 "
        "budget, 14 infrastructure, 15 inconclusive; 0 deploy.",
    )
    parser.add_argument(
        "reports", metavar="REPORT", type=Path, nargs="+", help="folders of --llm-report"
    )
    parser.add_argument(
        "--policy", metavar="FILE", type=Path, required=True, help="gate.toml or pyproject.toml"
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        type=Path,
        help="an earlier report, or a file of `litmus baseline bless`: regressions and lost tests "
        "block too",
    )
    parser.add_argument("--explain", action="store_true", help="tell of all rules and all tests")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the decision to a file")
    parser.add_argument(
        "--several", action="store_true", help="the reports are of different runs, on purpose"
    )
    parser.set_defaults(command=_gate)


def add_ratchet(commands: Commands) -> None:
    """Add `litmus ratchet`."""
    parser = commands.add_parser(
        "ratchet",
        help="find the limits that a new policy weakens without a reason",
        description="Compare two policies. Exits with 1 where the new one weakens a limit and "
        "does not say why.",
    )
    parser.add_argument("old", metavar="OLD", type=Path)
    parser.add_argument("new", metavar="NEW", type=Path)
    parser.set_defaults(command=_ratchet)


def _gate(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.gate.deciding import decide
    from pytest_litmus.gate.policy import read_policy
    from pytest_litmus.gate.telling import told
    from pytest_litmus.report.reading import read_report

    try:
        policy = read_policy(options.policy)
        reports = [read_report(path).report for path in options.reports]
        further = _further(options, reports, policy)
        decision = decide(reports, policy, several=options.several, further=further)
        if options.json:
            _write(options.json, decision.as_json())
    except LitmusError as error:
        return refused("gate", error)
    except OSError as error:
        return refused("gate", f"{options.json} cannot be written: {error.strerror}")
    except (KeyError, TypeError, ValueError) as error:
        paths = ", ".join(map(str, options.reports))
        return refused("gate", f"{paths}: not as the report's schema has it: {error!r}")
    sys.stdout.write("".join(f"{line}\n" for line in told(decision, explain=options.explain)))
    return decision.exit_code


def _further(
    options: argparse.Namespace, reports: list[dict[str, Any]], policy: Policy
) -> list[Ruling]:
    """What a comparison with the baseline finds.

    Raises:
        LitmusError: The baseline cannot be read, or there are several reports to compare with it.
    """
    from pytest_litmus.compare.baseline import side_at
    from pytest_litmus.compare.comparing import compare
    from pytest_litmus.compare.entries import side_of
    from pytest_litmus.errors import PolicyError
    from pytest_litmus.gate.regressions import rulings_of

    if options.baseline is None:
        return []
    if len(reports) > 1:
        raise PolicyError("--baseline takes one report: litmus merge makes one of shards")
    after = side_of(reports[0], name=str(options.reports[0]))
    return rulings_of(compare(side_at(options.baseline), after), policy)


def _write(path: Path, decision: object) -> None:
    import json

    from pytest_litmus.capture.cassette_file import write

    write(path, json.dumps(decision, indent=1) + "\n")


def _ratchet(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.gate.policy import read_policy
    from pytest_litmus.gate.ratchet import weakened

    try:
        found = weakened(read_policy(options.old), read_policy(options.new))
    except LitmusError as error:
        return refused("ratchet", error)
    sys.stdout.write("".join(map(_told, found)))
    silent = sum(one.reason is None for one in found)
    sys.stdout.write(f"{len(found)} weakened, {silent} without a reason\n")
    return 1 if silent else 0


def _told(one: Weakened) -> str:
    if one.reason is None:
        return f"WEAKENED {one.name}: {one.how}\n  mend      {one.remedy}\n"
    return f"weakened {one.name}: {one.how}\n  reason    {one.reason}\n"
