"""Model endpoints that are recognised without being read."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Usage
from tests.wire.recordings import exchange

GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro"
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.amazon.nova-lite-v1%3A0"
NOVA = "us.amazon.nova-lite-v1:0"
OPENAI = "https://api.openai.com/v1"
COHERE = "https://api.cohere.com"
OLLAMA = "http://localhost:11434/api"
REPLICATE = "https://api.replicate.com/v1"
HUGGING_FACE = "https://x.us-east-1.aws.endpoints.huggingface.cloud/"
NAMED = {"model": "m", "prompt": "p", "messages": [], "input": "i"}


@pytest.mark.parametrize(
    ("url", "asked", "operation_name", "provider_name", "model"),
    [
        (f"{GEMINI}:generateContent", {}, "generate_content", "gcp.gemini", "gemini-2.5-pro"),
        (
            f"{GEMINI}:streamGenerateContent?alt=sse",
            {},
            "generate_content",
            "gcp.gemini",
            "gemini-2.5-pro",
        ),
        (f"{GEMINI}:batchEmbedContents", {}, "embeddings", "gcp.gemini", "gemini-2.5-pro"),
        (
            "https://us-central1-aiplatform.googleapis.com/v1/x/publishers/google/models/e:predict",
            {},
            "predict",
            "gcp.vertex_ai",
            "e",
        ),
        (f"{BEDROCK}/converse", {}, "chat", "aws.bedrock", NOVA),
        (f"{BEDROCK}/invoke-with-response-stream", {}, "chat", "aws.bedrock", NOVA),
        ("http://localhost:8787/bedrock/model/m/converse", {}, "chat", "localhost:8787", "m"),
        (f"{COHERE}/v1/chat", {"message": "Hi"}, "chat", "cohere", None),
        (f"{COHERE}/v2/chat", NAMED, "chat", "cohere", "m"),
        (f"{COHERE}/v2/embed", NAMED, "embeddings", "cohere", "m"),
        (f"{COHERE}/v2/rerank", NAMED, "rerank", "cohere", "m"),
        (f"{OLLAMA}/chat", NAMED, "chat", "ollama", "m"),
        (f"{OLLAMA}/generate", NAMED, "text_completion", "ollama", "m"),
        (f"{OLLAMA}/embed", NAMED, "embeddings", "ollama", "m"),
        (f"{OPENAI}/completions", NAMED, "text_completion", "openai", "m"),
        ("http://localhost:8000/v1/completions", NAMED, "text_completion", "localhost:8000", "m"),
        (f"{OPENAI}/moderations", NAMED, "moderation", "openai", "m"),
        (f"{OPENAI}/images/generations", NAMED, "image_generation", "openai", "m"),
        (f"{OPENAI}/audio/transcriptions", b"--x", "audio_transcription", "openai", None),
        (f"{OPENAI}/audio/speech", NAMED, "speech", "openai", "m"),
        (f"{OPENAI}/threads/t/runs", {"assistant_id": "a"}, "invoke_agent", "openai", None),
        (f"{OPENAI}/responses/compact", NAMED, "compact", "openai", "m"),
        ("https://api.anthropic.com/v1/complete", NAMED, "text_completion", "anthropic", "m"),
        (f"{REPLICATE}/models/a/b/predictions", {}, "predictions", "replicate", None),
        (HUGGING_FACE, {}, "text_completion", "huggingface", None),
        ("https://us-south.ml.cloud.ibm.com/ml/v1/text/chat", {}, "chat", "ibm.watsonx.ai", None),
        ("https://api.voyageai.com/v1/rerank", NAMED, "rerank", "voyageai", "m"),
    ],
)
def test_a_known_endpoint_is_a_call_of_unknown_usage(
    url: str, asked: Any, operation_name: str, provider_name: str, model: str | None
) -> None:
    call = decode(exchange(url, asked, {"some": "answer"}))

    assert call is not None
    assert (call.operation_name, call.provider_name) == (operation_name, provider_name)
    assert call.request_model == model
    assert call.usage == Usage()
    assert call.error_type is None


def test_a_failed_call_is_an_error_even_so() -> None:
    call = decode(exchange(f"{BEDROCK}/converse", {}, {"message": "no such model"}, status=404))

    assert call is not None
    assert (call.error_type, call.error_message) == ("404", "no such model")


@pytest.mark.parametrize(
    ("url", "asked", "streamed"),
    [
        (f"{BEDROCK}/converse-stream", {}, True),
        (f"{GEMINI}:streamGenerateContent", {}, True),
        (f"{OPENAI}/completions", {"prompt": "p", "stream": True}, True),
        (f"{BEDROCK}/converse", {}, False),
    ],
)
def test_path_or_body_tell_a_stream(url: str, asked: Any, streamed: bool) -> None:
    call = decode(exchange(url, asked))

    assert call is not None
    assert call.streamed is streamed
