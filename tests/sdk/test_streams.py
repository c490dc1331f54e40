from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pytest_litmus.errors import RecordingEnds
from pytest_litmus.recorder import capturing
from tests.sdk import cases_raw
from tests.sdk.loopback import Lockstep
from tests.sdk.matrix import ROWS
from tests.sdk.proofs import pieces
from tests.sdk.rows import KEY, MODEL, Row, each_row, say

# google-genai subclasses aiohttp's session, which aiohttp advises against.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")

SYNC_STREAMS = [row for row in ROWS if row.is_streamed and not row.is_async]
DECODED = [row for row in ROWS if row.is_streamed and row.wire_format]


def first_text_only(row: Row, url: str) -> str:
    """What a program does that has heard enough."""
    texts = row.talk(url, "hello", True)
    if row.is_async:
        return asyncio.run(_first_of(texts))
    first: str = next(text for text in texts if text)
    texts.close()
    return first


async def _first_of(texts: Any) -> str:
    first: str = await anext(texts)
    await texts.aclose()
    return first


# These cases close their stream when they are left, as a `with` block does.
CLOSING = {"httpx", "httpx2", "aiohttp", "requests", "mistralai", "anthropic messages.stream()"}


@each_row([row for row in ROWS if row.is_streamed and row.sdk in CLOSING])
def test_a_stream_closed_after_its_first_chunk_is_recorded_as_closed(row, provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    provider.lockstep = Lockstep()  # never told: the second chunk is never sent

    with capturing(cassette=cassette, mode="once") as recorder:
        said = first_text_only(row, provider.url)

    (exchange,) = recorder.exchanges
    assert exchange.ended == "closed"
    assert exchange.duration_s is not None
    assert pieces(exchange) == provider.sent[:1]
    with capturing(cassette=cassette, mode="none") as replayed:
        assert first_text_only(row, provider.url) == said
    assert pieces(replayed.exchanges[0]) == provider.sent[:1]
    assert replayed.exchanges[0].ended == "closed"
    assert len(provider.seen) == 1


def test_a_stream_left_without_closing_it_is_recorded_as_far_as_it_was_read(provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    (row,) = (row for row in SYNC_STREAMS if row.sdk == "openai chat")
    provider.lockstep = Lockstep()

    with capturing(cassette=cassette, mode="once") as recorder:
        said = first_text_only(row, provider.url)

    assert recorder.exchanges[0].ended in {"open", "closed"}  # as the garbage collector has it
    with capturing(cassette=cassette, mode="none") as replayed:
        assert first_text_only(row, provider.url) == said
    assert pieces(replayed.exchanges[0]) == provider.sent[:1]
    assert len(provider.seen) == 1


def test_reading_on_where_the_recorded_reader_left_is_refused(provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    (row,) = (row for row in SYNC_STREAMS if row.sdk == "openai chat")
    provider.lockstep = Lockstep()
    with capturing(cassette=cassette, mode="once"):
        first_text_only(row, provider.url)

    with capturing(cassette=cassette, mode="none"), pytest.raises(RecordingEnds):
        row.run(provider.url, "hello")


def error_of(row: Row, url: str, each=str) -> tuple[list[str], type[BaseException] | None]:
    """What a program has got when its stream breaks, and the error it sees."""
    texts: list[str] = []

    def keep(text: str) -> None:
        texts.append(text)
        each(text)

    try:
        row.run(url, "hello", keep)
    except Exception as error:
        return texts, type(error)
    return texts, None


CUT = [row for row in ROWS if row.is_streamed and "google" not in row.sdk]


@each_row(CUT)
def test_a_stream_cut_by_the_server_breaks_the_same_way_on_replay(row, provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    provider.cut_after_pieces = 2
    provider.lockstep = Lockstep()
    bare = error_of(row, provider.url, provider.lockstep.saw)

    with capturing(cassette=cassette, mode="once") as recorder:
        recorded = error_of(row, provider.url, provider.lockstep.saw)
    with capturing(cassette=cassette, mode="none") as replayer:
        replayed = error_of(row, provider.url)

    assert bare == recorded == replayed
    assert bare[1] is not None, "the SDK itself hides a cut stream"
    assert not provider.lockstep.broken
    assert recorder.exchanges[0].ended == "failed"
    assert replayer.exchanges[0].ended == "failed"
    assert pieces(recorder.exchanges[0]) == pieces(replayer.exchanges[0]) == provider.sent[:2]
    assert recorder.calls[0].error_type is not None
    assert replayer.calls[0].error_type == recorder.calls[0].error_type
    assert len(provider.seen) == 2


def test_a_stream_that_is_never_closed_is_recorded(provider, tmp_path):
    """Several SDKs read up to the last event and leave the connection to the garbage collector."""
    import httpx

    cassette = tmp_path / "c.yaml"
    with capturing(cassette=cassette, mode="once") as recorder:
        client = httpx.Client()
        request = client.build_request(
            "POST", f"{provider.url}/v1/chat/completions", json=cases_raw.asked("hi", streamed=True)
        )
        chunks = client.send(request, stream=True).iter_bytes()
        last = b""
        while b"[DONE]" not in last:
            last = next(chunks)
    client.close()

    assert recorder.calls[0].output_text == "You said hi."
    with capturing(cassette=cassette, mode="none"):
        (row,) = (row for row in SYNC_STREAMS if row.sdk == "httpx")
        assert "[DONE]" in row.run(provider.url, "hi")[-1]
    assert len(provider.seen) == 1


@each_row([row for row in DECODED if "urllib" not in row.sdk and "http.client" not in row.sdk])
def test_a_compressed_stream_keeps_its_chunks(row, provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    provider.is_compressing = True
    provider.lockstep = Lockstep()

    with capturing(cassette=cassette, mode="once") as recorder:
        texts = row.run(provider.url, "hello", provider.lockstep.saw)
    with capturing(cassette=cassette, mode="none") as replayed:
        assert row.run(provider.url, "hello") == texts

    assert "gzip" in provider.seen[0].headers["accept-encoding"]
    assert not provider.lockstep.broken
    assert pieces(recorder.exchanges[0]) == provider.sent
    assert pieces(replayed.exchanges[0]) == provider.sent
    assert recorder.exchanges[0].header("content-encoding") is None


@each_row([row for row in ROWS if row.wire_format and not row.is_streamed])
def test_a_compressed_answer_is_recorded_readable(row, provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    provider.is_compressing = True

    with capturing(cassette=cassette, mode="once"):
        texts = row.run(provider.url, "hello")

    with capturing(cassette=cassette, mode="none"):
        assert row.run(provider.url, "hello") == texts
    assert "binary" not in cassette.read_text(encoding="utf-8")
    assert len(provider.seen) == 1


def test_a_tool_call_is_read_the_same_whole_and_streamed(provider):
    import openai

    function = {"name": "look_up", "parameters": {"type": "object", "properties": {}}}
    tools = [{"type": "function", "function": function}]
    asked = {"model": MODEL, "messages": say("hello"), "tools": tools}
    with (
        capturing(mode="live") as recorder,
        openai.OpenAI(base_url=f"{provider.url}/v1", api_key=KEY) as client,
    ):
        client.chat.completions.create(**asked)
        for _ in client.chat.completions.create(**asked, stream=True):
            pass

    for call in recorder.calls:
        (tool_call,) = call.tool_calls
        assert (tool_call.id, tool_call.name) == ("call_1", "look_up")
        assert tool_call.arguments == {"query": "You said hello."}
        assert call.finish_reasons == ("tool_calls",)


@each_row([row for row in ROWS if row.is_streamed and row.is_async and row.is_raw])
def test_a_stream_whose_task_is_cancelled_is_recorded_as_closed(row, provider, tmp_path):
    provider.lockstep = Lockstep()  # never told: the second chunk is never sent

    async def hear_one_and_cancel() -> None:
        heard = asyncio.Event()
        task = asyncio.create_task(row.arun(provider.url, "hello", lambda _: heard.set()))
        await heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with capturing(cassette=tmp_path / "c.yaml", mode="once") as recorder:
        asyncio.run(hear_one_and_cancel())

    (exchange,) = recorder.exchanges
    assert exchange.ended == "closed"
    assert pieces(exchange) == provider.sent[:1]
    assert recorder.calls[0].error_type is None
