"""Case: one test while it runs, from the opening of its capture to its record."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.budgets import Budget
from pytest_litmus.capture.by_purpose import Cassettes, path_for, tapes_for
from pytest_litmus.errors import CassetteError
from pytest_litmus.purpose import SUBJECT
from pytest_litmus.report.failing import failure_block
from pytest_litmus.report.records import AttemptRecord, CassetteUse, TestRecord
from pytest_litmus.verdicts import Limit, Score, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from pytest_litmus.capture.cassette import Cassette, Settings
    from pytest_litmus.options import Options
    from pytest_litmus.purpose import Purpose
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.suites.finding import Finding
    from pytest_litmus.wire.calls import Call


@dataclass(eq=False, kw_only=True)
class Case:
    """One test: its recorder, its cassettes, and what is found of them."""

    item: pytest.Item
    options: Options
    recorder: Recorder
    label: str = ""
    """Whose capture it is; the item's node id, unless it is a wide fixture's."""
    budget: Budget = field(default_factory=Budget)
    path: Path | None = None
    """Its own cassette's; None when the test is only observed."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """pytest's word for each phase."""
    duration_s: float = 0.0
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    budgets: tuple[Verdict, ...] = ()
    warnings: list[str] = field(default_factory=list)
    finding: Finding | None = None
    """Of an item of a suite."""
    attempts: tuple[AttemptRecord, ...] | None = None
    """The runs of an item of a suite."""
    failed_on: list[str] = field(default_factory=list)
    """See `TestRecord.failed_on`."""
    fingerprint: str | None = None
    """Of an item of a suite; an ordinary test's is read off its source."""
    runs_ahead: bool = False
    """Whether it was opened before pytest came to its item."""
    complete: bool = False
    """Whether the cassette is whole though the test fails: a breach is a result, no accident."""
    fixture_calls: list[Call] = field(default_factory=list)
    """Calls of wider fixtures that this test was the first to need."""
    _failure: str | None = None
    _problems: dict[Purpose, str] = field(default_factory=dict)
    _saved: set[Purpose] = field(default_factory=set)
    _told: int = 0

    def __post_init__(self) -> None:
        self.label = self.label or self.item.nodeid

    def open(self) -> None:
        """Begin to capture.

        Raises:
            CassetteError: The cassette cannot be read.
        """
        if self.path is None or self.options.mode == "live":
            self.recorder.open(None)
        else:
            self.recorder.open(Cassettes(partial(self._settings, self.path)))

    def _settings(self, path: Path, purpose: Purpose) -> Settings:
        from pytest_litmus.capture.cassette import Settings

        return Settings(
            path=path_for(path, purpose),
            mode=self.options.mode_for(purpose),
            matching=self.recorder.capture.matching,
            scrubber=self.recorder.scrubber,
            describe=self.recorder.describe,
            label=self.label,
            shown_path=self.shown_path(purpose),
            how_to_record=partial(self._how_to_record, purpose),
            keep_unplayed=self.options.stale_is_warning,
            run_started_at=self._run_started_at,
        )

    def _how_to_record(self, purpose: Purpose, mode: str) -> str:
        alone = f" --llm-record-of={purpose}" if mode == "all" and purpose != SUBJECT else ""
        return f"pytest --llm-record={mode}{alone} {self._typed}"

    @property
    def _run_started_at(self) -> datetime | None:
        run = self.item.config.pluginmanager.get_plugin("litmus-run")
        started_at: datetime | None = run.started_at if run is not None else None
        return started_at

    @property
    def _typed(self) -> str:
        """The test as one types it where pytest was started."""
        config = self.item.config
        file, colons, inside = self.item.nodeid.partition("::")
        here = os.path.relpath(config.rootpath / file, config.invocation_params.dir)
        return shlex.quote(Path(here).as_posix() + colons + inside)

    def shown_path(self, purpose: Purpose) -> str:
        """A cassette's path for people: from pytest's rootdir, with forward slashes."""
        root = self.item.config.rootpath
        path = path_for(self.path, purpose) if self.path else root
        return Path(os.path.relpath(path, root)).as_posix()

    # What a test that passed so far fails on

    def after_call(self) -> list[str]:
        """What the body of the test swallowed, checked softly or spent too much."""
        self.budgets = self._held()
        said = {
            "refusals": self._untold(),
            "checks": _not_held("check", self.recorder.verdicts),
            "budgets": _not_held("budget", self.budgets),
        }
        self.failed_on = [name for name, lines in said.items() if lines]
        return [line for lines in said.values() for line in lines]

    def told(self) -> None:
        """All refusals so far are known to the user."""
        self._told = len(self.recorder.capture.stops)

    def _untold(self) -> list[str]:
        """Refusals that the program swallowed, or that a thread met after the body."""
        stops = self.recorder.capture.stops[self._told :]
        self.told()
        return [f"{type(stop).__name__}: {stop}" for stop in stops]

    def _held(self) -> tuple[Verdict, ...]:
        aged = self._age_verdict()
        return (*self.budget.verdicts(self.recorder.calls_as), *([] if aged is None else [aged]))

    def _age_verdict(self) -> Verdict | None:
        limit, cassettes = self.options.number("max_age_days"), self.recorder.cassettes
        if limit is None or cassettes is None or not cassettes.played:
            return None
        age = _age_days(cassettes.recorded_at)
        said = "the cassette does not say when it was recorded"
        if age is not None:
            said = f"the oldest recording that was played is {age:.1f} days old"
        score = Score(name="recording_age", value=age, unit="d", explanation=said)
        return judge(score, Limit(at_most=limit))

    def close(self, *, clean: bool) -> list[str]:
        """End the capture; save the cassettes if the test passed.

        Args:
            clean: Whether the tear-down passed too.

        Returns:
            What the test fails on all the same.
        """
        self.recorder.close()
        self.budgets = self.budgets or self._held()
        said = self._untold()
        cassettes = self.recorder.cassettes
        if cassettes is None:
            return said
        if clean and not said and self._passed():
            for purpose, cassette in cassettes.opened.items():
                said += self._save(purpose, cassette) or self._stale(cassette)
        cassettes.close()
        return said

    def _passed(self) -> bool:
        body = self.complete or self.outcomes.get("call") == "passed"
        return body and self.outcomes.get("setup") == "passed"

    def _save(self, purpose: Purpose, cassette: Cassette) -> list[str]:
        try:
            if cassette.save(tapes_for(purpose, self.recorder.capture.tapes)):
                self._saved.add(purpose)
        except (CassetteError, OSError) as error:
            self._problems[purpose] = str(error)
            return [f"{type(error).__name__}: {error}"]
        return []

    def _stale(self, cassette: Cassette) -> list[str]:
        stale = cassette.stale if cassette.replaying else []
        if not stale:
            return []
        first = [f"#{number} {r.request.method} {r.request.url}" for number, r in stale[:3]]
        more = f", and {len(stale) - 3} more" if len(stale) > 3 else ""
        count = f"{len(stale)} of {len(cassette.recordings)}"
        told = "\n".join(
            [
                f"stale recording: {count} recorded exchanges were not asked for",
                f"  test      {self.label}",
                f"  cassette  {cassette.shown_path}",
                f"  unasked   {', '.join(first)}{more}",
                f"  record    {cassette.settings.how_to_record('all')}",
                "  or        llm_stale = warn in the ini file",
            ]
        )
        if self.options.stale_is_warning:
            self.warnings.append(told)
            return []
        return [told]

    # What is told of it

    def note(self, report: pytest.TestReport) -> None:
        """Keep a phase's outcome; show a failing one's calls; put the record on the last one."""
        self.outcomes[str(report.when)] = report.outcome
        self.duration_s += report.duration
        if report.failed:
            self._note_failed(report)
            self._failure = self._failure or self.recorder.scrubber.text(_crash(report))[:2000]
            block = self._block()
            if block:
                report.sections.append(("llm", block))
        if report.when == "teardown" and (self.path is not None or self.recorder.model_calls):
            record = self._record()
            content = self.options.wants_content(record.outcome)
            told = record.as_json(content, redact=self.recorder.scrubber.text)
            report.litmus = told | {"warnings": self.warnings}  # type: ignore[attr-defined]

    def _note_failed(self, report: pytest.TestReport) -> None:
        """A body that raised is told apart from one that passed, and failed on its checks."""
        if report.when != "call":
            self.failed_on.append(str(report.when))
        elif not self.failed_on:
            self.failed_on = ["test"]

    def _block(self) -> str:
        return failure_block(
            calls=self.recorder.model_calls,
            verdicts=self.recorder.verdicts,
            budgets=self.budgets,
            cassettes=self._uses(),
            redact=self.recorder.scrubber.text,
        )

    def _uses(self) -> tuple[CassetteUse, ...]:
        """What was done with the test's own cassette, and with those for other purposes."""
        cassettes = self.recorder.cassettes
        opened = cassettes.opened if cassettes else {}
        return tuple(self._use(purpose, cassette) for purpose, cassette in opened.items())

    def _use(self, purpose: Purpose, cassette: Cassette) -> CassetteUse:
        calls = self.recorder.calls_as(purpose).calls
        played = [call for call in calls if call.source == "recorded"]
        tapes = tapes_for(purpose, self.recorder.capture.tapes)
        live = [tape for tape in tapes if tape.source == "live" and tape.kept]
        return CassetteUse(
            path=cassette.shown_path,
            purpose=purpose,
            mode=self.options.mode_for(purpose),
            played=cassette.played,
            recorded=len(live) if purpose in self._saved else 0,
            misses=len(cassette.misses),
            stale=len(cassette.stale) if cassette.replaying else 0,
            recorded_at=cassette.recorded_at,
            age_days=_age_days(cassette.recorded_at),
            models=tuple(sorted({call.response_model for call in played if call.response_model})),
            saved=purpose in self._saved,
            problem=self._problems.get(purpose),
        )

    def _record(self) -> TestRecord:
        path, line, _ = self.item.location
        uses, outcome = self._uses(), self._outcome()
        return TestRecord(
            nodeid=self.item.nodeid,
            file=Path(path).as_posix(),
            line=line + 1 if line is not None else None,
            outcome=outcome,
            started_at=self.started_at,
            duration_s=self.duration_s,
            calls=(*self.fixture_calls, *self.recorder.traced),
            verdicts=tuple(self.recorder.verdicts),
            budgets=self.budgets,
            cassette=next((use for use in uses if use.purpose == SUBJECT), None),
            side_cassettes=tuple(use for use in uses if use.purpose != SUBJECT),
            failure=self._failure,
            worker=self.options.worker,
            marks=tuple(sorted({mark.name for mark in self.item.iter_markers()})),
            severity=self._severity(),
            finding=self.finding,
            fingerprint=self.fingerprint or self._fingerprint(),
            failed_on=tuple(self.failed_on) if outcome in ("failed", "error") else (),
            attempts=self.attempts,
        )

    def _fingerprint(self) -> str | None:
        """Only where it is kept: reading the source of every test takes its time."""
        if self.finding is not None or not self.options.fingerprints:
            return None
        from pytest_litmus.fingerprint import of_test

        parameters = getattr(getattr(self.item, "callspec", None), "params", {})
        return of_test(getattr(self.item, "function", None), parameters)

    def _severity(self) -> str | None:
        if self.finding is not None:
            return self.finding.severity
        marks = self.item.iter_markers("llm")
        return next((mark.kwargs["severity"] for mark in marks if "severity" in mark.kwargs), None)

    def _outcome(self) -> Any:
        if "failed" in (self.outcomes.get("setup"), self.outcomes.get("teardown")):
            return "error"
        return self.outcomes.get("call") or self.outcomes.get("setup") or "skipped"


def _age_days(recorded_at: datetime | None) -> float | None:
    if recorded_at is None:
        return None
    return max(0.0, (datetime.now(UTC) - recorded_at).total_seconds() / 86_400)


def _crash(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash is not None else report.longreprtext)


def _not_held(kind: str, verdicts: Sequence[Verdict]) -> list[str]:
    """A line for each verdict that is not a pass."""
    return [f"{kind} {verdict}" for verdict in verdicts if not verdict]
