from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

MISTRAL = "https://api.mistral.ai/v1"
CONVERSATION = f"{MISTRAL}/conversations"
APPENDED = f"{MISTRAL}/conversations/conv_1"
RESTARTED = f"{MISTRAL}/conversations/conv_1/restart"
STREAMED = f"{MISTRAL}/conversations#stream"
OCR = f"{MISTRAL}/ocr"

ASKED: dict[str, Any] = {
    "inputs": "Hi",
    "model": "mistral-medium-latest",
    "instructions": "Be kind.",
    "completion_args": {"temperature": 0.5, "max_tokens": 64, "random_seed": 7},
    "stream": False,
}
SAID: dict[str, Any] = {
    "object": "conversation.response",
    "conversation_id": "conv_1",
    "outputs": [
        {
            "object": "entry",
            "type": "message.output",
            "id": "msg_1",
            "role": "assistant",
            "model": "mistral-medium-2508",
            "content": "Hello!",
        }
    ],
    "usage": {"prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10},
}


def event(kind: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return kind, {"type": kind, **fields}


def words(content: Any) -> tuple[str, dict[str, Any]]:
    named = {"id": "msg_1", "model": "mistral-medium-2508", "role": "assistant"}
    return event("message.output.delta", output_index=0, content_index=0, content=content, **named)


START = event("conversation.response.started", conversation_id="conv_1")
DONE = event("conversation.response.done", usage=SAID["usage"])
STREAM = sse(START, words("Hel"), words("lo!"), DONE)

PLAIN = {
    CONVERSATION: (ASKED, SAID),
    APPENDED: ({"inputs": "Hi", "stream": False, "store": True}, SAID),
    RESTARTED: ({"inputs": "Hi", "from_entry_id": "msg_0"}, SAID),
    OCR: (
        {
            "model": "mistral-ocr-latest",
            "document": {"type": "document_url", "document_url": "https://shop.example/a.pdf"},
        },
        {
            "model": "mistral-ocr-2512",
            "pages": [{"index": 0, "markdown": "# Hello"}, {"index": 1, "markdown": "world"}],
            "usage_info": {"pages_processed": 2, "doc_size_bytes": 1000},
        },
    ),
}
STREAMS = {STREAMED: (ASKED, STREAM)}
