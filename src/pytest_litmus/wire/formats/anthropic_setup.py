"""What Anthropic's API keeps beside messages: batches, and all that is set up for agents.

Format: https://docs.anthropic.com/en/api. No model works while these are asked for: a batch is
worked on afterwards, and what it cost stands in the file of its results.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import provider_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "anthropic.setup"

_BATCHES = re.compile(r"/v1/messages/(?P<kept>batches)(/|$)")
"""Under any prefix and on any host, as messages are."""
_SET_UPS = re.compile(
    r"^/v1/(?P<kept>agents|environments|vaults|memory_stores|user_profiles|organizations)(/|$)"
)


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The request that an exchange is, by any method, or None."""
    kept = _kept(exchange.request)
    if kept is None:
        return None
    body = read_answer(exchange).json
    # A batch's results are lines of JSON.
    results = exchange.request.path.endswith("/results")
    fault = fault_of(exchange, body, readable=results or isinstance(body, dict))
    return Call(
        operation_name=kept,
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        runs_model=False,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _kept(request: Request) -> str | None:
    ours = request.host == "api.anthropic.com"
    found = _BATCHES.search(request.path) or (_SET_UPS.match(request.path) if ours else None)
    return found["kept"] if found else None
