from __future__ import annotations

from typing import Any

from tests.wire.formats.gemini import GEMINI, VERTEX

EMBEDDING = f"{GEMINI}/models/gemini-embedding-001"
PREDICT = f"{VERTEX}/publishers/google/models/gemini-embedding-001:predict"

CONTENT: dict[str, Any] = {"parts": [{"text": "Hi"}]}
VECTOR: dict[str, Any] = {"values": [0.5, 0.25, 0.125]}
PREDICTED: dict[str, Any] = {
    "predictions": [
        {"embeddings": {**VECTOR, "statistics": {"token_count": tokens, "truncated": False}}}
        for tokens in (2, 3)
    ],
    "metadata": {"billableCharacterCount": 4},
}

PLAIN = {
    f"{EMBEDDING}:embedContent": (
        {"content": CONTENT, "outputDimensionality": 3},
        {"embedding": VECTOR, "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1}},
    ),
    f"{EMBEDDING}:batchEmbedContents": (
        {"requests": [{"model": "models/gemini-embedding-001", "content": CONTENT}] * 2},
        {"embeddings": [VECTOR, VECTOR]},
    ),
    PREDICT: ({"instances": [{"content": "Hi"}, {"content": "Ho"}]}, PREDICTED),
}
