"""Fingerprint: what a test asks and how it is judged, so that only like is compared with like.

In it is what the *test* says: of an ordinary test its source, its parameters and the evaluators
that it names; of an item of a suite what is put to the target, with the attack in it, and what is
expected. Not in it is what is *under* test: the program, its own prompts, its model, the target.
An evaluator's version is the source of its module, without those that this one imports.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from dataclasses import asdict
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from pytest_litmus.suites.attack import Attack
from pytest_litmus.suites.attempt import as_text, chance
from pytest_litmus.suites.expecting import evaluators
from pytest_litmus.suites.filling import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_litmus.suites.attack import Adaptive
    from pytest_litmus.suites.expecting import Evaluator, Expectation
    from pytest_litmus.suites.language import Variant

_LENGTH = 15
_EVALUATORS = "pytest_litmus.evaluators."


def of_test(function: Any, parameters: Mapping[str, Any]) -> str | None:
    """The fingerprint of an ordinary test; None where its source cannot be read.

    Comments and blank lines are not in it. What its helpers and fixtures do is not either.
    """
    plain = inspect.unwrap(function)
    plain = getattr(plain, "__func__", plain)
    if not isinstance(plain, FunctionType):
        return None
    try:
        source = inspect.getsource(plain)
    except (OSError, TypeError):
        return None
    lines = [line.strip() for line in source.splitlines()]
    told = {
        "source": [line for line in lines if line and not line.startswith("#")],
        "parameters": {name: _plain(value) for name, value in parameters.items()},
        "evaluators": {name: _version(name) for name in _modules_of(plain)},
    }
    return _digest(told)


def of_case(
    variant: Variant,
    attack: Attack | Adaptive | None,
    *,
    judge: str | None,
    added: Mapping[str, Evaluator],
) -> str:
    """The fingerprint of an item of a suite, the same for each target.

    Args:
        variant: The item.
        attack: Of it; None where the payload is put as it is.
        judge: Where the suite's judge is found.
        added: Evaluators of plugins.
    """
    case = variant.case
    known = {**evaluators(), **added}
    named = sorted(set(_named(case.expect)) | _named_in_turns(variant))
    told = {
        "turns": [asdict(turn) for turn in case.turns],
        "system": case.system,
        "injection": case.injection,
        "documents": case.documents,
        "tools": [asdict(tool) for tool in case.tools],
        "benign": case.benign,
        "expect": [asdict(one) for one in case.expect],
        "min_pass_rate": case.plan.min_pass_rate,
        "values": variant.values,
        "attack": variant.attack,
        "put": _put(variant, attack),
        "judge": judge,
        "evaluators": {
            name: _version(known[name].function.__module__) for name in named if name in known
        },
    }
    return _digest(told)


def of_rescored(fingerprint: str, rules: Iterable[Any]) -> str:
    """The fingerprint of a test that was decided again by other rules than its own."""
    return _digest([fingerprint, list(rules)])


def _put(variant: Variant, attack: Attack | Adaptive | None) -> str | None:
    """What an attack makes of the payload; canaries, fresh in each run, stay names."""
    written = variant.case.injection
    payload = filled(variant.case.turns[-1].text if written is None else written, variant.values)
    if not isinstance(attack, Attack):
        return payload
    try:
        return as_text(attack(payload, chance(variant)))
    except Exception:  # noqa: BLE001 - a plugin's own: the attempt is where it is told
        return None


def _named(expectations: Iterable[Expectation]) -> Iterator[str]:
    for one in expectations:
        yield one.name
        yield from _named(one.inner)


def _named_in_turns(variant: Variant) -> set[str]:
    return {name for turn in variant.case.turns for name in _named(turn.expect)}


def _modules_of(function: FunctionType) -> list[str]:
    """The modules of the evaluators that a function names."""
    import pytest_litmus

    found = set()
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if value is None and name in pytest_litmus.__all__:
            value = getattr(pytest_litmus, name)
        module = str(getattr(value, "__module__", ""))
        if module.startswith(_EVALUATORS):
            found.add(module)
    return sorted(found)


def _names(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


@cache
def _version(module: str) -> str:
    try:
        return _digest(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError, KeyError):
        return "unknown"


def _plain(value: Any) -> Any:
    """A parameter that JSON can hold; of another only its type: its repr may name an address."""
    try:
        json.dumps(value, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return type(value).__qualname__
    return value


def _digest(told: Any) -> str:
    text = json.dumps(told, sort_keys=True, default=lambda value: type(value).__qualname__)
    # A letter goes first, so that YAML never takes it for a number: 12e4567.
    return f"h{hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]}"
