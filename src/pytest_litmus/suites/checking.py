"""Checking: a suite held against its schema, and what is wrong said as people would.

A mistake names the line, the key or the value, and the nearest right one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.suites.located import Mistake, Place
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jsonschema import ValidationError

    from pytest_litmus.suites.located import Document

_MOST = 20
"""Mistakes that are told of one file."""
_SHOWN = 60
_KINDS = {
    "string": "a text",
    "object": "a mapping",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def mistakes_in(document: Document, schema: Mapping[str, Any]) -> list[Mistake]:
    """What is wrong with a suite by its schema, in the order of its lines."""
    from jsonschema import Draft7Validator

    found = [
        Mistake(told, line=document.line_of(place), place=place)
        for error in Draft7Validator(schema).iter_errors(document.value)
        for place, told in _told(error)
    ]
    return sorted(found, key=lambda mistake: mistake.line or 0)[:_MOST]


def _told(error: Any) -> Iterator[tuple[Place, str]]:
    place: Place = tuple(error.absolute_path)
    match error.validator:
        case "anyOf":
            yield from _of_alternatives(error, place)
        case "additionalProperties":
            known = error.schema["properties"]
            for key in error.instance:
                if key not in known:
                    yield (*place, key), f"unknown key `{key}`: {hint(key, known)}"
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            yield place, f"{_where(place)} has no `{'`, `'.join(missing)}`"
        case _:
            yield place, _plainly(error, place)


def _of_alternatives(error: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """What is wrong by the alternative that was meant: the one of the value's own kind."""
    branches: dict[Any, list[Any]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    if all(_asks_for_keys(one) for one in branches.values()):
        keys = [key for one in branches.values() for key in one[0].validator_value]
        yield place, f"{_where(place)} has neither `{'` nor `'.join(keys)}`"
        return
    meant = [one for one in branches.values() if not any(_is_kind(e, error) for e in one)]
    if not meant:
        kinds = [one[0].validator_value for one in branches.values()]
        yield place, f"{_value(error.instance)} is not {_kinds(kinds)}"
        return
    best = min(meant, key=lambda errors: _distance(errors, error.instance))
    for inner in best:
        yield from _told(inner)


def _asks_for_keys(errors: list[ValidationError]) -> bool:
    return len(errors) == 1 and errors[0].validator == "required" and not errors[0].path


def _is_kind(inner: ValidationError, outer: ValidationError) -> bool:
    """Whether an alternative wants another kind of value altogether."""
    return inner.validator == "type" and inner.absolute_path == outer.absolute_path


def _distance(errors: list[Any], instance: Any) -> tuple[int, int]:
    """How far an alternative is from a value: one that shares its keys is the nearest."""
    known = {key for e in errors for key in e.schema.get("properties", ())}
    shared = len(known & set(instance)) if isinstance(instance, dict) else 0
    return (-shared, len(errors))


def _plainly(error: Any, place: Place) -> str:
    value = _value(error.instance)
    match error.validator:
        case "type":
            wanted = error.validator_value
            kinds = _kinds(wanted if isinstance(wanted, list) else [wanted])
            quote = ": put it in quotes" if wanted == "string" and _is_scalar(error) else ""
            return f"{_where(place)} is {value} and has to be {kinds}{quote}"
        case "enum":
            nearest = hint(str(error.instance), error.validator_value)
            return f"unknown {_word(place)} {value}: {nearest}"
        case "minProperties" | "maxProperties":
            return (
                f"{_where(place)} has to be one name with what it takes, not {len(error.instance)}"
            )
        case "minItems":
            return f"{_where(place)} is empty"
        case "pattern":
            return f"{_where(place)} is {value}, which {_shape(place, error.validator_value)}"
        case "minimum" | "maximum":
            bound = "at least" if error.validator == "minimum" else "at most"
            return f"{_where(place)} is {value} and has to be {bound} {error.validator_value}"
        case _:
            return f"{_where(place)}: {error.message[:200]}"


def _shape(place: Place, pattern: str) -> str:
    if "maps_to" in place:
        return (
            "is no id of a known edition: type it as LLM01:2025, LLM01:2026, ASI01:2026, "
            "AML.T0051.000 or MS-2.7"
        )
    if "target" in place or "targets" in place:
        return "is no `module:function`"
    return f"does not have the form {pattern}"


def _is_scalar(error: ValidationError) -> bool:
    return isinstance(error.instance, (int, float))


def _where(place: Place) -> str:
    return f"`{_path(place)}`" if place else "the suite"


def _path(place: Place) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _word(place: Place) -> str:
    """What a value of a list of names is called."""
    names = [part for part in place if isinstance(part, str)]
    return {"attacks": "attack", "expect": "evaluator"}.get(names[-1], names[-1]) if names else ""


def _value(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _KINDS["object" if isinstance(value, dict) else "array"]
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return "empty" if value is None else text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _kinds(wanted: Iterable[Any]) -> str:
    names = [_KINDS.get(str(one), str(one)) for one in wanted if isinstance(one, str)]
    return " or ".join(dict.fromkeys(names)) or "of a known form"
