from __future__ import annotations

from typing import Any

from tests.wire.formats.gemini import GEMINI
from tests.wire.recordings import sse

INTERACTIONS = f"{GEMINI}/interactions"
OLD = "http://localhost:3000/google/v1beta/interactions"

ASKED: dict[str, Any] = {"model": "gemini-3-flash-preview", "input": "Hi"}
USAGE: dict[str, Any] = {
    "total_tokens": 40,
    "total_input_tokens": 8,
    "input_tokens_by_modality": [{"modality": "text", "tokens": 8}],
    "total_cached_tokens": 0,
    "total_output_tokens": 2,
    "total_tool_use_tokens": 0,
    "total_thought_tokens": 30,
}
NAMES: dict[str, Any] = {
    "id": "v1_abc",
    "object": "interaction",
    "model": "gemini-3-flash-preview",
}
SAID: dict[str, Any] = {
    **NAMES,
    "status": "completed",
    "service_tier": "standard",
    "steps": [
        {"type": "thought", "signature": "AAAA", "summary": [{"type": "text", "text": "A hello."}]},
        {"type": "model_output", "content": [{"type": "text", "text": "Hello!"}]},
    ],
    "usage": USAGE,
}
OLD_SAID: dict[str, Any] = {
    **NAMES,
    "role": "model",
    "status": "completed",
    "outputs": [{"type": "thought", "signature": "AAAA"}, {"type": "text", "text": "Hello!"}],
    "usage": USAGE,
}


def step(index: int, started: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    """A step of a stream, begun and filled."""
    return [
        {"event_type": "step.start", "index": index, "step": started},
        *({"event_type": "step.delta", "index": index, "delta": delta} for delta in deltas),
        {"event_type": "step.stop", "index": index},
    ]


BEGUN: dict[str, Any] = {**NAMES, "status": "in_progress"}
ENDED: dict[str, Any] = {**NAMES, "status": "completed", "usage": USAGE}
WORDS = [{"type": "text", "text": piece} for piece in ("Hel", "lo!")]
THOUGHT: dict[str, Any] = {"type": "thought_signature", "signature": "AAAA"}

EVENTS: list[dict[str, Any]] = [
    {"event_type": "interaction.created", "interaction": BEGUN},
    {
        "event_type": "interaction.status_update",
        "interaction_id": "v1_abc",
        "status": "in_progress",
    },
    *step(0, {"type": "thought"}, THOUGHT),
    *step(1, {"type": "model_output"}, *WORDS),
    {"event_type": "interaction.completed", "interaction": ENDED},
]
OLD_EVENTS: list[dict[str, Any]] = [
    {"event_type": "interaction.start", "interaction": BEGUN},
    {"event_type": "content.start", "index": 0, "content": {"type": "thought"}},
    {"event_type": "content.delta", "index": 0, "delta": THOUGHT},
    {"event_type": "content.start", "index": 1, "content": {"type": "text"}},
    *({"event_type": "content.delta", "index": 1, "delta": word} for word in WORDS),
    {"event_type": "content.stop", "index": 1},
    {"event_type": "interaction.complete", "interaction": ENDED},
]


def events(*said: dict[str, Any]) -> list[bytes]:
    return sse(*((one["event_type"], one) for one in said), ("done", "[DONE]"))


PLAIN = {INTERACTIONS: (ASKED, SAID), OLD: (ASKED, OLD_SAID)}
STREAMS = {
    INTERACTIONS: (ASKED, events(*EVENTS)),
    OLD: (ASKED, events(*OLD_EVENTS)),
}
