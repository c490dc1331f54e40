"""What a call costs in US dollars: as reported, by the user's price file, or by the public list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_litmus.price_file import PriceFile, read_price_file
from pytest_litmus.wire.calls import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pytest_litmus.price_file import Price
    from pytest_litmus.wire.calls import Call, Message

__all__ = ["PriceFile", "Priced", "price", "read_price_file", "upper_bound"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A cost and where it comes from, or why there is none."""

    cost_usd: Decimal | None = None
    """None when it is not known, which is never the same as 0."""
    cost_source: str | None = None
    """`provider`, `price file`, `genai-prices VERSION`, or `free of charge` where the provider
    documents that; None without a cost."""
    cost_note: str | None = None
    """Why there is no cost; None with one."""


def price(call: Call, *, prices: PriceFile | None, at: date) -> Priced:
    """What a call cost. Never raises: a price must not end a test.

    The provider's own word wins, then the user's price file, then the public list of genai-prices.

    Args:
        call: A finished call.
        prices: The user's price file, if there is one.
        at: The day whose prices count: lists change.
    """
    if not call.runs_model:
        return Priced(cost_note="no model ran")
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
    if call.operation_name in _WORDLESS:
        output_tokens = 0
    else:
        limit = call.parameters.get("max_tokens", assumed_output_tokens)
        output_tokens = limit * max(call.parameters.get("choice_count", 1), 1)
    most = Usage(input_tokens=_most_input_tokens(call), output_tokens=output_tokens)
    return _priced(call, most, prices=prices, at=at)


_FREE = {
    # https://platform.openai.com/docs/guides/moderation
    ("openai", "moderation"),
}
"""Provider and operation of what costs nothing by the provider's documentation."""


def _priced(call: Call, usage: Usage, *, prices: PriceFile | None, at: date) -> Priced:
    if (call.provider_name, call.operation_name) in _FREE:
        return Priced(cost_usd=Decimal(0), cost_source="free of charge")
    note = _uncounted(call, usage)
    if note:
        return Priced(cost_note=note)
    try:
        line = prices.price_of(call) if prices else None
        return _by_line(line, usage) if line else _by_public_list(call, usage, at=at)
    except Exception as error:  # noqa: BLE001 - neither a list nor its package may end a test
        return Priced(cost_note=f"{_unknown(call)}: {type(error).__name__}: {error}")


def _uncounted(call: Call, usage: Usage) -> str | None:
    """Why these counts cannot be priced, or None when they can."""
    if usage.incomplete:
        return f"usage is incomplete: {usage.incomplete}"
    tokens = (usage.input_tokens, usage.output_tokens)
    if tokens == (None, None) and not usage.billed_units:
        return "no usage reported"
    if None in tokens and tokens != (None, None):
        return "usage reported in part only"
    if not (call.response_model or call.request_model):
        return "no model named"
    return None


def _by_line(line: Price, usage: Usage) -> Priced:
    if unpriced := line.unpriced(usage):
        return Priced(cost_note=f"the price file has no price for {', '.join(unpriced)}")
    return Priced(cost_usd=line.cost_usd(usage), cost_source="price file")


def _unknown(call: Call) -> str:
    model = call.response_model or call.request_model
    return f"no price for model {model} of provider {call.provider_name}"


# What genai-prices calls the providers. A closed table: a server that is not in it could serve a
# model of any name at any price, so its price is unknown, never guessed.
_PUBLIC_NAMES = {
    "anthropic": "anthropic",
    "aws.bedrock": "aws",
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "cerebras": "cerebras",
    "cloudflare": "cloudflare",
    "cohere": "cohere",
    "databricks": "databricks",
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
# Units by the names of genai-prices, where the provider's own is another.
_PUBLIC_UNITS = {
    "characters": "input_characters",
    "pages": "input_document_pages",
    "search_units": "rerank_searches",
}


def _by_public_list(call: Call, usage: Usage, *, at: date) -> Priced:
    provider = _public_provider(call)
    costs = (_public_cost(call, usage, model, provider, at=at) for model in _models(call))
    cost = next((cost for cost in costs if cost is not None), None) if provider else None
    if cost is None:
        return Priced(cost_note=_unknown(call))
    return Priced(cost_usd=cost, cost_source=_public_source())


def _public_provider(call: Call) -> str | None:
    """The list's name of the provider; behind Hugging Face's router it is that of who serves."""
    if call.provider_name == "huggingface" and call.served_by:
        return f"huggingface_{call.served_by}"
    return _PUBLIC_NAMES.get(call.provider_name)


def _models(call: Call) -> list[str]:
    """The model that answered, else the one asked for, each as far as it tells the price.

    On Bedrock only the request says in which region a model works, which makes it dearer. On Azure
    a request names a deployment, which may be called like a model that it is not.
    """
    models = [call.response_model, call.request_model]
    if call.provider_name == "aws.bedrock":
        models.reverse()
    if call.provider_name == "azure.ai.openai" and call.response_model:
        models.pop()
    return list(dict.fromkeys(_bare(model) for model in models if model))


def _bare(model: str) -> str:
    """The name in a resource: `models/NAME`, `arn:aws:bedrock:REGION::foundation-model/NAME`."""
    return model.rpartition("/" if model.startswith("arn:") else "models/")[2]


def _public_cost(
    call: Call, usage: Usage, model: str, provider: str | None, *, at: date
) -> Decimal | None:
    import genai_prices
    from genai_prices.data_units import unit_data

    units = {_PUBLIC_UNITS.get(name, name): count for name, count in usage.billed_units.items()}
    if not units.keys() <= unit_data.keys():
        return None
    try:
        found = genai_prices.calc_price(
            genai_prices.Usage(**_public_usage(usage), **units),
            model,
            provider_id=provider,
            genai_request_timestamp=_moment(call, at),
            price_context=_price_context(call),
        )
    except LookupError:
        return None
    prices = {name for name, value in vars(found.model_price).items() if value is not None}
    # Tokens of a medium or a cache that have no price of their own cost what the others do.
    needed = {unit_data[name]["price_key"] for name in units if not name.endswith("_tokens")}
    return found.total_price if _fit(prices, needed, usage) else None


def _fit(prices: set[str], needed: set[str], usage: Usage) -> bool:
    """Whether a model's prices are for all that was counted, and all that they are for was counted.

    The list knows models whose prices it does not know, and leaves out what it cannot price.
    """
    by_token = any(name.endswith("_mtok") for name in prices)
    return bool(prices) and needed <= prices and not (by_token and usage.input_tokens is None)


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
    import genai_prices

    return f"genai-prices {genai_prices.__version__}"


# The longest system prompt that a provider adds to a request with tools is some 800 tokens:
# https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview#pricing
_TOOL_PROMPT_TOKENS = 1_000
_MESSAGE_TOKENS = 16
"""More than any provider adds to a message for its role and borders."""
_COUNTABLE = {
    "text",
    "reasoning",
    "tool_call",
    "tool_call_response",
    "refusal",
    "token_ids",
    "suffix",
    "search_result",
}
_WORDLESS = {"embeddings", "rerank", "moderation"}
"""Operations whose answer has no tokens."""


def _unbounded(call: Call) -> str | None:
    """Why the input of a call has no bound, or None when it has one."""
    if call.operation_name == "invoke_agent":
        return "no bound: an agent asks models as often as it likes"
    if not call.input_messages:
        return "no bound: the request's text is not known"
    if remembered := sorted(_REMEMBERED & call.parameters.keys()):
        return f"no bound: the server remembers what {', '.join(remembered)} names"
    kinds = {part.type for message in call.input_messages for part in message.parts}
    if uncountable := sorted(kinds - _COUNTABLE):
        return f"no bound: the input has {', '.join(uncountable)}"
    if served := sorted({str(tool.get("type")) for tool in call.tool_definitions} - _OWN_TOOLS):
        return f"no bound: the server runs {', '.join(served)}"
    return None


_REMEMBERED = {"previous_response.id", "conversation.id", "prompt.name"}
"""Parameters that add to the request what only the server knows."""
_OWN_TOOLS = {"function", "custom"}
"""Types of tools that the program runs."""


def _most_input_tokens(call: Call) -> int:
    tools = [dict(tool) for tool in call.tool_definitions]
    size = sum(_bytes(message) + _MESSAGE_TOKENS for message in call.input_messages)
    size += sum(_json_bytes(part.as_dict()) for part in call.system_instructions) + _MESSAGE_TOKENS
    return size + (_json_bytes(tools) + _TOOL_PROMPT_TOKENS if tools else 0)


def _bytes(message: Message) -> int:
    return sum(_json_bytes(part.as_dict()) for part in message.parts)


def _json_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
