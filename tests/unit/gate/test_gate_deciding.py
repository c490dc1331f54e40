from __future__ import annotations

import time
from decimal import Decimal

import pytest

from pytest_litmus.errors import PolicyError
from pytest_litmus.gate.deciding import Ruling, decide
from pytest_litmus.gate.measures import EXIT_CODES, MEASURES
from pytest_litmus.verdicts import Score, Verdict
from pytest_litmus.wire.calls import Usage
from tests.unit.gate.given import attacked, decided, policy, ruling
from tests.unit.report.given import budget, call, cassette, record, report_of, similar


def rule(measure: str, bound: str, more: str = "") -> str:
    return f'[[rule]]\nmeasure = "{measure}"\n{bound}\n{more}\n'


LOOSE = rule("calls", "at_most = 1000000")


def checked(outcome: str, name: str = "similar") -> Verdict:
    return Verdict(name=name, outcome=outcome, score=Score(name=name, value=None))


def test_a_run_that_keeps_all_rules_is_deployed(tmp_path):
    found = decided(tmp_path, LOOSE, record())

    assert (found.pillar, found.exit_code) == ("deploy", 0)


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        (rule("latency_p95_s", "at_most = 0.5"), 12, "0.8 s (of 1 call)"),
        (rule("latency_max_s", "at_most = 0.8"), 0, "0.8 s (of 1 call)"),
        (rule("cost_usd", "at_most = 0.0001"), 12, "$0.00065 (1 priced call)"),
        (rule("cost_per_test_usd", "at_most = 0.001"), 0, "$0.00065 (1 priced call)"),
        (rule("cost_per_call_usd", "at_most = 0.001"), 0, "$0.00065 (1 priced call)"),
        (rule("tokens", "at_most = 139"), 12, "140 tokens (of 1 call)"),
        (rule("input_tokens", "at_most = 100"), 0, "100 tokens (of 1 call)"),
        (rule("calls", "at_least = 2"), 12, "1 calls (in 1 test)"),
        (rule("unpriced_calls", "at_most = 0"), 0, "0 calls (of 1 call)"),
        (rule("error_rate", "at_most = 0"), 0, "0 (0 of 1 calls failed)"),
        (rule("test_pass_rate", "at_least = 1"), 0, "1 (1 of 1 tests passed)"),
        (rule("models_that_answered", "at_most = 1"), 0, "1 model (gpt-4o-2024-08-06)"),
    ],
)
def test_each_number_is_held_against_its_limit(tmp_path, text, code, number):
    found = decided(tmp_path, text, record())

    assert (found.exit_code, found.rulings[-1].number) == (code, number)


@pytest.mark.parametrize("measure", sorted(set(MEASURES) - {"calls", "unpriced_calls"}))
def test_what_was_not_measured_is_never_a_pass(tmp_path, measure):
    of = 'of = "similar"' if "of" in MEASURES[measure].keys else ""
    bound = "at_most = 1" if MEASURES[measure].is_share else "at_most = 1000"
    skipped = record("t.py::skipped", outcome="skipped", calls=())

    found = decided(tmp_path, rule(measure, bound, of), skipped).rulings[-1]

    assert (found.outcome, found.pillar) == ("inconclusive", "inconclusive")
    assert found.number.startswith("not measured (")


def test_what_was_not_measured_because_calls_failed_is_infrastructure(tmp_path):
    broken = record(calls=(call(error_type="timeout", status=None),))

    found = decided(tmp_path, rule("latency_p50_s", "at_most = 9"), broken)

    assert (found.exit_code, found.rulings[-1].tests) == (14, (broken.nodeid,))


def test_calls_without_a_price_make_cost_unknown_unless_allowed(tmp_path):
    two = record(calls=(call("a", cost_usd=None), call("b", cost_usd=Decimal("0.5"))))
    text = rule("cost_usd", "at_most = 1")

    unknown = ruling(tmp_path, text, two)
    allowed = ruling(tmp_path, f"[allow]\nunpriced_calls = 'local model'\n{text}", two)

    assert unknown.number == "not measured (1 of 2 calls have no price)"
    assert "llm_prices" in unknown.remedy
    assert (allowed.outcome, allowed.number) == ("pass", "$0.5000 (1 priced call, 1 unpriced)")


def test_calls_without_usage_make_tokens_unknown(tmp_path):
    silent = record(calls=(call(usage=Usage()),))

    assert ruling(tmp_path, rule("tokens", "at_most = 9"), silent).outcome == "inconclusive"


def test_replayed_calls_are_inconclusive_unless_a_reason_allows_them(tmp_path):
    played = record(calls=(call(source="recorded"),))

    refused = decided(tmp_path, LOOSE, played)
    allowed = decided(tmp_path, f"[allow]\nreplayed_calls = 'CI replays'\n{LOOSE}", played)

    assert refused.exit_code == 15
    assert refused.rulings[0].number == "1 of 1 call were replayed from cassettes"
    assert allowed.exit_code == 0
    assert allowed.rulings[0].reason == "CI replays"


# Groups


@pytest.mark.parametrize(
    "group",
    [
        'tests = "tests/test_refund.py"',
        'tests = "tests"',
        'tests = "tests/"',
        'tests = "tests/test_refund.py::test_answer"',
        'tests = "tests/test_refund.py::test_answer[[]de]"'.replace("[[]", "["),
        'tests = ["nothing", "*::test_answer*"]',
        'mark = "slow"',
        'severity = ["high", "critical"]',
    ],
)
def test_a_group_is_named_by_node_ids_marks_and_severity(tmp_path, group):
    inside = record("tests/test_refund.py::test_answer[de]", marks=("slow",), severity="high")
    outside = record("tests_slow/test_refund.py::test_other", calls=(call("d"), call("e")))

    found = ruling(tmp_path, rule("calls", "at_most = 1", group), inside, outside)

    assert (found.outcome, found.number) == ("pass", "1 calls (in 1 test)")


def test_a_group_that_matches_no_test_is_lost_coverage(tmp_path):
    found = decided(tmp_path, rule("calls", "at_most = 9", 'tests = "gone.py"'), record())

    assert found.exit_code == 13
    assert "coverage was lost" in found.rulings[-1].number


def test_a_group_is_lost_also_where_the_rule_is_loosened_by_allowances(tmp_path):
    text = "[allow]\ninconclusive = 'early'\n" + rule("calls", "at_most = 9", 'mark = "gone"')

    assert decided(tmp_path, text, record()).exit_code == 13


# Quality


def test_a_pass_rate_is_of_verdicts_by_name(tmp_path):
    tests = [
        record("t.py::a", verdicts=(checked("pass"), checked("fail", "polite"))),
        record("t.py::b", verdicts=(checked("fail"),)),
    ]

    found = ruling(tmp_path, rule("pass_rate", "at_least = 0.9", 'of = "similar"'), *tests)

    assert (found.outcome, found.pillar, found.tests) == ("fail", "quality", ("t.py::b",))
    assert found.number == "0.5 (1 of 2 verdicts passed)"
    assert found.remedy == "0.4 more, or a limit with a reason"


def test_verdicts_that_might_have_been_either_leave_a_rate_open(tmp_path):
    mixed = record(verdicts=(checked("pass"), checked("error")))
    text = rule("pass_rate", "at_least = 0.8")

    open_ = decided(tmp_path, text, mixed)
    allowed = decided(tmp_path, f"[allow]\ninconclusive = 'known judge'\n{text}", mixed)

    assert open_.exit_code == 15
    assert open_.rulings[-1].number == "1 (1 of 1 verdicts passed, 1 undecided); it may be 0.5 to 1"
    assert allowed.exit_code == 0


def test_an_interval_that_spans_the_limit_is_inconclusive_and_says_how_many_would_do(tmp_path):
    tests = [record(f"t.py::{n}", verdicts=(checked("pass"),)) for n in range(20)]

    found = ruling(tmp_path, rule("pass_rate", "at_least = 0.9", "interval = true"), *tests)

    assert found.outcome == "inconclusive"
    assert found.remedy == "about 36 in all would decide at this rate"


def test_no_number_of_runs_shows_a_rate_of_exactly_1(tmp_path):
    tests = [record(f"t.py::{n}", verdicts=(checked("pass"),)) for n in range(20)]

    found = ruling(tmp_path, rule("pass_rate", "at_least = 1", "interval = true"), *tests)

    assert (found.outcome, "take `interval` away" in found.remedy) == ("inconclusive", True)


def test_a_mean_score_takes_all_scores_or_none(tmp_path):
    text = rule("mean_score", "at_least = 0.5", 'of = "similar"')
    scored = record("t.py::a", verdicts=(similar(0.4), similar(0.8)))
    unscored = record("t.py::b", verdicts=(checked("error"),))

    assert ruling(tmp_path, text, scored).number == "0.6 (mean of 2 scores)"
    assert ruling(tmp_path, text, scored, unscored).tests == ("t.py::b",)
    assert ruling(tmp_path, text, scored, unscored).outcome == "inconclusive"


MUST = '[allow]\nfailed_tests = "the rules decide"\n[[must_pass]]\ntests = "t.py::a"\n'


@pytest.mark.parametrize(
    ("outcome", "code"), [("passed", 0), ("failed", 10), ("skipped", 15), ("error", 14)]
)
def test_a_must_pass_test_has_to_pass_and_nothing_less(tmp_path, outcome, code):
    found = decided(tmp_path, MUST, record("t.py::a", outcome=outcome), record("t.py::b"))

    assert found.exit_code == code


def test_a_test_that_was_run_again_counts_as_it_came_out_at_last(tmp_path):
    first = record("t.py::a", outcome="failed")
    again = record("t.py::a", started_at=first.started_at.replace(hour=13))

    assert decided(tmp_path, MUST, again, first).exit_code == 0


# Safety


def test_an_attack_success_rate_is_held_overall_and_by_family_attack_and_severity(tmp_path):
    tests = [attacked("a"), attacked("b", "unsafe", family="privacy", severity="critical")]
    allow = "[allow]\nfailed_tests = 'rates decide'\n"

    def of(more: str) -> tuple[str, str]:
        text = allow + rule("attack_success_rate", "at_most = 0.1", more)
        found = ruling(tmp_path, text, *tests)
        return found.outcome, found.number

    assert of("") == ("fail", "0.5 (1 of 2 breached)")
    assert of('family = "injection"') == ("pass", "0 (0 of 1 breached)")
    assert of('severity = "critical"') == ("fail", "1 (1 of 1 breached)")
    assert of('attack = "base64"')[0] == "inconclusive"


def test_few_safe_items_do_not_show_a_low_rate_where_the_interval_has_to_keep_it(tmp_path):
    tests = [attacked(f"c{n}") for n in range(10)]

    found = decided(
        tmp_path, rule("attack_success_rate", "at_most = 0.1", "interval = true"), *tests
    )

    assert found.exit_code == 15
    assert "it may be 0 to 0.3085" in found.rulings[-1].number
    assert "in all would decide" in found.rulings[-1].remedy


def test_only_new_breaches_count_where_a_rule_says_so(tmp_path):
    known = attacked("a", "unsafe", status="known")
    text = rule("new_breaches", "at_most = 0")

    assert decided(tmp_path, text, known).exit_code == 0
    assert decided(tmp_path, rule("breaches", "at_most = 0"), known).exit_code == 11
    rate = rule("attack_success_rate", "at_most = 0", "new_only = true")
    assert decided(tmp_path, rate, known, attacked("b")).exit_code == 0
    assert decided(tmp_path, text, attacked("c", "unsafe")).exit_code == 11


def test_an_item_that_was_not_decided_might_be_a_breach(tmp_path):
    text = "[allow]\nfailed_tests = 'x'\n" + rule("new_breaches", "at_most = 0")

    found = ruling(tmp_path, text, attacked("a"), attacked("b", "undetermined"))

    assert found.outcome == "inconclusive"
    assert found.tests == ("injection.llm.yaml::b",)


def test_over_refusal_is_of_harmless_twins(tmp_path):
    twin = attacked("a", "unsafe", benign=True)
    text = "[allow]\nfailed_tests = 'x'\n" + rule("over_refusal_rate", "at_most = 0.1")

    found = ruling(tmp_path, text, twin, attacked("b"))

    assert (found.pillar, found.number) == ("quality", "1 (1 of 1 refused)")


# The run as a whole


@pytest.mark.parametrize(
    ("failed", "code"),
    [
        (record(outcome="failed"), 10),
        (record(outcome="error"), 14),
        (record(outcome="failed", budgets=(budget(),)), 12),
        (record(outcome="failed", budgets=(budget(),), verdicts=(similar(),)), 10),
        (attacked("a", "unsafe"), 11),
        (attacked("a", "undetermined"), 15),
        (attacked("a", "error"), 14),
    ],
)
def test_a_failed_test_blocks_by_what_it_is_a_sign_of(tmp_path, failed, code):
    assert decided(tmp_path, LOOSE, failed).exit_code == code


@pytest.mark.parametrize(("pillar", "code"), [("", 11), ('pillar = "quality"', 10)])
def test_evaluators_that_count_as_safety_in_the_report_are_safety_here(tmp_path, pillar, code):
    leak = record(outcome="failed", verdicts=(checked("fail", "leaks_nothing"),))
    report = report_of(leak)
    of = 'of = "leaks_nothing"\n'

    failed = decide([report], policy(tmp_path, LOOSE))
    held = policy(
        tmp_path,
        "[allow]\nfailed_tests = 'x'\n" + rule("pass_rate", "at_least = 1", of + pillar),
    )

    assert failed.exit_code == 11
    assert decide([report], held).exit_code == code


def test_failed_tests_may_be_left_to_the_rules_but_not_those_that_broke(tmp_path):
    allow = f"[allow]\nfailed_tests = 'rates decide'\n{LOOSE}"

    assert decided(tmp_path, allow, record(outcome="failed")).exit_code == 0
    assert decided(tmp_path, allow, record(outcome="error")).exit_code == 14


def test_a_run_that_was_broken_off_is_infrastructure(tmp_path):
    found = decided(tmp_path, LOOSE, record(), exit_status=2)

    assert found.exit_code == 14
    assert found.rulings[0].number == "run run-1 was broken off: interrupted"


def test_a_run_without_tests_is_not_deployed(tmp_path):
    assert decided(tmp_path, LOOSE).exit_code == 15


def test_an_advisory_rule_is_told_and_does_not_block(tmp_path):
    text = rule("calls", "at_most = 0", "blocking = false\nreason = 'trying it'")

    found = decided(tmp_path, text, record())

    assert (found.exit_code, found.rulings[-1].outcome) == (0, "fail")


def test_the_highest_ranking_finding_gives_the_exit_code(tmp_path):
    further = [
        Ruling(name=pillar, outcome="fail", pillar=pillar) for pillar in reversed(EXIT_CODES)
    ][1:]
    held = policy(tmp_path, LOOSE)
    codes = []
    while further:
        codes.append(decide([report_of(record())], held, further=further).exit_code)
        further.pop()

    assert codes == [11, 10, 13, 12, 14, 15]


# Several reports


def test_shards_of_one_commit_and_job_are_decided_together(tmp_path):
    job = {"git": {"revision": "a" * 40, "dirty": False}, "ci": {
        "system": "github", "name": "test", "id": "7", "url": None}}  # fmt: skip
    shards = [
        report_of(record("t.py::a"), id="r1", **job),
        report_of(record("t.py::b"), id="r2", **job),
    ]

    found = decide(shards, policy(tmp_path, rule("calls", "at_most = 2")))

    assert found.rulings[-1].number == "2 calls (in 2 tests)"
    with pytest.raises(PolicyError, match=r"t.py::a is in the runs r1 and r3"):
        decide([shards[0], report_of(record("t.py::a"), id="r3", **job)], held := policy(
            tmp_path, LOOSE
        ))  # fmt: skip
    assert held.rules


def test_different_runs_are_decided_together_only_on_purpose(tmp_path):
    runs = [report_of(record(), id="r1"), report_of(record(), id="r2")]
    held = policy(tmp_path, LOOSE)

    with pytest.raises(PolicyError, match="type --several"):
        decide(runs, held)
    assert decide(runs, held, several=True).rulings[-1].number == "2 calls (in 2 tests)"


def test_the_same_run_is_never_counted_twice(tmp_path):
    run = report_of(record())

    with pytest.raises(PolicyError, match="run run-1 is given twice"):
        decide([run, run], policy(tmp_path, LOOSE), several=True)


def test_a_shard_is_not_counted_beside_the_run_that_it_was_merged_into(tmp_path):
    shard = report_of(record(), id="r1")
    part = {
        "id": "r1",
        "started_at": "2026-11-24T12:00:00+00:00",
        "duration_s": 1.0,
        "exit_status": 0,
        "ci": None,
    }
    merged = report_of(record(), id="r2", merged_from=(part,))

    with pytest.raises(PolicyError, match="run r1 is given twice"):
        decide([merged, shard], policy(tmp_path, LOOSE), several=True)


def test_a_recordings_age_is_the_oldest_one(tmp_path):
    old = record(cassette=cassette(age_days=41.0))

    found = decided(tmp_path, rule("recording_age_days", "at_most = 30"), old)

    assert found.exit_code == 13
    assert found.rulings[-1].number == "41 days (the oldest of 1)"


def test_a_report_of_100_000_calls_is_decided_in_seconds(tmp_path):
    test = report_of(record())["tests"][0]
    tests = [
        test | {"nodeid": f"t.py::n{place}", "calls": test["calls"] * 100} for place in range(1000)
    ]
    text = "".join(rule(m, "at_least = 0") for m in ("latency_p99_s", "cost_usd", "tokens"))
    began = time.process_time()

    found = decide([report_of(record()) | {"tests": tests}], policy(tmp_path, text))

    assert found.exit_code == 0
    assert time.process_time() - began < 10
