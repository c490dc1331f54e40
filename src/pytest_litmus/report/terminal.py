"""Terminal: the few lines that close a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from pytest_litmus.report.plain import (
    ascii_line,
    counted,
    days,
    dollars,
    duration,
    keep_end,
    keep_start,
    number,
)

TOP_TESTS = 3
"""Tests that the summary names as the slowest, and as the dearest."""

_LABEL = 11
_RED = {"red": True, "bold": True}
_GREEN = {"green": True, "bold": True}
_YELLOW = {"yellow": True}
_VERDICT_MARKUP = {"passed": _GREEN, "failed": _RED}


class Line(NamedTuple):
    """A line for pytest's terminal writer."""

    markup: Mapping[str, bool]
    """Its keywords: `red`, `bold`, ...; empty for plain text."""
    text: str
    """ASCII, without a line feed."""


def summary_lines(
    report: Mapping[str, Any], *, width: int, report_path: str | None = None
) -> list[Line]:
    """The section that closes a run.

    Args:
        report: What `build` made, or what was read from a `report.json`.
        width: Columns of the terminal; names of tests are cut to it at their beginning.
        report_path: Where the report lies; None when none was written.
    """
    rows = [_verdict_row(report["verdict"]), *_finding_rows(report["totals"])]
    rows += _attack_rows(report["attacks"])
    rows += _flag_rows(report["totals"]["flags"])
    if report["totals"]["calls"]["total"]:
        rows += _call_rows(report["totals"])
    rows += _cassette_rows(report)
    cut = [Line(row.markup, keep_start(_aligned(row), longest=width)) for row in rows]
    tests = _ranked(report, width=width)
    where = [_row("report", ascii_line(report_path))] if report_path else []
    return [*cut, *tests, *where]


def _aligned(row: Line) -> str:
    """A row's text as ASCII, with the blanks that align it."""
    label, rest = row.text[:_LABEL], row.text[_LABEL:]
    return f"{label}{ascii_line(rest)}"


def _row(label: str, text: str, markup: Mapping[str, bool] | None = None) -> Line:
    return Line(markup or {}, f"{label:{_LABEL}}{text}")


def _verdict_row(verdict: Mapping[str, Any]) -> Line:
    names = ("failed", "error", "passed", "skipped")
    counts = ", ".join(f"{verdict[name]:,} {name}" for name in names if verdict[name])
    reason = f" ({verdict['reason']})" if verdict["reason"] else ""
    markup = _VERDICT_MARKUP.get(verdict["outcome"], _YELLOW)
    told = f"{verdict['outcome'].upper()}{reason}: {counts or 'no test used a model'}"
    return _row("verdict", told, markup)


def _finding_rows(totals: Mapping[str, Any]) -> list[Line]:
    labels = (("quality", "quality"), ("safety", "safety"), ("budgets", "budgets"))
    return [
        _row(label, _outcomes(totals[key]), _outcome_markup(totals[key]))
        for label, key in labels
        if totals[key]["measured"]
    ]


def _attack_rows(attacks: Mapping[str, Any] | None) -> list[Line]:
    """How often the suites were breached, and how often a harmless twin was refused."""
    if attacks is None:
        return []
    found, breaches = attacks["attack_success"], attacks["breaches"]
    rows = []
    if found["items"]:
        told = f"{_rate(found, 'breached')}{_kinds(breaches)}"
        rows.append(_row("attacks", told, _RED if breaches["new"] else None))
    rows += [
        _row("", f"{name}: {_rate(one, 'breached')}", None)
        for name, one in attacks["by_family"].items()
        if one["unsafe"] and len(attacks["by_family"]) > 1
    ]
    if attacks["over_refusal"]["items"]:
        refused = attacks["over_refused"]
        told = f"{_rate(attacks['over_refusal'], 'refused')}{_kinds(refused)}"
        rows.append(_row("twins", told, _RED if refused["new"] else None))
    # Reports of before cases could be in quarantine have no such part.
    if attacks.get("quarantined", {"items": 0})["items"]:
        rows.append(_row("quarantine", _rate(attacks["quarantined"], "unsafe")))
    return rows


def _kinds(by_status: Mapping[str, Sequence[str]]) -> str:
    """`: 2 new, 7 known`."""
    told = [
        f"{len(names)} {kind}"
        for kind, names in by_status.items()
        if names and kind != "quarantined"
    ]
    return f": {', '.join(told)}" if told else ""


def _rate(found: Mapping[str, Any], word: str) -> str:
    """`3 of 48 breached (6%, 95% interval 2% to 17%), 1 undetermined`."""
    undecided = [
        f", {found[name]} {told}"
        for name, told in (("undetermined", "undetermined"), ("errors", "without an answer"))
        if found[name]
    ]
    if not found["of"]:
        return f"none of {found['items']} decided{''.join(undecided)}"
    spread = f"95% interval {found['low']:.0%} to {found['high']:.0%}"
    share = f"{found['unsafe']:,} of {found['of']:,} {word} ({found['rate']:.0%}, {spread})"
    return share + "".join(undecided)


def _flag_rows(flags: Mapping[str, Any]) -> list[Line]:
    """What the providers' own filters found; nothing where they found nothing."""
    if not flags["flagged_calls"]:
        return []
    names = list(flags["by_category"])
    told = f"{', '.join(names[:3])}{', ...' if len(names) > 3 else ''}"
    calls = counted(flags["flagged_calls"], "call")
    return [_row("flags", f"{calls} flagged by the provider ({told})", _YELLOW)]


def _outcomes(found: Mapping[str, Any]) -> str:
    ranked = ("fail", "error", "inconclusive", "pass")
    return ", ".join(f"{found[key]:,} {key}{_whose(found, key)}" for key in ranked if found[key])


def _whose(found: Mapping[str, Any], key: str) -> str:
    if key == "pass":
        return ""
    names = [name for name, outcomes in found["by_name"].items() if outcomes[key]]
    return f" ({', '.join(names[:3])}{', ...' if len(names) > 3 else ''})"


def _outcome_markup(found: Mapping[str, int]) -> Mapping[str, bool]:
    if found["fail"] or found["error"]:
        return {"red": True}
    return _YELLOW if found["inconclusive"] else {}


def _call_rows(totals: Mapping[str, Any]) -> list[Line]:
    performance, price = totals["performance"], totals["cost"]
    rows = [
        _row("calls", _calls_text(totals), _YELLOW if performance["errors"] else None),
        _row("tokens", _tokens_text(totals["tokens"])),
        _row("cost", _cost_text(totals), _YELLOW if price["unpriced_calls"] else None),
        _row("latency", _latency_text(performance)),
    ]
    first = performance["time_to_first_chunk"]
    if first["count"]:
        streamed = counted(first["count"], "streamed call")
        spread = f"p50 {duration(first['p50_s'])}, p95 {duration(first['p95_s'])}"
        rows.append(_row("1st chunk", f"{spread} ({streamed})"))
    if totals["replay"]["calls"]:
        rows.append(_row("replay", _replay_text(totals["replay"])))
    return rows + [_row("drift", text, _YELLOW) for text in _drift_texts(totals["drift"])]


def _calls_text(totals: Mapping[str, Any]) -> str:
    calls, performance = totals["calls"], totals["performance"]
    kinds = [f"{calls[name]:,} {name}" for name in ("live", "recorded") if calls[name]]
    judged = [f"{calls['judge']:,} by judges"] if calls["judge"] else []
    text = f"{calls['total']:,} ({', '.join(kinds + judged)})"
    if performance["errors"]:
        ranked = sorted(performance["error_types"].items(), key=lambda item: (-item[1], item[0]))
        names = ", ".join(f"{keep_start(name, longest=30)} {count}" for name, count in ranked[:3])
        text += f", {counted(performance['errors'], 'error')} ({names})"
    retries = performance["retries"]
    return text + (f", {retries:,} {'retry' if retries == 1 else 'retries'}" if retries else "")


def _tokens_text(tokens: Mapping[str, Any]) -> str:
    without = tokens["calls_without_usage"]
    silent = f"{counted(without, 'call')} without usage" if without else ""
    if not tokens["measured"]:
        return f"unknown ({silent})"
    cached, thought = tokens["cache_read_input_tokens"], tokens["reasoning_output_tokens"]
    into = f"{number(tokens['input_tokens'])} in" + (f" ({cached:,} cached)" if cached else "")
    out = f"{number(tokens['output_tokens'])} out" + (
        f" ({thought:,} reasoning)" if thought else ""
    )
    return f"{into}, {out}" + (f"; {silent}" if silent else "")


def _cost_text(totals: Mapping[str, Any]) -> str:
    price, calls = totals["cost"], totals["calls"]
    unpriced = price["unpriced_calls"]
    missing = f"{counted(unpriced, 'call')} {'has' if unpriced == 1 else 'have'} no price"
    if price["cost_usd"] is None:
        return f"unknown ({missing})"
    kinds = [name for name in ("live", "recorded") if calls[name]]
    text = ", ".join(f"{dollars(price[f'{name}_cost_usd'])} {name}" for name in kinds)
    return text + (f"; {missing}" if unpriced else "")


def _latency_text(performance: Mapping[str, Any]) -> str:
    latency, rate = performance["latency"], performance["output_tokens_per_s"]
    if not latency["count"]:
        return "unknown (no call that succeeded was timed)"
    ends = (("p50", "p50_s"), ("p95", "p95_s"), ("max", "max_s"))
    text = ", ".join(f"{name} {duration(latency[key])}" for name, key in ends)
    return text + (f"; {rate:,.1f} output tokens/s" if rate is not None else "")


def _replay_text(replay: Mapping[str, Any]) -> str:
    spared = f"saved {duration(replay['model_time_s'])} of model time"
    return f"{spared} and {dollars(replay['cost_usd'])}" if replay["cost_usd"] else spared


def _drift_texts(drift: Mapping[str, Any]) -> list[str]:
    return [
        f"{model['requested'] or 'no model named'} answered by {' and '.join(model['answered'])}"
        for model in drift["models"]
        if len(model["answered"]) > 1
    ]


def _cassette_rows(report: Mapping[str, Any]) -> list[Line]:
    own = [test["cassette"] for test in report["tests"] if test["cassette"]]
    used = own + [use for test in report["tests"] for use in test["side_cassettes"]]
    misses = sum(use["misses"] for use in used)
    stale = sum(use["stale"] for use in used)
    broken = sum(use["problem"] is not None for use in used)
    told = [
        *([f"{misses:,} missed"] if misses else []),
        *([f"{stale:,} recorded and not asked for"] if stale else []),
        *([f"{counted(broken, 'file')} with a problem"] if broken else []),
    ]
    markup = {"red": True} if misses or broken else (_YELLOW if stale else None)
    return [_row("cassettes", ", ".join(told), markup)] if told else []


def _ranked(report: Mapping[str, Any], *, width: int) -> list[Line]:
    tests, oldest = report["tests"], report["totals"]["drift"]["oldest_recording"]
    slow = [test for test in tests if test["model_time_s"]]
    dear = [test for test in tests if test["cost_usd"] is not None and Decimal(test["cost_usd"])]
    slow.sort(key=lambda test: (-test["model_time_s"], test["nodeid"]))
    dear.sort(key=lambda test: (-Decimal(test["cost_usd"]), test["nodeid"]))
    times = [(duration(test["model_time_s"]), test["nodeid"]) for test in slow[:TOP_TESTS]]
    prices = [(dollars(test["cost_usd"]), test["nodeid"]) for test in dear[:TOP_TESTS]]
    ages = [(days(oldest["age_days"]), oldest["cassette"])] if oldest else []
    tables = (("oldest", ages), ("slowest", times), ("dearest", prices))
    return [line for label, rows in tables for line in _table(label, rows, width=width)]


def _table(label: str, rows: Sequence[tuple[str, str]], *, width: int) -> list[Line]:
    column = max((len(value) for value, _ in rows), default=0)
    room = max(width - _LABEL - column - 2, 20)
    return [
        _row("" if place else label, f"{value:>{column}}  {_named(nodeid, longest=room)}")
        for place, (value, nodeid) in enumerate(rows)
    ]


def _named(nodeid: str, *, longest: int) -> str:
    return keep_end(ascii_line(nodeid), longest=longest)
