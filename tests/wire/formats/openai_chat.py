"""Chats of the many servers that speak OpenAI's format, each with what is special in it."""

from __future__ import annotations

from typing import Any

from tests.wire.recordings import CHAT_ASKED, CHAT_SAID, delta, sse

MESSAGES = {"messages": CHAT_ASKED["messages"]}
SAFE: dict[str, Any] = {
    "hate": {"filtered": False, "severity": "safe"},
    "violence": {"filtered": False, "severity": "low"},
}
PROMPT_FILTERS = {
    "prompt_filter_results": [
        {
            "prompt_index": 0,
            "content_filter_results": {
                **SAFE,
                "jailbreak": {"filtered": False, "detected": False},
            },
        }
    ]
}
GROQ_USAGE = {
    **CHAT_SAID["usage"],
    "queue_time": 0.018,
    "prompt_time": 0.004,
    "completion_time": 0.12,
    "total_time": 0.124,
}
OPENROUTER_SAID = {
    **CHAT_SAID,
    "id": "gen-1760000000-abcdefghij",
    "provider": "DeepInfra",
    "model": "meta-llama/llama-3.1-8b-instruct",
    "usage": {**CHAT_SAID["usage"], "cost": 0.0000012, "is_byok": False},
}


def said(**fields: Any) -> dict[str, Any]:
    """A plain answer whose message, or the answer itself, has more than the usual fields."""
    message = {"role": "assistant", "content": "Hello!", **fields}
    return {**CHAT_SAID, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


def filtered(piece: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
    """A chunk of Azure's, with what its filters say of it."""
    return {**piece, "choices": [{**piece["choices"][0], "content_filter_results": results}]}


AZURE = (
    "https://r.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21"
)
OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"
GROQ = "https://api.groq.com/openai/v1/chat/completions"
MISTRAL = "https://api.mistral.ai/v1/chat/completions"

PLAIN = {
    AZURE: (
        MESSAGES,
        {
            **CHAT_SAID,
            **PROMPT_FILTERS,
            "choices": [{**CHAT_SAID["choices"][0], "content_filter_results": SAFE}],
        },
    ),
    "https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview": (
        CHAT_ASKED,
        CHAT_SAID,
    ),
    "https://models.github.ai/inference/chat/completions": (CHAT_ASKED, CHAT_SAID),
    OPENROUTER: (CHAT_ASKED, OPENROUTER_SAID),
    GROQ: (CHAT_ASKED, {**CHAT_SAID, "usage": GROQ_USAGE, "x_groq": {"id": "req_1"}}),
    MISTRAL: (CHAT_ASKED, said(content=[{"type": "text", "text": "Hello!"}])),
    "https://api.mistral.ai/v1/agents/completions": ({"agent_id": "ag_1", **MESSAGES}, CHAT_SAID),
    "https://api.perplexity.ai/chat/completions": (
        CHAT_ASKED,
        {**CHAT_SAID, "citations": ["https://x.example/a"]},
    ),
    "https://w.cloud.databricks.com/serving-endpoints/my-llama/invocations": (MESSAGES, CHAT_SAID),
    "https://api.portkey.ai/v1/prompts/pp-hello-1/completions": (
        {"variables": {"name": "Ada"}},
        CHAT_SAID,
    ),
    "https://api.writer.com/v1/chat": (CHAT_ASKED, CHAT_SAID),
    "http://localhost:4000/v1/chat/completions": (CHAT_ASKED, CHAT_SAID),
}
STREAMS = {
    AZURE: (
        MESSAGES,
        sse(
            {"id": "", "model": "", "object": "", "choices": [], **PROMPT_FILTERS},
            filtered(delta(role="assistant", content=""), {}),
            filtered(delta(content="Hel"), SAFE),
            filtered(delta(content="lo!"), SAFE),
            filtered(delta(finish_reason="stop"), {}),
            "[DONE]",
        ),
    ),
    OPENROUTER: (
        CHAT_ASKED,
        [
            b": OPENROUTER PROCESSING\n\n",
            *sse(
                {**OPENROUTER_SAID, **delta(content="Hel")},
                {**OPENROUTER_SAID, **delta(content="lo!", finish_reason="stop")},
                {**OPENROUTER_SAID, "choices": []},
                "[DONE]",
            ),
        ],
    ),
    GROQ: (
        CHAT_ASKED,
        sse(
            delta(role="assistant", content=""),
            delta(content="Hel"),
            delta(content="lo!"),
            {**delta(finish_reason="stop"), "x_groq": {"id": "req_1", "usage": GROQ_USAGE}},
            "[DONE]",
        ),
    ),
    f"{MISTRAL}#stream": (
        CHAT_ASKED,
        sse(
            delta(content=[{"type": "text", "text": "Hel"}]),
            {**delta(content="lo!", finish_reason="stop"), "usage": CHAT_SAID["usage"]},
            "[DONE]",
        ),
    ),
}
