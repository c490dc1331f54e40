from __future__ import annotations

import contextlib
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pytest_litmus.budgets import (
    NAMES,
    Budget,
    Ledger,
    SessionBudget,
    SharedLedger,
    budget,
    max_cost,
)
from pytest_litmus.call_totals import CallGroup
from pytest_litmus.errors import BudgetRefusal
from pytest_litmus.pricing import Priced
from pytest_litmus.wire.calls import Usage
from tests.unit.report.given import call


def held(limits: Budget, *calls: Any) -> dict[str, tuple[str, str]]:
    """Outcome and explanation of each verdict, by name."""
    verdicts = limits.verdicts(lambda purpose: CallGroup(purpose, calls))
    return {verdict.name: (verdict.outcome, verdict.explanation) for verdict in verdicts}


def of(dollars: str, *, most: str | None = "0.4", note: str = "no price", **more: Any):
    """A session budget for calls that cost up to `most`."""
    bound = Priced(cost_note=note)
    if most is not None:
        bound = Priced(cost_usd=Decimal(most), cost_source="price file")
    return SessionBudget(Decimal(dollars), upper_bound=lambda _: bound, **more)


# Of a test


def test_a_budget_holds_what_all_calls_come_to_and_its_ends_are_inside():
    exact = Budget(max_cost_usd=0.0013, max_tokens=280, max_calls=2)

    assert held(exact, call("a"), call("b")) == {
        "cost": ("pass", "2 calls cost $0.00130"),
        "tokens": ("pass", "200 tokens in, 80 out"),
        "calls": ("pass", "2 calls were made"),
    }


def test_a_budget_that_is_exceeded_says_by_what():
    tight = Budget(max_cost_usd=0.0012, max_latency_s=0.7, max_tokens=279, max_calls=1)
    later = call("b", started_at=call().started_at.replace(hour=13), duration_s=0.5)

    assert held(tight, call("a"), later) == {
        "cost": ("fail", "2 calls cost $0.00130"),
        "latency": ("fail", "the model worked 1.300 s, 0.800 s of it in the slowest of 2 calls"),
        "tokens": ("fail", "200 tokens in, 80 out"),
        "calls": ("fail", "2 calls were made"),
    }


def test_a_call_without_a_price_makes_a_cost_budget_an_error_and_never_zero():
    unpriced = call("b", cost_usd=None, cost_source=None, cost_note="no price for model m")

    found = held(Budget(max_cost_usd=100), call("a"), unpriced)

    said = "1 of 2 calls have no known cost: no price for model m"
    assert found == {"cost": ("error", said)}


def test_a_duration_that_is_not_known_makes_a_latency_budget_an_error():
    found = held(Budget(max_latency_s=100), call(duration_s=None))

    said = "a call's duration is not known (a cassette of plain vcrpy has no times)"
    assert found == {"latency": ("error", said)}


def test_usage_that_is_not_reported_makes_a_token_budget_an_error():
    found = held(Budget(max_tokens=100), call("a"), call("b", usage=Usage(input_tokens=3)))

    assert found == {"tokens": ("error", "1 of 2 calls report no usage")}


def test_no_calls_keep_every_budget_but_one_on_first_chunks():
    limits = Budget(
        max_cost_usd=0, max_latency_s=0, max_tokens=0, max_calls=0, max_time_to_first_chunk_s=1
    )

    outcomes = {name: outcome for name, (outcome, _) in held(limits).items()}

    assert outcomes == {
        "cost": "pass",
        "latency": "pass",
        "tokens": "pass",
        "calls": "pass",
        "time_to_first_chunk": "error",
    }


def test_the_slowest_stream_is_held_against_a_budget_on_first_chunks():
    streams = [call(str(n), streamed=True, time_to_first_chunk_s=n / 10) for n in (1, 4, 2)]

    found = held(Budget(max_time_to_first_chunk_s=0.3), *streams)

    said = "the slowest of 3 streams took 0.400 s"
    assert found == {"time_to_first_chunk": ("fail", said)}


def test_a_budget_on_first_chunks_of_a_test_that_streams_nothing_is_an_error():
    found = held(Budget(max_time_to_first_chunk_s=0.3), call())

    said = "no call was streamed, so none has a first chunk"
    assert found == {"time_to_first_chunk": ("error", said)}


def test_one_for_all_tests_asks_nothing_of_a_test_that_streams_nothing():
    everywhere = budget({"max_time_to_first_chunk_s": "0.3"}, where="pytest.ini", for_all=True)

    assert held(everywhere, call()) == {}
    assert held(Budget(max_calls=1).over(everywhere), call()).keys() == {"calls"}
    streamed = call(streamed=True, time_to_first_chunk_s=0.4)
    assert held(everywhere, streamed)["time_to_first_chunk"][0] == "fail"


def test_a_mark_repeats_a_limit_for_all_tests_and_means_it():
    everywhere = budget({"max_time_to_first_chunk_s": "9"}, where="pytest.ini", for_all=True)

    own = Budget(max_time_to_first_chunk_s=0.3).over(everywhere)

    assert held(own, call())["time_to_first_chunk"][0] == "error"


def test_a_nearer_budget_wins_limit_by_limit():
    near, far = Budget(max_calls=1), Budget(max_calls=5, max_tokens=100)

    assert near.over(far) == Budget(max_calls=1, max_tokens=100)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"max_cost": 1}, "x: max_cost= is unknown: did you mean max_cost_usd?"),
        ({"max_latency": 1}, "x: max_latency= is unknown: did you mean max_latency_s?"),
        ({"zzz": 1}, f"x: zzz= is unknown: known are {', '.join(NAMES)}"),
        ({"max_calls": -1}, "x: max_calls=-1 is no number of 0 or more"),
        ({"max_calls": "two"}, "x: max_calls='two' is no number of 0 or more"),
        ({"max_calls": True}, "x: max_calls=True is no number of 0 or more"),
        ({"max_calls": None}, "x: max_calls=None is no number of 0 or more"),
        ({"max_cost_usd": float("nan")}, "x: max_cost_usd=nan is no number of 0 or more"),
        ({"max_cost_usd": float("inf")}, "x: max_cost_usd=inf is no number of 0 or more"),
    ],
)
def test_a_misused_limit_is_refused_with_the_right_word(given, told):
    with pytest.raises(ValueError, match="x: ") as refused:
        budget(given, where="x")

    assert str(refused.value) == told


# Of a session


def test_a_call_that_could_break_the_budget_is_refused_before_it_is_made():
    session = of("1")
    session.reserve(call())
    session.reserve(call())

    with pytest.raises(BudgetRefusal) as refused:
        session.reserve(call())

    assert str(refused.value) == (
        "a call to gpt-4o was not made: it could break the session's budget\n"
        "  budget    --llm-max-cost $1\n"
        "  spent     $0.8, calls under way at their most\n"
        "  call      up to $0.4 by price file"
    )
    assert session.committed_usd == Decimal("0.8")


def test_a_call_that_may_cost_anything_is_refused():
    session = of("1", most=None, note="no price for model gpt-4o of provider here")

    with pytest.raises(BudgetRefusal) as refused:
        session.reserve(call())

    assert str(refused.value) == (
        "a call to gpt-4o was not made: what it may cost is not known\n"
        "  why       no price for model gpt-4o of provider here\n"
        "  budget    --llm-max-cost $1\n"
        "  mend      give the model a price in a price file (ini value llm_prices)"
    )


def test_what_a_call_came_to_takes_the_place_of_what_was_reserved():
    session = of("1")

    session.settle(session.reserve(call()), call(cost_usd=Decimal("0.1")))

    assert session.committed_usd == Decimal("0.1")


def test_a_call_that_the_provider_refused_costs_nothing():
    session = of("1")

    session.settle(session.reserve(call()), call(status=429, error_type="x", cost_usd=None))

    assert session.committed_usd == 0


@pytest.mark.parametrize(
    "unknown",
    [
        None,
        call(status=200, cost_usd=None),
        call(status=None, error_type="ReadTimeout", cost_usd=None),
    ],
    ids=["undecoded", "unpriced", "timed-out"],
)
def test_a_call_whose_cost_nobody_knows_stays_at_its_most(unknown):
    session = of("1")

    session.settle(session.reserve(call()), unknown)

    assert session.committed_usd == Decimal("0.4")


def test_a_free_call_keeps_a_budget_of_nothing():
    session = of("0", most="0")

    assert session.reserve(call()) == 0


def test_threads_together_never_pass_the_budget():
    session = of("1", most="0.01")
    refused = []

    def spend() -> None:
        for _ in range(30):
            try:
                session.reserve(call())
            except BudgetRefusal as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=spend) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert session.committed_usd == 1
    assert len(refused) == 50


def test_processes_that_share_a_ledger_share_the_budget(tmp_path: Path):
    one, two = (of("1", ledger=SharedLedger(tmp_path / "spent.usd")) for _ in range(2))
    one.settle(one.reserve(call()), call(cost_usd=Decimal("0.15")))
    two.reserve(call())
    one.reserve(call())

    with pytest.raises(BudgetRefusal, match=r"spent     \$0\.95,"):
        two.reserve(call())


def test_a_ledger_keeps_its_sum_when_an_entry_is_refused(tmp_path: Path):
    for ledger in (Ledger(), SharedLedger(tmp_path / "spent.usd")):
        with contextlib.suppress(BudgetRefusal), ledger.entry() as entry:
            entry.committed_usd += 1
            raise BudgetRefusal

        with ledger.entry() as entry:
            assert entry.committed_usd == 0


@pytest.mark.parametrize(
    ("text", "usd"), [("5", "5"), ("$0.25", "0.25"), ("0", "0"), ("1e-3", ".001")]
)
def test_an_amount_is_read(text, usd):
    assert max_cost(text) == Decimal(usd)


@pytest.mark.parametrize("text", ["", "five", "-1", "nan", "inf", "1,5"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="max-cost") as refused:
        max_cost(text)

    assert str(refused.value) == f"--llm-max-cost {text!r} is no amount in US dollars of 0 or more"
