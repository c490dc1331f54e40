from __future__ import annotations

import json
from typing import Any

COMPLETE = "https://api.anthropic.com/v1/complete"

ASKED: dict[str, Any] = {
    "model": "claude-2.1",
    "prompt": "\n\nHuman: Hi\n\nAssistant:",
    "max_tokens_to_sample": 64,
}
SAID: dict[str, Any] = {
    "type": "completion",
    "id": "compl_1",
    "completion": "Hello!",
    "stop_reason": "stop_sequence",
    "model": "claude-2.1",
    "stop": "\n\nHuman:",
    "log_id": "compl_1",
}


def event(name: str, said: dict[str, Any]) -> bytes:
    """An event with the CRLF line ends that this API sends."""
    return f"event: {name}\r\ndata: {json.dumps(said)}\r\n\r\n".encode()


def piece(completion: str, **fields: Any) -> bytes:
    pending = {"stop_reason": None, "stop": None}
    return event("completion", {**SAID, "completion": completion, **pending, **fields})


STREAM = [
    piece("Hel"),
    event("ping", {"type": "ping"}),
    piece("lo!"),
    piece("", stop_reason="stop_sequence", stop="\n\nHuman:"),
]

PLAIN = {COMPLETE: (ASKED, SAID), "https://llm.example/anthropic/v1/complete": (ASKED, SAID)}
STREAMS = {COMPLETE: (ASKED, STREAM)}
