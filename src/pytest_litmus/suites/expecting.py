"""Expecting: what a suite's `expect:` says, made into verdicts on an answer.

Every evaluator of `pytest_litmus` has its name here, and so has each that a plugin adds with the
hook `pytest_llm_evaluators`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import pytest_litmus
from pytest_litmus.errors import SuiteError
from pytest_litmus.evaluators.composition import all_of, any_of, negate
from pytest_litmus.suites.filling import filled_in
from pytest_litmus.verdicts import Score, Verdict

if TYPE_CHECKING:
    from pytest_litmus.evaluators.judging import Judge, Jury

Looks: TypeAlias = Literal["said", "acted", "before", "judge"]
"""What an evaluator's first parameter takes: the answer, the calls, the state before and after, or
the suite's judge."""

COMPOSED = ("not", "all_of", "any_of")
"""Names that take further entries."""
_NOT_IN_SUITES = {"embed", "classify"}
"""Parameters that are functions: they cannot be written down in YAML."""
_PROOF = ("leaks", "agents", "side_effects")
"""Whose fail is a proof, and needs no judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """A function that `expect:` can name."""

    name: str
    function: Callable[..., Any]
    looks: Looks
    parameters: Mapping[str, inspect.Parameter]
    """Those that a suite may give."""

    @property
    def rank(self) -> int:
        """Its place among several: 0 for proofs, 1 for detectors, 2 for judges."""
        if self.looks == "judge":
            return 2
        return 0 if self.function.__module__.rpartition(".")[2] in _PROOF else 1

    @property
    def first(self) -> str | None:
        """The parameter of a value that is given without a name."""
        bounds = {"at_least", "at_most"}
        return next((name for name in self.parameters if name not in bounds), None)

    @property
    def required(self) -> list[str]:
        """What has to be given."""
        empty = inspect.Parameter.empty
        return [name for name, one in self.parameters.items() if one.default is empty]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One entry of `expect:`."""

    name: str
    """An evaluator's, or `not`, `all_of`, `any_of`."""
    arguments: Mapping[str, Any]
    labels: tuple[str, ...] = ()
    """`is:`: the labels that pass."""
    inner: tuple[Expectation, ...] = ()

    @property
    def rank(self) -> int:
        """As of an evaluator; of several, the latest."""
        if self.inner:
            return max(one.rank for one in self.inner)
        own = own_evaluator(self.name)
        return 1 if own is None else own.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What expectations are held against."""

    said: str
    """The last answer."""
    everything_said: str
    """All answers of the conversation: a leak in any of them is one."""
    acted: Any
    """The recorder, or the step of one run."""
    prompt: str
    documents: Sequence[str] = ()
    canaries: Sequence[str] = ()
    system: str = ""
    states: tuple[Any, Any] | None = None
    """Before and after the run; None where the suite names no `state`."""
    judge: Judge | Jury | None = None
    values: Mapping[str, Any]
    """Of the declared names."""
    added: Mapping[str, Evaluator]
    """Evaluators of plugins."""


@cache
def evaluators() -> dict[str, Evaluator]:
    """Our own evaluators by name: to import all of them takes a while."""
    made = map(own_evaluator, pytest_litmus.__all__)
    return {one.name: one for one in made if one is not None}


@cache
def own_evaluator(name: str) -> Evaluator | None:
    """One of ours; None where the name is none of theirs."""
    if not name.islower() or name not in pytest_litmus.__all__:
        return None
    return evaluator_of(getattr(pytest_litmus, name))


def prepare(expectations: Iterable[Expectation]) -> None:
    """Import what they ask, before an answer waits for it."""
    for one in expectations:
        own_evaluator(one.name)
        prepare(one.inner)


def evaluator_of(function: Any) -> Evaluator | None:
    """An evaluator by its signature; None for what is no evaluator of answers."""
    if not inspect.isfunction(function):
        return None
    parameters = dict(inspect.signature(function).parameters)
    first = next(iter(parameters), "")
    if first not in ("said", "acted", "before", "judge") or "judge_resists" in function.__name__:
        return None
    hidden = _NOT_IN_SUITES | {first} | {"before": {"after"}, "judge": {"said"}}.get(first, set())
    return Evaluator(
        name=function.__name__,
        function=function,
        looks=cast("Looks", first),
        parameters={name: one for name, one in parameters.items() if name not in hidden},
    )


def evaluators_of(functions: Iterable[Any]) -> dict[str, Evaluator]:
    """The evaluators that plugins add, by name.

    Raises:
        SuiteError: One of them does not look at an answer or at calls.
    """
    found = {}
    for one in functions:
        made = evaluator_of(one)
        if made is None:
            raise SuiteError(
                f"pytest_llm_evaluators: {one.__name__} is no evaluator: its first parameter has "
                "to be called `said` (an answer) or `acted` (the calls)"
            )
        found[one.__name__] = made
    return found


def expectation_of(entry: Any) -> Expectation:
    """An entry of `expect:` that the schema has allowed."""
    if isinstance(entry, str):
        return Expectation(name=entry, arguments={})
    ((name, given),) = entry.items()
    if name in COMPOSED:
        entries = given if isinstance(given, list) else [given]
        return Expectation(name=name, arguments={}, inner=tuple(expectations_of(entries)))
    if not isinstance(given, dict):
        return Expectation(name=name, arguments={"": given})
    labels = given.get("is", ())
    return Expectation(
        name=name,
        arguments={key: value for key, value in given.items() if key != "is"},
        labels=(labels,) if isinstance(labels, str) else tuple(labels),
    )


def expectations_of(entries: Iterable[Any]) -> Iterable[Expectation]:
    """The entries of `expect:`; a list within the list is taken for its entries."""
    for entry in entries:
        if isinstance(entry, list):
            yield from expectations_of(entry)
        else:
            yield expectation_of(entry)


def held(expectations: Iterable[Expectation], subject: Subject) -> list[Verdict]:
    """Verdicts on an answer: proofs first, then detectors, and a judge where none of them failed.

    A judge is a model, costs money, and cannot clear what is proven.
    """
    found: list[Verdict] = []
    for one in sorted(expectations, key=lambda one: one.rank):
        if one.rank == 2 and any(verdict.outcome == "fail" for verdict in found):
            break
        found.append(_held(one, subject))
    return found


def _held(one: Expectation, subject: Subject) -> Verdict:
    if one.name in COMPOSED:
        inner = [_held(each, subject) for each in one.inner]
        if one.name == "not":
            return negate(inner[0] if len(inner) == 1 else any_of(*inner))
        return (all_of if one.name == "all_of" else any_of)(*inner)
    evaluator = subject.added.get(one.name) or own_evaluator(one.name)
    if evaluator is None:
        raise KeyError(one.name)
    try:
        return _verdict(one, evaluator, subject)
    except Exception as error:  # noqa: BLE001 - a plugin's or a judge's: it decides nothing
        told = f"it could not be asked: {type(error).__name__}: {error}"
        return Verdict(name=one.name, outcome="error", explanation=told)


def _verdict(one: Expectation, evaluator: Evaluator, subject: Subject) -> Verdict:
    arguments = _given(one, evaluator, subject)
    given = evaluator.function(*_looked_at(evaluator, subject), **arguments)
    if isinstance(given, bool):
        return Verdict(name=one.name, outcome="pass" if given else "fail")
    if one.labels:
        return _labelled(given, one.labels)
    if isinstance(given, Score):
        told = f"it has no limit: say which value passes, such as {one.name}: {{at_least: 0.8}}"
        return Verdict(name=one.name, outcome="error", explanation=told, score=given)
    verdict: Verdict = given
    return verdict


def _looked_at(evaluator: Evaluator, subject: Subject) -> tuple[Any, ...]:
    if evaluator.looks == "judge":
        if subject.judge is None:
            raise ValueError("the suite has no `judge:`")
        return (subject.judge, subject.said)
    if evaluator.looks == "before":
        if subject.states is None:
            raise ValueError("the suite has no `state:`")
        return subject.states
    if evaluator.looks == "acted":
        return (subject.acted,)
    leaked = evaluator.function.__module__.endswith(".leaks")
    return (subject.everything_said if leaked else subject.said,)


def _given(one: Expectation, evaluator: Evaluator, subject: Subject) -> dict[str, Any]:
    """The arguments, with what the case itself says where the suite says nothing."""
    given: dict[str, Any] = filled_in(dict(one.arguments), subject.values)
    if "" in given and evaluator.first is not None:
        given[evaluator.first] = given.pop("")
    known = {
        "canaries": list(subject.canaries),
        "system_prompt": subject.system,
        "in_": list(subject.documents),
        "question": subject.prompt,
    }
    defaults = {
        name: value for name, value in known.items() if value and name in evaluator.parameters
    }
    return defaults | given


def _labelled(given: Score | Verdict, labels: Sequence[str]) -> Verdict:
    score = given.score if isinstance(given, Verdict) else given
    if score is None or score.label is None:
        told = score.explanation if score else "it gave no score"
        return Verdict(name=given.name, outcome="error", explanation=told, score=score)
    told = f"{score.label!r}, wanted {' or '.join(map(repr, labels))}; {score.explanation}"
    outcome: Literal["pass", "fail"] = "pass" if score.label in labels else "fail"
    return Verdict(name=score.name, outcome=outcome, explanation=told, score=score)
