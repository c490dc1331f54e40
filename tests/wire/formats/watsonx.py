from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

WATSONX = "https://us-south.ml.cloud.ibm.com/ml"
GENERATION = f"{WATSONX}/v1/text/generation?version=2025-02-11"
GENERATION_STREAM = f"{WATSONX}/v1/text/generation_stream?version=2025-02-11"
BETA = f"{WATSONX}/v1-beta/generation/text?version=2024-02-07"
BETA_STREAM = f"{WATSONX}/v1-beta/generation/text_stream?version=2024-02-15"
DEPLOYED = f"{WATSONX}/v1/deployments/my-granite/text/generation?version=2025-02-11"
CHAT = f"{WATSONX}/v1/text/chat?version=2025-02-11"
CHAT_STREAM = f"{WATSONX}/v1/text/chat_stream?version=2025-02-11"
EMBEDDINGS = f"{WATSONX}/v1/text/embeddings?version=2025-02-11"
RERANK = f"{WATSONX}/v1/text/rerank?version=2025-02-11"
TOKENS = f"{WATSONX}/v1/text/tokenization?version=2025-02-11"
ON_PREMISES = "https://cpd.example/ml/v1/text/generation?version=2025-02-11"

NAMED: dict[str, Any] = {"model_id": "ibm/granite-3-8b-instruct", "project_id": "p-1"}
ASKED: dict[str, Any] = {
    **NAMED,
    "input": "Hi",
    "parameters": {
        "decoding_method": "sample",
        "max_new_tokens": 64,
        "random_seed": 7,
        "stop_sequences": ["\n"],
        "temperature": 0.5,
    },
}
SAID: dict[str, Any] = {
    "model_id": "ibm/granite-3-8b-instruct",
    "created_at": "2026-01-02T03:04:05.678Z",
    "results": [
        {
            "generated_text": "Hello!",
            "generated_token_count": 2,
            "input_token_count": 8,
            "stop_reason": "eos_token",
        }
    ],
    "system": {"warnings": [{"message": "This is not our model.", "id": "disclaimer_warning"}]},
}
CHAT_ASKED: dict[str, Any] = {**NAMED, "messages": [{"role": "user", "content": "Hi"}]}
CHAT_SAID: dict[str, Any] = {
    "id": "chat-1",
    "model_id": "ibm/granite-3-8b-instruct",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hello!"},
            "finish_reason": "stop",
        }
    ],
    "usage": {"completion_tokens": 2, "prompt_tokens": 8, "total_tokens": 10},
}


def result(text: str, written: int, read: int = 0, reason: str = "not_finished") -> dict[str, Any]:
    """An event of a stream; the input is counted in the first one only."""
    counted = {"generated_token_count": written, "input_token_count": read}
    one = {"generated_text": text, **counted, "stop_reason": reason}
    return {"model_id": "ibm/granite-3-8b-instruct", "results": [one]}


def numbered(*events: Any) -> list[bytes]:
    """Events as watsonx sends them: with an id and a name each."""
    named = enumerate(sse(*(("message", event) for event in events)), 1)
    return [f"id: {at}\n".encode() + event for at, event in named]


def chat_chunk(**fields: Any) -> dict[str, Any]:
    return {"id": "chat-1", "model_id": "ibm/granite-3-8b-instruct", **fields}


STREAM = numbered(
    {**result("", 0, 8), "system": SAID["system"]},
    result("Hel", 1),
    result("lo!", 2),
    result("", 2, reason="eos_token"),
)
STREAMED_CHAT = numbered(
    chat_chunk(choices=[{"index": 0, "delta": {"role": "assistant", "content": ""}}]),
    chat_chunk(choices=[{"index": 0, "delta": {"content": "Hel"}}]),
    chat_chunk(choices=[{"index": 0, "delta": {"content": "lo!"}, "finish_reason": "stop"}]),
    chat_chunk(choices=[], usage=CHAT_SAID["usage"]),
)

PLAIN = {
    GENERATION: (ASKED, SAID),
    BETA: (ASKED, SAID),
    DEPLOYED: ({"input": "Hi"}, SAID),
    ON_PREMISES: (ASKED, SAID),
    CHAT: (CHAT_ASKED, CHAT_SAID),
    EMBEDDINGS: (
        {**NAMED, "inputs": ["Hi", "Ho"]},
        {
            "model_id": "ibm/slate-125m",
            "results": [{"embedding": [0.5, 0.25, 0.125], "input": "Hi"}] * 2,
            "input_token_count": 4,
        },
    ),
    RERANK: (
        {**NAMED, "query": "Hi", "inputs": [{"text": "Hello"}, {"text": "Bye"}]},
        {"model_id": "m", "results": [{"index": 0, "score": 2.5}], "input_token_count": 6},
    ),
    TOKENS: (
        {**NAMED, "input": "Hi there"},
        {"model_id": "m", "result": {"token_count": 3, "tokens": ["Hi", " there", "</s>"]}},
    ),
}
STREAMS = {
    GENERATION_STREAM: (ASKED, STREAM),
    BETA_STREAM: (ASKED, STREAM),
    CHAT_STREAM: (CHAT_ASKED, STREAMED_CHAT),
}
