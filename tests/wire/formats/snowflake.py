from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

SNOWFLAKE = "https://acme-x1.snowflakecomputing.com/api/v2/cortex"
COMPLETE = f"{SNOWFLAKE}/inference:complete"
EMBED = f"{SNOWFLAKE}/inference:embed"

TOOL: dict[str, Any] = {
    "tool_spec": {
        "type": "generic",
        "name": "get_weather",
        "description": "The weather of a place.",
        "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}},
    }
}
ASKED: dict[str, Any] = {
    "model": "claude-3-5-sonnet",
    "messages": [{"role": "user", "content": "Hi"}],
    "max_tokens": 64,
    "tools": [TOOL],
}
USAGE: dict[str, Any] = {"prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10}
SAID: dict[str, Any] = {
    "id": "s-1",
    "model": "claude-3-5-sonnet",
    "choices": [
        {
            "message": {
                "content": "Hello!",
                "content_list": [{"type": "text", "text": "Hello!"}],
            }
        }
    ],
    "usage": USAGE,
}


def event(delta: dict[str, Any], usage: dict[str, Any] | None = None) -> dict[str, Any]:
    choices = [{"delta": delta}]
    return {"id": "s-1", "model": "claude-3-5-sonnet", "choices": choices, "usage": usage or {}}


def words(text: str) -> dict[str, Any]:
    """A delta of text, which stands in it three times."""
    content = [{"type": "text", "text": text}]
    return {"type": "text", "content": text, "content_list": content, "text": text}


STREAM = sse(event(words("Hel")), event(words("lo!")), event(words(""), USAGE))

PLAIN = {
    COMPLETE: (ASKED, SAID),
    EMBED: (
        {"model": "e5-base-v2", "text": ["Hi", "Ho"]},
        {
            "model": "e5-base-v2",
            "data": [
                {"object": "embedding", "index": at, "embedding": [[0.5, 0.25, 0.125]]}
                for at in (0, 1)
            ],
            "usage": {"total_tokens": 4},
        },
    ),
}
STREAMS = {COMPLETE: (ASKED, STREAM)}
