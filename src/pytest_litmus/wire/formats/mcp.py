"""The Model Context Protocol over HTTP: what a program asks of a tool server.

Format: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports (JSON-RPC 2.0 in a
POST, answered as JSON or as server-sent events; the older transport answers 202, and the result
comes over another connection, where it is not seen). No model works there: `tools/call` is a tool
span of the trace, the rest is recorded, and counted nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, ToolUse
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, record, records, text
from pytest_litmus.wire.otel import EXECUTE_TOOL
from pytest_litmus.wire.parts import content_parts, tool_response

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "mcp"

_CALL = "tools/call"
_OWN_METHODS = ("tools/", "resources/", "prompts/", "notifications/")
"""Beginnings of methods that no other protocol on JSON-RPC has."""
_HEADERS = ("mcp-session-id", "mcp-protocol-version")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The request to an MCP server that an exchange is, or None."""
    asked = record(exchange.request.json)
    if not _is_mcp(exchange.request, asked):
        return None
    body = _result(read_answer(exchange))
    fault = _fault(exchange, body)
    method = text(asked.get("method")) or "response"
    called = method == _CALL
    return Call(
        operation_name=EXECUTE_TOOL if called else method,
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        runs_model=False,
        tool_uses=(_use(asked, body),) if called else (),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_mcp(request: Request, asked: dict[str, Any]) -> bool:
    if request.method != "POST" or asked.get("jsonrpc") != "2.0":
        return False
    method = text(asked.get("method")) or ""
    if method == "initialize":
        return "protocolVersion" in record(asked.get("params"))
    return method.startswith(_OWN_METHODS) or any(map(request.header, _HEADERS))


def _result(answer: Answer) -> dict[str, Any]:
    """The JSON-RPC response; in a stream it comes after events that tell of progress."""
    said = [said for _, said in answer.records if "result" in said or "error" in said]
    return said[-1] if said else record(answer.json)


def _fault(exchange: Exchange, body: dict[str, Any]) -> Fault:
    """An error of the transport or the protocol, or one that the tool reports in its result."""
    result = record(body.get("result"))
    if result.get("isError") is True:
        words = [part.content or "" for part in content_parts(result.get("content"))]
        return Fault("tool_error", "".join(words) or None)
    # A notification and the older transport are answered 202, without a body.
    return fault_of(exchange, body, readable="result" in body or exchange.status == 202)


def _use(asked: dict[str, Any], body: dict[str, Any]) -> ToolUse:
    params, result = record(asked.get("params")), record(body.get("result"))
    content = result.get("structuredContent") or records(result.get("content"))
    id_ = as_text(asked.get("id"))
    return ToolUse(
        name=text(params.get("name")),
        id=id_,
        arguments=params.get("arguments"),
        answered="result" in body,
        response=tool_response(id_, content).response if "result" in body else None,
        is_error=result.get("isError") is True if "result" in body else None,
    )
