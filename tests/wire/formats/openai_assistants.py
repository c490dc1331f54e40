"""Assistants: what is set up for them, and streamed runs. Plain runs have no words of their own."""

from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

OPENAI = "https://api.openai.com/v1"
RUNS = f"{OPENAI}/threads/thread_1/runs"
RUN: dict[str, Any] = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1,
    "assistant_id": "asst_1",
    "thread_id": "thread_1",
    "status": "queued",
    "required_action": None,
    "last_error": None,
    "incomplete_details": None,
    "model": "gpt-4o-mini",
    "instructions": "Be kind.",
    "tools": [{"type": "code_interpreter"}],
    "usage": None,
    "parallel_tool_calls": True,
}
DONE = {
    **RUN,
    "status": "completed",
    "usage": {
        "prompt_tokens": 381,
        "completion_tokens": 88,
        "total_tokens": 469,
        "prompt_token_details": {"cached_tokens": 12},
        "completion_tokens_details": {"reasoning_tokens": 0},
    },
}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "object": "thread.message",
    "created_at": 5,
    "assistant_id": "asst_1",
    "thread_id": "thread_1",
    "run_id": "run_1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "text", "text": {"value": "Hello!", "annotations": []}}],
}
ASKED = {"assistant_id": "asst_1", "instructions": "Be kind."}
ASSISTANT = {"id": "asst_1", "object": "assistant", "created_at": 1, "model": "gpt-4o", "tools": []}


def words(piece: str) -> tuple[str, dict[str, Any]]:
    """A delta of the message."""
    text = {"index": 0, "type": "text", "text": {"value": piece}}
    said = {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": [text]}}
    return "thread.message.delta", said


PLAIN = {
    f"{OPENAI}/assistants": ({"model": "gpt-4o", "instructions": "Be kind."}, ASSISTANT),
    f"{OPENAI}/threads": ({}, {"id": "thread_1", "object": "thread", "created_at": 1}),
    f"{OPENAI}/threads/thread_1/messages": (
        {"role": "user", "content": "Hi"},
        {**MESSAGE, "role": "user", "run_id": None, "assistant_id": None},
    ),
    "https://r.openai.azure.com/openai/threads?api-version=2024-05-01-preview": (
        {"messages": [{"role": "user", "content": "Hi"}]},
        {"id": "thread_1", "object": "thread", "created_at": 1},
    ),
}
STREAM = sse(
    ("thread.run.created", RUN),
    ("thread.run.in_progress", {**RUN, "status": "in_progress"}),
    ("thread.message.created", {**MESSAGE, "status": "in_progress", "content": []}),
    words("Hel"),
    words("lo!"),
    ("thread.message.completed", MESSAGE),
    ("thread.run.completed", DONE),
    ("done", "[DONE]"),
)
STREAMS = {
    RUNS: (ASKED, STREAM),
    "https://r.openai.azure.com/openai/threads/runs?api-version=2024-05-01-preview": (
        {**ASKED, "thread": {"messages": [{"role": "user", "content": "Hi"}]}},
        STREAM,
    ),
}
