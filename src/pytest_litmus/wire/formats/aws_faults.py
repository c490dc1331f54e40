"""What an AWS service says went wrong: a header or a field of the body names it.

Format: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.loose import record, text

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.wire.calls import Call


def with_aws_fault(call: Call, exchange: Exchange) -> Call:
    """The call with its error named as AWS names it; unchanged when the request was accepted.

    Args:
        call: Its error is what other formats' rules find.
        exchange: The one it was decoded from.
    """
    if exchange.status is None or 200 <= exchange.status < 300:
        return call
    said = record(read_answer(exchange).json)
    name = text(exchange.header("x-amzn-errortype")) or text(said.get("__type")) or ""
    # `ValidationException:http://...` and `com.amazon.coral.service#UnknownOperationException`.
    name = name.partition(":")[0].rpartition("#")[2]
    return replace(
        call,
        error_type=name or call.error_type,
        error_message=call.error_message or text(said.get("Message")),
    )
