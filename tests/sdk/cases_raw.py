"""HTTP libraries without an SDK: each asks for a chat completion by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.sdk.rows import KEY, MODEL, rows_of, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

HEADERS = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


def asked(prompt: str, *, streamed: bool = False) -> dict[str, Any]:
    """The body of a chat completion."""
    return {"model": MODEL, "messages": say(prompt), "stream": streamed}


def answered(body: bytes | str) -> str:
    """The text of a whole answer."""
    return str(json.loads(body)["choices"][0]["message"]["content"])


def over_httpx(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import httpx

    yield from _httpx(httpx, url, prompt, streamed)


def over_httpx2(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import httpx2

    yield from _httpx(httpx2, url, prompt, streamed)


def _httpx(library: Any, url: str, prompt: str, streamed: bool) -> Iterator[str]:
    body = {"json": asked(prompt, streamed=streamed), "headers": HEADERS}
    with library.Client() as client:
        if not streamed:
            yield answered(client.post(f"{url}/v1/chat/completions", **body).content)
            return
        with client.stream("POST", f"{url}/v1/chat/completions", **body) as response:
            yield from (chunk.decode() for chunk in response.iter_bytes())


async def async_over_httpx(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import httpx

    async for text in _async_httpx(httpx, url, prompt, streamed):
        yield text


async def async_over_httpx2(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import httpx2

    async for text in _async_httpx(httpx2, url, prompt, streamed):
        yield text


async def _async_httpx(library: Any, url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    body = {"json": asked(prompt, streamed=streamed), "headers": HEADERS}
    async with library.AsyncClient() as client:
        if not streamed:
            yield answered((await client.post(f"{url}/v1/chat/completions", **body)).content)
            return
        async with client.stream("POST", f"{url}/v1/chat/completions", **body) as response:
            async for chunk in response.aiter_bytes():
                yield chunk.decode()


async def async_over_aiohttp(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
    import aiohttp

    body = {"json": asked(prompt, streamed=streamed), "headers": HEADERS}
    session = aiohttp.ClientSession(base_url=url)
    async with session, session.post("/v1/chat/completions", **body) as response:
        if not streamed:
            yield answered(await response.read())
            return
        async for chunk in response.content.iter_any():
            yield chunk.decode()


def over_requests(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import requests

    body = {"json": asked(prompt, streamed=streamed), "headers": HEADERS, "stream": streamed}
    address = f"{url}/v1/chat/completions"
    with requests.Session() as session, session.post(address, **body, timeout=20) as response:
        if not streamed:
            yield answered(response.content)
            return
        yield from (chunk.decode() for chunk in response.iter_content(chunk_size=None))


def over_urllib3(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import urllib3

    body = json.dumps(asked(prompt, streamed=streamed)).encode()
    with urllib3.PoolManager() as pool:
        response = pool.request(
            "POST",
            f"{url}/v1/chat/completions",
            body=body,
            headers=HEADERS,
            preload_content=not streamed,
        )
        if not streamed:
            yield answered(response.data)
            return
        yield from (chunk.decode() for chunk in response.stream())
        response.release_conn()


def over_urllib(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    from urllib.request import Request, urlopen

    body = json.dumps(asked(prompt, streamed=streamed)).encode()
    request = Request(f"{url}/v1/chat/completions", data=body, headers=HEADERS)  # noqa: S310
    with urlopen(request, timeout=20) as response:  # noqa: S310 - loopback
        if not streamed:
            yield answered(response.read())
            return
        while chunk := response.read1():
            yield chunk.decode()


def over_http_client(url: str, prompt: str, streamed: bool) -> Iterator[str]:
    import http.client

    body = json.dumps(asked(prompt, streamed=streamed)).encode()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request("POST", "/v1/chat/completions", body=body, headers=HEADERS)
        response = connection.getresponse()
        if not streamed:
            yield answered(response.read())
            return
        while chunk := response.read1():
            yield chunk.decode()
    finally:
        connection.close()


def _raw(library: str, *talks: Any) -> list[Any]:
    return rows_of(
        library,
        *talks,
        transport=library,
        needs=(library,),
        wire_format="openai.chat",
        is_raw=True,
    )


ROWS = [
    *_raw("httpx", over_httpx, async_over_httpx),
    *_raw("httpx2", over_httpx2, async_over_httpx2),
    *_raw("aiohttp", async_over_aiohttp),
    *_raw("requests", over_requests),
    *_raw("urllib3", over_urllib3),
    *_raw("urllib.request", over_urllib),
    *_raw("http.client", over_http_client),
]
