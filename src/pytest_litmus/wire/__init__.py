"""Stage 2: exchanges to calls; one wire format a file of `formats/`, what all need beside it.

A format is a module with one public function ::

    @builtin
    def pytest_llm_decode(exchange: Exchange) -> Call | None: ...

that answers None by the request's method and path, before it reads any body, gives a call for a
request without a response too (`exchange.status is None`: it is asked before sending), and fills
in what was said. Status, times, server and attempt come from `transport.with_exchange`. Its name
stands in `FORMATS`: the first call wins, so a wider test stands below a narrower one.
`docs/providers.md` writes a new one step by step.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.transport import with_exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_litmus.capture.exchange import Exchange

__all__ = ["FORMATS", "decode", "guarded", "register", "with_exchange"]

FORMATS = (
    "token_counts",
    "ollama",
    "cohere_v2",
    "cohere_v1",
    "cohere_embed",
    "voyage_embeddings",
    "rerank",
    "watsonx",
    "snowflake",
    "cloudflare",
    "dashscope",
    "mistral",
    "replicate",
    "hugging_face",
    "aleph_alpha",
    "ai21",
    "azure_content_safety",
    "deepgram",
    "elevenlabs",
    "anthropic_complete",
    "anthropic_setup",
    "openai_chat",
    "openai_completions",
    "openai_responses",
    "openai_embeddings",
    "openai_images",
    "openai_audio",
    "openai_moderations",
    "openai_assistants",
    "openai_realtime",
    "anthropic_messages",
    "mcp",
    "gemini",
    "gemini_embeddings",
    "gemini_interactions",
    "google_videos",
    "vertex_predict",
    "bedrock_converse",
    "bedrock_invoke",
    "bedrock_guardrails",
    "bedrock_agents",
    "sagemaker",
    "other",
)
"""The modules of `formats` that read a wire format, in the order in which they are asked."""


def register(plugins: Any) -> None:
    """Make the formats plugins of pytest, once: they are asked after everyone else's decoders.

    Args:
        plugins: pytest's plugin manager.
    """
    if plugins.has_plugin(f"litmus-{FORMATS[-1]}"):
        return
    for name, module in zip(FORMATS, _modules(), strict=True):
        if not plugins.has_plugin(f"litmus-{name}"):
            plugins.register(module, f"litmus-{name}")


def guarded(ask: Callable[[Exchange], Call | None]) -> Callable[[Exchange], Call | None]:
    """A decoder whose own mistakes are calls with an error: they must not end the user's test."""

    def decode_safely(exchange: Exchange) -> Call | None:
        try:
            return ask(exchange)
        except Exception as error:  # noqa: BLE001 - whatever a decoder did not think of
            return _undecodable(exchange, error)

    return decode_safely


def decode(exchange: Exchange) -> Call | None:
    """The call that an exchange is by the built-in formats, or None when no provider is asked.

    Never raises, whatever the bytes.

    Args:
        exchange: Before sending, one without a response: the call then holds the request's side.
    """
    call = guarded(_first)(exchange)
    return with_exchange(call, exchange) if call else None


def _first(exchange: Exchange) -> Call | None:
    calls = (module.pytest_llm_decode(exchange) for module in _modules())
    return next((call for call in calls if call), None)


@cache
def _modules() -> tuple[Any, ...]:
    return tuple(import_module(f"pytest_litmus.wire.formats.{name}") for name in FORMATS)


def _undecodable(exchange: Exchange, error: Exception) -> Call:
    return Call(
        operation_name="chat",
        provider_name=provider_of(exchange.request),
        wire_format="unknown",
        error_type="undecodable",
        error_message=f"{type(error).__name__}: {error}",
    )
