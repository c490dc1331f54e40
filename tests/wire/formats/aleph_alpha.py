from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

ALEPH_ALPHA = "https://api.aleph-alpha.com"
COMPLETE = f"{ALEPH_ALPHA}/complete"
ON_PREMISES = "https://aleph.example/api/complete"
EMBED = f"{ALEPH_ALPHA}/semantic_embed"
BATCH_EMBED = f"{ALEPH_ALPHA}/batch_semantic_embed"

ASKED: dict[str, Any] = {
    "model": "luminous-base",
    "prompt": [{"type": "text", "data": "Hi", "controls": []}],
    "maximum_tokens": 64,
    "stop_sequences": ["\n"],
    "temperature": 0.5,
}
SAID: dict[str, Any] = {
    "model_version": "2022-04",
    "completions": [{"completion": "Hello!", "finish_reason": "end_of_text"}],
    "num_tokens_prompt_total": 8,
    "num_tokens_generated": 2,
}
EMBED_ASKED: dict[str, Any] = {
    "model": "luminous-base",
    "representation": "symmetric",
    "prompt": [{"type": "text", "data": "Hi"}],
}
STREAM = sse(
    {"type": "stream_chunk", "index": 0, "completion": "Hel"},
    {"type": "stream_chunk", "index": 0, "completion": "lo!"},
    {
        "type": "stream_summary",
        "index": 0,
        "model_version": "2022-04",
        "finish_reason": "end_of_text",
    },
    {"type": "completion_summary", "num_tokens_prompt_total": 8, "num_tokens_generated": 2},
)

PLAIN = {
    COMPLETE: (ASKED, SAID),
    ON_PREMISES: (ASKED, SAID),
    EMBED: (
        EMBED_ASKED,
        {"model_version": "2022-04", "embedding": [0.5, 0.25], "num_tokens_prompt_total": 1},
    ),
    BATCH_EMBED: (
        {
            "model": "luminous-base",
            "representation": "symmetric",
            "prompts": [EMBED_ASKED["prompt"]] * 2,
        },
        {
            "model_version": "2022-04",
            "embeddings": [[0.5, 0.25, 0.125]] * 2,
            "num_tokens_prompt_total": 2,
        },
    ),
}
STREAMS = {COMPLETE: (ASKED, STREAM)}
