from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

ENDPOINT = "https://x1.us-east-1.aws.endpoints.huggingface.cloud/"
INFERENCE = "https://api-inference.huggingface.co/models/acme/small-llm"
ROUTER = "https://router.huggingface.co/hf-inference/models"
TRANSLATION = f"{ROUTER}/t5-small"
LABELS = f"{ROUTER}/acme/sentiment"
FEATURES = f"{ROUTER}/sentence-transformers/all-MiniLM-L6-v2/pipeline/feature-extraction"
OLD_FEATURES = "https://api-inference.huggingface.co/pipeline/feature-extraction/facebook/bart-base"
GENERATE = "http://localhost:8080/generate"
GENERATE_STREAM = "http://localhost:8080/generate_stream"
LOCAL_ROOT = "http://localhost:8080/"
EMBED = "http://localhost:8081/embed"

DETAILS: dict[str, Any] = {
    "finish_reason": "eos_token",
    "generated_tokens": 3,
    "seed": None,
    "prefill": [],
    "tokens": [
        {"id": 1, "text": "Hel", "logprob": -0.25, "special": False},
        {"id": 2, "text": "lo!", "logprob": -0.5, "special": False},
        {"id": 3, "text": "</s>", "logprob": -0.125, "special": True},
    ],
}
ASKED: dict[str, Any] = {
    "inputs": "Hi",
    "parameters": {
        "max_new_tokens": 64,
        "temperature": 0.5,
        "top_k": None,
        "stop": ["\n"],
        "details": True,
    },
}
SAID: dict[str, Any] = {"generated_text": "Hello!", "details": DETAILS}
TEXTS: dict[str, Any] = {"inputs": ["Hi", "Ho"], "normalize": True}


def token(at: int, text: str, *, special: bool = False, **last: Any) -> dict[str, Any]:
    """An event of a stream; the last one has the whole text and the details."""
    said = {"id": at, "text": text, "logprob": -0.25, "special": special}
    return {"index": at, "token": said, "generated_text": None, "details": None, **last}


STREAM = sse(
    token(1, "Hel"),
    token(2, "lo!"),
    token(
        3,
        "</s>",
        special=True,
        generated_text="Hello!",
        details={"finish_reason": "eos_token", "generated_tokens": 3, "input_length": 2},
    ),
)

PLAIN = {
    ENDPOINT: (ASKED, [SAID]),
    INFERENCE: (ASKED, [{"generated_text": "Hello!"}]),
    GENERATE: (ASKED, SAID),
    LOCAL_ROOT: (ASKED, [SAID]),
    TRANSLATION: ({"inputs": "Hallo!", "parameters": {}}, [{"translation_text": "Hello!"}]),
    LABELS: ({"inputs": "Hi"}, [[{"label": "POSITIVE", "score": 0.75}]]),
    FEATURES: ({"inputs": "Hi"}, [0.5, 0.25, 0.125]),
    OLD_FEATURES: ({"inputs": "Hi"}, [[[0.5, 0.25], [0.125, 0.5], [0.5, 0.5]]]),
    EMBED: (TEXTS, [[0.5, 0.25, 0.125], [0.25, 0.5, 0.125]]),
}
STREAMS = {
    ENDPOINT: (ASKED, STREAM),
    GENERATE_STREAM: (ASKED, STREAM),
}
