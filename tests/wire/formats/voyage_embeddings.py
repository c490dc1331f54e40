from __future__ import annotations

from typing import Any

VOYAGE = "https://api.voyageai.com/v1"

MULTIMODAL_ASKED: dict[str, Any] = {
    "model": "voyage-multimodal-3",
    "inputs": [
        {
            "content": [
                {"type": "text", "text": "A chart"},
                {"type": "image_url", "image_url": "https://x.example/a.png"},
                {"type": "image_base64", "image_base64": "data:image/png;base64,AAAA"},
            ]
        }
    ],
}
MULTIMODAL_SAID: dict[str, Any] = {
    "object": "list",
    "data": [{"object": "embedding", "embedding": [0.5, 0.25, 0.125], "index": 0}],
    "model": "voyage-multimodal-3",
    "usage": {"text_tokens": 2, "image_pixels": 1120, "total_tokens": 4},
}
CHUNKS_ASKED: dict[str, Any] = {
    "model": "voyage-context-3",
    "inputs": [["One.", "Two."], ["Three."]],
    "input_type": "document",
}
CHUNKS_SAID: dict[str, Any] = {
    "object": "list",
    "data": [
        {
            "object": "list",
            "data": [
                {"object": "embedding", "embedding": [0.5, 0.25, 0.125], "index": index}
                for index in range(chunks)
            ],
            "index": document,
        }
        for document, chunks in enumerate((2, 1))
    ],
    "model": "voyage-context-3",
    "usage": {"total_tokens": 6},
}

PLAIN = {
    f"{VOYAGE}/multimodalembeddings": (MULTIMODAL_ASKED, MULTIMODAL_SAID),
    f"{VOYAGE}/contextualizedembeddings": (CHUNKS_ASKED, CHUNKS_SAID),
}
