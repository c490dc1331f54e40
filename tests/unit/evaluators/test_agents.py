"""What an agent did with its tools, judged from calls made by hand."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_litmus.evaluators.agents import (
    called,
    called_in_order,
    called_with,
    free_of_tool_loops,
    no_tool_before,
    not_called,
    only_allowed_tools,
    steps_within,
    tool_f1,
    tools_succeeded,
)
from pytest_litmus.evaluators.tool_failures import failure_of
from pytest_litmus.evaluators.tool_uses import acts_of
from pytest_litmus.trace import trace_of
from pytest_litmus.wire.calls import Message, Part, ToolUse
from tests.unit.report.given import call

DEEP: Any = 0
for _ in range(20_000):
    DEEP = [DEEP]


def use(name: str, answer: Any = None, **arguments: Any) -> ToolUse:
    return ToolUse(name=name, arguments=arguments, answered=answer is not None, response=answer)


def outcome(verdict: Any) -> Any:
    return verdict.outcome


REFUND = (
    use("look_up", "delivered", order_id="A-1"),
    use("confirm", "yes"),
    use("refund", "done", order_id="A-1", amount=20),
)


# What is taken


def test_the_recorder_a_span_a_call_and_a_sequence_say_the_same():
    one = call(tool_uses=REFUND)
    recorder = SimpleNamespace(calls=(one,))

    for acted in (recorder, trace_of([one], name="t"), one, REFUND):
        assert acts_of(acted).uses == REFUND


def test_parts_and_a_call_alone_are_taken_too():
    part = Part("tool_call", id="1", name="refund", arguments={"order_id": "A-1"})
    one = call(output_messages=(Message("assistant", (part, Part("text", "Wait."))),))

    assert acts_of(one).uses == acts_of([part]).uses
    assert called_with([part], "refund", {"order_id": "A-1"})


def test_a_judge_s_calls_are_not_the_agent_s():
    recorder = SimpleNamespace(calls=(call(), call("j", purpose="judge", tool_uses=REFUND)))

    assert not_called(recorder, "refund")
    assert steps_within(recorder, at_most=1)


def test_what_an_mcp_server_answered_is_its_tool_s_result():
    asked = call(tool_uses=(ToolUse(name="refund", request_id="m"),))
    request = call(
        "m",
        operation_name="execute_tool",
        runs_model=False,
        tool_uses=(ToolUse(name="refund"),),
        error_type="tool_error",
    )

    (one,) = acts_of(SimpleNamespace(calls=(asked,), traced=(asked, request))).uses

    assert (one.answered, one.is_error) == (True, True)


@pytest.mark.parametrize("given", ["refund", {"name": "refund"}, 3, [3]])
def test_what_is_no_agent_is_refused(given):
    with pytest.raises(TypeError, match="pass llm"):
        called(given, "refund")


@pytest.mark.parametrize(
    ("calls", "reason"),
    [
        ((), "no model call was seen"),
        ((call(error_type="rate_limit_error"),), "every model call failed (rate_limit_error)"),
    ],
)
def test_a_test_that_saw_no_call_proves_nothing(calls, reason):
    recorder = SimpleNamespace(calls=calls)

    for verdict in (
        not_called(recorder, "refund"),
        only_allowed_tools(recorder, {"look_up"}),
        no_tool_before(recorder, "confirm", "refund"),
        free_of_tool_loops(recorder),
        called(recorder, "refund"),
    ):
        assert (outcome(verdict), verdict.explanation) == ("error", reason)


# How often


def test_a_tool_was_called_and_the_evidence_quotes_it():
    verdict = called(REFUND, "refund", at_least=1, at_most=1)

    assert verdict
    assert verdict.score.evidence[0].rule == "refund"
    assert verdict.score.evidence[0].text == '{"order_id": "A-1", "amount": 20}'


def test_a_tool_that_was_not_called_names_those_that_were():
    assert str(called(REFUND, "cancel")) == (
        "called: fail; 0, wanted at least 1 calls; called look_up > confirm > refund"
    )


def test_not_called_fails_with_the_call():
    verdict = not_called(REFUND, "confirm")

    assert not verdict
    assert verdict.explanation.startswith("confirm()")


def test_a_name_that_no_call_offered_is_told():
    one = call(tool_definitions=({"type": "function", "name": "refund"},))

    assert "no call offered it, but refund" in not_called(one, "refnd").explanation


def test_only_allowed_tools_names_the_others():
    assert only_allowed_tools(REFUND, {"look_up", "confirm", "refund"})
    assert only_allowed_tools(REFUND, {"look_up"}).score.value == 2


# Arguments


@pytest.mark.parametrize(
    ("arguments", "match", "passes"),
    [
        ({"order_id": "A-1", "amount": 20.0}, "exact", True),
        ({"order_id": "A-1"}, "exact", False),
        ({"order_id": "A-1"}, "subset", True),
        ({"order_id": "A-2"}, "subset", False),
        ({"amount": True}, "subset", False),
        ({"properties": {"amount": {"maximum": 20}}}, "schema", True),
        ({"properties": {"amount": {"maximum": 10}}}, "schema", False),
    ],
)
def test_arguments_are_compared(arguments, match, passes):
    assert bool(called_with(REFUND, "refund", arguments, match=match)) is passes


def test_the_nearest_call_is_told_with_the_place_that_differs():
    uses = [use("refund", order_id="A-2", amount=5), use("refund", order_id="A-2", amount=20)]

    verdict = called_with(uses, "refund", {"order_id": "A-1", "amount": 20})

    assert verdict.explanation == (
        'never called with such arguments; nearest refund({"order_id": "A-2", "amount": 20}): '
        "order_id is A-2, wanted A-1"
    )


def test_a_schema_s_failing_path_is_told():
    schema = {"properties": {"lines": {"items": {"type": "integer"}}}}

    verdict = called_with([use("refund", lines=[1, "x"])], "refund", schema, match="schema")

    assert "$.lines[1]: 'x' is not of type 'integer'" in verdict.explanation


def test_an_unknown_kind_of_match_is_refused():
    with pytest.raises(ValueError, match="'exact', 'subset' or 'schema'"):
        called_with(REFUND, "refund", {}, match="fuzzy")  # type: ignore[arg-type]


# Order


@pytest.mark.parametrize(
    ("tools", "strictly", "value"),
    [
        (["look_up", "refund"], False, 1.0),
        (["refund", "look_up"], False, 0.5),
        (["look_up", "refund"], True, 2 / 3),
        (["look_up", "confirm", "refund"], True, 1.0),
    ],
)
def test_order_is_the_share_of_the_wanted_calls(tools, strictly, value):
    verdict = called_in_order(REFUND, tools, strictly=strictly)

    assert verdict.score.value == pytest.approx(value)
    assert bool(verdict) is (value == 1)


def test_no_tool_before_another():
    assert no_tool_before(REFUND, "confirm", "refund")
    assert not no_tool_before(REFUND[::-1], "confirm", "refund")
    assert not no_tool_before(REFUND[2:], "confirm", "refund")


def test_a_confirmation_that_failed_does_not_open_the_way():
    assert not no_tool_before([use("confirm", "Error: no"), use("refund")], "confirm", "refund")


def test_f1_counts_each_expected_call_once():
    score = tool_f1(REFUND, expected=["look_up", ("refund", {"order_id": "A-9"}), "look_up"])

    assert score.value == pytest.approx(2 / 6)
    assert "precision 0.333, recall 0.333; missing: refund(" in score.explanation
    assert tool_f1([], expected=[]).value == 1


def test_a_bare_name_leaves_the_exact_call_to_the_pair():
    uses = [use("a", n=1), use("a", n=2)]

    assert tool_f1(uses, expected=["a", ("a", {"n": 1})], at_least=1)


# Steps, loops, failures


def test_embeddings_are_no_steps():
    recorder = SimpleNamespace(calls=(call(), call(operation_name="embeddings"), call()))

    assert steps_within(recorder, at_most=2)
    assert not steps_within(recorder, at_most=1)
    assert outcome(steps_within(REFUND, at_most=1)) == "error"


@pytest.mark.parametrize(
    ("uses", "times"),
    [
        ([], 0),
        (REFUND, 1),
        ([use("a", "x")] * 3, 3),
        ([use("a", "x"), use("b", "y")] * 3, 3),
        ([use("a", str(n)) for n in range(9)], 1),  # the result changes: it gets on
        ([use("a", f"Error: at {n}") for n in range(4)], 4),
        ([use("a", "x", n=n) for n in range(9)], 1),
        ([use("a", "x"), use("a", "x"), use("a")], 3),  # the last has no result yet
    ],
)
def test_a_loop_is_the_same_calls_again_without_progress(uses, times):
    verdict = free_of_tool_loops(uses)

    assert verdict.score.value == times
    assert bool(verdict) is (times <= 2)


def test_the_loop_is_quoted_where_it_begins():
    verdict = free_of_tool_loops([use("c"), *[use("a", n=1), use("b")] * 4])

    assert verdict.explanation == '4 times in a row without progress: a({"n": 1}), b()'
    assert [one.rule for one in verdict.score.evidence] == ["a", "b"] * 4


def test_a_tool_that_waits_is_left_out():
    assert free_of_tool_loops([use("status", "pending")] * 9, except_={"status"})


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ("Error: no such order", True),
        ("Error rates fell by 3%", False),
        ("An error occurred while running the tool. Please try again.", True),
        ("Traceback (most recent call last):\n ...", True),
        ("ValueError: bad", True),
        ({"error": "no such order"}, True),
        ({"error": None, "total": 3}, False),
        ({"success": False}, True),
        ({"status": "shipped"}, False),
        ([{"type": "text", "text": "Error executing tool x"}], True),
        ("delivered", False),
    ],
)
def test_a_result_without_a_mark_is_read(answer, failed):
    assert bool(failure_of(use("a", answer))) is failed


def test_a_mark_is_taken_at_its_word():
    assert not failure_of(ToolUse(name="a", answered=True, response="Error: x", is_error=False))
    assert failure_of(ToolUse(name="a", answered=True, response="fine", is_error=True))


def test_tools_succeeded_is_undecided_where_a_result_is_missing():
    assert tools_succeeded(REFUND)
    assert outcome(tools_succeeded([*REFUND, use("a")])) == "error"
    assert outcome(tools_succeeded([use("b", "Error: x"), use("a")])) == "fail"
    assert outcome(tools_succeeded([])) == "error"


# Hostile


def test_control_characters_are_shown_escaped():
    verdict = not_called([use("a", text="\x1b[2J\u202e")], "a")

    assert verdict.explanation.isprintable()


@pytest.mark.parametrize("text", ["a" * 100_000, "[" * 100_000, " error" * 20_000, "é_." * 33_000])
def test_long_texts_are_judged_in_time(text):
    uses = [use(text, text, said=text), ToolUse(name=None, arguments=DEEP)] * 3
    start = time.process_time()

    for verdict in (
        called(uses, text),
        called_with(uses, text, {"said": "x"}),
        called_in_order(uses, [text, "b"]),
        tool_f1(uses, expected=[text, (text, {"said": text})]),
        free_of_tool_loops(uses),
        tools_succeeded(uses),
        only_allowed_tools(uses, {"a"}),
    ):
        assert verdict.explanation.isprintable()
    assert time.process_time() - start < 3
