from __future__ import annotations

import json
from typing import Any

OLLAMA = "http://localhost:11434/api"
PROXIED = "https://llm.example/ollama/api/chat"

COUNTS: dict[str, Any] = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 2_000_000_000,
    "load_duration": 500_000_000,
    "prompt_eval_count": 8,
    "prompt_eval_duration": 250_000_000,
    "eval_count": 2,
    "eval_duration": 1_000_000_000,
}
NAMED: dict[str, Any] = {"model": "llama3.2", "created_at": "2026-01-02T03:04:05.678901Z"}

CHAT_ASKED: dict[str, Any] = {
    "model": "llama3.2",
    "messages": [{"role": "user", "content": "Hi"}],
    "stream": False,
}
CHAT_SAID: dict[str, Any] = {
    **NAMED,
    "message": {"role": "assistant", "content": "Hello!"},
    **COUNTS,
}
GENERATE_ASKED: dict[str, Any] = {"model": "llama3.2", "prompt": "Hi", "stream": False}
GENERATE_SAID: dict[str, Any] = {**NAMED, "response": "Hello!", "context": [1, 2, 3], **COUNTS}


def lines(*said: Any) -> list[bytes]:
    """Objects as the lines that Ollama sends."""
    return [json.dumps(one).encode() + b"\n" for one in said]


def chat_line(content: str, **fields: Any) -> dict[str, Any]:
    return {
        **NAMED,
        "message": {"role": "assistant", "content": content},
        "done": False,
        **fields,
    }


def generate_line(response: str, **fields: Any) -> dict[str, Any]:
    return {**NAMED, "response": response, "done": False, **fields}


PLAIN = {
    f"{OLLAMA}/chat": (CHAT_ASKED, CHAT_SAID),
    PROXIED: (CHAT_ASKED, CHAT_SAID),
    f"{OLLAMA}/generate": (GENERATE_ASKED, GENERATE_SAID),
    f"{OLLAMA}/embed": (
        {"model": "all-minilm", "input": ["Hi", "Ho"]},
        {
            "model": "all-minilm",
            "embeddings": [[0.5, 0.25, 0.125], [0.5, 0.5, 0.5]],
            "total_duration": 14_000_000,
            "load_duration": 1_000_000,
            "prompt_eval_count": 2,
        },
    ),
    f"{OLLAMA}/embeddings": (
        {"model": "all-minilm", "prompt": "Hi"},
        {"embedding": [0.5, 0.25, 0.125]},
    ),
}
STREAMS = {
    f"{OLLAMA}/chat": (
        CHAT_ASKED,
        lines(chat_line(""), chat_line("Hel"), chat_line("lo!"), chat_line("", **COUNTS)),
    ),
    f"{OLLAMA}/generate": (
        GENERATE_ASKED,
        lines(generate_line("Hel"), generate_line("lo!"), generate_line("", **COUNTS)),
    ),
}
