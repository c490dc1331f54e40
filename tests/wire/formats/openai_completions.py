"""Completions, as OpenAI, Azure, Writer and Mistral answer them."""

from __future__ import annotations

from tests.wire.recordings import CHAT_SAID, sse

ASKED = {"model": "gpt-3.5-turbo-instruct", "prompt": "Say hello"}
SAID = {
    "id": "cmpl-1",
    "object": "text_completion",
    "created": 1,
    "model": "gpt-3.5-turbo-instruct:20230824-v2",
    "choices": [{"text": "Hello!", "index": 0, "logprobs": None, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4},
}


def piece(text: str, finish_reason: str | None = None, index: int = 0) -> dict[str, object]:
    choice = {"text": text, "index": index, "logprobs": None, "finish_reason": finish_reason}
    return {**SAID, "choices": [choice], "usage": None}


PLAIN = {
    "https://api.openai.com/v1/completions": (ASKED, SAID),
    "http://localhost:8080/v1/completions": ({"prompt": "Say hello"}, SAID),
    "https://r.openai.azure.com//openai/deployments/my-gpt/completions?api-version=1": (
        {"prompt": "Say hello"},
        SAID,
    ),
    "https://w.cloud.databricks.com/serving-endpoints/my-llama/invocations": (
        {"prompt": "Say hello"},
        SAID,
    ),
    "https://api.writer.com/v1/completions": (
        {"model": "palmyra-x4", "prompt": "Say hello"},
        {"choices": [{"text": "Hello!", "log_probs": None}], "model": "palmyra-x4"},
    ),
    "https://api.mistral.ai/v1/fim/completions": (
        {"model": "codestral-latest", "prompt": "Say hello", "suffix": "return"},
        CHAT_SAID,
    ),
}
STREAMS = {
    "https://api.openai.com/v1/completions": (
        ASKED,
        sse(piece("Hel"), piece("lo!"), piece("", "stop"), {**SAID, "choices": []}, "[DONE]"),
    ),
    "https://api.writer.com/v1/completions": (
        {"model": "palmyra-x4", "prompt": "Say hello"},
        sse({"value": "Hel"}, {"value": "lo!"}),
    ),
}
