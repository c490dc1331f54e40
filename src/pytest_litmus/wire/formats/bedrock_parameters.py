"""The parameters of requests to models on AWS, which every model family spells in its own way.

Spellings: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html.
"""

from __future__ import annotations

from typing import Any

from pytest_litmus.wire.loose import count, items, number, record, text, without_none

_NUMBERS = {
    "temperature": ("temperature",),
    "top_p": ("topP", "top_p", "p"),
    "top_k": ("topK", "top_k", "k"),
    "seed": ("seed",),
    "frequency_penalty": ("frequency_penalty",),
    "presence_penalty": ("presence_penalty",),
}
_COUNTS = {
    "max_tokens": (
        "maxTokens",  # Converse, Nova, AI21
        "max_new_tokens",  # Nova, Text Generation Inference
        "max_tokens",  # Cohere, Mistral
        "max_completion_tokens",
        "maxTokenCount",  # Titan
        "max_gen_len",  # Llama
        "max_tokens_to_sample",  # Claude 2
    ),
    "choice_count": ("num_generations", "numResults", "numberOfImages", "samples", "n"),
}
_STOPS = ("stopSequences", "stop_sequences", "stop")
_EFFORTS = ("effort", "reasoning_effort", "maxReasoningEffort")


def parameters_of(*configs: Any) -> dict[str, Any]:
    """The parameters by their OpenTelemetry names; the first object that sets one counts.

    Args:
        configs: The objects of a request that may hold parameters.
    """
    known = [record(config) for config in configs]
    return without_none(
        **{name: _first(known, spellings, number) for name, spellings in _NUMBERS.items()},
        **{name: _first(known, spellings, count) for name, spellings in _COUNTS.items()},
        stop_sequences=_first(known, _STOPS, _texts),
        **{"reasoning.level": _first(known, _EFFORTS, text)},
    )


def _first(configs: list[dict[str, Any]], spellings: tuple[str, ...], kind: Any) -> Any:
    values = (config[name] for config in configs for name in spellings if name in config)
    return next((found for value in values if (found := kind(value)) is not None), None)


def _texts(value: Any) -> list[str] | None:
    texts = [value] if isinstance(value, str) else [s for s in items(value) if isinstance(s, str)]
    return texts or None
