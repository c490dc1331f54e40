"""Judge answer: what a judge said, read out of JSON that may be broken.

Small models put JSON in fences, add words after it, quote it with `'`, forget the last brace, or
say just "Yes." Each is read; nothing is evaluated, and where two verdicts stand against each other
none is taken. The probability of a label is that of its first token among the labels' first tokens
(as in G-Eval, https://arxiv.org/abs/2303.16634), where the endpoint gives alternatives.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_litmus.evaluators.judge_prompt import CANNOT_DECIDE

MAX_CHARS = 20_000
"""More is no answer to the question that was asked; its end is where the verdict stands."""

_THINKING = "</think>"
_OPENINGS = 20
"""Braces at which an object is tried; each may cost a reading to the end."""
_KEY = r"""["'“”]?\b%s\b["'“”]?[ \t]{0,9}[:=][ \t\r\n]{0,9}"""
_VERDICT = re.compile(
    _KEY % "verdict" + r"""["'“”*]{0,3}+([\w-]{1,40}+)["'“”*]{0,3}+(?!\s{0,9}(?:or\b|[|]))""",
    re.IGNORECASE,
)
"""Not of one that goes on with `or`: there the model says the question again."""
_BARE = re.compile(r"[\s\"'*`_.]{0,9}([\w-]{1,40})(?:[\s\"'*`_.]{0,9}\Z|[.,:;\n])")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one answer says."""

    raw: str
    label: str | None = None
    """One of the labels, or `CANNOT_DECIDE`; None where it could not be read."""
    value: float | None = None
    """A decision model's probability, which has no words."""
    reason: str = ""
    quote: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    """What the endpoint would have said instead, by label; empty where it does not tell."""


def read_answer(answered: Any, labels: Sequence[str]) -> Answer:
    """Read what `ask` gave: a text, a probability, or a chat completion as a dict."""
    if isinstance(answered, (int, float)):
        kept = 0 <= answered <= 1  # NaN is not, and no integer is too big to be compared
        return Answer(raw=_shown(answered), value=float(answered) if kept else None)
    if isinstance(answered, Mapping):
        return _with_shares(answered, labels)
    return _from_text(_shown(answered), labels)


def _shown(answered: Any) -> str:
    """A value as text; an integer may be too long for that, and a structure too deep."""
    try:
        return str(answered)
    except (ValueError, RecursionError) as error:
        return f"{type(answered).__name__} that cannot be shown: {error}"


def _from_text(raw: str, labels: Sequence[str]) -> Answer:
    text = raw[-MAX_CHARS:].rpartition(_THINKING)[2]
    known = {_folded(label): label for label in (*labels, CANNOT_DECIDE)}
    objects = _objects(text)
    named = [_folded(_shown(found["verdict"])) for found in objects]
    # An object that was read whole is believed before anything that merely looks like one.
    named = named or [_folded(word) for word in _VERDICT.findall(text)]
    if not named and (bare := _BARE.match(text)):
        named = [_folded(bare[1])]
    said = {known.get(word) for word in named}
    label = said.pop() if len(said) == 1 else None
    told = objects[-1] if objects else {key: _loose(text, key) for key in ("reason", "quote")}
    return Answer(
        raw=raw,
        label=label,
        reason=_shown(told.get("reason") or ""),
        quote=_shown(told.get("quote") or ""),
    )


def _folded(word: str) -> str:
    return word.strip(" \t\r\n.\"'*").casefold().replace(" ", "_").replace("-", "_")


def _objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects that hold a verdict, in the order of the text."""
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    for _ in range(_OPENINGS):
        at = text.find("{", at)
        if at < 0:
            break
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        if isinstance(value, dict) and "verdict" in value:
            found.append({key.casefold(): kept for key, kept in value.items()})
    return found


def _loose(text: str, key: str) -> str:
    """A field of an object that is no JSON, as far as its line goes."""
    found = re.search(_KEY % key + r"""(["'“]?)([^\r\n]{0,400})""", text, re.IGNORECASE)
    if found is None:
        return ""
    quote, rest = found[1], found[2]
    ends = re.search(rf"{re.escape(quote)}\s{{0,9}}(?:,|}}|$)", rest) if quote else None
    return rest[: ends.start()] if ends else rest.strip(" ,}")


def _with_shares(completion: Mapping[str, Any], labels: Sequence[str]) -> Answer:
    """A chat completion, in the form of OpenAI's, which most servers speak."""
    try:
        choice = completion["choices"][0]
        content = _shown(choice["message"]["content"] or "")
    except (KeyError, IndexError, TypeError):
        return Answer(raw=_shown(completion)[:MAX_CHARS])
    answer = _from_text(content, labels)
    if answer.label is None:
        return answer
    shares = _shares(choice, answer.label, (*labels, CANNOT_DECIDE))
    return Answer(
        raw=content, label=answer.label, reason=answer.reason, quote=answer.quote, shares=shares
    )


def _shares(choice: Mapping[str, Any], label: str, labels: Sequence[str]) -> dict[str, float]:
    """How probable each label was where the verdict's first token stands; they add up to 1."""
    try:
        token = _verdict_token(choice["logprobs"]["content"], label)
        weights = dict.fromkeys(labels, 0.0)
        for other in token["top_logprobs"]:
            meant = _begun(str(other["token"]), labels)
            if meant is not None:
                weights[meant] += math.exp(min(0.0, float(other["logprob"])))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return {}
    total = sum(weights.values())
    # Where the label itself is not among the alternatives, they are of another place.
    return {name: w / total for name, w in weights.items()} if weights[label] else {}


def _verdict_token(tokens: Sequence[Mapping[str, Any]], label: str) -> Mapping[str, Any]:
    """The token with which the last mention of the label begins.

    Raises:
        ValueError: The tokens do not spell it.
    """
    text = "".join(str(token["token"]) for token in tokens)
    start, end = text.casefold().rindex(_spelt(text, label)), 0
    for token in tokens:
        end += len(str(token["token"]))
        if end > start:
            return token
    raise ValueError(label)


def _spelt(text: str, label: str) -> str:
    folded = label.casefold()
    return folded if folded in text.casefold() else folded.replace("_", " ")


def _begun(token: str, labels: Sequence[str]) -> str | None:
    """The one label that a token begins."""
    word = token.strip(" \t\r\n\"'{:").casefold()
    meant = [label for label in labels if word and label.casefold().startswith(word)]
    return meant[0] if len(meant) == 1 else None
