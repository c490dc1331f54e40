from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

CHAT = "https://api.cohere.com/v2/chat"
GATEWAY = "http://localhost:4000/cohere/v2/chat"

ASKED: dict[str, Any] = {
    "model": "command-a-03-2025",
    "messages": [{"role": "user", "content": "Hi"}],
    "stream": False,
}
USAGE: dict[str, Any] = {
    "billed_units": {"input_tokens": 8, "output_tokens": 2},
    "tokens": {"input_tokens": 70, "output_tokens": 3},
    "cached_tokens": 48,
}
SAID: dict[str, Any] = {
    "id": "c-1",
    "message": {"role": "assistant", "content": [{"type": "text", "text": "Hello!"}]},
    "finish_reason": "COMPLETE",
    "usage": USAGE,
}


def event(kind: str, *, index: int | None = None, **message: Any) -> tuple[str, dict[str, Any]]:
    """An event of a stream that adds to the message."""
    at = {} if index is None else {"index": index}
    return kind, {"type": kind, **at, "delta": {"message": message}}


def end(**delta: Any) -> tuple[str, dict[str, Any]]:
    return "message-end", {"type": "message-end", "id": "c-1", "delta": delta}


START = (
    "message-start",
    {
        "id": "c-1",
        "type": "message-start",
        "delta": {
            "message": {
                "role": "assistant",
                "content": [],
                "tool_plan": "",
                "tool_calls": [],
                "citations": [],
            }
        },
    },
)
STREAM = sse(
    START,
    event("content-start", index=0, content={"type": "text", "text": ""}),
    event("content-delta", index=0, content={"text": "Hel"}),
    event("content-delta", index=0, content={"text": "lo!"}),
    ("content-end", {"type": "content-end", "index": 0}),
    end(finish_reason="COMPLETE", usage=USAGE),
    "[DONE]",
)

PLAIN = {CHAT: (ASKED, SAID), GATEWAY: (ASKED, SAID)}
STREAMS = {CHAT: (ASKED, STREAM)}
