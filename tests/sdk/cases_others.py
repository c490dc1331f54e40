"""The SDKs of Google, Mistral, Cohere, Ollama and Amazon Bedrock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.sdk.rows import KEY, rows_of, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


def gemini(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    with _google(url) as client:
        asked = {"model": "gemini-2.5-flash", "contents": prompt}
        if not streamed:
            yield client.models.generate_content(**asked).text
            return
        yield from (chunk.text for chunk in client.models.generate_content_stream(**asked))


async def async_gemini(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    asked = {"model": "gemini-2.5-flash", "contents": prompt}
    with _google(url) as client:
        async with client.aio as models:
            if not streamed:
                yield (await models.models.generate_content(**asked)).text
                return
            async for chunk in await models.models.generate_content_stream(**asked):
                yield chunk.text


async def async_gemini_without_aiohttp(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    with _no_aiohttp_for_google():
        async for text in async_gemini(url, prompt, streamed):
            yield text


@contextmanager
def _google(url: str) -> Iterator[Any]:
    from google import genai
    from google.genai import types

    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=url))
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _no_aiohttp_for_google() -> Iterator[None]:
    """What google-genai does where aiohttp is not installed: it looks once, at its import."""
    import google.genai._api_client as client

    found, client.has_aiohttp = client.has_aiohttp, False
    try:
        yield
    finally:
        client.has_aiohttp = found


def mistral(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    from mistralai.client import Mistral

    with Mistral(api_key=KEY, server_url=url) as client:
        asked = {"model": "mistral-small", "messages": say(prompt)}
        if not streamed:
            yield client.chat.complete(**asked).choices[0].message.content
            return
        with client.chat.stream(**asked) as events:
            yield from (event.data.choices[0].delta.content for event in events)


async def async_mistral(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    from mistralai.client import Mistral

    async with Mistral(api_key=KEY, server_url=url) as client:
        asked = {"model": "mistral-small", "messages": say(prompt)}
        if not streamed:
            yield (await client.chat.complete_async(**asked)).choices[0].message.content
            return
        async with await client.chat.stream_async(**asked) as events:
            async for event in events:
                yield event.data.choices[0].delta.content


def cohere_chat(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import cohere
    import httpx

    with httpx.Client() as http:
        client = cohere.ClientV2(api_key=KEY, base_url=url, httpx_client=http)
        asked = {"model": "command-r", "messages": say(prompt)}
        if not streamed:
            yield client.chat(**asked).message.content[0].text
            return
        yield from map(_cohere_text, client.chat_stream(**asked))


async def async_cohere_chat(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import cohere
    import httpx

    async with httpx.AsyncClient() as http:
        client = cohere.AsyncClientV2(api_key=KEY, base_url=url, httpx_client=http)
        asked = {"model": "command-r", "messages": say(prompt)}
        if not streamed:
            yield (await client.chat(**asked)).message.content[0].text
            return
        async for event in client.chat_stream(**asked):
            yield _cohere_text(event)


def _cohere_text(event: Any) -> str:
    return event.delta.message.content.text if event and event.type == "content-delta" else ""


def ollama_chat(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import ollama

    client = ollama.Client(host=url)
    try:
        answer = client.chat(model="llama3.2", messages=say(prompt), stream=streamed)
        yield from (part.message.content for part in (answer if streamed else [answer]))
    finally:
        client._client.close()


async def async_ollama_chat(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import ollama

    client = ollama.AsyncClient(host=url)
    try:
        answer = await client.chat(model="llama3.2", messages=say(prompt), stream=streamed)
        if not streamed:
            yield answer.message.content
            return
        async for part in answer:
            yield part.message.content
    finally:
        await client._client.aclose()


def bedrock_client(url: str) -> Any:
    """A client of its own; making one is slow, so tests with many calls share it."""
    import boto3

    return boto3.client("bedrock-runtime", endpoint_url=url, region_name="us-east-1")


def bedrock_said(prompt: str) -> dict[str, Any]:
    return {"modelId": "some-model", "messages": [{"role": "user", "content": [{"text": prompt}]}]}


def bedrock(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    client = bedrock_client(url)
    try:
        if not streamed:
            answer = client.converse(**bedrock_said(prompt))
            yield answer["output"]["message"]["content"][0]["text"]
            return
        yield from map(_bedrock_text, client.converse_stream(**bedrock_said(prompt))["stream"])
    finally:
        client.close()


async def async_bedrock(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    from aiobotocore.session import get_session

    address = {"endpoint_url": url, "region_name": "us-east-1"}
    async with get_session().create_client("bedrock-runtime", **address) as client:
        if not streamed:
            answer = await client.converse(**bedrock_said(prompt))
            yield answer["output"]["message"]["content"][0]["text"]
            return
        async for event in (await client.converse_stream(**bedrock_said(prompt)))["stream"]:
            yield _bedrock_text(event)


def _bedrock_text(event: dict[str, Any]) -> str:
    return event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")


ROWS = [
    *rows_of("google-genai", gemini, transport="httpx2", needs=("google.genai",)),
    *rows_of(
        "google-genai with aiohttp",
        async_gemini,
        transport="aiohttp",
        needs=("google.genai", "aiohttp"),
    ),
    *rows_of(
        "google-genai without aiohttp",
        async_gemini_without_aiohttp,
        transport="httpx2",
        needs=("google.genai",),
    ),
    *rows_of(
        "mistralai",
        mistral,
        async_mistral,
        transport="httpx2",
        needs=("mistralai",),
        wire_format="openai.chat",
    ),
    *rows_of("cohere v2", cohere_chat, async_cohere_chat, transport="httpx", needs=("cohere",)),
    *rows_of("ollama", ollama_chat, async_ollama_chat, transport="httpx", needs=("ollama",)),
    *rows_of("boto3 Bedrock", bedrock, transport="urllib3", needs=("boto3",)),
    *rows_of("aiobotocore Bedrock", async_bedrock, transport="aiohttp", needs=("aiobotocore",)),
]
