"""The calls of a test as a tree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_litmus.trace import Span, trace_of
from pytest_litmus.wire.calls import ToolUse
from pytest_litmus.wire.otel import EXECUTE_TOOL
from tests.unit.report.given import NOON, call


def at(second: float, id: str, **fields: Any):  # noqa: A002
    return call(id, started_at=NOON + timedelta(seconds=second), duration_s=1.0, **fields)


def shape(span: Span) -> Any:
    """Names and children, of a call its id."""
    own = span.call.id if span.kind == "call" and span.call else span.name
    return (own, [shape(child) for child in span.children]) if span.children else own


def tree(*calls: Any) -> Any:
    return shape(trace_of(calls, name="t"))


def test_steps_are_nested_as_they_were_entered_and_stand_where_they_began():
    found = tree(
        at(0, "a"),
        at(2, "b", step_path=("plan",)),
        at(4, "c", step_path=("plan", "search")),
        at(6, "d", step_path=("plan",)),
        at(8, "e"),
        at(9, "f", step_path=("plan#2",)),
    )

    assert found == ("t", ["a", ("plan", ["b", ("search", ["c"]), "d"]), "e", ("plan#2", ["f"])])


def test_a_step_that_comes_before_a_call_stands_before_it():
    found = tree(at(0, "a", step_path=("plan",)), at(2, "b"))

    assert found == ("t", [("plan", ["a"]), "b"])


def test_tasks_that_work_side_by_side_are_branches():
    found = tree(
        at(0, "a", task="one"), at(0.5, "b", task="two"), at(2, "c", task="one"), at(3, "d")
    )

    assert found == ("t", [("one", ["a", "c"]), ("two", ["b"]), ("", ["d"])])


def test_threads_that_work_side_by_side_are_branches():
    found = tree(at(0, "a", thread="MainThread"), at(0.5, "b", thread="worker"))

    assert found == ("t", [("MainThread", ["a"]), ("worker", ["b"])])


def test_tasks_one_after_the_other_are_no_branches():
    assert tree(at(0, "a", task="one"), at(1, "b", task="two")) == ("t", ["a", "b"])


def test_a_long_call_overlaps_with_one_that_begins_after_its_neighbour():
    long = call("a", started_at=NOON, duration_s=9.0, task="one")

    found = tree(long, at(1, "b", task="one"), at(4, "c", task="two"))

    assert found == ("t", [("one", ["a", "b"]), ("two", ["c"])])


def test_calls_whose_times_are_not_known_stay_in_order():
    calls = [call(name, started_at=None, duration_s=None, task=name) for name in "ab"]

    assert tree(*calls) == ("t", ["a", "b"])


def test_a_span_lasts_from_its_first_call_to_the_end_of_its_last():
    root = trace_of([at(0, "a"), at(5, "b", step_path=("s",))], name="t")

    assert (root.started_at, root.duration_s) == (NOON, 6.0)
    assert trace_of([at(0, "a"), call("b", duration_s=None)], name="t").duration_s is None
    assert trace_of([], name="t").duration_s is None


def test_recorded_calls_beside_live_ones_have_no_common_duration():
    recorded, tool = at(9, "b", source="recorded"), ran("m1", LOOKED_UP, step_path=("s",))

    assert trace_of([at(0, "a"), recorded], name="t").duration_s is None
    assert trace_of([recorded, tool], name="t").duration_s is None


LOOKED_UP = ToolUse(
    name="look_up", id="u1", arguments={"order": "A-1"}, answered=True, response={"state": "sent"}
)


def test_the_tools_of_a_call_are_below_it():
    root = trace_of([at(0, "a", tool_uses=(LOOKED_UP,))], name="t")

    assert root.tools == (LOOKED_UP,)
    assert shape(root) == ("t", [("a", ["look_up"])])


def ran(id: str, use: ToolUse, **fields: Any):  # noqa: A002
    return at(1, id, operation_name=EXECUTE_TOOL, runs_model=False, tool_uses=(use,), **fields)


def test_a_request_to_an_mcp_server_is_the_tool_of_the_call_that_asked_for_it():
    asked = ToolUse(name="look_up", request_id="m1")

    root = trace_of([at(0, "a", tool_uses=(asked,)), ran("m1", LOOKED_UP)], name="t")

    (tool,) = root.children[0].children
    assert shape(root) == ("t", [("a", ["look_up"])])
    assert (tool.call and tool.call.id, tool.duration_s) == ("m1", 1.0)


def test_a_request_to_an_mcp_server_that_no_model_asked_for_is_a_tool_by_itself():
    assert tree(ran("m1", LOOKED_UP)) == ("t", ["look_up"])


def test_requests_for_which_no_model_works_are_not_in_it():
    assert tree(at(0, "a"), at(1, "b", runs_model=False)) == ("t", ["a"])


def test_it_prints_a_line_a_span():
    server = ToolUse(name="web_search", arguments={"q": "x"}, where="server")
    root = trace_of(
        [
            at(0, "a", step_path=("plan",), tool_uses=(LOOKED_UP, server)),
            at(2, "b", error_type="rate_limit_error", polls=2),
            ran("m1", LOOKED_UP, error_type="tool_error"),
        ],
        name="tests/test_it.py::test_it",
    )

    assert str(root).split("\n") == [
        "test tests/test_it.py::test_it  3.00 s",
        "  step plan  1.00 s",
        "    chat gpt-4o-2024-08-06  1.00 s",
        '      tool look_up({"order": "A-1"}) -> {"state": "sent"}',
        '      tool web_search({"q": "x"}) on the provider\'s server -> (no result seen)',
        "  chat gpt-4o-2024-08-06  1.00 s  2 polls  error rate_limit_error",
        '  tool look_up({"order": "A-1"}) over MCP -> {"state": "sent"}  1.00 s  error tool_error',
    ]


def test_a_tool_that_failed_says_so():
    failed = ToolUse(name="f", arguments={}, answered=True, response="no", is_error=True)

    told = str(trace_of([at(0, "a", tool_uses=(failed,))], name="t"))

    assert told.endswith("tool f({}) -> failed: no")


def test_long_results_are_cut_and_line_ends_do_not_break_the_tree():
    long = ToolUse(name="read", arguments="x\ny", answered=True, response="a" * 500)

    (_, _, line) = str(trace_of([at(0, "a", tool_uses=(long,))], name="t")).split("\n")

    assert line == f"    tool read(x y) -> {'a' * 97}..."
