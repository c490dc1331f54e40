from __future__ import annotations

from typing import Any

COHERE = "https://api.cohere.com"

ASKED: dict[str, Any] = {
    "model": "embed-v4.0",
    "texts": ["Hi", "Ho"],
    "input_type": "search_query",
    "embedding_types": ["float"],
}
META: dict[str, Any] = {
    "api_version": {"version": "2"},
    "billed_units": {"input_tokens": 2, "image_tokens": 0},
}
SAID: dict[str, Any] = {
    "id": "e-1",
    "embeddings": {"float": [[0.5, 0.25, 0.125], [0.5, 0.5, 0.5]]},
    "texts": ["Hi", "Ho"],
    "meta": META,
    "response_type": "embeddings_by_type",
}
FIRST_SAID: dict[str, Any] = {
    "id": "e-1",
    "embeddings": [[0.5, 0.25, 0.125], [0.5, 0.5, 0.5]],
    "texts": ["Hi", "Ho"],
    "meta": {"api_version": {"version": "1"}, "billed_units": {"input_tokens": 2}},
    "response_type": "embeddings_floats",
}

PLAIN = {
    f"{COHERE}/v2/embed": (ASKED, SAID),
    f"{COHERE}/v1/embed": ({"model": "embed-english-v3.0", "texts": ["Hi", "Ho"]}, FIRST_SAID),
    "http://localhost:4000/cohere/v2/embed": (ASKED, SAID),
}
