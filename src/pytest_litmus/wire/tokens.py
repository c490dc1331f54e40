"""Token counts and costs of the usage objects that OpenAI and its likes send."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pytest_litmus.wire.calls import Usage
from pytest_litmus.wire.loose import count, first_count, record
from pytest_litmus.wire.transport import dollars

_PERPLEXITY = "perplexity"
_TICK = -10
"""Power of ten of xAI's unit of money, in US dollars."""


def usage_of(usage: Any, *, provider_name: str) -> Usage:
    """The counts of a usage object, chat (`prompt_tokens`) or Responses (`input_tokens`).

    Args:
        usage: The object as sent; of a stream, the last one that came.
        provider_name: Who counted: not all put reasoning into their output tokens.
    """
    said = record(usage)
    inside, outside = _details(said, "prompt", "input"), _details(said, "completion", "output")
    read = first_count(
        inside.get("cached_tokens"),
        said.get("cache_read_input_tokens"),
        said.get("prompt_cache_hit_tokens"),
        said.get("cached_tokens"),
        said.get("num_cached_tokens"),
    )
    written = first_count(
        inside.get("cache_write_tokens"),
        inside.get("cache_creation_tokens"),
        said.get("cache_creation_input_tokens"),
    )
    output, reasoning = _output(said, outside, provider_name=provider_name)
    return Usage(
        input_tokens=first_count(said.get("prompt_tokens"), said.get("input_tokens")),
        output_tokens=output,
        cache_read_input_tokens=read,
        cache_write_input_tokens=written,
        reasoning_output_tokens=reasoning,
        billed_units=units(
            input_audio_tokens=inside.get("audio_tokens"),
            output_audio_tokens=outside.get("audio_tokens"),
            **_services(said, provider_name=provider_name),
        ),
    )


def _services(said: dict[str, Any], *, provider_name: str) -> dict[str, Any]:
    """What is billed beside the tokens: searches, and the seconds that Mistral listened."""
    served = record(said.get("server_tool_use_details"))
    perplexed = provider_name == _PERPLEXITY
    return {
        "web_searches": first_count(
            said.get("num_search_queries"), served.get("web_search_requests")
        ),
        "output_citation_tokens": said.get("citation_tokens") if perplexed else None,
        "audio_seconds": said.get("prompt_audio_seconds"),
    }


def units(**counts: Any) -> dict[str, int]:
    """The counts above zero."""
    return {name: found for name, value in counts.items() if (found := first_count(value))}


def cost_of(usage: Any) -> Decimal | None:
    """The cost in US dollars that a usage object reports itself, or None.

    OpenRouter: `cost`, and for a key of one's own (`is_byok`) the provider's bill on top of it
    (https://openrouter.ai/docs/use-cases/usage-accounting). Perplexity: `cost.total_cost`.
    DeepInfra: `estimated_cost`. xAI: ticks (https://docs.x.ai/developers/cost-tracking).
    """
    said = record(usage)
    if (ticks := count(said.get("cost_in_usd_ticks"))) is not None:
        return Decimal(ticks).scaleb(_TICK)
    cost = said.get("cost", said.get("estimated_cost"))
    reported = dollars(record(cost).get("total_cost") if isinstance(cost, dict) else cost)
    if reported is None or not said.get("is_byok"):
        return reported
    upstream = dollars(record(said.get("cost_details")).get("upstream_inference_cost"))
    return None if upstream is None else reported + upstream


def _details(said: dict[str, Any], *sides: str) -> dict[str, Any]:
    """The details of the input or the output side; Mistral and Writer spell it without the s."""
    names = [name for side in sides for name in (f"{side}_tokens_details", f"{side}_token_details")]
    return next((found for name in names if (found := record(said.get(name)))), {})


def _output(
    said: dict[str, Any], details: dict[str, Any], *, provider_name: str
) -> tuple[int | None, int | None]:
    """All output tokens and the reasoning among them.

    xAI leaves reasoning out of `completion_tokens`, and Google leaves thoughts out of everything
    but the total; both bill them as output. Perplexity leaves out reasoning and citations, from the
    total too.
    """
    read = first_count(said.get("prompt_tokens"), said.get("input_tokens"))
    output = first_count(said.get("completion_tokens"), said.get("output_tokens"))
    total = first_count(said.get("total_tokens"))
    reasoning = first_count(details.get("reasoning_tokens"), said.get("reasoning_tokens"))
    if provider_name == _PERPLEXITY and output is not None:
        return output + (reasoning or 0) + (count(said.get("citation_tokens")) or 0), reasoning
    if read is None or output is None or total is None:
        return output, reasoning
    hidden = total - read - output
    if hidden > 0 and (hidden == reasoning or provider_name.startswith("gcp.")):
        return output + hidden, reasoning or hidden
    return output, reasoning
