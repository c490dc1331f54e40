"""Failing: the block that explains a failing test, beside pytest's own traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_litmus.report.json_ready import json_ready, unchanged
from pytest_litmus.report.plain import (
    ascii_line,
    counted,
    cut_lines,
    cut_middle,
    days,
    dollars,
    duration,
    harmless,
    keep_start,
    measured,
    number,
)
from pytest_litmus.report.totals import cost, model_time_s
from pytest_litmus.wire.calls import ToolUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_litmus.report.json_ready import Redact
    from pytest_litmus.report.records import CassetteUse
    from pytest_litmus.verdicts import Verdict
    from pytest_litmus.wire.calls import Call, Usage

SHOWN_CALLS = 3
"""Calls that are shown: the last ones."""

LONGEST_TEXT = 1_200
"""Characters of an input or output that are shown."""

MOST_LINES = 18
"""Lines of an input or output that are shown."""

_LABEL = 11


def failure_block(
    *,
    calls: Sequence[Call],
    verdicts: Sequence[Verdict] = (),
    budgets: Sequence[Verdict] = (),
    cassettes: Sequence[CassetteUse] = (),
    redact: Redact = unchanged,
) -> str:
    """What to know of a failing test: what did not hold and why, then what was asked and said.

    Args:
        calls: The test's calls; the last few are shown, the judges' only where there are no others.
        verdicts: Of the soft checks; those that pass are only counted.
        budgets: Likewise.
        cassettes: What the test did with each.
        redact: Applied to every text of a program, a user or a model, before it is cut.

    Returns:
        Lines without colours; empty when there is nothing to tell. Model text is hostile: its
        control characters are written as escapes, and each of its lines stands behind a margin.
    """
    lines = [
        *_verdict_lines("checks", verdicts, redact=redact),
        *_verdict_lines("budgets", budgets, redact=redact),
        *_calls_lines(calls, redact=redact),
        *(f"{'cassette':{_LABEL}}{_cassette_text(cassette)}" for cassette in cassettes),
    ]
    return "\n".join(lines)


def _verdict_lines(label: str, verdicts: Sequence[Verdict], *, redact: Redact) -> list[str]:
    if not verdicts:
        return []
    broken = [verdict for verdict in verdicts if verdict.outcome != "pass"]
    lines = [f"{label:{_LABEL}}{len(verdicts) - len(broken)} of {len(verdicts)} pass"]
    for verdict in broken:
        lines.append(f"  {verdict.outcome.upper()}  {ascii_line(verdict.name)}{_against(verdict)}")
        lines += _quoted(verdict.explanation, redact=redact)
    return lines


def _against(verdict: Verdict) -> str:
    if verdict.score is None:
        return ""
    score = f": {measured(verdict.score.value, verdict.score.unit)}"
    return f"{score}, wanted {verdict.limit}" if verdict.limit else score


def _calls_lines(calls: Sequence[Call], *, redact: Redact) -> list[str]:
    if not calls:
        return []
    own = [call for call in calls if call.purpose == "subject"] or list(calls)
    hidden = len(own) - len(own[-SHOWN_CALLS:])
    lines = [f"{'calls':{_LABEL}}{_sum_text(calls)}"]
    if hidden:
        lines.append(f"  ({counted(hidden, 'earlier call')} not shown)")
    for place, call in list(enumerate(own, start=1))[-SHOWN_CALLS:]:
        lines.append(f"  call {place} of {len(own)}: {_call_text(call)}")
        lines += _said(call, redact=redact)
    return lines


def _sum_text(calls: Sequence[Call]) -> str:
    price = cost(calls)
    unpriced = price["unpriced_calls"]
    missing = f" ({unpriced:,} without a price)" if unpriced and price["cost_usd"] else ""
    spent = f"cost {dollars(price['cost_usd'])}{missing}"
    return f"{len(calls):,}, {duration(model_time_s(calls))} of model time, {spent}"


def _call_text(call: Call) -> str:
    told = [
        f"{call.provider_name} {call.response_model or call.request_model or '(no model named)'}",
        call.source,
        *([f"step {call.step}"] if call.step else []),
        f"latency {duration(call.duration_s)}",
        f"cost {dollars(cost([call])['cost_usd'])}",
        _tokens_text(call.usage),
        *([f"finish {' '.join(call.finish_reasons)}"] if call.finish_reasons else []),
        *([f"{len(call.attempts)} attempts"] if len(call.attempts) > 1 else []),
    ]
    return keep_start(ascii_line("; ".join(told)), longest=400)


def _tokens_text(usage: Usage) -> str:
    if usage.input_tokens is None and usage.output_tokens is None:
        return "tokens unknown"
    return f"tokens {number(usage.input_tokens)} in, {number(usage.output_tokens)} out"


def _said(call: Call, *, redact: Redact) -> Iterable[str]:
    if call.input_text:
        yield "    input"
        yield from _quoted(call.input_text, redact=redact)
    if call.output_text:
        yield "    output"
        yield from _quoted(call.output_text, redact=redact)
    elif not call.tool_calls and not call.error_type:
        yield "    output: no text"
    for tool in call.tool_uses or call.tool_calls:
        yield "    tool call"
        yield from _quoted(f"{tool.name}({_json_text(tool.arguments)})", redact=redact)
        if isinstance(tool, ToolUse) and tool.answered:
            yield "    returned"
            yield from _quoted(_json_text(tool.response), redact=redact)
    if call.error_type:
        yield f"    error {ascii_line(call.error_type)}"
        yield from _quoted(call.error_message or "", redact=redact)


def _json_text(value: Any) -> str:
    return json.dumps(json_ready(value), ensure_ascii=False)


def _quoted(text: str, *, redact: Redact) -> list[str]:
    if not text:
        return []
    safe = harmless(cut_middle(redact(text), longest=LONGEST_TEXT))
    return [f"      | {line}" for line in cut_lines(safe, most=MOST_LINES).split("\n")]


def _cassette_text(use: CassetteUse) -> str:
    told = [
        f"{use.path} (mode {use.mode})",
        f"{use.played} played",
        *([f"{use.recorded} recorded"] if use.recorded else []),
        *([f"{use.misses} missed"] if use.misses else []),
        *([f"{use.stale} recorded and not asked for"] if use.stale else []),
        *([f"{days(use.age_days)} old"] if use.age_days is not None else []),
        *([use.problem] if use.problem else []),
    ]
    return keep_start(ascii_line("; ".join(told)), longest=400)
