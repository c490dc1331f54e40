"""What a response says went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.loose import as_text, number, record, records, text

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange

UNREADABLE = "unreadable_response"
"""The `error_type` of an answer that came whole and is not of its format."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the provider names it; None where it does not."""

    error_type: str | None = None
    error_message: str | None = None


def fault_of(exchange: Exchange, body: Any, *, readable: bool) -> Fault:
    """The fault of a response, empty when there is none.

    Providers report errors by status, and inside a 200, as a body or as an event of the stream.

    Args:
        exchange: Whose response it is.
        body: Its JSON, a stream's events folded into one.
        readable: Whether the body has the shape of its format.
    """
    failed = exchange.status is not None and not 200 <= exchange.status < 300
    fault = reported_fault(body, failed=failed)
    if fault is not None:
        return fault
    if exchange.status is None or failed or readable or exchange.ended != "eof":
        return Fault()
    if _is_empty_stream(exchange):
        return Fault()
    return Fault(UNREADABLE, "the response is not of the format that the request asks for")


def _is_empty_stream(exchange: Exchange) -> bool:
    """Whether no event came: so recordings keep a stream that its reader left at once."""
    content_type = exchange.header("content-type") or ""
    return not exchange.body and content_type.startswith("text/event-stream")


def reported_fault(body: Any, *, failed: bool) -> Fault | None:
    """The error that a JSON body reports, or None.

    Args:
        body: Parsed JSON of any kind; some servers wrap the error in an array of one.
        failed: Whether the HTTP status says so too; then a bare `message` or `detail` is an error.
    """
    said = next(iter(records(body)), {}) if isinstance(body, list) else record(body)
    error = said.get("error")
    if isinstance(error, dict) and error:
        return Fault(_name(error), _message(error))
    if isinstance(error, str) and error:
        return Fault(_name({**said, "type": None}) or (None if failed else "error"), error)
    if said.get("object") == "error" or said.get("type") == "error" or (failed and said):
        return Fault(_name(said), _message(said))
    return None


def _name(error: dict[str, Any]) -> str | None:
    """The most telling of an error's names: a word rather than a number, a code before a type."""
    code = error.get("code")
    words = (text(name) for name in (code, error.get("type"), error.get("status")))
    telling = next((word for word in words if word and not word.isdigit()), None)
    if telling:
        return telling
    return text(code) or as_text(number(code))


def _message(error: dict[str, Any]) -> str | None:
    return as_text(error.get("message") or error.get("detail") or error.get("error"))
