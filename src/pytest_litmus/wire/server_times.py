"""How long the provider says that it worked: in the body, or in OpenAI's header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.loose import number, record, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange

_SECONDS = (
    # Groq (`usage`) and Cerebras (`time_info`).
    "queue_time",
    "prompt_time",
    "completion_time",
    "total_time",
    # SambaNova.
    "time_to_first_token",
    "total_latency",
)
_MILLISECONDS = ("prompt_ms", "predicted_ms")
"""Of llama.cpp's `timings`."""


def server_times_s(exchange: Exchange, said: dict[str, Any]) -> dict[str, float]:
    """Seconds by the provider's own names, without their units.

    Args:
        exchange: Whose headers tell too.
        said: The body; a stream's events folded into one.
    """
    return {name: spent for name, spent in _times(exchange, said) if spent >= 0}


def _times(exchange: Exchange, said: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for place in (said.get("usage"), said.get("time_info")):
        for name in _SECONDS:
            if (spent := number(record(place).get(name))) is not None:
                yield name, float(spent)
    for name in _MILLISECONDS:
        if (spent := seconds(record(said.get("timings")).get(name))) is not None:
            yield name.removesuffix("_ms"), spent
    processing = exchange.header("openai-processing-ms") or ""
    if processing.isascii() and processing.isdigit():
        yield "openai-processing", int(processing[:12]) / 1000
