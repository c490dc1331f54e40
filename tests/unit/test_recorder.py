from __future__ import annotations

import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus import Score, Verdict, capturing
from pytest_litmus.call_totals import CallGroup
from pytest_litmus.endpoint import Endpoint
from pytest_litmus.errors import LitmusError
from pytest_litmus.wire.calls import Usage
from tests.sdk.loopback import Failure, Provider
from tests.unit.report.given import NOON, call

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Provider() as running:
        yield running


@pytest.fixture
def endpoint(provider: Provider) -> Endpoint:
    return Endpoint(base_url=f"{provider.url}/v1", model="m")


def of(*calls: Any) -> CallGroup:
    return CallGroup(None, calls)


# What calls come to


def test_no_calls_cost_and_take_nothing():
    none = of()

    assert (none.cost_usd, none.latency_s, none.total_tokens) == (0, 0, 0)
    assert (none.time_to_first_chunk_s, none.output_tokens_per_s) == (None, None)
    assert (none.tool_calls, none.errors) == ((), ())


def test_the_last_of_no_calls_is_an_error_that_says_so():
    with pytest.raises(LookupError, match=r"^no model call has been made so far$"):
        _ = of().last


def test_a_sum_with_an_unknown_in_it_is_unknown():
    calls = of(call("a"), call("b", cost_usd=None, duration_s=None, usage=Usage(input_tokens=1)))

    assert (calls.cost_usd, calls.latency_s, calls.output_tokens) == (None, None, None)
    assert (calls.input_tokens, calls.total_tokens) == (101, None)


def test_calls_that_overlap_count_once_in_the_latency():
    calls = of(
        call("a", started_at=NOON, duration_s=2.0),
        call("b", started_at=NOON.replace(second=1), duration_s=3.0),
        call("c", started_at=NOON.replace(second=2), duration_s=1.0),
        call("d", started_at=NOON.replace(second=9), duration_s=0.5),
    )

    assert calls.latency_s == pytest.approx(4.5)


def test_calls_whose_start_is_not_known_overlap_with_none():
    calls = of(*(call(str(n), started_at=None, duration_s=2.0) for n in range(3)), call("d"))

    assert calls.latency_s == pytest.approx(6.8)


def test_the_rate_is_of_all_tokens_over_all_model_time():
    calls = of(call("a", duration_s=1.0), call("b", duration_s=3.0))

    assert calls.output_tokens_per_s == pytest.approx(20.0)


def test_the_slowest_first_chunk_counts():
    calls = of(call("a"), *(call(str(n), time_to_first_chunk_s=n / 10) for n in (2, 5, 3)))

    assert calls.time_to_first_chunk_s == 0.5


def test_errors_are_the_calls_that_failed():
    failed = call("b", error_type="rate_limit_error")

    assert of(call("a"), failed).errors == (failed,)


# As they happen


def test_calls_are_there_as_soon_as_they_are_made(endpoint: Endpoint):
    with capturing() as llm:
        assert llm.calls == ()
        endpoint.ask("one")
        assert [call.input_text for call in llm.calls] == ["one"]
        endpoint.ask("two")

    assert [call.output_text for call in llm.calls] == ["You said one.", "You said two."]
    assert llm.last.input_text == "two"
    assert (llm.input_tokens, llm.output_tokens, llm.total_tokens) == (10, 6, 16)
    assert len(llm.exchanges) == 2


def test_calls_carry_their_step_and_the_innermost_wins(endpoint: Endpoint):
    with capturing() as llm:
        endpoint.ask("before")
        with llm.step("retrieval"):
            endpoint.ask("outer")
            with llm.step("rerank"):
                endpoint.ask("inner")
            endpoint.ask("outer again")
        endpoint.ask("after")

    by_step = {name: [call.input_text for call in step.calls] for name, step in llm.steps.items()}
    assert by_step == {
        None: ["before", "after"],
        "retrieval": ["outer", "outer again"],
        "rerank": ["inner"],
    }
    assert llm.steps["retrieval"].output_tokens == 6
    assert llm.steps["rerank"].last.step == "rerank"


def test_a_thread_without_a_step_of_its_own_is_in_the_open_one(endpoint: Endpoint):
    with capturing() as llm, llm.step("fan-out"):
        thread = threading.Thread(target=endpoint.ask, args=("from a thread",))
        thread.start()
        thread.join()

    assert [call.step for call in llm.calls] == ["fan-out"]


def test_a_step_that_raises_is_over(endpoint: Endpoint):
    with capturing() as llm:
        with pytest.raises(ZeroDivisionError), llm.step("broken"):
            raise ZeroDivisionError
        endpoint.ask("after")

    assert llm.last.step is None


def test_a_tag_is_of_the_calls_after_it_and_a_later_one_replaces_its_fields(endpoint: Endpoint):
    with capturing() as llm:
        endpoint.ask("untagged")
        llm.tag(user_id="u1", session_id="s1", tenant="acme", plan="free")
        endpoint.ask("tagged")
        llm.tag(user_id="u2", plan="paid")
        endpoint.ask("tagged again")

    tags = [(call.user_id, call.session_id, dict(call.metadata)) for call in llm.calls]
    assert tags == [
        (None, None, {}),
        ("u1", "s1", {"tenant": "acme", "plan": "free"}),
        ("u2", "s1", {"tenant": "acme", "plan": "paid"}),
    ]


def test_a_call_that_is_not_priced_makes_the_cost_unknown_and_says_why(endpoint: Endpoint):
    with capturing() as llm:
        endpoint.ask("one")

    assert llm.cost_usd is None
    assert llm.last.cost_note == f"no price for model m of provider {llm.last.provider_name}"


def test_a_cost_that_the_provider_reports_is_the_cost(provider: Provider, endpoint: Endpoint):
    with capturing(decode=with_reported_cost) as llm:
        endpoint.ask("one")

    assert (llm.cost_usd, llm.last.cost_source) == (Decimal("0.25"), "provider")


def with_reported_cost(exchange: Any) -> Any:
    from dataclasses import replace

    from pytest_litmus import wire

    found = wire.decode(exchange)
    return replace(found, reported_cost_usd=Decimal("0.25")) if found else None


def test_a_call_that_failed_is_an_error_and_a_call(provider: Provider, endpoint: Endpoint):
    provider.failures.append(Failure(status=400))

    with capturing() as llm, pytest.raises(LitmusError, match="answered 400"):
        endpoint.ask("one")

    assert [call.error_type for call in llm.errors] == ["server_error"]
    assert len(llm.calls) == 1


def test_a_request_again_after_a_failure_is_a_try_of_the_same_call(
    provider: Provider, endpoint: Endpoint
):
    told = []
    provider.failures.append(Failure(status=429))

    with capturing() as llm:
        llm.on_call = told.append
        with pytest.raises(LitmusError):
            endpoint.ask("one")
        endpoint.ask("one")

    assert [attempt.status for attempt in llm.last.attempts] == [429, 200]
    assert [len(call.attempts) for call in told] == [1, 2]
    assert {call.id for call in told} == {llm.last.id}
    assert len(llm.calls) == 1


# Checks


def test_a_check_keeps_the_verdict_and_gives_it_back():
    good, bad = Verdict(name="a", outcome="pass"), Verdict(name="b", outcome="inconclusive")

    with capturing() as llm:
        assert llm.check(good) is good
        assert llm.check(bad) is bad

    assert llm.verdicts == [good, bad]


def test_a_score_without_a_limit_is_checked_as_an_error_and_the_test_goes_on():
    score = Score(name="similar", value=0.9)

    with capturing() as llm:
        assert llm.check(score) is score

    (verdict,) = llm.verdicts
    assert (verdict.name, verdict.outcome) == ("similar", "error")
    assert "similar(..., at_least=0.8)" in verdict.explanation


def test_a_plain_truth_may_be_checked():
    with capturing() as llm:
        assert llm.check(1 < 2, name="order") is True
        assert llm.check(2 < 1) is False

    assert [str(verdict) for verdict in llm.verdicts] == ["order: pass; True", "check: fail; False"]
