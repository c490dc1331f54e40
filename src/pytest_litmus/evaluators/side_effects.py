"""Side effects: what an agent changed in the world, from the state before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pytest_litmus.evaluators.differences import MISSING, Difference, differences
from pytest_litmus.evaluators.tool_uses import shown
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

_SHOWN = 5
"""Changes that an explanation names."""


def unchanged(before: Any, after: Any, *, except_: Collection[str] = ()) -> Score | Verdict:
    """How many places of a state changed; passes at none.

    Not measured (`value=None`) where both are one object: keep `copy.deepcopy(state)` from before.
    A shallow copy shares what is nested, and hides what changed there.

    Args:
        before: The state before: dicts, lists, and what `==` compares.
        after: Likewise.
        except_: Places that may change, with all below them: `"orders.A-1"`.
    """
    allowed = [except_] if isinstance(except_, str) else list(except_)
    if reason := _unusable(before, after):
        return _decided("unchanged", reason)
    found = [one for one in differences(before, after) if not _within(one.path, allowed)]
    return _decided("unchanged", [_evidence("changed", one) for one in found])


def changed(
    before: Any, after: Any, *, expected: Mapping[str, Any] | Collection[str]
) -> Score | Verdict:
    """How many places changed otherwise than expected; passes at none.

    A place that was to change and did not counts, and so does one that changed besides.
    Not measured (`value=None`) where `before` and `after` are one object, as in `unchanged`.

    Args:
        before: The state before: dicts, lists, and what `==` compares.
        after: Likewise.
        expected: The new value by place, `{"orders.A-1.refunded_eur": 20}`; or only the places,
            whatever they or what is below them became: `["orders.A-1"]`.
    """
    if reason := _unusable(before, after):
        return _decided("changed", reason)
    places = [expected] if isinstance(expected, str) else list(expected)
    values = expected if isinstance(expected, Mapping) else {}
    found = list(differences(before, after))
    other = [_evidence("not expected", one) for one in found if not _within(one.path, places)]
    missed = [one for one in places if not any(_within(change.path, [one]) for change in found)]
    return _decided(
        "changed",
        [
            *other,
            *(Evidence(rule="not changed", text=shown(place)) for place in missed),
            *_other_values(after, {one: values[one] for one in values if one not in missed}),
        ],
    )


def _other_values(after: Any, wanted: Mapping[str, Any]) -> Iterator[Evidence]:
    """The places that changed, and became something else."""
    for place, value in wanted.items():
        for path, one, given in differences(value, _value_at(place, after)):
            where = f"{place}{'' if path[:1] in {'', '['} else '.'}{path}"
            told = _told(Difference(where, one, given))
            yield Evidence(rule="other value", text=told, nearest=_value(one))


def _value_at(place: str, state: Any) -> Any:
    """What stands at a place; `MISSING` where nothing does."""
    if not place:
        return state
    inner = enumerate(state) if isinstance(state, list | tuple) else ()
    named = {f"[{at}]": value for at, value in inner}
    if isinstance(state, Mapping):
        named = {str(key): value for key, value in state.items()}
    for name, value in named.items():
        if _within(place, [name]):
            return _value_at(place[len(name) :].removeprefix("."), value)
    return MISSING


def _within(path: str, places: Collection[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in places)


def _unusable(before: Any, after: Any) -> str:
    if before is after and isinstance(before, dict | list | set):
        return "before and after are one object: keep copy.deepcopy(state) from before"
    return ""


def _evidence(rule: str, one: Difference) -> Evidence:
    return Evidence(rule=rule, text=_told(one), nearest=_value(one.one))


def _told(one: Difference) -> str:
    return f"{shown(one.path) or 'the state'}: {_value(one.other)}"


def _value(value: Any) -> str:
    return str(value) if value is MISSING else shown(value)


def _decided(name: str, found: str | list[Evidence]) -> Score | Verdict:
    """The verdict on what was found; on nothing, where it is a reason why nothing can be."""
    if isinstance(found, str):
        score = Score(name=name, explanation=found)
    else:
        named = "; ".join(map(_sentence, found[:_SHOWN]))
        rest = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        score = Score(
            name=name,
            value=len(found),
            unit="{change}",
            explanation=named + rest if found else _NONE[name],
            evidence=tuple(found),
        )
    return decided(score, at_least=None, at_most=None, otherwise=Limit(at_most=0))


_NONE = {"unchanged": "nothing changed", "changed": "what was expected changed, and nothing else"}


def _sentence(one: Evidence) -> str:
    beside = {"other value": ", wanted ", "not changed": ""}.get(one.rule, ", was ")
    return f"{one.rule}: {one.text}{beside}{one.nearest or ''}"
