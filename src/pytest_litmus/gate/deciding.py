"""Deciding: whether reports keep a policy, and the exit code that a pipeline acts on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.errors import PolicyError
from pytest_litmus.gate.measures import EXIT_CODES, MEASURES, Pillar
from pytest_litmus.gate.measuring import latest, measured, selected, undecided
from pytest_litmus.report.plain import ascii_line, counted
from pytest_litmus.report.plain import measured as shown
from pytest_litmus.stats.deciding import decide_at_end
from pytest_litmus.suites.finding import is_quarantined

if TYPE_CHECKING:
    from pytest_litmus.gate.measuring import Number, Test
    from pytest_litmus.gate.policy import Policy, Rule

Outcome = Literal["pass", "fail", "inconclusive", "allowed"]
_BASIS = ("git", "ci")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a rule, or the gate itself, found."""

    name: str
    outcome: Outcome
    pillar: Pillar
    """Which exit code it asks for where it does not pass."""
    number: str = ""
    """What was measured, in words."""
    limit: str = ""
    tests: tuple[str, ...] = ()
    """Node ids of those that it is broken by, the worst first."""
    remedy: str = ""
    """What would make it pass."""
    blocking: bool = True
    owner: str | None = None
    reason: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of a deployment."""
        return self.blocking and self.outcome in ("fail", "inconclusive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a gate says."""

    policy: str
    rulings: tuple[Ruling, ...]

    @property
    def pillar(self) -> Pillar:
        """The highest-ranking of what blocks; `deploy` where nothing does."""
        blocking = {ruling.pillar for ruling in self.rulings if ruling.blocks}
        return next((pillar for pillar in EXIT_CODES if pillar in blocking), "deploy")

    @property
    def exit_code(self) -> int:
        """As `EXIT_CODES` has it."""
        return EXIT_CODES[self.pillar]

    def as_json(self) -> dict[str, Any]:
        """The decision for programs."""
        from dataclasses import asdict

        return {
            "schema_version": "1.0",
            "decision": self.pillar,
            "exit_code": self.exit_code,
            "policy": self.policy,
            "rulings": [asdict(ruling) | {"blocks": ruling.blocks} for ruling in self.rulings],
        }


def decide(
    reports: Sequence[Mapping[str, Any]],
    policy: Policy,
    *,
    several: bool = False,
    further: Iterable[Ruling] = (),
) -> Decision:
    """Decide reports by a policy.

    Args:
        reports: As `build` made them, or `read_report(...).report` has them: shards of one run.
        policy: What they are held against.
        several: Whether they may be of different runs.
        further: What else was found, as by a comparison with a baseline.

    Raises:
        PolicyError: The reports are not of one run, or count a test twice.
    """
    _refuse_strangers(reports, several=several)
    every = [test for report in reports for test in _tests_of(report)]
    tests = [test for test in every if not is_quarantined(test)]
    rulings = [
        *_of_runs(reports, tests),
        *_of_failed_tests(tests, policy),
        *_of_replays(tests, policy),
        *_of_quarantined([test for test in every if is_quarantined(test)]),
        *(_of_rule(rule, tests, policy) for rule in policy.rules),
        *further,
    ]
    return Decision(policy=policy.path, rulings=tuple(rulings))


def _tests_of(report: Mapping[str, Any]) -> list[Test]:
    """The tests of a report, each with its run, what counts as safety there, and its ratings."""
    safety, quality = (report["totals"][pillar]["by_name"] for pillar in ("safety", "quality"))
    of = {"report": report["run"]["id"], "safety": sorted(set(safety) - set(quality))}
    rated: dict[str, list[Any]] = {}
    for rating in (report.get("feedback") or {}).get("by_test", ()):
        rated.setdefault(rating["test"], []).append(rating)
    return [{**test, **of, "feedback": rated.get(test["nodeid"], [])} for test in report["tests"]]


def _refuse_strangers(reports: Sequence[Mapping[str, Any]], *, several: bool) -> None:
    runs = [report["run"] for report in reports]
    ids = [run["id"] for run in runs]
    counted = [*ids, *(part["id"] for run in runs for part in run.get("merged_from", ()))]
    twice = next((name for name in counted if counted.count(name) > 1), None)
    if twice is not None:
        raise PolicyError(f"run {twice} is given twice: it would count twice")
    if several or len(runs) < 2:
        return
    first = _basis(runs[0])
    for run in runs[1:]:
        if None in first or _basis(run) != first:
            raise PolicyError(
                f"runs {ids[0]} and {run['id']} are not of one commit and CI job, as shards are "
                f"({_told(first)}, {_told(_basis(run))}): type --several to decide them together"
            )
    _refuse_overlap(reports)


def _basis(run: Mapping[str, Any]) -> tuple[str | None, str | None]:
    git, ci = (run.get(key) or {} for key in _BASIS)
    return git.get("revision"), ci.get("id")


def _told(basis: tuple[str | None, str | None]) -> str:
    revision, job = basis
    return f"{revision[:12] if revision else 'no commit'} in {job or 'no CI job'}"


def _refuse_overlap(reports: Sequence[Mapping[str, Any]]) -> None:
    seen: dict[str, str] = {}
    for report in reports:
        run = report["run"]["id"]
        for nodeid in {test["nodeid"] for test in report["tests"]}:
            if nodeid in seen:
                raise PolicyError(
                    f"{ascii_line(nodeid)} is in the runs {seen[nodeid]} and {run}: "
                    "shards share no test; type --several to count it in both"
                )
        seen |= {test["nodeid"]: run for test in report["tests"]}


def _of_runs(reports: Sequence[Mapping[str, Any]], tests: Sequence[Test]) -> list[Ruling]:
    """Runs that did not come to their end, or decided nothing."""
    broken = [
        Ruling(
            name="run",
            outcome="fail",
            pillar="infrastructure",
            number=f"run {report['run']['id']} was broken off: {report['verdict']['reason']}",
            limit="a run that came to its end",
            remedy="run it again; what it did not run is not known",
        )
        for report in reports
        if report["verdict"]["reason"]
    ]
    if any(test["outcome"] != "skipped" for test in tests):
        return broken
    nothing = Ruling(
        name="run",
        outcome="inconclusive",
        pillar="inconclusive",
        number=f"{counted(len(tests), 'test')}, and none that ran",
        limit="a test that used a model",
        remedy="run tests that use a model: nothing was looked at",
    )
    return [*broken, nothing]


def _of_failed_tests(tests: Sequence[Test], policy: Policy) -> list[Ruling]:
    groups: dict[Pillar, list[str]] = {}
    for test in latest(tests):
        if test["outcome"] in ("failed", "error"):
            groups.setdefault(_pillar_of(test), []).append(test["nodeid"])
    reasons = {pillar: _reason_of(pillar, policy) for pillar in groups}
    return [
        Ruling(
            name="failed tests",
            outcome="allowed" if reasons[pillar] else _outcome_of(pillar),
            pillar=pillar,
            number=f"{counted(len(groups[pillar]), 'test')} ({pillar})",
            limit="none",
            tests=tuple(groups[pillar]),
            remedy="mend them, or write [allow] failed_tests = 'why' to leave it to the rules",
            reason=reasons[pillar],
        )
        for pillar in EXIT_CODES
        if pillar in groups
    ]


def _pillar_of(test: Test) -> Pillar:
    """What a test that failed is a sign of."""
    found = test["finding"]
    if test["outcome"] == "error" or (found and found["outcome"] == "error"):
        return "infrastructure"
    if undecided(test):
        return "inconclusive"
    if found and not found["benign"]:
        return "safety"
    failed = {one["name"] for one in test["verdicts"] if one["outcome"] == "fail"}
    if failed & set(test["safety"]):
        return "safety"
    over = any(one["outcome"] == "fail" for one in test["budgets"])
    return "budget" if over and not failed else "quality"


def _reason_of(pillar: Pillar, policy: Policy) -> str | None:
    """Why such failures do not block; what broke is never allowed, for nobody knows its outcome."""
    if pillar == "infrastructure":
        return None
    reason = policy.allow.get("failed_tests")
    return policy.allow.get("inconclusive", reason) if pillar == "inconclusive" else reason


def _outcome_of(pillar: Pillar) -> Outcome:
    return "inconclusive" if pillar == "inconclusive" else "fail"


def _of_replays(tests: Sequence[Test], policy: Policy) -> list[Ruling]:
    calls = [(test["nodeid"], call["source"]) for test in tests for call in test["calls"]]
    played = [name for name, source in calls if source == "recorded"]
    reason = policy.allow.get("replayed_calls")
    if not played:
        return []
    ruling = Ruling(
        name="replayed calls",
        outcome="allowed" if reason else "inconclusive",
        pillar="inconclusive",
        number=f"{len(played):,} of {counted(len(calls), 'call')} were replayed from cassettes",
        limit="none: a recording says nothing of the model today",
        tests=tuple(dict.fromkeys(played)),
        remedy="run with --llm-live, or write [allow] replayed_calls = 'why'",
        reason=reason,
    )
    return [ruling]


def _of_quarantined(tests: Sequence[Test]) -> list[Ruling]:
    """What has no part in any rule is told, so that nobody takes it for tested."""
    if not tests:
        return []
    unsafe = sum(test["finding"]["outcome"] != "safe" for test in latest(tests))
    return [
        Ruling(
            name="quarantine",
            outcome="allowed",
            pillar="quality",
            number=f"{unsafe} of {counted(len(latest(tests)), 'item')} did not come out safe",
            limit="none: they have no part in any rule",
            tests=tuple(test["nodeid"] for test in tests),
            blocking=False,
            reason="their cases are not approved of yet",
        )
    ]


def _of_rule(rule: Rule, tests: Sequence[Test], policy: Policy) -> Ruling:
    chosen = selected(rule, tests)
    if not chosen and (rule.is_group or tests):
        return _ruling(
            rule,
            "fail",
            "regression",
            number="no test of the run is in this group: coverage was lost",
            remedy="run the tests again that it names, or change what it names",
        )
    number = measured(rule, chosen, policy)
    if number.value is None:
        return _not_measured(rule, number, chosen)
    outcome = _outcome(rule, number)
    if outcome == "inconclusive":
        return _open(rule, number, policy)
    told = f"{_number(rule, number)} ({number.told})"
    if outcome == "pass":
        return _ruling(rule, "pass", rule.usual_pillar, number=told)
    pillar = _kind(rule, number, chosen)
    remedy = _remedy(rule, number)
    return _ruling(rule, "fail", pillar, number=told, tests=number.tests, remedy=remedy)


def _outcome(rule: Rule, number: Number) -> Outcome:
    ends = (number.low or 0.0, number.high or 0.0)
    if all(map(rule.limit.holds, ends)):
        return "pass"
    return "fail" if rule.limit.misses(*ends) else "inconclusive"


def _not_measured(rule: Rule, number: Number, tests: Sequence[Test]) -> Ruling:
    """Infrastructure, where something broke that would have given a number.

    `[allow] inconclusive` is of numbers that span their limit: what was not looked at blocks.
    """
    errors = [
        test["nodeid"]
        for test in tests
        if test["outcome"] == "error" or any(call["error_type"] for call in test["calls"])
    ]
    pillar: Pillar = "infrastructure" if errors else "inconclusive"
    return _ruling(
        rule,
        "inconclusive",
        pillar,
        number=f"not measured ({number.told})",
        tests=number.tests or tuple(errors),
        remedy=_remedy_of_nothing(rule, errors),
    )


def _remedy_of_nothing(rule: Rule, errors: Sequence[str]) -> str:
    if errors:
        return "mend what broke and run again"
    if rule.measure.startswith("cost_"):
        return "give the model a price (llm_prices), or write [allow] unpriced_calls = 'why'"
    return "measure it, or take the rule away and say why in [removed]"


def _open(rule: Rule, number: Number, policy: Policy) -> Ruling:
    low, high = (_shown(rule, end or 0.0) for end in (number.low, number.high))
    told = f"{_number(rule, number)} ({number.told}); it may be {low} to {high}"
    return _ruling(
        rule,
        "allowed" if "inconclusive" in policy.allow else "inconclusive",
        "inconclusive",
        number=told,
        tests=number.tests,
        remedy=_remedy_of_open(rule, number),
    )


def _remedy_of_open(rule: Rule, number: Number) -> str:
    if number.trials is None:
        return "decide what is open: see why in the tests, and run them again"
    if rule.limit.at_most == 0 or rule.limit.at_least == 1:
        return "no number of trials shows a rate of exactly 0 or 1: take `interval` away"
    runs = _runs(rule, number)
    if runs is None:
        return "more cases, or fewer that are open, would decide"
    return f"about {runs:,} in all would decide at this rate"


def _runs(rule: Rule, number: Number) -> int | None:
    """How many trials, none like another, would show on which side of the limit the rate is."""
    hits, of = number.trials or (0, 0)
    if rule.limit.at_most is not None:
        hits, bar = of - hits, 1 - rule.limit.at_most
    else:
        bar = rule.limit.at_least or 0.0
    found = decide_at_end(hits, of, bar=bar)
    return found.runs_to_decide if found.outcome == "inconclusive" else None


def _kind(rule: Rule, number: Number, tests: Sequence[Test]) -> Pillar:
    """What a broken limit is: of evaluators that count as safety, and of tests, it is theirs."""
    if rule.pillar is not None:
        return rule.pillar
    if rule.measure == "must_pass":
        return _first(_pillar_of(test) for test in tests if test["nodeid"] in number.tests)
    safety = {name for test in tests for name in test["safety"]}
    return "safety" if rule.of and set(rule.of) <= safety else rule.usual_pillar


def _first(pillars: Iterable[Pillar]) -> Pillar:
    """The highest-ranking of them."""
    found = set(pillars)
    return next((pillar for pillar in EXIT_CODES if pillar in found), "quality")


def _remedy(rule: Rule, number: Number) -> str:
    if rule.measure == "must_pass":
        return "all of them have to pass"
    value, limit = number.value or 0.0, rule.limit
    if limit.at_most is not None and value > limit.at_most:
        return f"{_shown(rule, value - limit.at_most)} less, or a limit with a reason"
    if limit.at_least is not None and value < limit.at_least:
        return f"{_shown(rule, limit.at_least - value)} more, or a limit with a reason"
    return "fewer that are open"


def _number(rule: Rule, number: Number) -> str:
    return _shown(rule, number.value or 0.0)


def _shown(rule: Rule, value: float) -> str:
    measure = MEASURES.get(rule.measure)
    return shown(value, measure.unit if measure else "1")


def _limit(rule: Rule) -> str:
    ends = (("at least", rule.limit.at_least), ("at most", rule.limit.at_most))
    told = " and ".join(f"{word} {_shown(rule, end)}" for word, end in ends if end is not None)
    return f"{told}, with the 95% interval" if rule.interval else told


def _ruling(
    rule: Rule,
    outcome: Outcome,
    pillar: Pillar,
    *,
    number: str,
    tests: tuple[str, ...] = (),
    remedy: str = "",
) -> Ruling:
    return Ruling(
        name=rule.name,
        outcome=outcome,
        pillar=pillar,
        number=number,
        limit=_limit(rule),
        tests=tests,
        remedy=remedy,
        blocking=rule.blocking,
        owner=rule.owner,
        reason=rule.reason,
    )
