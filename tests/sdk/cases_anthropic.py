"""Anthropic's SDK, over each HTTP client that it can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sdk.rows import KEY, rows_of, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

MODEL = "claude-haiku-4-5"


def messages(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import anthropic

    with anthropic.Anthropic(base_url=url, api_key=KEY) as client:
        asked = {"model": MODEL, "max_tokens": 50, "messages": say(prompt)}
        answer = client.messages.create(**asked, stream=streamed)
        yield from (map(_text, answer) if streamed else [answer.content[0].text])


def stream_helper(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import anthropic

    asked = {"model": MODEL, "max_tokens": 50, "messages": say(prompt)}
    client = anthropic.Anthropic(base_url=url, api_key=KEY)
    with client, client.messages.stream(**asked) as stream:
        yield from stream.text_stream


async def async_messages(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import anthropic

    async with anthropic.AsyncAnthropic(base_url=url, api_key=KEY) as client:
        async for text in _messages(client, prompt, streamed):
            yield text


async def async_messages_over_aiohttp(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import anthropic

    http_client = anthropic.DefaultAioHttpClient()
    address = {"base_url": url, "api_key": KEY}
    async with anthropic.AsyncAnthropic(**address, http_client=http_client) as client:
        async for text in _messages(client, prompt, streamed):
            yield text


async def _messages(client: Any, prompt: str, streamed: bool) -> AsyncIterator[str]:
    asked = {"model": MODEL, "max_tokens": 50, "messages": say(prompt)}
    answer = await client.messages.create(**asked, stream=streamed)
    if not streamed:
        yield answer.content[0].text
        return
    async for event in answer:
        yield _text(event)


def _text(event: Any) -> str:
    return event.delta.text if event.type == "content_block_delta" else ""


ROWS = [
    *rows_of(
        "anthropic messages",
        messages,
        async_messages,
        transport="httpx2",
        needs=("anthropic",),
        wire_format="anthropic.messages",
    ),
    *rows_of(
        "anthropic messages.stream()",
        stream_helper,
        transport="httpx2",
        needs=("anthropic",),
        wire_format="anthropic.messages",
        streamed=(True,),
    ),
    *rows_of(
        "anthropic[aiohttp] messages",
        async_messages_over_aiohttp,
        transport="aiohttp",
        needs=("anthropic", "aiohttp", "httpx_aiohttp"),
        wire_format="anthropic.messages",
    ),
]
