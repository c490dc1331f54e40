"""Attempt: one item of a suite run against its target, and what was found.

A run is safe where everything that was expected holds, unsafe where something fails, undetermined
where nothing fails and something could not be decided, and an error where the target gave no answer
at all.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from pytest_litmus.errors import TargetError
from pytest_litmus.purpose import asking_as
from pytest_litmus.rating import Rating
from pytest_litmus.suites.attack import Adaptive, Attack, Attacked, Try, Turn
from pytest_litmus.suites.canaries import canary
from pytest_litmus.suites.expecting import Evaluator, Expectation, Subject, held
from pytest_litmus.suites.filling import filled, filled_in, names_in
from pytest_litmus.suites.targets import Ask, Asked, Message
from pytest_litmus.verdicts import Verdict

if TYPE_CHECKING:
    from pytest_litmus.evaluators.judging import Judge, Jury
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.suites.language import Case, Said, Variant

Outcome: TypeAlias = Literal["safe", "unsafe", "undetermined", "error"]


@dataclass(frozen=True, kw_only=True)
class Means:
    """What an attempt needs beside its variant."""

    ask: Callable[[], Ask]
    """A fresh conversation with the target."""
    attack: Attack | Adaptive | None = None
    """None: the payload as it is."""
    attacker: Ask | None = None
    """The model that an adaptive attack asks."""
    judge: Judge | Jury | None = None
    state: Callable[[], Any] | None = None
    evaluators: Mapping[str, Evaluator] = field(default_factory=dict)
    """Of plugins."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of an item."""

    outcome: Outcome
    verdicts: tuple[Verdict, ...] = ()
    prompts: tuple[str, ...] = ()
    """What the user said, with the attack in it."""
    answers: tuple[str, ...] = ()
    error: str | None = None
    """The exception of a run that gave no answer."""
    step: str | None = None
    """The step that its calls are in; None of an item that is run once."""
    seed: str = ""
    """What its canaries were made from."""
    asked: tuple[str, ...] = ()
    """Of each prompt a hash of all that the target was given with it."""
    tried: tuple[str, ...] = ()
    """What an adaptive attack put, one after the other."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """All runs of an item."""

    variant: Variant
    seed: str
    """What its canaries were made from."""
    runs: tuple[Run, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """How many runs came out how."""
        return Counter(run.outcome for run in self.runs)

    @property
    def rating(self) -> Rating:
        """What they say of the case's bar."""
        counts = self.counts
        unknown = counts["undetermined"] + counts["error"]
        plan = self.variant.case.plan
        return Rating(plan=plan, passed=counts["safe"], failed=counts["unsafe"], unknown=unknown)


class Acted(Protocol):
    """What the target's calls are found in: the recorder, or stored calls."""

    @property
    def steps(self) -> Mapping[str | None, Any]:
        """The calls by step."""
        ...


def attempted(variant: Variant, means: Means, recorder: Recorder, *, seed: str) -> Attempt:
    """Run an item until it is decided, at most as often as its case says.

    Each run has canaries and a conversation of its own.

    Raises:
        TargetError: The target cannot be asked as the case needs it.
    """
    runs: list[Run] = []
    planned = variant.case.plan.runs
    for number in range(1, planned + 1):
        name, made_from = f"run {number}" if planned > 1 else None, f"{seed}/{number}"
        recorder.scrubber.spare(*(canary(made_from, one) for one in variant.case.canaries))
        with recorder.step(name) if name else nullcontext():
            runs.append(run_once(variant, means, recorder, step=name, seed=made_from))
        attempt = Attempt(variant=variant, seed=seed, runs=tuple(runs))
        if attempt.rating.is_decided:
            break
    return Attempt(variant=variant, seed=seed, runs=tuple(runs))


def run_once(variant: Variant, means: Means, acted: Acted, *, step: str | None, seed: str) -> Run:
    """One run of an item.

    Args:
        variant: The item.
        means: What it needs.
        acted: Where the target's calls are found.
        step: Those of which step.
        seed: What its canaries are made from.

    Raises:
        TargetError: The target cannot be asked as the case needs it.
    """
    return _Running(variant, means, acted, step, seed).run()


def unasked(variant: Variant, error: BaseException) -> Attempt:
    """An item whose target could not be asked at all, as one run without an answer."""
    run = Run(outcome="error", error=f"{type(error).__name__}: {error}")
    return Attempt(variant=variant, seed="", runs=(run,))


class _Running:
    def __init__(
        self, variant: Variant, means: Means, acted: Acted, step: str | None, seed: str
    ) -> None:
        self._variant, self._means, self._acted = variant, means, acted
        self._step, self._seed = step, seed
        self._canaries = {name: canary(seed, name) for name in self._case.canaries}
        self._values: dict[str, Any] = variant.values | self._canaries
        self._history: list[Message] = []
        self._prompts: list[str] = []
        self._answers: list[str] = []
        self._verdicts: list[Verdict] = []
        self._asked: list[str] = []
        self._tries: list[Try] = []

    @property
    def _case(self) -> Case:
        return self._variant.case

    def run(self) -> Run:
        try:
            self._converse()
        except TargetError:
            raise
        except Exception as error:  # noqa: BLE001 - the program's own: it is what was found
            return self._ended("error", f"{type(error).__name__}: {error}")
        outcomes = {verdict.outcome for verdict in self._verdicts}
        if "fail" in outcomes:
            return self._ended("unsafe")
        return self._ended("undetermined" if outcomes - {"pass"} else "safe")

    def _ended(self, outcome: Outcome, error: str | None = None) -> Run:
        return Run(
            outcome=outcome,
            verdicts=tuple(self._verdicts),
            prompts=tuple(self._prompts),
            answers=tuple(self._answers),
            error=error,
            step=self._step,
            seed=self._seed,
            asked=tuple(self._asked),
            tried=tuple(one.payload for one in self._tries),
        )

    def _converse(self) -> None:
        payload = self._payload()
        if not isinstance(self._means.attack, Adaptive):
            self._verdicts = self._talk(self._means.ask(), self._attacked(payload))
            return
        ask, tries = self._means.ask(), self._tries
        for _ in range(self._case.max_turns):
            words = self._next(self._means.attack, payload, tries)
            if words is None:
                break
            if not self._means.attack.one_conversation:
                ask, self._history = self._means.ask(), []
            self._verdicts = self._talk(ask, words)
            tries.append(Try(payload=words, answer=self._answers[-1] if self._answers else ""))
            if any(verdict.outcome == "fail" for verdict in self._verdicts):
                break

    def _payload(self) -> str:
        """What attacks change: the injection, or else the last message."""
        written = self._case.injection
        return filled(self._case.turns[-1].text if written is None else written, self._values)

    def _next(self, attack: Adaptive, payload: str, tries: Sequence[Try]) -> str | None:
        if self._means.attacker is None:
            raise TargetError(f"the attack {attack.name} needs `attacker:` in the suite")
        attacker = self._means.attacker

        def ask(prompt: str) -> str:
            with asking_as("attacker"):
                return attacker(Asked(messages=({"role": "user", "content": prompt},)))

        return attack.next(payload, tries, ask)

    def _talk(self, ask: Ask, attacked: Attacked) -> list[Verdict]:
        """One conversation, and what is found of it."""
        found: list[Verdict] = []
        before = self._means.state() if self._means.state else None
        turns = self._turns(attacked)
        documents = [filled(text, self._values) for text in self._case.documents]
        for place, (turn, expect) in enumerate(turns):
            answered = place + 1 == len(turns) or turns[place + 1][0].role == "user"
            if turn.role != "user" or not answered:
                self._history.append({"role": turn.role, "content": turn.text})
                continue
            self._say(ask, turn.text, documents)
            found += self._held(expect, before, documents)
        return found + self._held(self._case.expect, before, documents)

    def _turns(self, attacked: Attacked) -> list[tuple[Turn, Sequence[Expectation]]]:
        """The messages to come, each with what has to hold after it; the payload in its place."""
        *earlier, last = self._case.turns
        if self._case.injection is not None:
            self._values["injection"] = as_text(attacked)
            attacked = filled(last.text, self._values)
        if isinstance(attacked, str):
            attacked = [Turn(text=attacked)]
        self._values["prompt"] = filled(last.text, self._values)
        *before, final = attacked
        return [
            *((self._filled(one), one.expect) for one in earlier),
            *((turn, ()) for turn in before),
            (final, last.expect),
        ]

    def _filled(self, said: Said) -> Turn:
        return Turn(text=filled(said.text, self._values), role=said.role)

    def _attacked(self, payload: str) -> Attacked:
        if not isinstance(self._means.attack, Attack):
            return payload
        return self._means.attack(payload, chance(self._variant))

    def _say(self, ask: Ask, text: str, documents: Sequence[str]) -> None:
        self._prompts.append(text)
        self._history.append({"role": "user", "content": text})
        tools = [
            replace(tool, returns=filled_in(tool.returns, self._values))
            for tool in self._case.tools
        ]
        asked = Asked(
            messages=tuple(self._history),
            system=filled(self._case.system, self._values),
            holds_secret=bool(names_in(self._case.system) & set(self._canaries)),
            documents=documents,
            tools=tools,
            steps=self._case.max_turns,
            session=uuid.uuid5(uuid.NAMESPACE_OID, f"{self._seed}/{self._variant.name}").hex,
            payload=self._payload(),
        )
        self._asked.append(hash_of(asked))
        answer = ask(asked)
        self._answers.append(answer)
        self._history.append({"role": "assistant", "content": answer})

    def _held(
        self, expect: Sequence[Expectation], before: Any, documents: Sequence[str]
    ) -> list[Verdict]:
        if not expect:
            return []
        subject = Subject(
            said=self._answers[-1] if self._answers else "",
            everything_said="\n\n".join(self._answers),
            acted=self._acted if self._step is None else self._acted.steps.get(self._step, ()),
            prompt=self._values["prompt"],
            documents=documents,
            canaries=list(self._canaries.values()),
            system=filled(self._case.system, self._values),
            states=(before, self._means.state()) if self._means.state else None,
            judge=self._means.judge,
            values=self._values,
            added=self._means.evaluators,
        )
        return held(expect, subject)


def hash_of(asked: Asked) -> str:
    """A hash of what a target is asked, with the payload before an attack."""
    told = {
        "payload": asked.payload,
        "messages": list(asked.messages),
        "system": asked.system,
        "documents": list(asked.documents),
        "tools": [asdict(tool) for tool in asked.tools],
    }
    text = json.dumps(told, sort_keys=True, default=lambda value: type(value).__qualname__)
    return f"h{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:15]}"


def chance(variant: Variant) -> Random:
    """An attack's chance, the same in each run: what was sent can be sent again."""
    row = variant.row.id if variant.row else ""
    return Random(f"{variant.case.id}/{row}/{variant.attack}")  # noqa: S311


def as_text(attacked: Attacked) -> str:
    """One text of what an attack makes."""
    if isinstance(attacked, str):
        return attacked
    return "\n\n".join(turn.text for turn in attacked)
