"""Records: what one test did, as it travels from the process that ran it to the report."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pytest_litmus.report.call_json import call_as_json, call_from_json
from pytest_litmus.report.json_ready import json_ready, moment_of, moment_text, unchanged
from pytest_litmus.suites.finding import Finding
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.purpose import Purpose
    from pytest_litmus.report.json_ready import Redact
    from pytest_litmus.suites.attempt import Attempt
    from pytest_litmus.wire.calls import Call

LEFT_OUT = "text left out, see --llm-report-content"
"""What stands where a text might quote a prompt or an answer."""

# An assertion's message may begin with any word; only what is surely an exception's name is kept.
_STOPS = "CassetteMiss|RecordingEnds|BudgetRefusal|UnguardedConnection|OrphanCall|SecretFound"
_EXCEPTION = re.compile(rf"((?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*(?:Error|Exception|Group)|{_STOPS}))\b")

TestOutcome = Literal["passed", "failed", "error", "skipped"]


@dataclass(frozen=True, kw_only=True)
class CassetteUse:
    """What a test did with one of its cassettes."""

    path: str
    """Relative to pytest's rootdir, with forward slashes."""
    mode: str
    """`none`, `once`, `new_episodes`, `all` or `live`."""
    played: int
    """Exchanges answered from the file."""
    recorded: int
    """Exchanges added to it."""
    misses: int
    """Requests that no recorded exchange answered."""
    stale: int
    """Recorded exchanges that nothing asked for."""
    recorded_at: datetime | None
    """When the oldest exchange that was played was recorded; None when none was, or the file does
    not say."""
    age_days: float | None
    """Days from then to this run."""
    models: tuple[str, ...]
    """The models that answered, as they name themselves."""
    saved: bool
    """Whether the file was written."""
    problem: str | None
    """Why it could not be read or written; None when all went well."""
    purpose: Purpose = "subject"
    """Whose calls it holds."""

    def as_json(self, *, redact: Redact = unchanged) -> dict[str, Any]:
        """The use as the report writes it."""
        ready: dict[str, Any] = json_ready(self, redact=redact)
        return ready

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> CassetteUse:
        """What `as_json` wrote."""
        moment = moment_of(line["recorded_at"])
        return cls(**{**line, "recorded_at": moment, "models": tuple(line["models"])})


@dataclass(frozen=True, kw_only=True)
class AttemptRecord:
    """One run of an item of a suite, or of a test that ran several times."""

    outcome: str
    """Of an item `safe`, `unsafe`, `undetermined` or `error`; of a test `passed`, `failed`, or
    `error` where a run could not be decided."""
    verdicts: tuple[Verdict, ...] = ()
    budgets: tuple[Verdict, ...] = ()
    """Of a test; an item's are of all its runs."""
    failed_on: tuple[str, ...] = ()
    """Of a test, as `TestRecord.failed_on`."""
    calls: tuple[str, ...] = ()
    """Of a test, the ids of the run's calls."""
    step: str | None = None
    """Of an item, the step that the run's calls are in; None where it ran once."""
    seed: str | None = None
    """Of an item, what the run's canaries were made from."""
    prompts: tuple[str, ...] = ()
    """What the user said, with the attack in it."""
    answers: tuple[str, ...] = ()
    """What the target said to each prompt; fewer where it failed."""
    asked: tuple[str, ...] = ()
    """Of each prompt a hash of all that the target was given with it: a suite asks the same as then
    where it is the same."""
    tried: tuple[str, ...] = ()
    """What an adaptive attack put, one after the other."""
    error: str | None = None
    """The exception of a run that gave no answer."""
    is_redacted: bool = False
    """Whether a secret was taken out of what was said: it is no longer what was judged."""

    def as_json(self, *, redact: Redact = unchanged) -> dict[str, Any]:
        """The attempt as the report writes it."""
        said = (*self.prompts, *self.answers, *self.tried)
        ready: dict[str, Any] = json_ready(self, redact=redact)
        return ready | {
            "is_redacted": self.is_redacted or any(redact(text) != text for text in said)
        }

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> AttemptRecord:
        """What `as_json` wrote."""
        lists = ("failed_on", "calls", "prompts", "answers", "asked", "tried")
        verdicts = tuple(_verdict_of(verdict) for verdict in line["verdicts"])
        budgets = tuple(_verdict_of(verdict) for verdict in line["budgets"])
        tuples = {name: tuple(line[name]) for name in lists}
        return cls(**{**line, **tuples, "verdicts": verdicts, "budgets": budgets})

    @property
    def without_content(self) -> AttemptRecord:
        """The attempt without what was said."""
        verdicts = tuple(map(_unquoting, self.verdicts))
        error = self.error and _exception_in(self.error)
        return replace(self, verdicts=verdicts, prompts=(), answers=(), tried=(), error=error)


def attempt_records(attempt: Attempt) -> tuple[AttemptRecord, ...]:
    """The runs of an item as its record keeps them."""
    return tuple(AttemptRecord(**vars(run)) for run in attempt.runs)


@dataclass(frozen=True, kw_only=True)
class TestRecord:
    """What one test did: its calls, and what was found of them."""

    __test__: ClassVar[bool] = False

    nodeid: str
    file: str
    """Relative to pytest's rootdir, with forward slashes."""
    line: int | None
    """Counted from 1; None where it is not known."""
    outcome: TestOutcome
    started_at: datetime
    duration_s: float | None
    """Wall time of setup, call and teardown; None when the test never came to its end."""
    calls: tuple[Call, ...]
    """In the order in which they began; requests that ran a tool are among them."""
    verdicts: tuple[Verdict, ...]
    """Of the soft checks."""
    budgets: tuple[Verdict, ...]
    cassette: CassetteUse | None
    failure: str | None
    """Why it failed, in short and without secrets; None when it did not."""
    worker: str
    """`master`, or xdist's name of the worker: `gw0`."""
    marks: tuple[str, ...] = ()
    """Names of pytest's marks on the test, its class and its module, sorted."""
    severity: str | None = None
    """How bad a failure would be, by `@pytest.mark.llm(severity=...)` or its suite; None where
    nobody said."""
    runs: dict[str, Any] | None = None
    """Of a test that ran several times, as `Rating.as_json` gives it."""
    fingerprint: str | None = None
    """What was asked and how it was judged (`fingerprint.py`); None where it is not known."""
    finding: Finding | None = None
    """Of an item of a suite."""
    side_cassettes: tuple[CassetteUse, ...] = ()
    """Those with calls for another purpose: a judge's."""
    failed_on: tuple[str, ...] | None = ()
    """What it failed on: `test` (its own assertion or exception), `finding` (of a suite), `checks`,
    `budgets`, `refusals` (of calls, that the program swallowed), `setup`, `teardown`. None where an
    earlier version did not say."""
    attempts: tuple[AttemptRecord, ...] | None = None
    """Each run of an item of a suite, where what was said is kept; each run of a test that ran
    several times. Else None."""

    @property
    def cassettes(self) -> tuple[CassetteUse, ...]:
        """The test's own cassette, and those beside it."""
        return (*([self.cassette] if self.cassette else []), *self.side_cassettes)

    @property
    def model_calls(self) -> tuple[Call, ...]:
        """The calls for which a model worked."""
        return tuple(call for call in self.calls if call.runs_model)

    def as_json(self, content: bool, *, redact: Redact = unchanged) -> dict[str, Any]:
        """The record as a JSON-ready object.

        Args:
            content: Whether what was said goes along. Without it no text of a prompt or an answer
                leaves the process: a failure is named by its exception, a verdict by its score.
            redact: Applied to every text that the program, its user or the provider wrote.
        """
        nodeid = self.nodeid
        return {
            "nodeid": nodeid,
            "file": self.file,
            "line": self.line,
            "outcome": self.outcome,
            "started_at": moment_text(self.started_at),
            "duration_s": json_ready(self.duration_s),
            "calls": [
                call_as_json(call, nodeid=nodeid, content=content, redact=redact)
                for call in self.calls
            ],
            "verdicts": [
                verdict_as_json(verdict if content else _unquoting(verdict), redact=redact)
                for verdict in self.verdicts
            ],
            "budgets": [verdict_as_json(verdict, redact=redact) for verdict in self.budgets],
            "cassette": self.cassette.as_json(redact=redact) if self.cassette else None,
            "side_cassettes": [use.as_json(redact=redact) for use in self.side_cassettes],
            "failure": json_ready(self._failure_told(content), redact=redact),
            "worker": self.worker,
            "marks": list(self.marks),
            "severity": self.severity,
            "runs": json_ready(self.runs),
            "fingerprint": self.fingerprint,
            "finding": json_ready(self.finding, redact=redact),
            "failed_on": None if self.failed_on is None else list(self.failed_on),
            "attempts": self._attempts_told(content, redact),
        }

    def _attempts_told(self, content: bool, redact: Redact) -> list[dict[str, Any]] | None:
        if self.attempts is None or (self.finding is not None and not content):
            return None
        kept = self.attempts if content else [one.without_content for one in self.attempts]
        return [one.as_json(redact=redact) for one in kept]

    def _failure_told(self, content: bool) -> str | None:
        if self.failure is None or content:
            return self.failure
        return _exception_in(self.failure)

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> TestRecord:
        """The record that `as_json` wrote; without what it left out."""
        cassette = line["cassette"]
        failed_on, attempts = line.get("failed_on"), line.get("attempts")
        return cls(
            nodeid=line["nodeid"],
            file=line["file"],
            line=line["line"],
            outcome=line["outcome"],
            started_at=datetime.fromisoformat(line["started_at"]),
            duration_s=line["duration_s"],
            calls=tuple(call_from_json(call) for call in line["calls"]),
            verdicts=tuple(_verdict_of(verdict) for verdict in line["verdicts"]),
            budgets=tuple(_verdict_of(verdict) for verdict in line["budgets"]),
            cassette=CassetteUse.from_json(cassette) if cassette else None,
            side_cassettes=tuple(CassetteUse.from_json(use) for use in line["side_cassettes"]),
            failure=line["failure"],
            worker=line["worker"],
            marks=tuple(line["marks"]),
            severity=line["severity"],
            runs=line["runs"],
            fingerprint=line["fingerprint"],
            finding=Finding.from_json(line["finding"]) if line["finding"] else None,
            failed_on=None if failed_on is None else tuple(failed_on),
            attempts=attempts and tuple(map(AttemptRecord.from_json, attempts)),
        )


def handed_over(report: Any) -> dict[str, Any]:
    """Take a test's record off the last report on it, which pytest keeps to its end."""
    told = vars(report).pop("litmus")
    record: dict[str, Any] = json.loads(told) if isinstance(told, str) else told
    return record


def _exception_in(failure: str) -> str:
    """A failure without what it may quote: its exception's name."""
    named = _EXCEPTION.match(failure)
    return f"{named[1] if named else 'failed'} ({LEFT_OUT})"


def verdict_as_json(verdict: Verdict, *, redact: Redact = unchanged) -> dict[str, Any]:
    """A verdict as the report writes it."""
    ready: dict[str, Any] = json_ready(verdict, redact=redact)
    return ready


def _unquoting(verdict: Verdict) -> Verdict:
    """A verdict without its explanations, which may quote the model."""
    score = (
        replace(verdict.score, explanation="", evidence=()) if verdict.score is not None else None
    )
    return replace(verdict, explanation=LEFT_OUT, score=score)


def _score_of(line: Mapping[str, Any]) -> Score:
    evidence = tuple(Evidence(**one) for one in line["evidence"])
    low_high = line.get("interval")
    return Score(
        **{**line, "evidence": evidence, "interval": tuple(low_high) if low_high else None}
    )


def _verdict_of(line: Mapping[str, Any]) -> Verdict:
    score, limit = line["score"], line["limit"]
    return Verdict(
        name=line["name"],
        outcome=line["outcome"],
        explanation=line["explanation"],
        score=_score_of(score) if score else None,
        limit=Limit(**limit) if limit else None,
    )
