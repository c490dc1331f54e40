"""Responses: deleted, cancelled and compacted ones."""

from __future__ import annotations

from tests.wire.recordings import RESPONSES, RESPONSES_ASKED, RESPONSES_SAID

COMPACT = f"{RESPONSES}/compact"
COMPACTED = {
    "id": "resp_2",
    "object": "response.compaction",
    "created_at": 1,
    "output": [
        {
            "type": "message",
            "id": "msg_1",
            "role": "user",
            "status": "completed",
            "content": [{"type": "input_text", "text": "Hi"}],
        },
        {"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA"},
    ],
    "usage": {
        "input_tokens": 154,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 163,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 317,
    },
}

PLAIN = {
    f"{RESPONSES}/resp_1/cancel": ({}, {**RESPONSES_SAID, "status": "cancelled"}),
    "https://r.openai.azure.com/openai/v1/responses?api-version=preview": (
        RESPONSES_ASKED,
        RESPONSES_SAID,
    ),
    "http://localhost:8787/openai/responses": (RESPONSES_ASKED, RESPONSES_SAID),
}
