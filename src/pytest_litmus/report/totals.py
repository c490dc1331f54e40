"""Totals: the calls and verdicts of a run, added up by pillar and by model.

Each pillar says `measured`: one that nothing was measured of is not one where all is well. Sums are
over what is known and stand beside the count of what is not; a sum of nothing known is None.
"""

from __future__ import annotations

import math
from collections import Counter
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, get_args

from pytest_litmus.report.json_ready import decimal_text, moment_text
from pytest_litmus.report.pillars import is_safety
from pytest_litmus.verdicts import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_litmus.report.records import CassetteUse, TestRecord
    from pytest_litmus.verdicts import Verdict
    from pytest_litmus.wire.calls import Call

# No traps: a provider may report any number as its price, and a sum must not raise for it.
_EXACT = Context(prec=50, traps=[])

_TOKEN_FIELDS = (
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_write_input_tokens",
    "reasoning_output_tokens",
)


def totals(records: Sequence[TestRecord]) -> dict[str, Any]:
    """All records added up.

    Performance and drift are of the program's own calls; cost is of the judges' calls too.
    """
    calls = [call for record in records for call in record.model_calls]
    subject = [call for call in calls if call.purpose == "subject"]
    verdicts = [(verdict, record) for record in records for verdict in record.verdicts]
    safety = [verdict for verdict, record in verdicts if is_safety(verdict, record)]
    quality = [verdict for verdict, record in verdicts if not is_safety(verdict, record)]
    cassettes = [use for record in records for use in record.cassettes]
    return {
        "calls": count_calls(calls),
        "performance": performance(subject),
        "cost": cost(calls),
        "tokens": tokens(calls),
        "quality": findings(quality),
        "safety": findings(safety),
        "flags": flags(subject),
        "drift": drift(subject, cassettes),
        "budgets": findings([budget for record in records for budget in record.budgets]),
        "replay": saved_by_replay(calls),
    }


def per_model(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The calls added up by provider and model, in alphabetical order.

    The model is the one that was asked for, so that failed calls stand with those that succeeded.
    """
    groups: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        key = (call.provider_name, call.request_model or call.response_model or "")
        groups.setdefault(key, []).append(call)
    return [
        {
            "provider": provider,
            "model": model or None,
            "calls": count_calls(group),
            "performance": performance(group),
            "cost": cost(group),
            "tokens": tokens(group),
        }
        for (provider, model), group in sorted(groups.items())
    ]


def count_calls(calls: Sequence[Call]) -> dict[str, int]:
    """How many calls there were; an attempt that an SDK repeated is no call of its own."""
    return {
        "total": len(calls),
        "live": sum(call.source == "live" for call in calls),
        "recorded": sum(call.source == "recorded" for call in calls),
        "judge": sum(call.purpose == "judge" for call in calls),
    }


def performance(calls: Sequence[Call]) -> dict[str, Any]:
    """How fast the model answered and how often it failed.

    Times are of the calls that succeeded: a refusal in 20 ms would flatter them. A replayed call
    counts with the times of its recording.
    """
    answered = [call for call in calls if call.error_type is None]
    errors = Counter(call.error_type for call in calls if call.error_type is not None)
    retries = sum(max(0, len(call.attempts) - 1) for call in calls)
    return {
        "measured": bool(calls),
        "latency": spread(call.duration_s for call in answered),
        "time_to_first_chunk": spread(call.time_to_first_chunk_s for call in answered),
        "output_tokens_per_s": throughput(answered),
        "errors": len(calls) - len(answered),
        "error_rate": (len(calls) - len(answered)) / len(calls) if calls else None,
        "error_types": dict(sorted(errors.items())),
        "retries": retries,
    }


def cost(calls: Sequence[Call]) -> dict[str, Any]:
    """What the calls cost in US dollars, as decimal text.

    A sum is None when no call in it has a price; `unpriced_calls` says how many it leaves out.
    """
    live = [call for call in calls if call.source == "live"]
    recorded = [call for call in calls if call.source == "recorded"]
    judge = [call for call in calls if call.purpose == "judge"]
    unpriced = sum(_price_of(call) is None for call in calls)
    return {
        "measured": len(calls) > unpriced,
        "cost_usd": _sum_usd(calls),
        "live_cost_usd": _sum_usd(live),
        "recorded_cost_usd": _sum_usd(recorded),
        "judge_cost_usd": _sum_usd(judge),
        "unpriced_calls": unpriced,
    }


def tokens(calls: Sequence[Call]) -> dict[str, Any]:
    """Tokens as the providers counted them; None where no call reports a kind."""
    sums = {name: _sum_known(getattr(call.usage, name) for call in calls) for name in _TOKEN_FIELDS}
    without = sum(
        call.usage.input_tokens is None and call.usage.output_tokens is None for call in calls
    )
    return {"measured": len(calls) > without, **sums, "calls_without_usage": without}


def findings(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Verdicts by outcome, all together and by name."""
    names = sorted({verdict.name for verdict in verdicts})
    return {
        "measured": bool(verdicts),
        **_by_outcome(verdicts),
        "by_name": {
            name: _by_outcome([verdict for verdict in verdicts if verdict.name == name])
            for name in names
        },
    }


def flags(calls: Sequence[Call]) -> dict[str, Any]:
    """What the providers' own filters and moderation found in the program's calls.

    `measured` says whether a provider looked at all: most do not.
    """
    flagged = [call for call in calls if any(flag.flagged for flag in call.flags)]
    categories = Counter(
        category
        for call in flagged
        for category in {flag.category for flag in call.flags if flag.flagged}
    )
    return {
        "measured": any(call.flags for call in calls),
        "looked_at_calls": sum(bool(call.flags) for call in calls),
        "flagged_calls": len(flagged),
        "by_category": dict(sorted(categories.items())),
    }


def drift(calls: Sequence[Call], cassettes: Sequence[CassetteUse]) -> dict[str, Any]:
    """Which models answered, and how old the oldest recording is that was played."""
    models = _answers(calls)
    dated = [use for use in cassettes if use.age_days is not None and math.isfinite(use.age_days)]
    oldest = max(dated, key=_age_days, default=None)
    return {
        "measured": bool(models or oldest),
        "models": models,
        "oldest_recording": _oldest(oldest) if oldest else None,
    }


def saved_by_replay(calls: Sequence[Call]) -> dict[str, Any]:
    """What the recorded calls would have cost again, in US dollars and in seconds of the model."""
    recorded = [call for call in calls if call.source == "recorded"]
    return {
        "calls": len(recorded),
        "cost_usd": _sum_usd(recorded),
        "unpriced_calls": sum(_price_of(call) is None for call in recorded),
        "model_time_s": model_time_s(recorded),
    }


def spread(values: Iterable[float | None]) -> dict[str, Any]:
    """Percentiles, in seconds, of the values that are known; None where none is."""
    known = sorted(value for value in map(seconds, values) if value is not None)
    return {
        "count": len(known),
        "p50_s": seconds(percentile(known, 0.50)),
        "p95_s": seconds(percentile(known, 0.95)),
        "p99_s": seconds(percentile(known, 0.99)),
        "max_s": known[-1] if known else None,
    }


def percentile(ordered: Sequence[float], fraction: float) -> float | None:
    """The value below which a fraction of the values lies, linear between neighbours.

    Args:
        ordered: Values in rising order.
        fraction: In [0, 1].

    Returns:
        None when there are no values.

    Source: type 7 of Hyndman and Fan, The American Statistician 50 (1996) 361-365; the default of
    NumPy, R and spreadsheets.
    """
    if not ordered:
        return None
    place = (len(ordered) - 1) * fraction
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def throughput(calls: Sequence[Call]) -> float | None:
    """Output tokens a second of model time, over the calls that know both; None where none does."""
    timed = [(call.usage.output_tokens, seconds(call.duration_s)) for call in calls]
    known = [(count, time) for count, time in timed if count is not None and time]
    if not known:
        return None
    try:
        rate = sum(count for count, _ in known) / sum(time for _, time in known)
    except OverflowError:
        return None
    return seconds(rate)


def model_time_s(calls: Iterable[Call]) -> float | None:
    """Seconds that the model worked, over the calls that know them; None where none does."""
    return seconds(_sum_known(seconds(call.duration_s) for call in calls))


def seconds(value: float | None) -> float | None:
    """A duration to the microsecond; None for None, for what is no number, and below zero."""
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return round(value, 6)


def _sum_usd(calls: Iterable[Call]) -> str | None:
    prices = [price for call in calls if (price := _price_of(call)) is not None]
    if not prices:
        return None
    total = Decimal(0)
    for price in prices:
        total = _EXACT.add(total, price)
    return decimal_text(total)


def _price_of(call: Call) -> Decimal | None:
    return call.cost_usd if call.cost_usd is not None and call.cost_usd.is_finite() else None


def _sum_known(values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _by_outcome(verdicts: Iterable[Verdict]) -> dict[str, int]:
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    return {outcome: outcomes[outcome] for outcome in get_args(Outcome)}


def _answers(calls: Sequence[Call]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        if call.response_model or call.system_fingerprint:
            groups.setdefault((call.provider_name, call.request_model or ""), []).append(call)
    return [
        {
            "provider": provider,
            "requested": requested or None,
            "answered": _named(call.response_model for call in group),
            "system_fingerprints": _named(call.system_fingerprint for call in group),
        }
        for (provider, requested), group in sorted(groups.items())
    ]


def _named(names: Iterable[str | None]) -> list[str]:
    return sorted({name for name in names if name})


def _age_days(use: CassetteUse) -> float:
    return use.age_days or 0.0


def _oldest(use: CassetteUse) -> dict[str, Any]:
    return {
        "cassette": use.path,
        "recorded_at": moment_text(use.recorded_at),
        "age_days": use.age_days,
    }
