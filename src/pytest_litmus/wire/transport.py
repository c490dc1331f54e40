"""What every call takes from its HTTP exchange, whatever the format."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pytest_litmus.wire.calls import Attempt, Call

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange


def with_exchange(call: Call, exchange: Exchange) -> Call:
    """The call with status, times, server, attempt and error of its exchange.

    Args:
        call: As a decoder gave it; an error that it names itself stays.
        exchange: The one it was decoded from.
    """
    error_type = call.error_type or _http_error(exchange) or exchange.error_type
    read = {
        "status": exchange.status,
        "started_at": exchange.started_at,
        "duration_s": exchange.duration_s,
        "source": exchange.source,
        "ended": exchange.ended,
        "server_address": exchange.request.host,
        "server_port": exchange.request.port,
        "error_type": error_type,
        "error_message": (call.error_message or exchange.error_message) if error_type else None,
        "reported_cost_usd": _reported_cost(call, exchange),
        "attempts": (
            Attempt(
                status=exchange.status,
                error_type=error_type,
                started_at=exchange.started_at,
                duration_s=exchange.duration_s,
            ),
        ),
    }
    # What `dataclasses.replace` does takes twice as long, for each exchange.
    return Call(**(vars(call) | read))


def _http_error(exchange: Exchange) -> str | None:
    if exchange.status is None or 200 <= exchange.status < 300:
        return None
    return str(exchange.status)


def _reported_cost(call: Call, exchange: Exchange) -> Decimal | None:
    # LiteLLM sends the header before the body: on a stream it cannot know the cost yet.
    if call.reported_cost_usd is not None or call.streamed:
        return call.reported_cost_usd
    return dollars(exchange.header("x-litellm-response-cost"))


def dollars(value: object) -> Decimal | None:
    """An amount of money as a provider writes it, or None where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**9 else None
