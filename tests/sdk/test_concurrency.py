from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from typing import Self

import pytest

from pytest_litmus.errors import CassetteMiss
from pytest_litmus.recorder import capturing
from tests.sdk.cases_others import bedrock_client, bedrock_said
from tests.sdk.cases_raw import HEADERS, answered, asked, over_requests, over_urllib
from tests.sdk.loopback import FinishOrder, numbered_texts

THREADS, CALLS_EACH = 8, 120


class Stacks:
    """One client a stack, shared by all threads as programs share them."""

    def __init__(self, url: str) -> None:
        import httpx
        import httpx2
        import requests

        self.url = url
        self._clients = [httpx.Client(), httpx2.Client(), requests.Session()]
        self._bedrock = bedrock_client(url)
        posts = [
            lambda prompt, client=client: self._post(client, prompt) for client in self._clients
        ]
        self.asks = [*posts, self._converse, self._urllib]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in (*self._clients, self._bedrock):
            client.close()

    def _post(self, client, prompt: str) -> str:
        body = {"json": asked(prompt), "headers": HEADERS}
        return answered(client.post(f"{self.url}/v1/chat/completions", **body).content)

    def _converse(self, prompt: str) -> str:
        answer = self._bedrock.converse(**bedrock_said(prompt))
        return str(answer["output"]["message"]["content"][0]["text"])

    def _urllib(self, prompt: str) -> str:
        return "".join(over_urllib(self.url, prompt, False))


def ask_from_threads(url: str) -> list[tuple[str, str]]:
    """All prompts from all threads over all stacks in turn; prompt and answer."""
    prompts = [f"question {number}" for number in range(THREADS * CALLS_EACH)]
    with Stacks(url) as stacks, ThreadPoolExecutor(THREADS) as pool:
        asks = islice(cycle(stacks.asks), len(prompts))
        answers = pool.map(lambda ask, prompt: ask(prompt), asks, prompts)
        return list(zip(prompts, answers, strict=True))


def test_threads_lose_no_call_while_recording_and_leak_none_on_replay(provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    right = [(f"question {n}", f"You said question {n}.") for n in range(THREADS * CALLS_EACH)]

    with capturing(cassette=cassette, mode="once") as recorder:
        assert ask_from_threads(provider.url) == right
    assert len(recorder.exchanges) == len(provider.seen) == len(right)
    reached = provider.reached

    with capturing(cassette=cassette, mode="none") as replayed:
        assert ask_from_threads(provider.url) == right
    assert provider.reached == reached
    assert len(replayed.exchanges) == len(right)
    assert not replayed.misses


PROMPTS = [f"question {number}" for number in range(6)]
ORDERS = [(5, 4, 3, 2, 1, 0), (0, 1, 2, 3, 4, 5), (3, 0, 5, 1, 4, 2)]


async def gathered(url: str, prompts: list[str]) -> list[str]:
    import httpx

    async def ask(client: httpx.AsyncClient, prompt: str) -> str:
        response = await client.post(f"{url}/v1/chat/completions", json=asked(prompt))
        return answered(response.content)

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(ask(client, prompt) for prompt in prompts))


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_a_cassette_is_in_order_of_issue_whatever_finishes_first(provider, tmp_path, order):
    cassette = tmp_path / "c.yaml"
    provider.finish_order = FinishOrder(PROMPTS[number] for number in order)

    with capturing(cassette=cassette, mode="once") as recorder:
        answers = asyncio.run(gathered(provider.url, PROMPTS))

    assert not provider.finish_order.broken
    assert answers == [f"You said {prompt}." for prompt in PROMPTS]
    assert [call.input_text for call in recorder.calls] == PROMPTS
    written = cassette.read_text(encoding="utf-8")
    places = [written.index(prompt) for prompt in PROMPTS]
    assert places == sorted(places)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_each_of_many_gathered_calls_gets_its_own_recorded_answer(provider, tmp_path, order):
    cassette = tmp_path / "c.yaml"
    provider.texts = numbered_texts
    with capturing(cassette=cassette, mode="once"):
        recorded = asyncio.run(gathered(provider.url, PROMPTS))

    with capturing(cassette=cassette, mode="none"):
        replayed = asyncio.run(gathered(provider.url, [PROMPTS[number] for number in order]))

    assert replayed == [recorded[number] for number in order]
    assert len(provider.seen) == len(PROMPTS)


def test_identical_calls_from_threads_each_get_a_recorded_answer_of_their_own(provider, tmp_path):
    cassette, many = tmp_path / "c.yaml", 64
    provider.texts = numbered_texts

    def ask(_: int) -> str:
        return "".join(over_requests(provider.url, "the same", False))

    with capturing(cassette=cassette, mode="once"):
        recorded = [ask(number) for number in range(many)]
    assert len(set(recorded)) == many

    with capturing(cassette=cassette, mode="none"), ThreadPoolExecutor(16) as pool:
        replayed = list(pool.map(ask, range(many)))

    assert sorted(replayed) == sorted(recorded)
    assert len(provider.seen) == many


def test_identical_calls_in_sequence_are_answered_in_the_recorded_order(provider, tmp_path):
    provider.texts = numbered_texts

    def ask_thrice() -> list[str]:
        return ["".join(over_requests(provider.url, "the same", False)) for _ in range(3)]

    with capturing(cassette=tmp_path / "c.yaml", mode="once"):
        recorded = ask_thrice()
    with capturing(cassette=tmp_path / "c.yaml", mode="none"):
        assert ask_thrice() == recorded == ["the same #1", "the same #2", "the same #3"]


def test_two_tasks_with_a_capture_each_do_not_mix(provider, tmp_path):
    import httpx

    async def task(name: str, together: asyncio.Barrier) -> list[str]:
        with capturing(cassette=tmp_path / f"{name}.yaml", mode="once") as recorder:
            async with httpx.AsyncClient() as client:
                for number in range(4):
                    await together.wait()
                    body = asked(f"{name} {number}")
                    await client.post(f"{provider.url}/v1/chat/completions", json=body)
        return [call.input_text for call in recorder.calls]

    async def both() -> list[list[str]]:
        together = asyncio.Barrier(2)
        return await asyncio.gather(task("first", together), task("second", together))

    first, second = asyncio.run(both())

    assert first == [f"first {number}" for number in range(4)]
    assert second == [f"second {number}" for number in range(4)]
    assert "second 0" not in (tmp_path / "first.yaml").read_text(encoding="utf-8")


def test_captures_that_close_in_the_order_they_opened_leave_nothing_behind(provider):
    first, second = capturing(mode="live"), capturing(mode="live")
    with first as outer:
        inner = second.__enter__()
    list(over_requests(provider.url, "between", False))
    second.__exit__(None, None, None)
    list(over_requests(provider.url, "after", False))

    assert [call.input_text for call in outer.calls] == []
    assert [call.input_text for call in inner.calls] == ["between"]


def test_a_thread_without_context_is_captured_by_the_open_recorder(provider, tmp_path):
    answers: list[object] = []

    def ask(prompt: str) -> None:
        try:
            answers.append("".join(over_requests(provider.url, prompt, False)))
        except CassetteMiss as miss:
            answers.append(miss)

    def ask_in_a_thread(prompt: str) -> None:
        thread = threading.Thread(target=ask, args=(prompt,))
        thread.start()
        thread.join()

    with capturing(cassette=tmp_path / "c.yaml", mode="once"):
        ask_in_a_thread("known")
    with capturing(cassette=tmp_path / "c.yaml", mode="none") as recorder:
        ask_in_a_thread("known")
        ask_in_a_thread("unknown")

    assert answers[:2] == ["You said known."] * 2
    assert isinstance(answers[2], CassetteMiss)
    assert recorder.misses == (answers[2],)
    assert len(provider.seen) == 1


def test_a_thread_that_started_before_the_block_is_captured_inside_it(provider, tmp_path):
    """A thread pool of the program outlives tests: its threads have no context of this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        with (
            capturing(cassette=tmp_path / "c.yaml", mode="none"),
            pytest.raises(CassetteMiss),
        ):
            pool.submit(lambda: list(over_requests(provider.url, "hi", False))).result()

    assert provider.reached == (0, 0)
