"""Fitting: whether a value fits a suite's schema, quickly; jsonschema then tells what does not.

jsonschema makes a validator for each value, which takes most of the time of a large suite. Here
the schema is read once into functions; a keyword that they do not know is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Fits: TypeAlias = Callable[[Any], bool]

_OF_MAPPINGS = {"properties", "additionalProperties"}
_TOLD = {"$schema", "title", "description", "definitions"}


def fits_of(schema: Mapping[str, Any]) -> Fits:
    """What says whether a value fits a schema of draft-07 with the keywords that suites use.

    Raises:
        KeyError: The schema has another keyword.
    """
    known: dict[str, Fits] = {}
    for name, one in schema.get("definitions", {}).items():
        known[f"#/definitions/{name}"] = _read(one, known)
    return _read(schema, known)


def _read(schema: Mapping[str, Any], known: Mapping[str, Fits]) -> Fits:
    checks = [
        _CHECKS[keyword](given, known)
        for keyword, given in schema.items()
        if keyword not in _TOLD | _OF_MAPPINGS
    ]
    if _OF_MAPPINGS & schema.keys():
        checks.append(_mapping(schema, known))
    if len(checks) == 1:
        return checks[0]
    return lambda value: all(check(value) for check in checks)


def _mapping(schema: Mapping[str, Any], known: Mapping[str, Fits]) -> Fits:
    own = {key: _read(one, known) for key, one in schema.get("properties", {}).items()}
    more = schema.get("additionalProperties", {})
    other = (lambda _: False) if more is False else _read(more, known)

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        return all(own.get(key, other)(one) for key, one in value.items())

    return fits


def _named(given: str, known: Mapping[str, Fits]) -> Fits:
    def fits(value: Any) -> bool:  # found when it is asked: a definition may need itself
        return known[given](value)

    return fits


def _kind(given: str | list[str], _: Any) -> Fits:
    kinds = [_KINDS[name] for name in ([given] if isinstance(given, str) else given)]
    if len(kinds) == 1:
        return kinds[0]
    return lambda value: any(fits(value) for fits in kinds)


def _any_of(given: list[Any], known: Mapping[str, Fits]) -> Fits:
    several = [_read(one, known) for one in given]
    return lambda value: any(fits(value) for fits in several)


def _items(given: Any, known: Mapping[str, Fits]) -> Fits:
    fits = _read(given, known)
    return lambda value: not isinstance(value, list) or all(map(fits, value))


def _names(given: Any, known: Mapping[str, Fits]) -> Fits:
    fits = _read(given, known)
    return lambda value: not isinstance(value, dict) or all(map(fits, value))


def _required(given: list[str], _: Any) -> Fits:
    names = frozenset(given)
    return lambda value: not isinstance(value, dict) or names <= value.keys()


def _enum(given: list[str], _: Any) -> Fits:
    names = frozenset(given)
    return lambda value: isinstance(value, str) and value in names


def _pattern(given: str, _: Any) -> Fits:
    search = re.compile(given).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_KINDS: dict[str, Fits] = {
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == value // 1,
}
_CHECKS: dict[str, Callable[[Any, Mapping[str, Fits]], Fits]] = {
    "$ref": _named,
    "type": _kind,
    "anyOf": _any_of,
    "items": _items,
    "propertyNames": _names,
    "required": _required,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": lambda least, _: lambda value: not _is_number(value) or value >= least,
    "maximum": lambda most, _: lambda value: not _is_number(value) or value <= most,
    "minItems": lambda least, _: lambda value: not isinstance(value, list) or len(value) >= least,
    "minProperties": lambda n, _: lambda value: not isinstance(value, dict) or len(value) >= n,
    "maxProperties": lambda n, _: lambda value: not isinstance(value, dict) or len(value) <= n,
}
