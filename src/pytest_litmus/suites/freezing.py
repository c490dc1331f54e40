"""Freezing: a suite's attacks written out, each a case of its own that says where it is from.

A later version of an attack asks something else, and a red-team finding has to stay what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from pytest_litmus.errors import SuiteError
from pytest_litmus.suites import located
from pytest_litmus.suites.attack import Attack, Attacked, Turn
from pytest_litmus.suites.attacks import builtin_attacks
from pytest_litmus.suites.attempt import as_text, chance
from pytest_litmus.suites.filling import filled, names_in
from pytest_litmus.suites.language import PLAIN, Case, Suite, Variant, variants
from pytest_litmus.suites.writing import as_yaml

_HEAD = """\
# Frozen by `litmus freeze`: the attacks of {name} as they were with pytest-litmus {version}.
# Edit the suite it was made from, not this file.
"""
_ONCE = ("attacks", "data", "variables")
"""Keys of a case that are used up when it is frozen."""


def frozen(suite: Suite) -> tuple[str, list[str]]:
    """The text of the frozen suite, and what was left out, each with the reason.

    Raises:
        SuiteError: Nothing could be frozen.
    """
    document = located.read(suite.path).value
    written = {case["id"]: case for case in document["cases"]}
    defaults = {
        key: value for key, value in document.get("defaults", {}).items() if key not in _ONCE
    }
    attacks = {one.name: one for one in builtin_attacks()}
    cases, left_out = [], []
    for variant in variants(replace(suite, targets={})):
        attacked = _attacked(variant, attacks)
        reason = _unfit(variant, attacked)
        if reason:
            left_out.append(f"{variant.name}: {reason}")
        else:
            own, attack = written[variant.case.id], attacks.get(variant.attack)
            cases.append(_case(variant, attack, attacked or "", own, suite))
    if not cases:
        raise SuiteError(f"{suite.path}: nothing can be frozen: {left_out[0]}")
    _name_twins(cases)
    head = {key: value for key, value in document.items() if key not in ("cases", "defaults")}
    return _text({**head, "defaults": defaults, "cases": cases}, suite), left_out


def _name_twins(cases: Sequence[dict[str, Any]]) -> None:
    """Have twins name the frozen case that theirs became, or none where it was left out."""
    frozen_as: dict[str, str] = {}
    for case in cases:
        frozen_as.setdefault(case["provenance"]["case"], case["id"])
    for case in cases:
        twin_of = case.pop("twin_of", None)
        if twin_of in frozen_as:
            case["twin_of"] = frozen_as[twin_of]


def _attacked(variant: Variant, attacks: dict[str, Attack]) -> Attacked | None:
    """What the attack makes of the payload; None where the attack is not one of ours."""
    payload = filled(_payload(variant.case), variant.values)
    if variant.attack == PLAIN:
        return payload
    attack = attacks.get(variant.attack)
    return attack(payload, chance(variant)) if attack is not None else None


def _unfit(variant: Variant, attacked: Attacked | None) -> str:
    if attacked is None:
        return "the attack is a plugin's or an adaptive one, and is not the same twice"
    if not isinstance(attacked, str) and any(turn.role == "system" for turn in attacked):
        return "the attack forges a system message, which no suite can say"
    canaries = set(variant.case.canaries) & names_in(_payload(variant.case))
    if canaries - names_in(as_text(attacked)):
        return "the attack changes how its canary is written, which is fresh in each run"
    return ""


def _payload(case: Case) -> str:
    return case.turns[-1].text if case.injection is None else case.injection


def _case(
    variant: Variant,
    attack: Attack | None,
    attacked: Attacked,
    own: dict[str, Any],
    suite: Suite,
) -> dict[str, Any]:
    case = variant.case
    payload = _payload(case)
    kept = {
        key: value for key, value in own.items() if key not in (*_ONCE, "id", "prompt", "turns")
    }
    return {
        "id": variant.name.replace("[", "--").replace("]", ""),
        **_asked(case, attacked),
        **{key: value for key, value in kept.items() if key != "injection"},
        **({"injection": as_text(attacked)} if case.injection is not None else {}),
        **({"variables": variant.values} if variant.values else {}),
        "provenance": {
            "suite": suite.path.name,
            "case": case.id,
            "attack": variant.attack,
            "source": attack.source if attack else "",
            "sha256": hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest(),
        },
    }


def _asked(case: Case, attacked: Attacked) -> dict[str, Any]:
    """`prompt` or `turns`, with the attack in it."""
    last = attacked if case.injection is None else case.turns[-1].text
    if isinstance(last, str) and len(case.turns) == 1:
        return {"prompt": last}
    final = [Turn(text=last)] if isinstance(last, str) else list(last)
    earlier = [Turn(text=one.text, role=one.role) for one in case.turns[:-1]]
    return {"turns": [{turn.role: turn.text} for turn in (*earlier, *final)]}


def _text(document: dict[str, Any], suite: Suite) -> str:
    head = _HEAD.format(name=suite.path.name, version=version("pytest-litmus"))
    return head + as_yaml(document)
