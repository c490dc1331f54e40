"""What Anthropic's API keeps beside messages."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Usage
from tests.wire.formats.anthropic_setup import AGENT, AGENTS, BATCH, BATCHES, PLAIN
from tests.wire.recordings import exchange

API = "https://api.anthropic.com/v1"
RESULTS = b'{"custom_id": "a", "result": {"type": "succeeded"}}\n' * 2


@pytest.mark.parametrize(
    ("method", "url", "said", "operation_name"),
    [
        ("POST", BATCHES, BATCH, "batches"),
        ("GET", f"{BATCHES}/msgbatch_1", BATCH, "batches"),
        ("POST", f"{BATCHES}/msgbatch_1/cancel", BATCH, "batches"),
        ("GET", f"{BATCHES}/msgbatch_1/results", RESULTS, "batches"),
        ("POST", "http://localhost:8787/anthropic/v1/messages/batches", BATCH, "batches"),
        ("POST", f"{AGENTS}?beta=true", AGENT, "agents"),
        ("DELETE", f"{API}/memory_stores/memstore_1", {"id": "memstore_1"}, "memory_stores"),
    ],
)
def test_no_model_runs_for_a_set_up(method: str, url: str, said: Any, operation_name: str) -> None:
    call = decode(exchange(url, {}, said, method=method))

    assert call is not None
    assert (call.operation_name, call.runs_model) == (operation_name, False)
    assert (call.error_type, call.usage) == (None, Usage())


def test_a_batch_that_is_refused_is_an_error() -> None:
    fault = {"type": "error", "error": {"type": "invalid_request_error", "message": "Too many"}}

    call = decode(exchange(BATCHES, PLAIN[BATCHES][0], fault, status=400))

    assert call is not None
    assert (call.error_type, call.error_message) == ("invalid_request_error", "Too many")


@pytest.mark.parametrize("path", ["/v1/agents", "/messages/batches"])
def test_a_shop_s_own_agents_and_batches_are_none_of_ours(path: str) -> None:
    assert decode(exchange(f"https://shop.example{path}", {}, AGENT)) is None
