"""Model endpoints that have no decoder of their own yet, recognised by path and host.

Their calls name provider, operation and model; usage, and with it the cost, is unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import record, text

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

# Path, what the JSON body has to have on a host that is not known to serve models, operation.
_ENDPOINTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"/models/(?P<model>[^/]+):(generate|streamGenerate)Content$", (), "generate_content"),
    (r"/models/(?P<model>[^/]+):(batchEmbedContents|embedContent)$", (), "embeddings"),
    (r"/models/(?P<model>[^/]+):(predict|predictLongRunning|rawPredict|streamRawPredict)$", (), ""),
    (r"/endpoints/(?P<model>[^/]+):(predict|rawPredict|streamRawPredict)$", (), ""),
    (r"/model/(?P<model>[^/]+)/converse(-stream)?$", (), "chat"),
    (r"/model/(?P<model>[^/]+)/invoke(-with-response-stream)?$", (), "chat"),
    (r"/api/chat$", ("model", "messages"), "chat"),
    (r"/api/generate$", ("model", "prompt"), "text_completion"),
    (r"/api/embed$", ("model", "input"), "embeddings"),
    (r"/api/embeddings$", ("model", "prompt"), "embeddings"),
    (r"/v2/chat$", ("model", "messages"), "chat"),
    (r"/v1/complete$", ("model", "prompt"), "text_completion"),
    (r"/completions$", ("prompt",), "text_completion"),
    (r"/v[12]/embed$", ("model",), "embeddings"),
    (r"/rerank$", ("query", "documents"), "rerank"),
    (r"/moderations$", ("model", "input"), "moderation"),
    (r"/images/(generations|edits|variations)$", ("prompt",), "image_generation"),
    (r"/v1/audio/(transcriptions|translations)$", (), "audio_transcription"),
    (r"/audio/speech$", ("model", "input"), "speech"),
    (r"/threads/([^/]+/)?runs(/[^/]+/submit_tool_outputs)?$", ("assistant_id",), "invoke_agent"),
    (r"/assistants$", ("model",), "create_agent"),
)

# What known hosts do beside: counting, storing, listing. No model works for these.
_NO_CALL = (
    r"[/:](count[_-]tokens|countTokens|computeTokens|input_tokens|tokenize|detokenize|upload|uploads"
    r"|files|vector_stores|containers|cachedContents|fine[_-]tuning|organization)(/|$)|/(models|cancel)$"
)

_OPERATIONS = {
    "": "text_completion",
    "apply": "run_guardrail",
    "complete": "text_completion",
    "embed": "embeddings",
    "generate": "text_completion",
    "interactions": "generate_content",
    "text": "invoke_agent",
    "retrieveAndGenerate": "invoke_agent",
}


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call that an exchange with a known endpoint is, or None."""
    found = _endpoint(exchange.request) if exchange.request.method == "POST" else None
    if found is None:
        return None
    operation_name, model = found
    answer = read_answer(exchange)
    # Only the status tells here whether the call failed: the body is not understood.
    fault = fault_of(exchange, answer.json, readable=True)
    failed = exchange.status is not None and exchange.status >= 300
    provider_name = provider_of(exchange.request)
    return Call(
        operation_name=operation_name,
        provider_name=provider_name,
        wire_format=f"other.{operation_name}",
        request_model=model,
        streamed=answer.is_stream or _asks_stream(exchange.request),
        error_type=fault.error_type if failed else None,
        error_message=fault.error_message if failed else None,
    )


def _asked(request: Request) -> dict[str, Any]:
    return record(request.json)


def _asks_stream(request: Request) -> bool:
    last = request.path.rstrip("/").rpartition("/")[2].lower()
    return "stream" in last or _asked(request).get("stream") is True


def _endpoint(request: Request) -> tuple[str, str | None] | None:
    """Operation and model of a model request, None for any other."""
    path, known = request.path.rstrip("/"), model_host(request) is not None
    for pattern, needed, operation_name in _ENDPOINTS:
        found = re.search(pattern, path)
        if found and (known or all(name in _asked(request) for name in needed)):
            named = found.groupdict().get("model")
            model = unquote(named) if named else text(_asked(request).get("model"))
            return operation_name or _operation(request), model
    if known and not re.search(_NO_CALL, path):
        return _operation(request), text(_asked(request).get("model"))
    return None


def _operation(request: Request) -> str:
    """The last word of the path, for endpoints that the table does not name."""
    last = request.path.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    return _OPERATIONS.get(last, last)
