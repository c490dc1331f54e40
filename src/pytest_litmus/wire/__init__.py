"""Stage 2: exchanges to calls; one wire format a file.

To add a format, write a module with one public function ::

    def decode(exchange: Exchange) -> Call | None: ...

that answers None by the request's path, before it reads any body, gives a call for a request
without a response too (`exchange.status is None`: it is asked before sending), and fills in what
was said. Status, times, server and attempt come from `transport.with_exchange`. Then write the
function into `DECODERS`: the first call wins, so a wider test stands below a narrower one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_litmus.wire import (
    anthropic_messages,
    openai_chat,
    openai_embeddings,
    openai_responses,
    other,
)
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.transport import with_exchange

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange

__all__ = ["DECODERS", "decode", "with_exchange"]

DECODERS = (
    openai_chat.decode,
    openai_responses.decode,
    openai_embeddings.decode,
    anthropic_messages.decode,
    other.decode,
)


def decode(exchange: Exchange) -> Call | None:
    """The call that an exchange is, or None when no model is asked.

    Never raises, whatever the bytes.

    Args:
        exchange: Before sending, one without a response: the call then holds the request's side.
    """
    if exchange.request.method != "POST":
        return None
    try:
        call = next((call for decoder in DECODERS if (call := decoder(exchange))), None)
    except Exception as error:  # noqa: BLE001 - a decoder's mistake must not end the user's test
        call = _undecodable(exchange, error)
    return with_exchange(call, exchange) if call else None


def _undecodable(exchange: Exchange, error: Exception) -> Call:
    return Call(
        operation_name="chat",
        provider_name=provider_of(exchange.request),
        wire_format="unknown",
        error_type="undecodable",
        error_message=f"{type(error).__name__}: {error}",
    )
