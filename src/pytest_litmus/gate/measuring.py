"""Measuring: the number that a rule speaks of, from the tests of stored reports.

What is undecided might have been either: a share is then a range, from the best case to the worst.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_litmus.report.attacks import rate
from pytest_litmus.report.plain import counted
from pytest_litmus.report.totals import percentile
from pytest_litmus.stats.rates import clopper_pearson, clustered
from pytest_litmus.suites.finding import Finding

if TYPE_CHECKING:
    from pytest_litmus.gate.policy import Policy, Rule

Test = Mapping[str, Any]
"""As the report has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """What was measured for a rule."""

    value: float | None = None
    """None where nothing was measured."""
    low: float | None = None
    """The number lies between these two: the same where it is known."""
    high: float | None = None
    told: str = ""
    """Of what it was made, or why there is none."""
    tests: tuple[str, ...] = ()
    """Node ids of those that a limit is broken by, the worst first."""
    trials: tuple[int, int] | None = None
    """Of a share that has an interval: how many of how many."""


def selected(rule: Rule, tests: Sequence[Test]) -> list[Test]:
    """The tests that a rule speaks of."""
    patterns = [_pattern(text) for text in rule.tests]
    return [
        test
        for test in tests
        if (not patterns or any(one.fullmatch(test["nodeid"]) for one in patterns))
        and (not rule.mark or set(rule.mark) & set(test["marks"]))
        and (not rule.severity or _severity(test) in rule.severity)
    ]


def measured(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    """The number of a rule over the tests that it speaks of."""
    if rule.measure.startswith(("latency_", "time_to_first_chunk_")):
        return _time(rule.measure, tests)
    return _MEASURED[rule.measure](rule, tests, policy)


def _pattern(text: str) -> re.Pattern[str]:
    """A node id with `*` and `?`, and all below it; brackets are those of parameters."""
    parts = [{"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in text.rstrip("/")]
    return re.compile(rf"{''.join(parts)}(?:(?:/|::|\[).*)?", re.DOTALL)


def _severity(test: Test) -> str | None:
    found = test["finding"]["severity"] if test["finding"] else test["severity"]
    return str(found) if found else None


def _calls(tests: Sequence[Test], *, subject: bool = False) -> list[tuple[str, dict[str, Any]]]:
    return [
        (test["nodeid"], call)
        for test in tests
        for call in test["calls"]
        if not subject or call["purpose"] == "subject"
    ]


def _known(value: float, told: str, tests: Sequence[str] = ()) -> Number:
    return Number(value=value, low=value, high=value, told=told, tests=_once(tests))


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


# Performance


def _time(measure: str, tests: Sequence[Test]) -> Number:
    kind, _, end = measure.removesuffix("_s").rpartition("_")
    key = "duration_s" if kind == "latency" else "time_to_first_chunk_s"
    calls = [(name, one) for name, one in _calls(tests, subject=True) if one["error_type"] is None]
    timed = sorted((one[key], name) for name, one in calls if one[key] is not None)
    fraction = 1.0 if end == "max" else int(end[1:]) / 100
    value = percentile([time for time, _ in timed], fraction)
    if value is None:
        return Number(told=f"none of {counted(len(calls), 'call')} that succeeded has this time")
    slowest = [name for time, name in reversed(timed) if time >= value]
    return _known(value, f"of {counted(len(timed), 'call')}", slowest)


def _error_rate(rule: Rule, tests: Sequence[Test], _: Policy) -> Number:
    calls = _calls(tests, subject=True)
    failed = [name for name, call in calls if call["error_type"] is not None]
    shares = [
        (sum(one["error_type"] is not None for _, one in own), 0, len(own))
        for test in tests
        if (own := _calls([test], subject=True))
    ]
    return _share(rule, shares, _once(failed), "calls failed")


# Quality


def _pass_rate(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    shares, broken = [], []
    for test in tests:
        verdicts = [one for one in test["verdicts"] if not rule.of or one["name"] in rule.of]
        passed = sum(one["outcome"] == "pass" for one in verdicts)
        unknown = sum(one["outcome"] in ("inconclusive", "error") for one in verdicts)
        shares.append((passed, unknown, len(verdicts)))
        broken += [test["nodeid"]] * (passed < len(verdicts))
    return _share(rule, _settled(shares, policy), broken, "verdicts passed")


def _test_pass_rate(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    ran = [test for test in latest(tests) if test["outcome"] != "skipped"]
    shares = [(int(one["outcome"] == "passed"), int(undecided(one)), 1) for one in ran]
    broken = [test["nodeid"] for test in ran if test["outcome"] != "passed"]
    return _share(rule, _settled(shares, policy), broken, "tests passed")


def _must_pass(_: Rule, tests: Sequence[Test], __: Policy) -> Number:
    found = latest(tests)
    failed = [test["nodeid"] for test in found if test["outcome"] == "failed"]
    broken = [one["nodeid"] for one in found if one["outcome"] not in ("passed", "failed")]
    open_ = [test["nodeid"] for test in found if undecided(test)]
    of = len(found)
    passed = of - len(failed) - len(broken)
    told = f"{passed} of {counted(of, 'test')} passed"
    if set(failed) - set(open_):
        return _known(passed / of, told, [*failed, *broken])
    if broken or open_:
        return Number(
            told=f"{told}; skipped, broken or inconclusive is not passed",
            tests=_once([*failed, *broken]),
        )
    return _known(1.0, told)


def _mean_score(rule: Rule, tests: Sequence[Test], _: Policy) -> Number:
    scores = [
        (one["score"]["value"] if one["score"] else None, test["nodeid"])
        for test in tests
        for one in test["verdicts"]
        if one["name"] in rule.of
    ]
    values = sorted((value, name) for value, name in scores if value is not None)
    if len(values) < len(scores) or not values:
        without = [name for value, name in scores if value is None]
        of = counted(len(scores), "score")
        return Number(told=f"{len(without)} of {of} could not be measured", tests=_once(without))
    mean = sum(value for value, _ in values) / len(values)
    return _known(mean, f"mean of {counted(len(values), 'score')}", [name for _, name in values])


def _feedback_up_rate(rule: Rule, tests: Sequence[Test], _: Policy) -> Number:
    """Ratings of people; `of` are their criteria."""
    shares, disliked = [], []
    for test in latest(tests):
        rated = [one for one in test["feedback"] if not rule.of or one["name"] in rule.of]
        up, down = (sum(one[side] for one in rated) for side in ("up", "down"))
        shares.append((up, 0, up + down))
        disliked += [(down / (up + down), test["nodeid"])] if down else []
    if not any(of for _, _, of in shares):
        return Number(told="no rating of people says yes or no: see litmus feedback")
    names = [nodeid for _, nodeid in sorted(disliked, key=lambda one: (-one[0], one[1]))]
    return _share(rule, shares, names, "ratings are up")


# Safety


def _attack_success(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    return _attacked(rule, tests, policy, benign=False)


def _over_refusal(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    return _attacked(rule, tests, policy, benign=True)


def _attacked(rule: Rule, tests: Sequence[Test], policy: Policy, *, benign: bool) -> Number:
    found = dict(_found(rule, tests, benign=benign))
    found_rate = rate(list(found.values()))
    unsafe = found_rate["unsafe"]
    unknown = found_rate["undetermined"] + found_rate["errors"]
    if "inconclusive" in policy.allow and found_rate["of"]:
        unknown = 0
    total = found_rate["of"] + unknown
    word = "refused" if benign else "breached"
    if not found_rate["of"]:
        items = counted(found_rate["items"], "item")
        return Number(told=f"{items} of suites, and none was decided", tests=tuple(found))
    best, worst = unsafe / total, (unsafe + unknown) / total
    if rule.interval:
        best, worst = min(best, found_rate["low"]), max(worst, found_rate["high"])
    return Number(
        value=found_rate["rate"],
        low=best,
        high=worst,
        told=f"{unsafe:,} of {found_rate['of']:,} {word}{_unknown(unknown)}",
        tests=tuple(name for name, one in found.items() if one.outcome != "safe"),
        trials=(unsafe, found_rate["of"]) if rule.interval else None,
    )


def _breaches(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    """Breaches counted; an item that was not decided might be one."""
    found = dict(_found(rule, tests, benign=False))
    if not found:
        return Number(told="no item of a suite was run")
    statuses = ("new",) if rule.measure == "new_breaches" else ("new", "known", "dismissed")
    unsafe = [name for name, one in found.items() if one.status in statuses]
    unknown = [name for name, one in found.items() if one.outcome in ("undetermined", "error")]
    if "inconclusive" in policy.allow:
        unknown = []
    return Number(
        value=len(unsafe),
        low=len(unsafe),
        high=len(unsafe) + len(unknown),
        told=f"of {counted(len(found), 'item')}{_unknown(len(unknown))}",
        tests=(*unsafe, *unknown),
    )


def _found(rule: Rule, tests: Sequence[Test], *, benign: bool) -> list[tuple[str, Finding]]:
    found = [
        (test["nodeid"], Finding.from_json(test["finding"]))
        for test in latest(tests)
        if test["finding"]
    ]
    return [
        (name, one)
        for name, one in found
        if one.benign == benign
        and (not rule.family or one.family in rule.family)
        and (not rule.attack or one.attack in rule.attack or one.attack_family in rule.attack)
        and not (rule.new_only and one.status in ("known", "dismissed"))
    ]


# Cost


def _cost(rule: Rule, tests: Sequence[Test], policy: Policy) -> Number:
    calls = _calls(tests)
    prices = [(Decimal(one["cost_usd"]), name) for name, one in calls if one["cost_usd"]]
    missing = [name for name, call in calls if call["cost_usd"] is None]
    if missing and ("unpriced_calls" not in policy.allow or not prices):
        told = f"{len(missing)} of {counted(len(calls), 'call')} have no price"
        return Number(told=told, tests=_once(missing))
    if not calls:
        return Number(told="no call was made")
    total = sum((price for price, _ in prices), Decimal(0))
    of = {"cost_per_test_usd": len({name for name, _ in calls}), "cost_per_call_usd": len(prices)}
    value = float(total / of.get(rule.measure, 1))
    told = f"{counted(len(prices), 'priced call')}{f', {len(missing)} unpriced' if missing else ''}"
    return _known(value, told, [name for _, name in sorted(prices, reverse=True)])


def _call_count(_: Rule, tests: Sequence[Test], __: Policy) -> Number:
    calls = _calls(tests)
    return _known(len(calls), f"in {counted(len(tests), 'test')}", [name for name, _ in calls])


def _unpriced(_: Rule, tests: Sequence[Test], __: Policy) -> Number:
    calls = _calls(tests)
    missing = [name for name, call in calls if call["cost_usd"] is None]
    return _known(len(missing), f"of {counted(len(calls), 'call')}", missing)


def _tokens(rule: Rule, tests: Sequence[Test], _: Policy) -> Number:
    kinds = ("input_tokens", "output_tokens") if rule.measure == "tokens" else (rule.measure,)
    used = [([call[kind] for kind in kinds], name) for name, call in _calls(tests)]
    without = [name for counts, name in used if None in counts]
    if without or not used:
        of = counted(len(used), "call")
        return Number(told=f"{len(without)} of {of} report no usage", tests=_once(without))
    sums = sorted(((sum(counts), name) for counts, name in used), reverse=True)
    of = counted(len(used), "call")
    return _known(sum(count for count, _ in sums), f"of {of}", [name for _, name in sums])


# Drift


def _models(_: Rule, tests: Sequence[Test], __: Policy) -> Number:
    named = [(call["model"], name) for name, call in _calls(tests, subject=True) if call["model"]]
    models = sorted({model for model, _ in named})
    if not models:
        return Number(told="no call says which model answered")
    return _known(len(models), ", ".join(models), [name for _, name in named])


def _recording_age(_: Rule, tests: Sequence[Test], __: Policy) -> Number:
    uses = [(use, test["nodeid"]) for test in tests for use in _uses(test) if use["played"]]
    ages = sorted(((use["age_days"], name) for use, name in uses if use["age_days"] is not None))
    if len(ages) < len(uses) or not ages:
        undated = len(uses) - len(ages)
        return Number(told=f"{undated} of {counted(len(uses), 'recording')} say when they are of")
    return _known(ages[-1][0], f"the oldest of {len(ages)}", [name for _, name in reversed(ages)])


def _uses(test: Test) -> list[dict[str, Any]]:
    return [*([test["cassette"]] if test["cassette"] else []), *test["side_cassettes"]]


# Shares


def latest(tests: Sequence[Test]) -> list[Test]:
    """A test that ran again counts as it came out at last; those of other reports stay."""
    last = {(test.get("report"), test["nodeid"]): test for test in tests}
    return list(last.values())


def undecided(test: Test) -> bool:
    """Whether its runs, or its suite, could not say if it passes."""
    runs, found = test.get("runs"), test["finding"]
    if found:
        return found["outcome"] in ("undetermined", "error")
    return bool(runs and runs["outcome"] == "inconclusive")


def _settled(shares: list[tuple[int, int, int]], policy: Policy) -> list[tuple[int, int, int]]:
    """Without what was undecided, where the policy allows that."""
    if "inconclusive" not in policy.allow:
        return shares
    return [(hits, 0, of - unknown) for hits, unknown, of in shares]


def _share(
    rule: Rule, shares: Sequence[tuple[int, int, int]], broken: Sequence[str], word: str
) -> Number:
    """Hits of how many, with those that could have been either.

    Args:
        rule: Whose number it is.
        shares: Hits, undecided and all, by test: those of a test are alike.
        broken: Node ids.
        word: What a hit is.
    """
    hits, unknown, of = (sum(share[place] for share in shares) for place in range(3))
    decided = of - unknown
    if not decided:
        return Number(told=f"0 of {of} decided", tests=_once(broken))
    low, high = hits / of, (hits + unknown) / of
    if rule.interval:
        cases = [(share[0], share[2] - share[1]) for share in shares]
        bounds = clustered(cases) or clopper_pearson(hits, decided)
        if bounds:
            low, high = min(low, bounds.low), max(high, bounds.high)
    told = f"{hits:,} of {decided:,} {word}{_unknown(unknown)}"
    return Number(
        value=hits / decided,
        low=low,
        high=high,
        told=told,
        tests=_once(broken),
        trials=(hits, decided) if rule.interval else None,
    )


def _unknown(count: int) -> str:
    return f", {count} undecided" if count else ""


_MEASURED: Mapping[str, Callable[[Rule, Sequence[Test], Policy], Number]] = {
    "error_rate": _error_rate,
    "pass_rate": _pass_rate,
    "test_pass_rate": _test_pass_rate,
    "must_pass": _must_pass,
    "mean_score": _mean_score,
    "feedback_up_rate": _feedback_up_rate,
    "attack_success_rate": _attack_success,
    "over_refusal_rate": _over_refusal,
    "new_breaches": _breaches,
    "breaches": _breaches,
    "cost_usd": _cost,
    "cost_per_test_usd": _cost,
    "cost_per_call_usd": _cost,
    "calls": _call_count,
    "unpriced_calls": _unpriced,
    "input_tokens": _tokens,
    "output_tokens": _tokens,
    "tokens": _tokens,
    "models_that_answered": _models,
    "recording_age_days": _recording_age,
}
