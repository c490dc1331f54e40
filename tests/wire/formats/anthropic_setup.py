from __future__ import annotations

from typing import Any

from tests.wire.recordings import MESSAGES, MESSAGES_ASKED

BATCHES = f"{MESSAGES}/batches"
AGENTS = "https://api.anthropic.com/v1/agents"

BATCH: dict[str, Any] = {
    "id": "msgbatch_1",
    "type": "message_batch",
    "processing_status": "in_progress",
    "request_counts": {
        "processing": 1,
        "succeeded": 0,
        "errored": 0,
        "canceled": 0,
        "expired": 0,
    },
    "created_at": "2026-01-02T03:04:05Z",
    "expires_at": "2026-01-03T03:04:05Z",
}
AGENT: dict[str, Any] = {"id": "agent_1", "type": "agent", "name": "Support"}

PLAIN = {
    BATCHES: ({"requests": [{"custom_id": "a", "params": MESSAGES_ASKED}]}, BATCH),
    AGENTS: ({"name": "Support", "model": "claude-sonnet-4-5"}, AGENT),
}
