from __future__ import annotations

import asyncio

import pytest

from pytest_litmus.errors import CassetteMiss
from pytest_litmus.recorder import capturing
from tests.sdk import proofs
from tests.sdk.matrix import ROWS
from tests.sdk.rows import Row, each_row

# google-genai subclasses aiohttp's session, which aiohttp advises against.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")

ASYNC_ROWS = [row for row in ROWS if row.is_async]


@each_row(ROWS)
def test_a_miss_is_one_try_and_comes_through_the_sdk_as_itself(row, provider, tmp_path):
    proofs.a_miss_is_one_try_and_comes_through_the_sdk_as_itself(row, provider, tmp_path / "c.yaml")


def helpful_program(row: Row, url: str) -> str:
    """A program that never shows an error to its users."""
    try:
        return "".join(row.run(url, "never recorded"))
    except Exception:
        return "Sorry, try again later."


@each_row([row for row in ROWS if not row.is_streamed])
def test_a_miss_goes_through_a_program_that_catches_every_exception(row, provider, tmp_path):
    with (
        capturing(cassette=tmp_path / "c.yaml", mode="none"),
        pytest.raises(CassetteMiss),
    ):
        helpful_program(row, provider.url)

    assert provider.reached == (0, 0)


@each_row(ASYNC_ROWS)
def test_a_miss_swallowed_by_gather_is_still_known_afterwards(row, provider, tmp_path):
    async def ask_thrice() -> list[object]:
        asked = (row.arun(provider.url, f"never recorded {n}") for n in range(3))
        return await asyncio.gather(*asked, return_exceptions=True)

    with capturing(cassette=tmp_path / "c.yaml", mode="none") as recorder:
        results = asyncio.run(ask_thrice())

    assert all(isinstance(result, CassetteMiss) for result in results)
    assert len(recorder.misses) == 3
    assert provider.reached == (0, 0)


def test_a_miss_inside_a_task_group_is_in_its_exception_group(provider, tmp_path):
    (row,) = (row for row in ASYNC_ROWS if row.sdk == "openai chat" and not row.is_streamed)

    async def ask() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(row.arun(provider.url, "never recorded"))

    with (
        capturing(cassette=tmp_path / "c.yaml", mode="none") as recorder,
        pytest.raises(BaseExceptionGroup) as caught,
    ):
        asyncio.run(ask())

    assert caught.group_contains(CassetteMiss)
    assert len(recorder.misses) == 1


def test_an_exhausted_recording_is_a_miss(provider, tmp_path):
    (row,) = (row for row in ROWS if row.name == "openai-chat-sync-plain")
    with capturing(cassette=tmp_path / "c.yaml", mode="once"):
        row.run(provider.url, "hello")

    with capturing(cassette=tmp_path / "c.yaml", mode="none") as recorder:
        row.run(provider.url, "hello")
        with pytest.raises(CassetteMiss):
            row.run(provider.url, "hello")

    assert len(recorder.misses) == 1
    assert len(provider.seen) == 1
