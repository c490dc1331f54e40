"""InvokeModel and InvokeModelWithResponseStream, in the formats of the model families."""

from __future__ import annotations

from typing import Any

from tests.wire.formats.bedrock_converse import ASKED as CONVERSE_ASKED
from tests.wire.formats.bedrock_converse import HOST, SAID
from tests.wire.frames import chunk
from tests.wire.recordings import CHAT_SAID, CHAT_STREAM, MESSAGES_SAID, MESSAGES_STREAM

METRICS = {
    "amazon-bedrock-invocationMetrics": {
        "inputTokenCount": 8,
        "outputTokenCount": 2,
        "invocationLatency": 1250,
        "firstByteLatency": 500,
    }
}
MESSAGES: dict[str, Any] = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hi"}],
}
CLAUDE_2: dict[str, Any] = {
    "prompt": "\n\nHuman: Hi\n\nAssistant:",
    "max_tokens_to_sample": 64,
    "stop_sequences": ["\n\nHuman:"],
}
NOVA: dict[str, Any] = {
    **CONVERSE_ASKED,
    "schemaVersion": "messages-v1",
    "inferenceConfig": {"max_new_tokens": 64, "top_k": 20},
}
NOVA_USAGE = {
    "inputTokens": 8,
    "outputTokens": 2,
    "cacheReadInputTokenCount": 0,
    "cacheWriteInputTokenCount": 0,
}
TITAN: dict[str, Any] = {
    "inputText": "Hi",
    "textGenerationConfig": {"maxTokenCount": 64, "topP": 0.5, "stopSequences": ["|"]},
}
LLAMA: dict[str, Any] = {"prompt": "Hi", "max_gen_len": 64, "temperature": 0.5}
MISTRAL: dict[str, Any] = {"prompt": "<s>[INST] Hi [/INST]", "max_tokens": 64, "top_k": 5}
COMMAND: dict[str, Any] = {"prompt": "Hi", "max_tokens": 64, "p": 0.5, "k": 5}
COMMAND_R: dict[str, Any] = {
    "message": "Hi",
    "preamble": "Be brief",
    "chat_history": [
        {"role": "USER", "message": "Who are you?"},
        {"role": "CHATBOT", "message": "A model."},
    ],
    "max_tokens": 64,
}
JURASSIC: dict[str, Any] = {"prompt": "Hi", "maxTokens": 64, "numResults": 1}
CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 64}
NOVA_EMBEDDING: dict[str, Any] = {
    "taskType": "SINGLE_EMBEDDING",
    "singleEmbeddingParams": {
        "embeddingPurpose": "GENERIC_RETRIEVAL",
        "embeddingDimension": 256,
        "text": {"value": "Hi", "truncationMode": "NONE"},
    },
}
NOVA_IMAGE: dict[str, Any] = {
    "taskType": "TEXT_IMAGE",
    "textToImageParams": {"text": "A cat"},
    "imageGenerationConfig": {"numberOfImages": 2, "seed": 7},
}


def model(name: str, *, fragment: str = "") -> str:
    """The address of a model; its colon is percent-encoded, as SDKs do."""
    return f"{HOST}/model/{name.replace(':', '%3A')}/invoke{fragment}"


def streamed(name: str) -> str:
    return f"{model(name)}-with-response-stream"


def inner(pieces: list[bytes]) -> list[bytes]:
    """Server-sent events as frames that wrap their data."""
    datas = (piece.rpartition(b"data: ")[2].strip() for piece in pieces)
    return [chunk(data) for data in datas if data.startswith(b"{")]


PLAIN: dict[str, tuple[Any, Any]] = {
    model("us.anthropic.claude-sonnet-4-5-20250929-v1:0"): (MESSAGES, MESSAGES_SAID),
    model("anthropic.claude-v2:1"): (
        CLAUDE_2,
        {"type": "completion", "completion": "Hello!", "stop_reason": "stop_sequence"},
    ),
    model("amazon.nova-micro-v1:0"): (
        NOVA,
        {"output": SAID["output"], "stopReason": "end_turn", "usage": NOVA_USAGE},
    ),
    model("amazon.titan-text-express-v1"): (
        TITAN,
        {
            "inputTextTokenCount": 8.0,
            "results": [
                {"tokenCount": 2.0, "outputText": "Hello!", "completionReason": "FINISH"},
            ],
        },
    ),
    model("meta.llama3-8b-instruct-v1:0"): (
        LLAMA,
        {
            "generation": "Hello!",
            "prompt_token_count": 8,
            "generation_token_count": 2,
            "stop_reason": "stop",
        },
    ),
    model("mistral.mistral-7b-instruct-v0:2"): (
        MISTRAL,
        {"outputs": [{"text": "Hello!", "stop_reason": "stop"}]},
    ),
    model("mistral.mistral-large-2402-v1:0"): (
        CHAT,
        {
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "Hello!", "tool_calls": None},
                    "stop_reason": "stop",
                }
            ]
        },
    ),
    model("cohere.command-light-text-v14"): (
        COMMAND,
        {
            "id": "c1",
            "prompt": "Hi",
            "generations": [{"id": "g1", "text": "Hello!", "finish_reason": "COMPLETE"}],
        },
    ),
    model("cohere.command-r-v1:0"): (
        COMMAND_R,
        {
            "response_id": "r1/g1",
            "generation_id": "g1",
            "text": "Hello!",
            "chat_history": [{"role": "USER", "message": "Hi"}],
            "finish_reason": "COMPLETE",
        },
    ),
    model("ai21.j2-mid-v1"): (
        JURASSIC,
        {
            "id": 1234,
            "prompt": {"text": "Hi", "tokens": [{"generatedToken": {"token": "Hi"}}] * 8},
            "completions": [
                {
                    "data": {"text": "Hello!", "tokens": [{}, {}]},
                    "finishReason": {"reason": "endoftext"},
                }
            ],
        },
    ),
    model("ai21.jamba-1-5-mini-v1:0"): (CHAT, CHAT_SAID),
    model("openai.gpt-oss-20b-1:0"): (CHAT, CHAT_SAID),
    model("us.deepseek.r1-v1:0"): (
        {"prompt": "Hi", "max_tokens": 64},
        {"choices": [{"text": "Hello!", "stop_reason": "stop"}]},
    ),
    model("us.twelvelabs.pegasus-1-2-v1:0"): (
        {"inputPrompt": "Hi", "mediaSource": {"s3Location": {"uri": "s3://b/a.mp4"}}},
        {"message": "Hello!", "finishReason": "stop"},
    ),
    model("amazon.titan-embed-text-v2:0"): (
        {"inputText": "Hi", "dimensions": 3},
        {
            "embedding": [0.5, 0.25, 0.125],
            "embeddingsByType": {"float": [0.5, 0.25, 0.125]},
            "inputTextTokenCount": 2,
        },
    ),
    model("amazon.titan-embed-image-v1"): (
        {"inputText": "Hi", "inputImage": "AAAA"},
        {"embedding": [0.5, 0.25], "inputTextTokenCount": 2, "message": None},
    ),
    model("cohere.embed-english-v3"): (
        {"texts": ["Hi", "Ho"], "input_type": "search_document"},
        {
            "id": "e1",
            "response_type": "embeddings_floats",
            "embeddings": [[0.5, 0.25, 0.125], [0.5, 0.25, 0.125]],
            "texts": ["hi", "ho"],
        },
    ),
    model("cohere.embed-v4:0"): (
        {
            "input_type": "search_query",
            "inputs": [{"content": [{"type": "text", "text": "Hi"}]}],
            "embedding_types": ["float"],
        },
        {"id": "e2", "response_type": "embeddings_by_type", "embeddings": {"float": [[0.5, 0.25]]}},
    ),
    model("amazon.nova-2-multimodal-embeddings-v1:0"): (
        NOVA_EMBEDDING,
        {"embeddings": [{"embeddingType": "TEXT", "embedding": [0.5, 0.25, 0.125]}]},
    ),
    model("cohere.rerank-v3-5:0"): (
        {"query": "Hi", "documents": ["a", "b"], "api_version": 2},
        {"results": [{"index": 1, "relevance_score": 0.75}]},
    ),
    model("amazon.nova-canvas-v1:0"): (NOVA_IMAGE, {"images": ["AAAA", "BBBB"], "error": None}),
    model("stability.stable-image-ultra-v1:1"): (
        {"prompt": "A cat", "mode": "text-to-image", "output_format": "png"},
        {"seeds": [7], "finish_reasons": [None], "images": ["AAAA"]},
    ),
    model("stability.stable-diffusion-xl-v1"): (
        {"text_prompts": [{"text": "A cat", "weight": 1.0}], "samples": 1},
        {
            "result": "success",
            "artifacts": [{"seed": 7, "base64": "AAAA", "finishReason": "SUCCESS"}],
        },
    ),
    "http://localhost:8787/bedrock/model/llama/invoke": (
        LLAMA,
        {"generation": "Hello!", "stop_reason": "stop"},
    ),
}
STREAMS: dict[str, tuple[Any, list[bytes]]] = {
    streamed("us.anthropic.claude-sonnet-4-5-20250929-v1:0"): (MESSAGES, inner(MESSAGES_STREAM)),
    streamed("anthropic.claude-instant-v1"): (
        CLAUDE_2,
        [
            chunk({"type": "completion", "completion": "Hel", "stop_reason": None}),
            chunk({"completion": "lo!", "stop_reason": "stop_sequence", **METRICS}),
        ],
    ),
    streamed("amazon.nova-micro-v1:0"): (
        NOVA,
        [
            chunk({"messageStart": {"role": "assistant"}}),
            chunk({"contentBlockDelta": {"delta": {"text": "Hel"}, "contentBlockIndex": 0}}),
            chunk({"contentBlockStop": {"contentBlockIndex": 0}}),
            chunk({"contentBlockDelta": {"delta": {"text": "lo!"}, "contentBlockIndex": 1}}),
            chunk({"messageStop": {"stopReason": "end_turn"}}),
            chunk({"metadata": {"usage": NOVA_USAGE, "metrics": {}, "trace": {}}, **METRICS}),
        ],
    ),
    streamed("amazon.titan-text-lite-v1"): (
        TITAN,
        [
            chunk({"outputText": "Hel", "index": 0.0, "inputTextTokenCount": 8.0}),
            chunk(
                {
                    "outputText": "lo!",
                    "index": 0.0,
                    "totalOutputTextTokenCount": 2.0,
                    "completionReason": "FINISH",
                    "inputTextTokenCount": None,
                    **METRICS,
                }
            ),
        ],
    ),
    streamed("meta.llama3-8b-instruct-v1:0"): (
        LLAMA,
        [
            chunk({"generation": "Hel", "prompt_token_count": 8, "generation_token_count": 1}),
            chunk(
                {
                    "generation": "lo!",
                    "prompt_token_count": None,
                    "generation_token_count": 2,
                    "stop_reason": "stop",
                    **METRICS,
                }
            ),
        ],
    ),
    streamed("mistral.mistral-7b-instruct-v0:2"): (
        MISTRAL,
        [
            chunk({"outputs": [{"text": "Hel", "stop_reason": None}]}),
            chunk({"outputs": [{"text": "lo!", "stop_reason": "stop"}], **METRICS}),
        ],
    ),
    streamed("cohere.command-light-text-v14"): (
        COMMAND,
        [
            chunk({"is_finished": False, "text": "Hel"}),
            chunk({"is_finished": False, "text": "lo!"}),
            chunk({"is_finished": True, "finish_reason": "COMPLETE", **METRICS}),
        ],
    ),
    streamed("cohere.command-r-v1:0"): (
        COMMAND_R,
        [
            chunk({"event_type": "stream-start", "is_finished": False, "generation_id": "g1"}),
            chunk({"event_type": "text-generation", "is_finished": False, "text": "Hel"}),
            chunk({"event_type": "text-generation", "is_finished": False, "text": "lo!"}),
            chunk(
                {
                    "event_type": "stream-end",
                    "is_finished": True,
                    "finish_reason": "COMPLETE",
                    "response": {"text": "Hello!", "generation_id": "g1"},
                    **METRICS,
                }
            ),
        ],
    ),
    streamed("openai.gpt-oss-20b-1:0"): (CHAT, inner(CHAT_STREAM)),
    streamed("us.deepseek.r1-v1:0"): (
        {"prompt": "Hi"},
        [
            chunk({"choices": [{"text": "Hel", "stop_reason": None}]}),
            chunk({"choices": [{"text": "lo!", "stop_reason": "stop"}], **METRICS}),
        ],
    ),
}
