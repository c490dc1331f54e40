from __future__ import annotations

from typing import Any

ANTHROPIC = "https://api.anthropic.com/v1/messages/count_tokens"
VERTEX = (
    "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers"
    "/anthropic/models/count-tokens:rawPredict"
)
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash"
BEDROCK = (
    "https://bedrock-runtime.us-east-1.amazonaws.com/model"
    "/anthropic.claude-sonnet-4-20250514-v1%3A0/count-tokens"
)
OPENAI = "https://api.openai.com/v1/responses/input_tokens"
COHERE = "https://api.cohere.com/v1"
XAI = "https://api.x.ai/v1/tokenize-text"
VLLM = "http://localhost:8000/tokenize"
LLAMA = "http://localhost:8080/tokenize"

MESSAGES_ASKED: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "messages": [{"role": "user", "content": "Hi"}],
}
GEMINI_ASKED: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
BEDROCK_ASKED: dict[str, Any] = {
    "input": {"converse": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}}
}

PLAIN = {
    ANTHROPIC: (MESSAGES_ASKED, {"input_tokens": 8}),
    VERTEX: (MESSAGES_ASKED, {"input_tokens": 8}),
    f"{GEMINI}:countTokens": (
        GEMINI_ASKED,
        {"totalTokens": 8, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 8}]},
    ),
    f"{GEMINI}:computeTokens": (
        GEMINI_ASKED,
        {"tokensInfo": [{"tokens": ["SGk=", "IQ=="], "tokenIds": ["7", "2"], "role": "user"}]},
    ),
    BEDROCK: (BEDROCK_ASKED, {"inputTokens": 8}),
    OPENAI: (
        {"model": "gpt-5", "input": "Hi"},
        {"object": "response.input_tokens", "input_tokens": 8},
    ),
    f"{COHERE}/tokenize": (
        {"model": "command-a-03-2025", "text": "Hi!"},
        {
            "tokens": [9707, 0],
            "token_strings": ["Hi", "!"],
            "meta": {"api_version": {"version": "1"}},
        },
    ),
    f"{COHERE}/detokenize": (
        {"model": "command-a-03-2025", "tokens": [9707, 0]},
        {"text": "Hi!", "meta": {"api_version": {"version": "1"}}},
    ),
    XAI: (
        {"model": "grok-4", "text": "Hi!"},
        {"token_ids": [{"token_id": 7, "string_token": "Hi!", "token_bytes": [72, 105, 33]}]},
    ),
    VLLM: (
        {"model": "qwen3", "prompt": "Hi!"},
        {"count": 2, "max_model_len": 4096, "tokens": [9707, 0], "token_strs": None},
    ),
    LLAMA: ({"content": "Hi!"}, {"tokens": [9707, 0]}),
}
