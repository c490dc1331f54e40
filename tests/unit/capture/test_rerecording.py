from __future__ import annotations

import json

import pytest

from pytest_litmus.capture.rerecording import keep_noise
from tests.unit.capture.test_cassette_file import recording


def told(sent, got, **details):
    return recording(json.dumps(sent).encode(), json.dumps(got).encode(), **details)


def answer(text="yes", *, number=1, **more):
    return {"id": f"chatcmpl-{number}", "created": number, "choices": [{"text": text}]} | more


def sse(*events: object) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


def tool_turns(number: int, said: str = "done") -> list:
    """A conversation in which an id of the first answer comes back in the second request."""
    call = {"id": f"call_{number}", "name": "look_up"}
    result = {"role": "tool", "tool_call_id": f"call_{number}", "content": "42"}
    return [
        told({"messages": ["hi"]}, answer(number=number, tool_calls=[call])),
        told({"messages": ["hi", {"tool_calls": [call]}, result]}, answer(said, number=number)),
    ]


def test_the_same_answer_with_new_ids_and_times_stays_the_old_one():
    old, new = [told({}, answer(number=1))], [told({}, answer(number=2))]

    assert keep_noise(old, new)[0] is old[0]


def test_another_answer_is_kept_as_it_is():
    old, new = [told({}, answer("yes"))], [told({}, answer("no"))]

    assert keep_noise(old, new)[0] is new[0]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (sse({"id": "a", "delta": "x"}), sse({"id": "b", "delta": "x"})),
        (b'{"created_at": 1, "m": "x"}\n{"created_at": 2, "m": "y"}\n',) * 2,
        (
            b'{"created_at": "a", "message": "x"}\n{"total_duration": 7, "done": true}\n',
            b'{"created_at": "b", "message": "x"}\n{"total_duration": 9, "done": true}\n',
        ),
        (b'{"responseId": "a", "candidates": []}', b'{"responseId": "b", "candidates": []}'),
    ],
)
def test_noise_is_found_in_streams_of_every_kind(before, now):
    old, new = [recording(b"{}", before)], [recording(b"{}", now)]

    assert keep_noise(old, new)[0] is old[0]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (sse({"id": "a", "delta": "x"}), sse({"id": "a", "delta": "y"})),
        (sse({"id": "a", "delta": "x"}) + b"data: [DONE]\n\n", sse({"id": "a", "delta": "x"})),
        (b'{"message": "x"}\n', b'{"message": "y"}\n'),
        (b"\x00\x01", b"\x00\x02"),
        (b"x", b""),
    ],
)
def test_a_change_is_found_in_streams_of_every_kind(before, now):
    old, new = [recording(b"{}", before)], [recording(b"{}", now)]

    assert keep_noise(old, new)[0] is new[0]


@pytest.mark.parametrize("changed", [{"status": 503}, {"ended": "closed"}])
def test_another_end_is_another_answer(changed):
    old, new = [told({}, answer())], [told({}, answer(), **changed)]

    assert keep_noise(old, new)[0] is new[0]


def test_a_conversation_that_differs_in_a_tool_calls_id_stays_the_old_one():
    old, new = tool_turns(1), tool_turns(2)

    assert keep_noise(old, new) == old


def test_a_new_end_of_a_conversation_takes_its_new_ids_along():
    old, new = tool_turns(1), tool_turns(2, "something else")

    assert keep_noise(old, new) == new


def test_an_id_that_the_program_chose_is_no_noise_in_a_request():
    old = [told({"prompt": {"id": "greeting"}}, answer())]
    new = [told({"prompt": {"id": "farewell"}}, answer())]

    assert keep_noise(old, new)[0] is new[0]


def test_an_unchanged_answer_beside_a_new_one_stays_the_old_one():
    old = [told({"q": 1}, answer(number=1)), told({"q": 2}, answer("a", number=2))]
    new = [told({"q": 1}, answer(number=3)), told({"q": 2}, answer("b", number=4))]

    assert keep_noise(old, new) == [old[0], new[1]]


def test_answers_to_the_same_request_are_compared_in_their_order():
    old = [told({}, answer("a", number=1)), told({}, answer("b", number=2))]
    new = [told({}, answer("a", number=3)), told({}, answer("c", number=4))]

    assert keep_noise(old, new) == [old[0], new[1]]


def test_what_is_no_longer_asked_for_is_gone():
    old = [told({"q": 1}, answer()), told({"q": 2}, answer())]

    assert keep_noise(old, [told({"q": 2}, answer(number=9))]) == [old[1]]
