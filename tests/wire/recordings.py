"""Exchanges of our own making, small enough to read: what each wire format looks like."""

from __future__ import annotations

import json
from typing import Any

from pytest_litmus.capture.exchange import Chunk, Exchange, Request

CHAT = "https://api.openai.com/v1/chat/completions"
RESPONSES = "https://api.openai.com/v1/responses"
EMBEDDINGS = "https://api.openai.com/v1/embeddings"
MESSAGES = "https://api.anthropic.com/v1/messages"

CHAT_ASKED: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
CHAT_SAID: dict[str, Any] = {
    "id": "chatcmpl-1",
    "model": "gpt-4o-2024-08-06",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hello!"},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10},
}
RESPONSES_ASKED: dict[str, Any] = {"model": "gpt-5", "input": "Hi"}
RESPONSES_SAID: dict[str, Any] = {
    "id": "resp_1",
    "model": "gpt-5-2025-08-07",
    "status": "completed",
    "error": None,
    "output": [
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Hello!", "annotations": []}],
        }
    ],
    "usage": {
        "input_tokens": 8,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 2,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 10,
    },
}
MESSAGES_ASKED: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hi"}],
}
MESSAGES_SAID: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [{"type": "text", "text": "Hello!"}],
    "stop_reason": "end_turn",
    "usage": {
        "input_tokens": 8,
        "cache_read_input_tokens": 0,
        "cache_creation_input_tokens": 0,
        "output_tokens": 2,
    },
}
EMBEDDINGS_ASKED: dict[str, Any] = {"model": "text-embedding-3-small", "input": ["Hi", "Ho"]}
EMBEDDINGS_SAID: dict[str, Any] = {
    "object": "list",
    "model": "text-embedding-3-small",
    "data": [{"index": index, "embedding": [0.5, 0.25, 0.125]} for index in range(2)],
    "usage": {"prompt_tokens": 2, "total_tokens": 2},
}


def body_of(said: Any) -> bytes:
    return said if isinstance(said, bytes) else json.dumps(said).encode()


def exchange(url: str, asked: Any, said: Any = None, **fields: Any) -> Exchange:
    """An exchange with a plain answer; without one, as it is before it is sent."""
    request = Request(
        method=fields.pop("method", "POST"),
        url=url,
        headers=fields.pop("request_headers", ()),
        body=body_of(asked),
    )
    if said is None:
        return Exchange(request=request, **fields)
    whole = {"status": 200, "ended": "eof", "duration_s": 2.0}
    return Exchange(request=request, chunks=(Chunk(1.5, body_of(said)),), **{**whole, **fields})


def stream(url: str, asked: Any, *pieces: bytes, **fields: Any) -> Exchange:
    """An exchange whose answer came in pieces, half a second apart."""
    chunks = tuple(Chunk((index + 1) / 2, piece) for index, piece in enumerate(pieces))
    request = Request(method="POST", url=url, body=body_of({**asked, "stream": True}))
    whole = {"status": 200, "ended": "eof", "duration_s": 9.0}
    return Exchange(request=request, chunks=chunks, **{**whole, **fields})


def sse(*events: Any) -> list[bytes]:
    """Events as the bytes that a server sends: JSON, text as it is, or a (name, JSON) pair."""
    return [_event(event) for event in events]


def _event(event: Any) -> bytes:
    name, data = event if isinstance(event, tuple) else ("", event)
    spelled = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {name}\n" if name else "").encode() + f"data: {spelled}\n\n".encode()


def delta(index: int = 0, finish_reason: str | None = None, **fields: Any) -> dict[str, Any]:
    """A chunk of a streamed chat."""
    choice = {"index": index, "delta": fields, "finish_reason": finish_reason}
    return {"id": "chatcmpl-1", "model": "gpt-4o-2024-08-06", "choices": [choice]}


CHAT_STREAM = sse(
    delta(role="assistant", content=""),
    delta(content="Hel"),
    delta(content="lo!"),
    delta(finish_reason="stop"),
    {"id": "chatcmpl-1", "choices": [], "usage": CHAT_SAID["usage"]},
    "[DONE]",
)
RESPONSES_STREAM = sse(
    ("response.created", {"type": "response.created", "response": {"id": "resp_1", "output": []}}),
    (
        "response.output_item.added",
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {"type": "message", "content": []},
        },
    ),
    *(
        (
            "response.output_text.delta",
            {
                "type": "response.output_text.delta",
                "output_index": 0,
                "content_index": 0,
                "delta": piece,
            },
        )
        for piece in ("Hel", "lo!")
    ),
    ("response.completed", {"type": "response.completed", "response": RESPONSES_SAID}),
)
MESSAGES_STREAM = sse(
    (
        "message_start",
        {
            "type": "message_start",
            "message": {
                **MESSAGES_SAID,
                "content": [],
                "stop_reason": None,
                "usage": {**MESSAGES_SAID["usage"], "output_tokens": 1},
            },
        },
    ),
    ("ping", {"type": "ping"}),
    (
        "content_block_start",
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": ""},
        },
    ),
    *(
        (
            "content_block_delta",
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": piece},
            },
        )
        for piece in ("Hel", "lo!")
    ),
    ("content_block_stop", {"type": "content_block_stop", "index": 0}),
    (
        "message_delta",
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 2},
        },
    ),
    ("message_stop", {"type": "message_stop"}),
)

STREAMS = {
    CHAT: (CHAT_ASKED, CHAT_STREAM),
    RESPONSES: (RESPONSES_ASKED, RESPONSES_STREAM),
    MESSAGES: (MESSAGES_ASKED, MESSAGES_STREAM),
}
PLAIN = {
    CHAT: (CHAT_ASKED, CHAT_SAID),
    RESPONSES: (RESPONSES_ASKED, RESPONSES_SAID),
    MESSAGES: (MESSAGES_ASKED, MESSAGES_SAID),
    EMBEDDINGS: (EMBEDDINGS_ASKED, EMBEDDINGS_SAID),
}
