"""Case: one test while it runs, from the opening of its capture to its record."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.budgets import Budget
from pytest_litmus.capture.cassette import Cassette, Settings
from pytest_litmus.errors import CassetteError
from pytest_litmus.report.failing import failure_block
from pytest_litmus.report.records import CassetteUse, TestRecord
from pytest_litmus.verdicts import Limit, Score, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from pytest_litmus.options import Options
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.wire.calls import Call


@dataclass(eq=False, kw_only=True)
class Case:
    """One test: its recorder, its cassette, and what is found of them."""

    item: pytest.Item
    options: Options
    recorder: Recorder
    label: str = ""
    """Whose capture it is; the item's node id, unless it is a wide fixture's."""
    budget: Budget = field(default_factory=Budget)
    path: Path | None = None
    """Its cassette's; None when the test is only observed."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """pytest's word for each phase."""
    duration_s: float = 0.0
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    budgets: tuple[Verdict, ...] = ()
    warnings: list[str] = field(default_factory=list)
    fixture_calls: list[Call] = field(default_factory=list)
    """Calls of wider fixtures that this test was the first to need."""
    _failure: str | None = None
    _problem: str | None = None
    _saved: bool = False
    _told: int = 0

    def __post_init__(self) -> None:
        self.label = self.label or self.item.nodeid

    def open(self) -> None:
        """Begin to capture.

        Raises:
            CassetteError: The cassette cannot be read.
        """
        replays = self.path is not None and self.options.mode != "live"
        self.recorder.open(self._cassette(self.path) if replays and self.path else None)

    def _cassette(self, path: Path) -> Cassette:
        settings = Settings(
            path=path,
            mode=self.options.mode,  # type: ignore[arg-type]
            matching=self.recorder.capture.matching,
            scrubber=self.recorder.scrubber,
            describe=self.recorder.describe,
            label=self.label,
            shown_path=self.shown_path,
            how_to_record=self._how_to_record,
            keep_unplayed=self.options.stale_is_warning,
            run_started_at=self._run_started_at,
        )
        try:
            cassette: Cassette = Cassette.load(settings=settings)
        except CassetteError as error:
            self._problem = str(error)
            raise
        return cassette

    def _how_to_record(self, mode: str) -> str:
        return f"pytest --llm-record={mode} {self._typed}"

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

    @cached_property
    def shown_path(self) -> str:
        """The cassette's path for people: from pytest's rootdir, with forward slashes."""
        root = self.item.config.rootpath
        return Path(os.path.relpath(self.path or root, root)).as_posix()

    # What a test that passed so far fails on

    def after_call(self) -> list[str]:
        """What the body of the test swallowed, checked softly or spent too much."""
        self.budgets = self._held()
        return [
            *self._untold(),
            *_not_held("check", self.recorder.verdicts),
            *_not_held("budget", self.budgets),
        ]

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
        return (*self.budget.verdicts(self.recorder), *([] if aged is None else [aged]))

    def _age_verdict(self) -> Verdict | None:
        limit, cassette = self.options.number("max_age_days"), self.recorder.cassette
        if limit is None or cassette is None or not cassette.played:
            return None
        age = _age_days(cassette.recorded_at)
        said = "the cassette does not say when it was recorded"
        if age is not None:
            said = f"the oldest recording that was played is {age:.1f} days old"
        score = Score(name="recording_age", value=age, unit="d", explanation=said)
        return judge(score, Limit(at_most=limit))

    def close(self, *, clean: bool) -> list[str]:
        """End the capture; save the cassette if the test passed.

        Args:
            clean: Whether the tear-down passed too.

        Returns:
            What the test fails on all the same.
        """
        self.recorder.close()
        self.budgets = self.budgets or self._held()
        said = self._untold()
        cassette = self.recorder.cassette
        if cassette is None:
            return said
        if clean and not said and self._passed():
            said = self._save(cassette) or self._stale(cassette)
        cassette.close()
        return said

    def _passed(self) -> bool:
        return all(self.outcomes.get(phase) == "passed" for phase in ("setup", "call"))

    def _save(self, cassette: Cassette) -> list[str]:
        try:
            self._saved = cassette.save(self.recorder.capture.tapes)
        except (CassetteError, OSError) as error:
            self._problem = str(error)
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
                f"  cassette  {self.shown_path}",
                f"  unasked   {', '.join(first)}{more}",
                f"  record    {self._how_to_record('all')}",
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
            self._failure = self._failure or self.recorder.scrubber.text(_crash(report))[:2000]
            block = self._block()
            if block:
                report.sections.append(("llm", block))
        if report.when == "teardown" and (self.path is not None or self.recorder.calls):
            record = self._record()
            content = self.options.wants_content(record.outcome)
            told = record.as_json(content, redact=self.recorder.scrubber.text)
            report.litmus = json.dumps(told | {"warnings": self.warnings})  # type: ignore[attr-defined]

    def _block(self) -> str:
        return failure_block(
            calls=self.recorder.calls,
            verdicts=self.recorder.verdicts,
            budgets=self.budgets,
            cassette=self._use(),
            redact=self.recorder.scrubber.text,
        )

    def _use(self) -> CassetteUse | None:
        cassette = self.recorder.cassette
        if cassette is None:
            return None
        calls = [call for call in self.recorder.calls if call.source == "recorded"]
        tapes = self.recorder.capture.tapes
        live = [tape for tape in tapes if tape.source == "live" and tape.kept]
        return CassetteUse(
            path=self.shown_path,
            mode=self.options.mode,
            played=cassette.played,
            recorded=len(live) if self._saved else 0,
            misses=len(cassette.misses),
            stale=len(cassette.stale) if cassette.replaying else 0,
            recorded_at=cassette.recorded_at,
            age_days=_age_days(cassette.recorded_at),
            models=tuple(sorted({call.response_model for call in calls if call.response_model})),
            saved=self._saved,
            problem=self._problem,
        )

    def _record(self) -> TestRecord:
        path, line, _ = self.item.location
        return TestRecord(
            nodeid=self.item.nodeid,
            file=Path(path).as_posix(),
            line=line + 1 if line is not None else None,
            outcome=self._outcome(),
            started_at=self.started_at,
            duration_s=self.duration_s,
            calls=(*self.fixture_calls, *self.recorder.traced),
            verdicts=tuple(self.recorder.verdicts),
            budgets=self.budgets,
            cassette=self._use(),
            failure=self._failure,
            worker=self.options.worker,
        )

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
