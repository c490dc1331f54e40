from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

RUN = "https://api.cloudflare.com/client/v4/accounts/a1/ai/run"
CHAT = f"{RUN}/@cf/meta/llama-3.1-8b-instruct"
PROMPT = f"{RUN}/%40cf/meta/llama-3.1-8b-instruct"
NEWER = f"{RUN}/@cf/google/gemma-4-26b-a4b-it"
EMBEDDINGS = f"{RUN}/@cf/baai/bge-base-en-v1.5"
IMAGE = f"{RUN}/@cf/black-forest-labs/flux-1-schnell"
LABELS = f"{RUN}/@cf/huggingface/distilbert-sst-2-int8"
GATEWAY = "https://gateway.ai.cloudflare.com/v1/a1/g1/workers-ai/@cf/meta/llama-3.1-8b-instruct"

USAGE: dict[str, Any] = {"prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10}
ASKED: dict[str, Any] = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 64}


def enveloped(result: Any) -> dict[str, Any]:
    return {"result": result, "success": True, "errors": [], "messages": []}


SAID = enveloped({"response": "Hello!", "tool_calls": [], "usage": USAGE})
CHOICE: dict[str, Any] = {
    "index": 0,
    "message": {"role": "assistant", "content": "Hello!"},
    "finish_reason": "stop",
}
STREAM = sse(
    {"response": "Hel", "p": "abcdefgh"},
    {"response": "lo!", "p": "abc"},
    {"response": ""},
    {"response": "", "usage": USAGE},
    "[DONE]",
)


def chunk(**fields: Any) -> dict[str, Any]:
    """A chunk of a newer model; its usage counts this chunk alone."""
    counted = {"prompt_tokens": 0, "completion_tokens": 1, "total_tokens": 1}
    return {"id": "w-1", "object": "chat.completion.chunk", "usage": counted, **fields}


NEWER_STREAM = sse(
    chunk(choices=[{"index": 0, "delta": {"role": "assistant", "content": ""}}]),
    chunk(choices=[{"index": 0, "delta": {"content": "Hel"}}]),
    chunk(choices=[{"index": 0, "delta": {"content": "lo!"}}]),
    chunk(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]),
    {"response": "", "usage": USAGE},
    "[DONE]",
)

PLAIN = {
    CHAT: (ASKED, SAID),
    PROMPT: ({"prompt": "Hi"}, SAID),
    GATEWAY: (ASKED, SAID),
    NEWER: (ASKED, enveloped({"id": "w-1", "choices": [CHOICE], "usage": USAGE})),
    EMBEDDINGS: (
        {"text": ["Hi", "Ho"]},
        enveloped({"shape": [2, 3], "data": [[0.5, 0.25, 0.125]] * 2, "pooling": "mean"}),
    ),
    IMAGE: ({"prompt": "A cat"}, enveloped({"image": "aGVsbG8="})),
    LABELS: ({"text": "Hi"}, enveloped([{"label": "POSITIVE", "score": 0.75}])),
}
STREAMS = {CHAT: (ASKED, STREAM), NEWER: (ASKED, NEWER_STREAM)}
