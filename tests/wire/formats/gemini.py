from __future__ import annotations

import json
from typing import Any

from tests.wire.recordings import sse

GEMINI = "https://generativelanguage.googleapis.com/v1beta"
VERTEX = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1"
FLASH = f"{GEMINI}/models/gemini-2.5-flash"
VERTEX_FLASH = f"{VERTEX}/publishers/google/models/gemini-2.5-flash"
# As Google's own REST clients ask: enums come as numbers.
NUMBERED = "?%24alt=json%3Benum-encoding%3Dint"

ASKED: dict[str, Any] = {
    "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "generationConfig": {"temperature": 0.5, "maxOutputTokens": 64},
}
USAGE: dict[str, Any] = {
    "promptTokenCount": 8,
    "candidatesTokenCount": 2,
    "thoughtsTokenCount": 30,
    "totalTokenCount": 40,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 8}],
    "serviceTier": "standard",
}
NAMES: dict[str, Any] = {"modelVersion": "gemini-2.5-flash", "responseId": "resp-1"}


def candidate(*parts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": [*parts]}, "index": 0, **fields}


def chunk(*parts: dict[str, Any], usage: Any = USAGE, **fields: Any) -> dict[str, Any]:
    """A part of a stream, or a whole answer."""
    return {"candidates": [candidate(*parts, **fields)], "usageMetadata": usage, **NAMES}


SAID: dict[str, Any] = chunk({"text": "Hello!"}, finishReason="STOP")
NUMBERED_SAID: dict[str, Any] = {
    **NAMES,
    "candidates": [
        {"content": {"role": "model", "parts": [{"text": "Hello!"}]}, "finishReason": 1}
    ],
    "usageMetadata": {
        "promptTokenCount": 8,
        "candidatesTokenCount": 2,
        "totalTokenCount": 10,
        "trafficType": 1,
        "promptTokensDetails": [{"modality": 1, "tokenCount": 8}],
    },
}
CHUNKS: list[dict[str, Any]] = [
    chunk({"text": "", "thought": True}, usage={"promptTokenCount": 8}),
    chunk({"text": "Hel"}, usage={"promptTokenCount": 8, "candidatesTokenCount": 1}),
    chunk({"text": "lo!"}, usage=None),
    chunk({"text": "", "thoughtSignature": "AAAA"}, finishReason="STOP"),
]


def array(*said: Any) -> list[bytes]:
    """The elements of an array as the server sends them when it is not asked for events."""
    spelled = [json.dumps(one).encode() for one in said]
    return [b"[" + spelled[0], *(b",\r\n" + one for one in spelled[1:]), b"]"]


PLAIN = {
    f"{FLASH}:generateContent": (ASKED, SAID),
    f"{VERTEX_FLASH}:generateContent{NUMBERED}": (ASKED, NUMBERED_SAID),
    f"{VERTEX}/endpoints/123:generateContent": (ASKED, SAID),
    f"{GEMINI}/tunedModels/mine:generateContent": (ASKED, SAID),
    "http://localhost:8787/google/v1beta/models/gemini-2.5-flash:generateContent": (ASKED, SAID),
}
STREAMS = {
    f"{FLASH}:streamGenerateContent?alt=sse": (
        ASKED,
        [piece.replace(b"\n", b"\r\n") for piece in sse(*CHUNKS)],
    ),
    f"{FLASH}:streamGenerateContent": (ASKED, array(*CHUNKS)),
}
