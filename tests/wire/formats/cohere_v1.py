from __future__ import annotations

import json
from typing import Any

from tests.wire.recordings import sse

COHERE = "https://api.cohere.com/v1"
GATEWAY = "https://llm.example/cohere/v1/chat"

META: dict[str, Any] = {
    "api_version": {"version": "1"},
    "billed_units": {"input_tokens": 8, "output_tokens": 2},
    "tokens": {"input_tokens": 70, "output_tokens": 3},
}
CHAT_ASKED: dict[str, Any] = {"model": "command-r", "message": "Hi", "stream": False}
CHAT_SAID: dict[str, Any] = {
    "response_id": "r-1",
    "generation_id": "g-1",
    "text": "Hello!",
    "chat_history": [
        {"role": "USER", "message": "Hi"},
        {"role": "CHATBOT", "message": "Hello!"},
    ],
    "finish_reason": "COMPLETE",
    "meta": META,
}
GENERATE_ASKED: dict[str, Any] = {"model": "command", "prompt": "Hi", "stream": False}
GENERATE_SAID: dict[str, Any] = {
    "id": "g-1",
    "prompt": "Hi",
    "generations": [{"id": "g-2", "text": "Hello!", "finish_reason": "COMPLETE"}],
    "meta": META,
}
SUMMARIZE_SAID: dict[str, Any] = {"id": "s-1", "summary": "Hello!", "meta": META}
CLASSIFY_SAID: dict[str, Any] = {
    "id": "c-1",
    "classifications": [
        {
            "id": "c-2",
            "input": "Hi",
            "prediction": "greeting",
            "predictions": ["greeting"],
            "confidence": 0.75,
            "confidences": [0.75],
            "labels": {"greeting": {"confidence": 0.75}, "other": {"confidence": 0.25}},
            "classification_type": "single-label",
        }
    ],
    "meta": {"api_version": {"version": "1"}, "billed_units": {"classifications": 1}},
}


def line(event_type: str, **fields: Any) -> dict[str, Any]:
    return {"is_finished": event_type == "stream-end", "event_type": event_type, **fields}


def lines(*said: dict[str, Any]) -> list[bytes]:
    """Objects as `application/stream+json`."""
    return [json.dumps(one).encode() + b"\n" for one in said]


CHAT_LINES = (
    line("stream-start", generation_id="g-1"),
    line("text-generation", text="Hel"),
    line("text-generation", text="lo!"),
    line("stream-end", finish_reason="COMPLETE", response=CHAT_SAID),
)
GENERATE_LINES = (
    line("text-generation", text="Hel"),
    line("text-generation", text="lo!"),
    line("stream-end", finish_reason="COMPLETE", response=GENERATE_SAID),
)

PLAIN = {
    f"{COHERE}/chat": (CHAT_ASKED, CHAT_SAID),
    GATEWAY: (CHAT_ASKED, CHAT_SAID),
    f"{COHERE}/generate": (GENERATE_ASKED, GENERATE_SAID),
    f"{COHERE}/summarize": ({"text": "Hi. Ho."}, SUMMARIZE_SAID),
    f"{COHERE}/classify": ({"model": "m", "inputs": ["Hi"]}, CLASSIFY_SAID),
}
STREAMS = {
    f"{COHERE}/chat": (CHAT_ASKED, lines(*CHAT_LINES)),
    f"{COHERE}/chat#sse": (CHAT_ASKED, sse(*((one["event_type"], one) for one in CHAT_LINES))),
    f"{COHERE}/generate": (GENERATE_ASKED, lines(*GENERATE_LINES)),
}
