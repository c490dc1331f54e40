"""Whatever else goes to a host that serves nothing but models, recognised without being read.

A POST is a call of unknown usage, and so of unknown cost. Lists, files and stores run no model:
they are recorded and replayed, so that a replay needs no network, and are counted nowhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.hosts import model_host
from pytest_litmus.wire.loose import record, text

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "other"

# What is kept, set up or stopped by a POST.
_RUNS_NONE = re.compile(
    r"[/:](upload|uploads|files|vector_stores|fileSearchStores|containers|cachedContents"
    r"|conversations|batches|evals|skills|voices|voice_consents|fine[_-]tuning|organization)(/|$)"
    r"|/(models|cancel)/?$"
)
_TELEMETRY = re.compile(r"/traces/ingest/?$")
"""What SDKs send of themselves, in the background: it is never the same twice, so it passes."""
_PREFIX = re.compile(r"v\d\w*|api|openai|ml")
"""Words of a path before the one that names what is asked for."""
_OPERATIONS = {
    "complete": "text_completion",
    "embed": "embeddings",
    "generate": "text_completion",
}


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The request to a model's host that an exchange is, or None."""
    request = exchange.request
    provider_name = model_host(request)
    if provider_name is None or _TELEMETRY.search(request.path):
        return None
    runs_model = request.method == "POST" and not _RUNS_NONE.search(request.path)
    # Only the status tells here whether it failed: the body is not understood, and may be a file.
    failed = exchange.status is not None and exchange.status >= 300
    fault = fault_of(exchange, read_answer(exchange).json, readable=True) if failed else Fault()
    return Call(
        operation_name=_operation(request) if runs_model else _resource(request),
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        runs_model=runs_model,
        request_model=text(record(request.json).get("model")) if runs_model else None,
        streamed=runs_model and (_asks_stream(request) or read_answer(exchange).is_stream),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _operation(request: Request) -> str:
    """The last word of the path, by the conventions' name where they have one."""
    last = request.path.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    return _OPERATIONS.get(last, last) or "text_completion"


def _resource(request: Request) -> str:
    """The first word of the path after its version: `files` of `/v1/files/ID/content`."""
    words = [word for word in request.path.split("/") if word]
    while words and _PREFIX.fullmatch(words[0]):
        words.pop(0)
    return words[0] if words else "index"


def _asks_stream(request: Request) -> bool:
    last = request.path.rstrip("/").rpartition("/")[2].lower()
    return "stream" in last or record(request.json).get("stream") is True
