"""Merging: the reports of shards, which ran parts of one run, made into one report.

Nothing is added up: the whole is built of the tests' records, as if one run had made them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report import feedback
from pytest_litmus.report.build import SCHEMA_VERSION, build
from pytest_litmus.report.json_ready import moment_text
from pytest_litmus.report.plain import ascii_line, counted
from pytest_litmus.report.reading import read_report
from pytest_litmus.report.run import CHOICE, PART, Run, new_run_id
from pytest_litmus.report.writing import CALLS, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pytest_litmus.report.feedback import HumanRating
    from pytest_litmus.report.reading import StoredReport
    from pytest_litmus.report.records import TestRecord

_MAY_DIFFER = ("max_cost", "report_content", *CHOICE)
"""Options that say how much a run may spend, what it writes and which part it runs."""
_KNOWN_STATUSES = range(6)
_WORST = (3, 4, 2)
"""pytest's internal error, wrong usage and interruption: nobody knows what such a run left out."""
_ALL_THE_SAME = "type --several to merge them all the same"


@dataclass(frozen=True, slots=True)
class Shard:
    """A stored report that becomes a part of another."""

    stored: StoredReport
    run: Run

    @property
    def path(self) -> Path:
        """Of its `report.json`."""
        return self.stored.path

    @property
    def nodeids(self) -> set[str]:
        """Of its tests."""
        return {test["nodeid"] for test in self.stored.tests}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Several reports as one."""

    report: dict[str, Any]
    records: list[TestRecord]
    """What it was built of."""
    ratings: tuple[HumanRating, ...]
    """What people said of its tests."""
    shards: tuple[Shard, ...]
    """What it was merged from."""
    left_out: tuple[Shard, ...]
    """Those of which every test ran again in a later one."""


def merge(paths: Iterable[Path], *, several: bool = False, last: bool = False) -> Merged:
    """One report of several.

    Args:
        paths: Folders of `--llm-report`, or the `report.json` in them, each with its `calls.jsonl`.
        several: Whether they may be of different commits and options.
        last: Whether several may have the same test: it is then taken from the run that started
            last. A run of which nothing is left is left out, its exit status too.

    Raises:
        ReportError: One cannot be read or lacks calls, or they do not belong together.
    """
    shards = [_shard(path) for path in paths]
    _refuse_the_same(shards)
    _refuse_rescored(shards)
    _refuse_schemas(shards)
    if not several:
        _refuse_other_commits(shards)
        _refuse_other_options(shards)
    if not last:
        _refuse_overlap(shards)
    owners = _owners(shards)
    used = {*owners.values(), *(shard.path for shard in shards if not shard.nodeids)}
    kept = [shard for shard in shards if shard.path in used]
    run = _run([shard.run for shard in kept])
    records = [record for shard in kept for record in _records(shard, owners)]
    ratings = [rating for shard in kept for rating in _ratings(shard, owners)]
    report = build(records, run)
    return Merged(
        report=feedback.rated(report, ratings),
        records=records,
        ratings=tuple(ratings),
        shards=tuple(kept),
        left_out=tuple(shard for shard in shards if shard.path not in used),
    )


def write(path: Path, merged: Merged) -> None:
    """Write it: its folder appears whole, or not at all.

    Raises:
        ReportError: The folder holds something, or cannot be written.
    """
    feedback.write_rated(path, merged.report, merged.records, merged.ratings)


def differing(shards: Sequence[Shard]) -> dict[str, dict[str, list[Path]]]:
    """Packages that are not of one version in all shards: who has which, by the version.

    The version of one that a shard does not have is `none`.
    """
    names = sorted({name for shard in shards for name in shard.run.versions})
    found: dict[str, dict[str, list[Path]]] = {}
    for name in names:
        by_version: dict[str, list[Path]] = {}
        for shard in shards:
            by_version.setdefault(shard.run.versions.get(name, "none"), []).append(shard.path)
        if len(by_version) > 1:
            found[name] = by_version
    return found


# What belongs together


def _shard(path: Path) -> Shard:
    if (path / CALLS).exists() and not (path / REPORT).exists():
        raise ReportError(
            f"{path} has a {CALLS} and no {REPORT}: its run was killed before it ended; run that "
            "shard again"
        )
    stored = read_report(path)
    try:
        shard = Shard(stored, Run.from_json(stored.report["run"]))
        # Without an offset nobody can say which run was first.
        aware = shard.run.started_at.utcoffset() is not None
        if aware and all(isinstance(name, str) for name in shard.nodeids):
            return shard
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _odd(stored, repr(error)) from error
    raise _odd(stored, "a start without an offset, or a node id that is no text")


def _odd(stored: StoredReport, told: str) -> ReportError:
    return ReportError(f"{stored.path} is not as its schema has it: {told}")


def _refuse_the_same(shards: Iterable[Shard]) -> None:
    """Refuse a run that is given twice, as a part of a merged one too."""
    seen: dict[str, Path] = {}
    for shard in shards:
        for id_ in [shard.run.id, *(part["id"] for part in shard.run.merged_from)]:
            if id_ in seen:
                places = {str(seen[id_]), str(shard.path)}
                raise ReportError(
                    f"run {ascii_line(str(id_))} is given twice, in {' and '.join(sorted(places))}"
                    ": it would count twice; give it once"
                )
            seen[id_] = shard.path


def _refuse_rescored(shards: Iterable[Shard]) -> None:
    """Refuse what was decided again: the whole could not say of which tests that is so."""
    for shard in shards:
        if shard.run.rescored_from:
            raise ReportError(
                f"{shard.path} was made by litmus rescore: merge the shards as they ran, and "
                "rescore the whole"
            )


def _refuse_schemas(shards: Sequence[Shard]) -> None:
    """Refuse fields that this version does not know: it could not carry them over."""
    first = shards[0]
    for shard in shards:
        if _schema(shard) != _schema(first):
            raise ReportError(
                f"{first.path} has schema {_schema(first)} and {shard.path} {_schema(shard)}: run "
                "all shards with one version of pytest-litmus"
            )
    if _minor(_schema(first)) > _minor(SCHEMA_VERSION):
        raise ReportError(
            f"{first.path} has schema {_schema(first)}, of which this version knows "
            f"{SCHEMA_VERSION}: the rest would be lost; merge with the pytest-litmus that wrote it "
            f"({ascii_line(str(first.run.versions.get('pytest-litmus', '?')))})"
        )


def _schema(shard: Shard) -> str:
    return ascii_line(str(shard.stored.report["schema_version"]))


def _minor(version: str) -> float:
    """Of MAJOR.MINOR; what is no number is newer than all."""
    minor = version.partition(".")[2]
    return int(minor) if minor.isdecimal() else float("inf")


def _refuse_other_commits(shards: Sequence[Shard]) -> None:
    """Refuse shards of different commits; one that is not known may be another."""
    first = shards[0]
    for shard in shards[1:]:
        commits = [_revision(one.run) for one in (first, shard)]
        if None in commits or commits[0] != commits[1]:
            one, other = (commit or "no commit that is known" for commit in commits)
            raise ReportError(
                f"{first.path} is of {one} and {shard.path} of {other}: shards are of one commit; "
                f"{_ALL_THE_SAME}"
            )


def _refuse_other_options(shards: Sequence[Shard]) -> None:
    """Refuse shards that ran in different ways: live and replayed numbers do not mix."""
    first = shards[0]
    for shard in shards[1:]:
        for name in sorted({*first.run.options, *shard.run.options} - set(_MAY_DIFFER)):
            one, other = (run.options.get(name) for run in (first.run, shard.run))
            if one != other:
                option = f"--llm-{name.replace('_', '-')}"
                told = f"{first.path} has {option} {one} and {shard.path} {option} {other}"
                raise ReportError(
                    f"{ascii_line(told)}: shards run with the same options; {_ALL_THE_SAME}"
                )


def _revision(run: Run) -> str | None:
    return ascii_line(str(run.git["revision"])) if run.git else None


def _refuse_overlap(shards: Iterable[Shard]) -> None:
    """Refuse a test that two shards have."""
    seen: dict[str, Path] = {}
    for shard in shards:
        twice = sorted(shard.nodeids & seen.keys())
        if twice:
            shared = f"{counted(len(twice), 'test')}, such as {ascii_line(twice[0])}"
            raise ReportError(
                f"{seen[twice[0]]} and {shard.path} share {shared}: of a job that was tried again "
                "give the last report only, or type --last to take each test from the run that "
                "started last"
            )
        seen |= dict.fromkeys(shard.nodeids, shard.path)


def _owners(shards: Iterable[Shard]) -> dict[str, Path]:
    """By node id the shard that a test is taken from: that of the run that started last."""
    by_start = sorted(shards, key=lambda shard: shard.run.started_at)
    return {nodeid: shard.path for shard in by_start for nodeid in shard.nodeids}


def _records(shard: Shard, owners: Mapping[str, Path]) -> list[TestRecord]:
    try:
        return [one for one in shard.stored.records() if owners[one.nodeid] == shard.path]
    except ReportError as error:
        raise ReportError(
            f"{error}; a merge needs {REPORT} and {CALLS} of each shard: keep its whole folder, or "
            "run the shard again"
        ) from error


def _ratings(shard: Shard, owners: Mapping[str, Path]) -> list[HumanRating]:
    return [one for one in feedback.read(shard.stored) if owners.get(one.test) == shard.path]


# The run of all of them


def _run(runs: Sequence[Run]) -> Run:
    start = min(run.started_at for run in runs)
    return Run(
        id=new_run_id(),
        started_at=start,
        duration_s=_duration_s(runs),
        exit_status=_worst(run.exit_status for run in runs),
        versions=_agreed([run.versions for run in runs]),
        git=_git(runs),
        ci=_ci([run.ci for run in runs]),
        options=_agreed([run.options for run in runs]),
        merged_from=tuple(part for run in runs for part in _parts(run)),
    )


def _duration_s(runs: Sequence[Run]) -> float | None:
    """From the first start to the last end; None where an end is not known."""
    ends = [
        run.started_at + timedelta(seconds=run.duration_s)
        for run in runs
        if run.duration_s is not None
    ]
    if len(ends) < len(runs):
        return None
    return (max(ends) - min(run.started_at for run in runs)).total_seconds()


def _worst(statuses: Iterable[int | None]) -> int | None:
    """The exit status that says most against the whole.

    One that is not known is worse than success; that a shard had no tests is none the worse where
    others had.
    """
    given = list(statuses)
    others = sorted(one for one in given if one is not None and one not in _KNOWN_STATUSES)
    return next(one for one in (*_WORST, *others, 1, None, 0, 5) if one in given)


def _agreed(several: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is the same in all."""
    first, *rest = several
    return {
        name: value
        for name, value in first.items()
        if all(name in one and one[name] == value for one in rest)
    }


def _git(runs: Sequence[Run]) -> dict[str, Any] | None:
    """The commit of all, dirty where one of them was; None where they are of several."""
    commits = [run.git for run in runs if run.git]
    same = _agreed(commits) if len(commits) == len(runs) else {}
    if "revision" not in same:
        return None
    dirty = {commit["dirty"] for commit in commits}
    return same | {"dirty": True if True in dirty else None if None in dirty else False}


def _ci(jobs: Sequence[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """What the jobs have in common, as the pipeline's id or the URL; None of several systems."""
    known = [job for job in jobs if job]
    same = _agreed(known) if len(known) == len(jobs) else {}
    if "system" not in same:
        return None
    return {name: same.get(name) for name in ("system", "name", "id", "url")}


def _parts(run: Run) -> Sequence[Mapping[str, Any]]:
    """The runs that a run is made of: itself, if it is no merged one."""
    told = {name: getattr(run, name) for name in PART}
    return run.merged_from or [told | {"started_at": moment_text(run.started_at)}]
