"""What a tool returned stands in the next request."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.tool_results import with_tools
from pytest_litmus.wire.calls import Message, Part, ToolUse
from pytest_litmus.wire.otel import EXECUTE_TOOL
from tests.unit.report.given import call, said


def wants(*parts: Part, id: str = "c1", **fields: Any):  # noqa: A002
    return call(id, output_messages=(Message("assistant", parts),), **fields)


def use(id: str | None = "u1", name: str = "look_up", **arguments: Any) -> Part:  # noqa: A002
    return Part("tool_call", id=id, name=name, arguments=arguments)


def result(response: Any, id: str | None = "u1", name: str | None = None) -> Message:  # noqa: A002
    return Message("tool", (Part("tool_call_response", id=id, name=name, response=response),))


def carries(*messages: Message, id: str = "c2"):  # noqa: A002
    return call(id, input_messages=(said("user", "Where is it?"), *messages))


def over_mcp(name: str, id: str = "m1", **arguments: Any):  # noqa: A002
    ran = ToolUse(name=name, arguments=arguments, answered=True, response="sent")
    return call(id, operation_name=EXECUTE_TOOL, runs_model=False, tool_uses=(ran,))


def uses(*requests: Any) -> list[list[ToolUse]]:
    return [list(one.tool_uses) for one in with_tools(requests)]


def test_a_tool_call_gets_the_result_that_a_later_request_carries():
    asked = use(order="A-1")

    (first,), none = uses(wants(asked), carries(Message("assistant", (asked,)), result("sent")))

    assert (first.name, first.arguments) == ("look_up", {"order": "A-1"})
    assert (first.answered, first.response, first.where) == (True, "sent", "program")
    assert none == []


def test_a_result_of_null_is_a_result():
    (first,), _ = uses(wants(use()), carries(result(None)))

    assert (first.answered, first.response) == (True, None)


def test_a_tool_call_that_nothing_answers_says_so():
    (first,), _ = uses(wants(use()), carries(result("x", id="another")))

    assert (first.answered, first.response) == (False, None)


def test_an_id_that_a_server_uses_again_means_the_next_result():
    requests = (
        wants(use(), id="c1"),
        wants(use(), id="c2", input_messages=(result("first"),)),
        carries(result("second"), id="c3"),
    )

    (one,), (other,), _ = uses(*requests)

    assert (one.response, other.response) == ("first", "second")


def test_uses_without_ids_have_their_results_by_name_and_in_order():
    asked = (use(None, order="A-1"), use(None, order="B-2"), use(None, "refund"))
    answers = (
        result("A sent", None, "look_up"),
        result("refunded", None, "refund"),
        result("B lost", None, "look_up"),
    )

    (a, b, refund), _ = uses(wants(*asked), carries(Message("assistant", asked), *answers))

    assert (a.response, b.response, refund.response) == ("A sent", "B lost", "refunded")


def test_older_results_without_ids_are_not_those_of_a_new_use():
    old = (Message("model", (use(None),)), result("old", None, "look_up"))
    new = (*old, Message("model", (use(None),)), result("new", None, "look_up"))

    first, second, _ = uses(
        wants(use(None)),
        wants(use(None), id="c2", input_messages=old),
        carries(*new, id="c3"),
    )

    assert [first[0].response, second[0].response] == ["old", "new"]


def test_a_result_that_says_that_the_tool_failed_is_one():
    failed = Part("tool_call_response", id="u1", response="no such order", is_error=True)

    (first,), _ = uses(wants(use()), carries(Message("tool", (failed,))))

    assert (first.is_error, first.response) == (True, "no such order")


def test_results_of_the_provider_without_ids_come_one_after_the_other():
    parts = [
        Part(f"server_tool_call{end}", name="code", response=response)
        for end, response in (("", None), ("_response", 1), ("", None), ("_response", 2))
    ]

    ((one, other),) = uses(wants(*parts))

    assert (one.response, other.response) == (1, 2)


def test_what_the_provider_ran_itself_has_its_result_in_the_answer():
    parts = (
        Part("server_tool_call", id="s1", name="web_search", arguments={"query": "q"}),
        Part("server_tool_call_response", id="s1", response=["hit"]),
        Part("server_tool_call", id="s2", name="code", arguments={}),
    )

    ((search, code),) = uses(wants(*parts))

    assert (search.where, search.answered, search.response) == ("server", True, ["hit"])
    assert (code.where, code.answered) == ("server", False)


@pytest.mark.parametrize("name", ["look_up", "orders__look_up", "mcp_orders_look_up"])
def test_the_request_to_an_mcp_server_that_ran_a_use_is_known(name: str):
    (first,), _ = uses(wants(use(name=name, order="A-1")), over_mcp("look_up", order="A-1"))

    assert first.request_id == "m1"


@pytest.mark.parametrize("ran", [over_mcp("refund", order="A-1"), over_mcp("look_up", order="B")])
def test_another_tool_or_other_arguments_are_another_use(ran: Any):
    (first,), _ = uses(wants(use(order="A-1")), ran)

    assert first.request_id is None


def test_two_equal_uses_are_two_requests():
    asked = (use("u1", order="A"), use("u2", order="A"))

    (one, other), _, _ = uses(
        wants(*asked), over_mcp("look_up", "m1", order="A"), over_mcp("look_up", "m2", order="A")
    )

    assert (one.request_id, other.request_id) == ("m1", "m2")
