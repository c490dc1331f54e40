"""LiteLLM, as it talks to three providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sdk.rows import KEY, Row, rows_of, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

ADDRESSES = {
    "openai": ("openai/gpt-4o-mini", "/v1"),
    "openrouter": ("openrouter/openai/gpt-4o-mini", "/api/v1"),
    "anthropic": ("anthropic/claude-haiku-4-5", ""),
}


def _rows_for(provider: str) -> list[Row]:
    anthropic = provider == "anthropic"
    return rows_of(
        f"litellm to {provider}",
        _sync(provider),
        _async(provider),
        transport="httpx, aiohttp",
        needs=("litellm",),
        wire_format="anthropic.messages" if anthropic else "openai.chat",
    )


def _asked(provider: str, url: str, prompt: str) -> dict[str, Any]:
    model, path = ADDRESSES[provider]
    address = {"model": model, "api_base": url + path, "api_key": KEY}
    return address | {"messages": say(prompt), "max_tokens": 50}


def _sync(provider: str) -> Callable[..., Iterator[str]]:
    def completion(url: str, prompt: str, streamed: bool) -> Iterator[str]:
        import litellm

        answer = litellm.completion(**_asked(provider, url, prompt), stream=streamed)
        if not streamed:
            yield answer.choices[0].message.content
            return
        yield from (chunk.choices[0].delta.content for chunk in answer)

    return completion


def _async(provider: str) -> Callable[..., AsyncIterator[str]]:
    async def async_completion(url: str, prompt: str, streamed: bool) -> AsyncIterator[str]:
        import litellm

        # Its cached clients belong to the event loop of the test before.
        litellm.in_memory_llm_clients_cache.flush_cache()
        answer = await litellm.acompletion(**_asked(provider, url, prompt), stream=streamed)
        if not streamed:
            yield answer.choices[0].message.content
            return
        async for chunk in answer:
            yield chunk.choices[0].delta.content

    return async_completion


ROWS = [row for provider in ADDRESSES for row in _rows_for(provider)]
