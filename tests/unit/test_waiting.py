from __future__ import annotations

import threading

from pytest_litmus.waiting import waited_for


async def inner(said):
    return said, threading.current_thread()


async def outer(said):
    return waited_for(inner(said))[0], threading.current_thread()


def test_what_is_no_awaitable_is_given_back():
    assert waited_for("text") == "text"


def test_one_loop_awaits_all_so_that_a_client_keeps_to_it():
    assert waited_for(inner("a"))[1] is waited_for(inner("b"))[1]


def test_a_coroutine_may_itself_wait_for_another():
    done: list[object] = []
    asking = threading.Thread(target=lambda: done.append(waited_for(outer("a"))[0]), daemon=True)
    asking.start()
    asking.join(10)

    assert done == ["a"]
