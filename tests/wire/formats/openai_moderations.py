"""Moderations of OpenAI and Mistral."""

from __future__ import annotations

from typing import Any

MODERATIONS = "https://api.openai.com/v1/moderations"
RESULT: dict[str, Any] = {
    "flagged": True,
    "categories": {"hate": False, "violence": True},
    "category_scores": {"hate": 0.0004, "violence": 0.99},
    "category_applied_input_types": {"hate": ["text"], "violence": ["text"]},
}
SAID = {"id": "modr-1", "model": "omni-moderation-2024-09-26", "results": [RESULT]}
OF_MISTRAL = {
    "id": "mod-1",
    "model": "mistral-moderation-2411",
    "results": [
        {
            "categories": {"pii": True, "selfharm": False},
            "category_scores": {"pii": 0.97, "selfharm": 0.01},
        }
    ],
}

PLAIN = {
    MODERATIONS: ({"model": "omni-moderation-latest", "input": "I hate you"}, SAID),
    "https://api.mistral.ai/v1/chat/moderations": (
        {
            "model": "mistral-moderation-latest",
            "input": [[{"role": "user", "content": "My number is 1"}]],
        },
        OF_MISTRAL,
    ),
}
