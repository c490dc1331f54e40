"""OpenAI's SDK and Azure's, over each HTTP client that they can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sdk.rows import KEY, MODEL, rows_of, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


def chat(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        yield from _chat(client, prompt, streamed)


def azure(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import openai

    with openai.AzureOpenAI(azure_endpoint=url, api_key=KEY, api_version="2025-01-01") as client:
        yield from _chat(client, prompt, streamed)


def _chat(client: Any, prompt: str, streamed: bool) -> Iterator[str]:
    more = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
    answer = client.chat.completions.create(model=MODEL, messages=say(prompt), **more)
    if not streamed:
        yield answer.choices[0].message.content
        return
    for chunk in answer:
        yield from (choice.delta.content for choice in chunk.choices)


async def async_chat(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import openai

    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        async for text in _async_chat(client, prompt, streamed):
            yield text


async def async_azure(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import openai

    address = {"azure_endpoint": url, "api_version": "2025-01-01"}
    async with openai.AsyncAzureOpenAI(**address, api_key=KEY) as client:
        async for text in _async_chat(client, prompt, streamed):
            yield text


async def async_chat_over_aiohttp(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import openai

    http_client = openai.DefaultAioHttpClient()
    address = {"base_url": f"{url}/v1", "api_key": KEY}
    async with openai.AsyncOpenAI(**address, http_client=http_client) as client:
        async for text in _async_chat(client, prompt, streamed):
            yield text


async def _async_chat(client: Any, prompt: str, streamed: bool) -> AsyncIterator[str]:
    more = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
    answer = await client.chat.completions.create(model=MODEL, messages=say(prompt), **more)
    if not streamed:
        yield answer.choices[0].message.content
        return
    async for chunk in answer:
        for choice in chunk.choices:
            yield choice.delta.content


def responses(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        answer = client.responses.create(model=MODEL, input=prompt, stream=streamed)
        if not streamed:
            yield answer.output_text
            return
        for event in answer:
            yield event.delta if event.type == "response.output_text.delta" else ""


async def async_responses(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import openai

    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        answer = await client.responses.create(model=MODEL, input=prompt, stream=streamed)
        if not streamed:
            yield answer.output_text
            return
        async for event in answer:
            yield event.delta if event.type == "response.output_text.delta" else ""


def embeddings(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        answer = client.embeddings.create(model="text-embedding-3-small", input=prompt)
        yield str(answer.data[0].embedding)


async def async_embeddings(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import openai

    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        answer = await client.embeddings.create(model="text-embedding-3-small", input=prompt)
        yield str(answer.data[0].embedding)


OPENAI = ("openai",)
ROWS = [
    *rows_of(
        "openai chat",
        chat,
        async_chat,
        transport="httpx2",
        needs=OPENAI,
        wire_format="openai.chat",
    ),
    *rows_of(
        "openai[aiohttp] chat",
        async_chat_over_aiohttp,
        transport="aiohttp",
        needs=("openai", "aiohttp", "httpx_aiohttp"),
        wire_format="openai.chat",
    ),
    *rows_of(
        "AzureOpenAI chat",
        azure,
        async_azure,
        transport="httpx2",
        needs=OPENAI,
        wire_format="openai.chat",
    ),
    *rows_of(
        "openai responses",
        responses,
        async_responses,
        transport="httpx2",
        needs=OPENAI,
        wire_format="openai.responses",
    ),
    *rows_of(
        "openai embeddings",
        embeddings,
        async_embeddings,
        transport="httpx2",
        needs=OPENAI,
        wire_format="openai.embeddings",
        streamed=(False,),
    ),
]
