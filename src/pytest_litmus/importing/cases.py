"""Cases: chosen calls that say nearly the same, as one case of a suite.

Text of a log is literal: where it holds what could be a `{name}`, it is given to the case as a
variable, whose value is not looked at again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_litmus.importing.choosing import WHYS
from pytest_litmus.importing.conversation import Message
from pytest_litmus.suites.filling import names_in
from pytest_litmus.suites.writing import in_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_litmus.importing.choosing import Chosen, Why
    from pytest_litmus.importing.redacting import Redactor

LONGEST = 20_000
"""Characters of a text: of longer ones `similar` cannot say how alike they are."""
SAME = 0.8
"""From which likeness of letters on an answer is the one that was rejected, or approved of."""
_MOST_REJECTED = 5
_COMMENT = 500
_SLUG = 32
_ANSWERS = {"length": in_one_line({"at_least": 1})}
"""That there is an answer at all."""
_TO_DO: dict[Why, str] = {
    "thumbs-down": "People rejected the answer. It must not come again; say what a right one is.",
    "failed": "It failed. Say what a right answer is.",
    "thumbs-up": "People approved of the answer. Say what has to stay of it.",
    "all": "Say what a right answer is.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a call asked, redacted."""

    messages: tuple[Message, ...]
    """Of users and the assistant, the user's last; the only one where there is no conversation."""
    system: str = ""

    @property
    def text(self) -> str:
        """All of it, by which likeness is told."""
        return "\n".join(one.text for one in self.messages)


@dataclass(slots=True, kw_only=True)
class Made:
    """A case that is to be written."""

    case: dict[str, Any]
    to_do: str
    """What a reviewer has to do, for the comment above it."""
    why: Why
    seen: int = 1
    """Calls that asked for it."""


@dataclass(slots=True)
class _Literal:
    """Texts of a case, and the variables that hold those which would be read as names."""

    variables: dict[str, str] = field(default_factory=dict)

    def text(self, said: str) -> str:
        if not names_in(said):
            return said
        name = f"imported_{len(self.variables) + 1}"
        self.variables[name] = said
        return f"{{{name}}}"


def asked_in(chosen: Chosen, redactor: Redactor, *, last_only: bool, system: bool) -> Asked | str:
    """What a call asked; or why it can be no case.

    Args:
        chosen: The call.
        redactor: Of its texts.
        last_only: Whether the last message is taken alone, for a target that takes no conversation.
        system: Whether the system prompt goes along.
    """
    call = chosen.call
    said = [one for one in call.messages if one.role != "system"]
    if last_only or not said:
        said = said[-1:] or [Message("user", call.seen.input or "")]
    if not said[-1].text.strip():
        return "without a text of a user"
    instructions = [call.system, *(one.text for one in call.messages if one.role == "system")]
    wanted = "\n".join(one for one in instructions if one) if system else ""
    if max(len(one.text) for one in (*said, Message("system", wanted))) > LONGEST:
        return f"with a text of more than {LONGEST:,} characters"
    return Asked(
        messages=tuple(Message(one.role, redactor.text(one.text)) for one in said),
        system=redactor.text(wanted),
    )


def made_of(
    asked: Asked, group: Sequence[Chosen], redactor: Redactor, *, source: Mapping[str, str]
) -> Made:
    """The case of calls that say nearly the same, the first of which gives its words."""
    why = min((one.why for one in group), key=WHYS.index)
    literal, first = _Literal(), next(one for one in group if one.why == why)
    turns = [(one.role, literal.text(one.text)) for one in asked.messages]
    case: dict[str, Any] = {"id": _id(asked)}
    if len(turns) == 1:
        case["prompt"] = turns[0][1]
    else:
        case["turns"] = [{role: text} for role, text in turns]
    if asked.system:
        case["system"] = literal.text(asked.system)
    case["expect"] = _expected(why, _answers(group, why, redactor), literal)
    if literal.variables:
        case["variables"] = literal.variables
    case["provenance"] = _provenance(first, why, len(group), redactor, source)
    return Made(case=case, to_do=_TO_DO[why], why=why, seen=len(group))


def made_of_own(
    own: Mapping[str, Any],
    needs: Mapping[str, Any],
    group: Sequence[Chosen],
    redactor: Redactor,
    *,
    source: Mapping[str, str],
) -> Made:
    """The case of a suite's own item that failed, with what its suite expects of it."""
    first = group[0]
    kept = {key: value for key, value in own.items() if key not in ("id", "provenance")}
    text = repr(sorted(kept.items()))
    name = re.sub(r"[^A-Za-z0-9-]+", "-", own["id"]).strip("-")[:_SLUG]
    to_do = "It failed in a run. Its suite expects this of it."
    if needs:
        told = ", ".join(f"`{key}: {value}`" for key, value in needs.items())
        to_do = f"{to_do} It may need {' '.join(told.split())} of that suite in this one."
    provenance = _provenance(first, first.why, 1, redactor, source)
    case = {
        "id": f"{name}-{_digest(text)}",
        **kept,
        "provenance": {**provenance, **_frozen_from(own)},
    }
    return Made(case=case, to_do=to_do, why=first.why)


def _frozen_from(own: Mapping[str, Any]) -> dict[str, Any]:
    return {key: own["provenance"][key] for key in ("suite", "case", "attack")}


def _id(asked: Asked) -> str:
    """The same for the same words, so that importing twice adds nothing; made of redacted text."""
    words = re.findall(r"[a-z0-9]+", asked.messages[-1].text.lower())
    slug = "-".join(words[:6])[:_SLUG].strip("-")
    return f"{slug or 'case'}-{_digest(asked.text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:12]


def _answers(group: Sequence[Chosen], why: Why, redactor: Redactor) -> list[str]:
    """The different answers of those that were chosen for a reason, redacted."""
    given = dict.fromkeys(one.call.seen.output or "" for one in group if one.why == why)
    told: dict[str, None] = {}
    for answer in given:
        if answer.strip() and len(answer) <= LONGEST and len(told) < _MOST_REJECTED:
            told[redactor.text(answer)] = None
    return list(told)


def _expected(why: Why, answers: Sequence[str], literal: _Literal) -> list[Any]:
    if not answers or why == "all":
        return [_ANSWERS]
    texts: Any = [literal.text(one) for one in answers]
    similar = {
        "similar": {"reference": texts if len(texts) > 1 else texts[0], "at_least": SAME},
    }
    return [similar] if why == "thumbs-up" else [_ANSWERS, {"not": similar}]


def _provenance(
    one: Chosen, why: Why, seen: int, redactor: Redactor, source: Mapping[str, str]
) -> dict[str, Any]:
    told = {
        "source": redactor.id(source["name"]),
        "format": source["format"],
        "id": redactor.id(one.call.id),
        "trace": redactor.id(one.call.trace),
        "at": one.call.at,
        "why": "it was asked for" if why == "all" else why,
        "comment": redactor.text(one.comment)[:_COMMENT],
        "model": redactor.id(one.call.seen.model or ""),
        "seen": seen,
    }
    if one.test is not None:
        told["test"] = told.pop("trace")
    return {key: value for key, value in told.items() if value != ""}
