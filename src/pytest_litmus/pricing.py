"""What a call costs in US dollars: as reported, by the user's price file, or by the public list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from pytest_litmus.price_file import PriceFile, read_price_file
from pytest_litmus.wire.calls import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from pytest_litmus.wire.calls import Call, Message
__all__ = ["PriceFile", "Priced", "price", "read_price_file", "upper_bound"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A cost and where it comes from, or why there is none."""

    cost_usd: Decimal | None = None
    """None when it is not known, which is never the same as 0."""
    cost_source: str | None = None
    """`provider`, `price file` or `genai-prices VERSION`; None without a cost."""
    cost_note: str | None = None
    """Why there is no cost; None with one."""


def price(call: Call, *, prices: PriceFile | None, at: date) -> Priced:
    """What a call cost.

    The provider's own word wins, then the user's price file, then the public list of genai-prices.

    Args:
        call: A finished call.
        prices: The user's price file, if there is one.
        at: The day whose prices count: lists change.
    """
    if call.reported_cost_usd is not None:
        return Priced(cost_usd=call.reported_cost_usd, cost_source="provider")
    return _priced(call, call.usage, prices=prices, at=at)


def upper_bound(
    call: Call, *, prices: PriceFile | None, at: date, assumed_output_tokens: int
) -> Priced:
    """The most that a call can cost, told before it is sent.

    A text has at most as many tokens as UTF-8 bytes, and the answer at most as many as the request
    allows. Input that has no text to count (an image, a file, an earlier response that the server
    remembers) and tools that the server runs have no bound: the cost is None then.

    Args:
        call: As decoded from the request alone.
        prices: The user's price file, if there is one.
        at: The day whose prices count.
        assumed_output_tokens: For a request that sets no limit of its own, for each choice.
    """
    why = _unbounded(call)
    if why:
        return Priced(cost_note=why)
    if call.operation_name == "embeddings":
        output_tokens = 0
    else:
        limit = call.parameters.get("max_tokens", assumed_output_tokens)
        output_tokens = limit * max(call.parameters.get("choice_count", 1), 1)
    most = Usage(input_tokens=_most_input_tokens(call), output_tokens=output_tokens)
    return _priced(call, most, prices=prices, at=at)


def _priced(call: Call, usage: Usage, *, prices: PriceFile | None, at: date) -> Priced:
    note = _uncounted(call, usage)
    if note:
        return Priced(cost_note=note)
    line = prices.price_of(call) if prices else None
    if line:
        return Priced(cost_usd=line.cost_usd(usage), cost_source="price file")
    return _publicly_priced(call, usage, at=at)


def _uncounted(call: Call, usage: Usage) -> str | None:
    """Why these counts cannot be priced, or None when they can."""
    if usage.incomplete:
        return f"usage is incomplete: {usage.incomplete}"
    if usage.input_tokens is None and usage.output_tokens is None:
        return "no usage reported"
    if usage.input_tokens is None or usage.output_tokens is None:
        return "usage reported in part only"
    if not (call.response_model or call.request_model):
        return "no model named"
    return None


# What genai-prices calls the providers. A closed table: a server that is not in it could serve a
# model of any name at any price, so its price is unknown, never guessed.
_PUBLIC_NAMES = {
    "anthropic": "anthropic",
    "aws.bedrock": "aws",
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "gcp.gemini": "google",
    "gcp.vertex_ai": "google",
    "groq": "groq",
    "minimax": "minimax",
    "mistral_ai": "mistral",
    "moonshot_ai": "moonshotai",
    "novita": "novita",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "together": "together",
    "voyageai": "voyageai",
    "x_ai": "x-ai",
    "zai": "zai",
    "zhipuai": "zhipuai",
}


def _publicly_priced(call: Call, usage: Usage, *, at: date) -> Priced:
    models = dict.fromkeys(model for model in (call.response_model, call.request_model) if model)
    provider = _PUBLIC_NAMES.get(call.provider_name)
    unknown = f"no price for model {next(iter(models))} of provider {call.provider_name}"
    if provider is None:
        return Priced(cost_note=unknown)
    try:
        costs = (_public_cost(call, usage, model, provider, at=at) for model in models)
        cost = next((cost for cost in costs if cost is not None), None)
    except Exception as error:  # noqa: BLE001 - another project's price list must not end a test
        return Priced(cost_note=f"{unknown}: {type(error).__name__}: {error}")
    if cost is None:
        return Priced(cost_note=unknown)
    return Priced(cost_usd=cost, cost_source=_public_source())


def _public_cost(
    call: Call, usage: Usage, model: str, provider: str, *, at: date
) -> Decimal | None:
    import genai_prices

    try:
        found = genai_prices.calc_price(
            genai_prices.Usage(**_public_usage(usage)),
            model,
            provider_id=provider,
            genai_request_timestamp=_moment(call, at),
            price_context=_price_context(call),
        )
    except LookupError:
        return None
    known = {name for name, value in vars(found.model_price).items() if value is not None}
    # The list knows models whose prices it does not know, and leaves out what it cannot price.
    unpriced = not known or (
        "web_searches" in usage.billed_units and "web_searches_kcount" not in known
    )
    return None if unpriced else found.total_price


def _moment(call: Call, at: date) -> datetime:
    """The day asked for, at the call's own hour: some providers charge less at night."""
    hour = call.started_at.astimezone(UTC).time() if call.started_at else time(12)
    return datetime.combine(at, hour, UTC)


def _public_usage(usage: Usage) -> dict[str, int | None]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_input_tokens,
        "cache_write_tokens": usage.cache_write_input_tokens,
        "output_reasoning_tokens": usage.reasoning_output_tokens,
        **usage.billed_units,
    }


def _price_context(call: Call) -> Mapping[str, str] | None:
    """What makes the same tokens dearer or cheaper."""
    tier = call.service_tier
    if not tier:
        return None
    if tier == "batch":
        return {"processing": "batch"}
    return {"speed" if call.wire_format == "anthropic.messages" else "service_tier": tier}


def _public_source() -> str:
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')}"


# The longest system prompt that a provider adds to a request with tools is some 800 tokens:
# https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview#pricing
_TOOL_PROMPT_TOKENS = 1_000
_MESSAGE_TOKENS = 16
"""More than any provider adds to a message for its role and borders."""
_COUNTABLE = {"text", "reasoning", "tool_call", "tool_call_response", "refusal", "token_ids"}


def _unbounded(call: Call) -> str | None:
    """Why the input of a call has no bound, or None when it has one."""
    if not call.input_messages:
        return "no bound: the request's text is not known"
    if "previous_response.id" in call.parameters:
        return "no bound: the server remembers an earlier response"
    kinds = {part.type for message in call.input_messages for part in message.parts}
    if uncountable := sorted(kinds - _COUNTABLE):
        return f"no bound: the input has {', '.join(uncountable)}"
    if served := sorted({str(tool.get("type")) for tool in call.tool_definitions} - _OWN_TOOLS):
        return f"no bound: the server runs {', '.join(served)}"
    return None


_OWN_TOOLS = {"function", "custom", "None"}
"""Types of tools that the program runs; Anthropic's and the old functions have none."""


def _most_input_tokens(call: Call) -> int:
    tools = [dict(tool) for tool in call.tool_definitions]
    size = sum(_bytes(message) + _MESSAGE_TOKENS for message in call.input_messages)
    size += sum(_json_bytes(part.as_dict()) for part in call.system_instructions) + _MESSAGE_TOKENS
    return size + (_json_bytes(tools) + _TOOL_PROMPT_TOKENS if tools else 0)


def _bytes(message: Message) -> int:
    return sum(_json_bytes(part.as_dict()) for part in message.parts)


def _json_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
