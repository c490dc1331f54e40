"""OpenAI's Realtime API as far as it is HTTP: what sets up the sessions that a model then talks in.

Format: https://platform.openai.com/docs/api-reference/realtime-sessions. What is said goes over
WebRTC, WebSockets or SIP.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import record, text
from pytest_litmus.wire.parts import content_parts
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "openai.realtime"

_PATH = re.compile(
    # Azure writes `realtimeapi` in its older versions.
    r"/(?:realtime|realtimeapi|live)/(?:client_secrets|sessions|transcription_sessions|calls)(?=/|$)"
)
_IN_JSON = re.compile(r"/(?:client_secrets|sessions|transcription_sessions)/?$")
"""What is answered in JSON; a call is with a session description, or, when it is hung up, not."""


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The set-up of a session that an exchange is, or None."""
    request = exchange.request
    if not _sets_up(request):
        return None
    asked, body = record(request.json), read_answer(exchange).json
    said, session = record(body), record(asked.get("session")) or asked
    fault = fault_of(exchange, body, readable=bool(said) or not _IN_JSON.search(request.path))
    return Call(
        operation_name="realtime",
        provider_name=provider_of(request),
        wire_format=WIRE_FORMAT,
        runs_model=False,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        system_instructions=content_parts(session.get("instructions")),
        tool_definitions=tool_definitions(session.get("tools")),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _sets_up(request: Request) -> bool:
    if request.method != "POST" or not _PATH.search(request.path):
        return False
    return "/openai/" in request.path or model_host(request) is not None
