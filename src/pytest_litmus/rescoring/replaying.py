"""Replaying: an item of a suite held against what its target said when it was run.

The item runs as it would against the target, which is asked nothing: the stored answers stand for
it, each only where it is asked the very same as then, by the hash that was stored with it.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import TargetError
from pytest_litmus.rescoring.kept import Kept, kept_evaluators
from pytest_litmus.rescoring.stored_calls import StoredCalls
from pytest_litmus.suites.attack import Adaptive
from pytest_litmus.suites.attempt import Attempt, Means, hash_of, run_once
from pytest_litmus.suites.expecting import evaluators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_litmus.evaluators.judging import Judge, Jury
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.report.records import AttemptRecord, TestRecord
    from pytest_litmus.suites.attack import Attack, Try
    from pytest_litmus.suites.attempt import Run
    from pytest_litmus.suites.expecting import Evaluator, Expectation
    from pytest_litmus.suites.language import Case, Variant
    from pytest_litmus.suites.targets import Asked

ELSE = "it asks something else than when it was run"
NO_CONTENT = "what was said in it is not kept: run with --llm-report-content=all"


class NotRescored(TargetError):  # noqa: N818 - it names what happened
    """A test keeps what it came to, because it cannot be decided again; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Judging:
    """Who judges."""

    judge: Judge | Jury | None
    """The suite's, or the one given instead; None where the suite names none."""
    asks: bool
    """Whether it is asked; else its stored verdicts stay, held against the limits of now."""
    live: Recorder | None = None
    """What captures its calls."""


def replayed(
    variant: Variant,
    record: TestRecord,
    *,
    attack: Attack | Adaptive | None,
    added: Mapping[str, Evaluator],
    judging: Judging,
) -> tuple[Attempt, Counter[str]]:
    """All stored runs of an item, as far as they are needed to decide it.

    Args:
        variant: The item as its suite has it now.
        record: What it did.
        attack: Its attack; None where the payload is put as it is.
        added: Evaluators of plugins.
        judging: Who judges.

    Returns:
        The attempt, and by evaluator how many verdicts were kept as they were.

    Raises:
        NotRescored: It cannot be decided by what is stored.
    """
    if not record.attempts:
        raise NotRescored(NO_CONTENT)
    known = {**evaluators(), **added}
    _refuse_undecidable(variant.case, attack, known, judging)
    kept: Counter[str] = Counter()
    attempt = Attempt(variant=variant, seed=_seed(record), runs=())
    calls = StoredCalls(record.calls)
    for stored in record.attempts[: variant.case.plan.runs]:
        replay = _Replay(variant, stored, attack, known, judging)
        run = replay.run(calls)
        kept += replay.kept.given
        attempt = replace(attempt, runs=(*attempt.runs, run))
        if attempt.rating.is_decided:
            break
    return attempt, kept


def _seed(record: TestRecord) -> str:
    return record.finding.seed if record.finding else ""


class _Replay:
    """One stored run, asked again of what was said in it."""

    def __init__(
        self,
        variant: Variant,
        stored: AttemptRecord,
        attack: Attack | Adaptive | None,
        known: Mapping[str, Evaluator],
        judging: Judging,
    ) -> None:
        self._variant, self._stored, self._judging = variant, stored, judging
        self.kept = Kept()
        target = _StoredTarget(stored)
        judge = None if judging.asks else judging.judge
        held = kept_evaluators(stored.verdicts, known=known, judge=judge, kept=self.kept)
        self._means = Means(
            ask=lambda: target.answer,
            attack=_again(attack, stored, variant.case) if isinstance(attack, Adaptive) else attack,
            attacker=lambda _: "",
            judge=judging.judge,
            evaluators={**known, **held},
        )

    def run(self, calls: StoredCalls) -> Run:
        stored, live = self._stored, self._judging.live
        self._refuse_unasked()
        with live.step(stored.step) if live and stored.step else nullcontext():
            run = run_once(
                self._variant, self._means, calls, step=stored.step, seed=stored.seed or ""
            )
        gave_up = isinstance(self._means.attack, Adaptive) and run.outcome == "unsafe"
        if len(run.asked) < len(stored.asked) and not gave_up:
            raise NotRescored(ELSE)
        # A fail decides, whatever else is not known.
        if self.kept.missing and run.outcome != "unsafe":
            raise NotRescored(self.kept.missing[0])
        return replace(run, error=stored.error or run.error)

    def _refuse_unasked(self) -> None:
        if self._stored.is_redacted:
            raise NotRescored("a secret was taken out of what was said: it cannot be judged as is")
        if not self._stored.asked:
            raise NotRescored("its target was never asked")


@dataclass
class _StoredTarget:
    """Gives the stored answers, one after the other."""

    stored: AttemptRecord
    place: int = field(default=0, init=False)

    def answer(self, asked: Asked) -> str:
        place, stored = self.place, self.stored
        self.place += 1
        if place >= len(stored.asked) or hash_of(asked) != stored.asked[place]:
            raise NotRescored(ELSE)
        if place >= len(stored.answers):
            raise ConnectionError(stored.error or "no answer")
        return stored.answers[place]


def _again(attack: Adaptive, stored: AttemptRecord, case: Case) -> Adaptive:
    """The attack, which puts what it put then."""

    def following(_: str, tries: Sequence[Try], __: Callable[[str], str]) -> str | None:
        if len(tries) < len(stored.tried):
            return stored.tried[len(tries)]
        if stored.outcome == "unsafe":
            raise NotRescored(
                f"the attack {attack.name} ended at a breach that is none now, and would go on"
            )
        return None

    return replace(attack, next=following)


def _refuse_undecidable(
    case: Case, attack: Any, known: Mapping[str, Evaluator], judging: Judging
) -> None:
    """What is kept has to stand by itself: within a composition, only the whole was stored."""
    kept = {"before"} if judging.asks else {"before", "judge"}
    for one in _expected(case):
        within = {inner.name for inner in _innermost(one)}
        named = sorted(name for name in within if name in known and known[name].looks in kept)
        if named and one.inner:
            raise NotRescored(f"of `{one.name}` only the whole is stored, without `{named[0]}`")
        if named and isinstance(attack, Adaptive):
            raise NotRescored(f"`{named[0]}` is stored of the last try of {attack.name} alone")


def is_judged(case: Case, known: Mapping[str, Evaluator]) -> bool:
    """Whether a case expects something that a judge says."""
    named = {inner.name for one in _expected(case) for inner in _innermost(one)}
    return any(known[name].looks == "judge" for name in named if name in known)


def _expected(case: Case) -> list[Expectation]:
    return [*case.expect, *(one for turn in case.turns for one in turn.expect)]


def _innermost(one: Expectation) -> Iterator[Expectation]:
    if not one.inner:
        yield one
    for inner in one.inner:
        yield from _innermost(inner)
