from __future__ import annotations

import json
from typing import Any

DASHSCOPE = "https://dashscope-intl.aliyuncs.com/api/v1"
GENERATION = f"{DASHSCOPE}/services/aigc/text-generation/generation"
MULTIMODAL = f"{DASHSCOPE}/services/aigc/multimodal-generation/generation"
IMAGE = f"{DASHSCOPE}/services/aigc/text2image/image-synthesis"
EMBEDDINGS = f"{DASHSCOPE}/services/embeddings/text-embedding/text-embedding"
RERANK = f"{DASHSCOPE}/services/rerank/text-rerank/text-rerank"
APP = f"{DASHSCOPE}/apps/app-1/completion"
PROXIED = "https://gateway.example/dashscope/api/v1/services/aigc/text-generation/generation"

ASKED: dict[str, Any] = {
    "model": "qwen-plus",
    "input": {"messages": [{"role": "user", "content": "Hi"}]},
    "parameters": {"result_format": "message", "max_tokens": 64, "temperature": 0.5},
}
USAGE: dict[str, Any] = {
    "input_tokens": 8,
    "output_tokens": 2,
    "total_tokens": 10,
    "prompt_tokens_details": {"cached_tokens": 4},
}


def said(output: Any, **fields: Any) -> dict[str, Any]:
    return {"request_id": "r-1", "output": output, "usage": USAGE, **fields}


def choice(content: Any, reason: str = "null", **message: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **message}
    return {"choices": [{"message": message, "finish_reason": reason}]}


def numbered(*events: Any, name: str = "result") -> list[bytes]:
    """Events as DashScope sends them: the HTTP status in a comment, no blank after a colon."""
    return [
        f"id:{at}\nevent:{name}\n:HTTP_STATUS/200\ndata:{json.dumps(one)}\n\n".encode()
        for at, one in enumerate(events, 1)
    ]


CUMULATIVE = numbered(
    said(choice("")), said(choice("Hel")), said(choice("Hello!")), said(choice("Hello!", "stop"))
)
INCREMENTAL = numbered(
    said(choice("")), said(choice("Hel")), said(choice("lo!")), said(choice("", "stop"))
)

PLAIN = {
    GENERATION: (ASKED, said(choice("Hello!", "stop"), code="", message="", status_code=200)),
    f"{GENERATION}#text": (
        {"model": "qwen-max", "input": {"prompt": "Hi"}},
        said({"text": "Hello!", "finish_reason": "stop"}),
    ),
    MULTIMODAL: (
        {
            "model": "qwen-vl-plus",
            "input": {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"image": "https://shop.example/cat.png"}, {"text": "Hi"}],
                    }
                ]
            },
        },
        said(choice([{"text": "Hello!"}], "stop")),
    ),
    PROXIED: (ASKED, said(choice("Hello!", "stop"))),
    IMAGE: (
        {"model": "wan2.2-t2i-flash", "input": {"prompt": "A cat"}, "parameters": {"n": 1}},
        {"request_id": "r-1", "output": {"task_id": "t-1", "task_status": "PENDING"}},
    ),
    EMBEDDINGS: (
        {"model": "text-embedding-v4", "input": {"texts": ["Hi", "Ho"]}},
        said(
            {"embeddings": [{"text_index": at, "embedding": [0.5, 0.25]} for at in (0, 1)]},
            usage={"total_tokens": 4},
        ),
    ),
    RERANK: (
        {"model": "gte-rerank-v2", "input": {"query": "Hi", "documents": ["Hello", "Bye"]}},
        said({"results": [{"index": 0, "relevance_score": 0.75}]}, usage={"total_tokens": 6}),
    ),
    APP: (
        {"input": {"prompt": "Hi"}},
        said(
            {"text": "Hello!", "session_id": "s-1", "finish_reason": "stop"},
            usage={"models": [{"model_id": "qwen-max", "input_tokens": 8, "output_tokens": 2}]},
        ),
    ),
}
STREAMS = {
    GENERATION: (ASKED, CUMULATIVE),
    f"{GENERATION}#incremental": (
        {**ASKED, "parameters": {"incremental_output": True}},
        INCREMENTAL,
    ),
    f"{GENERATION}#unsaid": (ASKED, INCREMENTAL),
}
