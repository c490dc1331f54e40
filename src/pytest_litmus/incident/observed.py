"""Observed: of one call what is compared, whether the report holds what was said or not."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report.reading import UNREADABLE
from pytest_litmus.wire.otel import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST_TEXT = 20_000
_SYSTEM_ROLES = ("system", "developer")
_OF_ONE_CONVERSATION = ("previous_response.id", "conversation.id")
# The words of `suites/canaries.py`, which are others in each run.
_CANARY = re.compile(r"\b(?:(?:[bdfgklmnprstvz][aeiou]){3}-){2}\d{4}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A call. None is what the report does not tell, and never that there was none of it."""

    purpose: str
    provider: str
    name: str
    """Of the model, for its figures: as it was asked for, where that is known."""
    asked_model: str | None
    answered_by: str | None
    """The model that answered; None where none did, or where it does not say."""
    fingerprint: str | None
    source: str
    step: str | None
    duration_s: float | None
    cost_usd: Decimal | None
    input_tokens: int | None
    output_tokens: int | None
    error_type: str | None
    status: int | None
    attempts: int
    finish: str | None
    """Finish reasons, sorted; None too where the call failed."""
    system: str | None
    """System instructions, as one text; empty where there are none."""
    tools: str | None
    """Tool definitions, as sorted JSON."""
    parameters: str | None
    asked: str | None
    """The last message of the user."""


def from_line(line: Mapping[str, Any]) -> Observed:
    """A line of `calls.jsonl`.

    Raises:
        ReportError: It is not as its schema has it.
    """
    try:
        return _from_line(line)
    except UNREADABLE as error:
        raise ReportError(
            f"call {line.get('id')} is not as its schema has it: {error!r}"
        ) from error


def _from_line(line: Mapping[str, Any]) -> Observed:
    content = line.get("content")
    fields = fields_of(line["attributes"], content or {})
    usage, finish = fields["usage"], fields.get("finish_reasons")
    asked = fields.get("request_model")
    return Observed(
        purpose=line["purpose"],
        provider=fields.get("provider_name") or "unknown",
        name=asked or fields.get("response_model") or "unknown",
        asked_model=asked,
        answered_by=fields.get("response_model") or (None if "error_type" in fields else asked),
        fingerprint=line["system_fingerprint"],
        source=line["source"],
        step=line["step"],
        duration_s=_number(line["duration_s"]),
        cost_usd=_money(line["cost_usd"]),
        input_tokens=_count(usage.get("input_tokens")),
        output_tokens=_count(usage.get("output_tokens")),
        error_type=fields.get("error_type"),
        status=fields.get("status"),
        attempts=len(line["attempts"]),
        finish=", ".join(sorted(finish)) if finish else None,
        parameters=_canonical(_parameters(line)),
        **_said(fields, known=content is not None),
    )


def from_summary(call: Mapping[str, Any]) -> Observed:
    """A call as `report.json` has it, where `calls.jsonl` was not kept.

    Raises:
        ReportError: It is not as its schema has it.
    """
    try:
        return Observed(
            purpose=call["purpose"], provider=call["provider"], name=call["model"] or "unknown",
            asked_model=None, answered_by=None if call["error_type"] else call["model"],
            fingerprint=None, source=call["source"], step=call["step"],
            duration_s=_number(call["duration_s"]), cost_usd=_money(call["cost_usd"]),
            input_tokens=_count(call["input_tokens"]), output_tokens=_count(call["output_tokens"]),
            error_type=call["error_type"], status=None, attempts=call["attempts"], finish=None,
            system=None, tools=None, parameters=None, asked=None,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ReportError(f"a call is not as the report's schema has it: {error!r}") from error


def digest(text: str) -> str:
    """What stands for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _said(fields: Mapping[str, Any], *, known: bool) -> dict[str, str | None]:
    if not known:
        return {"system": None, "tools": None, "asked": None}
    messages = fields.get("input_messages", [])
    system = [_text(fields.get("system_instructions", []))]
    system += [_text(one["parts"]) for one in messages if one["role"] in _SYSTEM_ROLES]
    users = [_text(one["parts"]) for one in messages if one["role"] == "user"]
    return {
        "system": _plain("\n".join(text for text in system if text)),
        "tools": _plain(_tools(fields.get("tool_definitions", []))),
        "asked": _plain(users[-1]) if users else "",
    }


def _tools(definitions: Iterable[Mapping[str, Any]]) -> str:
    """Definitions by name: their order says nothing."""
    ordered = sorted(definitions, key=lambda one: str(one.get("name", "")))
    return json.dumps(ordered, indent=1, sort_keys=True, ensure_ascii=False) if ordered else ""


def _text(parts: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(str(part.get("content") or part.get("response") or "") for part in parts)


def _plain(text: str) -> str:
    """Without canaries, and not endless; of a cut text the digest stands for the rest."""
    text = _CANARY.sub("{canary}", text)
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]} [... {len(text) - _LONGEST_TEXT:,} more: {digest(text)}]"


def _parameters(line: Mapping[str, Any]) -> dict[str, Any]:
    tier = {"service_tier": line["service_tier"]} if line["service_tier"] else {}
    given = line["parameters"].items()
    return {name: value for name, value in given if name not in _OF_ONE_CONVERSATION} | tier


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(f"{value!r} is no number of 0 or more")
    return value


def _count(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
