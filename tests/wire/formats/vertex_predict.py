from __future__ import annotations

from typing import Any

from tests.wire.formats.gemini import GEMINI, VERTEX
from tests.wire.recordings import CHAT_ASKED, CHAT_SAID, CHAT_STREAM

PUBLISHERS = f"{VERTEX}/publishers"
TEXT = f"{PUBLISHERS}/google/models/text-bison:predict"
CHAT = f"{PUBLISHERS}/google/models/chat-bison@002:predict"
IMAGEN = f"{GEMINI}/models/imagen-4.0-generate-001:predict"
ENDPOINT = f"{VERTEX}/endpoints/456:predict"
MISTRAL = f"{PUBLISHERS}/mistralai/models/mistral-small-2503"

RATED: dict[str, Any] = {"categories": ["Insult"], "scores": [0.1], "blocked": False}
COUNTED: dict[str, Any] = {
    "tokenMetadata": {
        "inputTokenCount": {"totalTokens": 1, "totalBillableCharacters": 2},
        "outputTokenCount": {"totalTokens": 2, "totalBillableCharacters": 6},
    }
}

PLAIN: dict[str, tuple[Any, Any]] = {
    TEXT: (
        {"instances": [{"prompt": "Hi"}], "parameters": {"temperature": 0.2, "topK": 40}},
        {"predictions": [{"content": "Hello!", "safetyAttributes": RATED}], "metadata": COUNTED},
    ),
    CHAT: (
        {
            "instances": [
                {
                    "context": "Be brief.",
                    "examples": [{"input": {"content": "Ho"}, "output": {"content": "Ho!"}}],
                    "messages": [{"author": "user", "content": "Hi"}],
                }
            ]
        },
        {
            "predictions": [
                {
                    "candidates": [{"author": "bot", "content": "Hello!"}],
                    "safetyAttributes": [RATED],
                }
            ],
            "metadata": COUNTED,
        },
    ),
    IMAGEN: (
        {"instances": [{"prompt": "A cat"}], "parameters": {"sampleCount": 2}},
        {"predictions": [{"mimeType": "image/png", "bytesBase64Encoded": "AAAA"}] * 2},
    ),
    ENDPOINT: ({"instances": [[1, 2]]}, {"predictions": [0.5], "deployedModelId": "7"}),
    f"{MISTRAL}:rawPredict": ({**CHAT_ASKED, "model": "mistral-small-2503"}, CHAT_SAID),
    f"{PUBLISHERS}/acme/models/oracle:rawPredict": ({"question": "Hi"}, {"answer": 42}),
}
STREAMS = {
    f"{MISTRAL}:streamRawPredict": ({**CHAT_ASKED, "model": "mistral-small-2503"}, CHAT_STREAM),
}
