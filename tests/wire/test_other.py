"""What is asked of a model's host beside the formats: recognised without being read."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Usage
from tests.wire.recordings import exchange

BEDROCK = "https://bedrock-agent-runtime.us-east-1.amazonaws.com"
GEMINI = "https://generativelanguage.googleapis.com"
OPENAI = "https://api.openai.com/v1"
REPLICATE = "https://api.replicate.com/v1"
HUGGING_FACE = "https://x.us-east-1.aws.endpoints.huggingface.cloud/"
NAMED = {"model": "m", "prompt": "p", "messages": [], "input": "i"}


def asked(url: str, given: Any = b"", said: Any = None, **fields: Any) -> Call:
    call = decode(exchange(url, given, said, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "given", "operation_name", "provider_name", "model"),
    [
        (f"{BEDROCK}/generateQuery", {}, "generateQuery", "aws.bedrock", None),
        (f"{OPENAI}/decisions", NAMED, "decisions", "openai", "m"),
        (HUGGING_FACE, {}, "text_completion", "huggingface", None),
        ("https://api.stability.ai/v2/generate", b"--x", "text_completion", "stability", None),
        ("https://fal.run/fal-ai/flux", {"prompt": "A cat"}, "flux", "fal", None),
    ],
)
def test_an_unknown_endpoint_is_a_call_of_unknown_usage(
    url: str, given: Any, operation_name: str, provider_name: str, model: str | None
) -> None:
    call = asked(url, given, {"some": "answer"})

    assert (call.operation_name, call.provider_name) == (operation_name, provider_name)
    assert (call.request_model, call.wire_format, call.runs_model) == (model, "other", True)
    assert (call.usage, call.error_type) == (Usage(), None)


@pytest.mark.parametrize(
    ("url", "given", "streamed"),
    [
        (f"{BEDROCK}/agenticRetrieveStream", {}, True),
        (f"{OPENAI}/decisions", {"stream": True}, True),
        (f"{BEDROCK}/generateQuery", {}, False),
    ],
)
def test_path_or_body_tell_a_stream(url: str, given: Any, streamed: bool) -> None:
    assert asked(url, given).streamed is streamed


@pytest.mark.parametrize(
    ("method", "url", "operation_name"),
    [
        ("GET", f"{OPENAI}/models", "models"),
        ("GET", f"{OPENAI}/models/gpt-5?x=y", "models"),
        ("POST", f"{OPENAI}/files", "files"),
        ("GET", f"{OPENAI}/files/file-1/content", "files"),
        ("DELETE", f"{OPENAI}/files/file-1", "files"),
        ("POST", f"{OPENAI}/vector_stores/vs_1/search", "vector_stores"),
        ("POST", f"{OPENAI}/uploads/up_1/complete", "uploads"),
        ("POST", f"{OPENAI}/batches", "batches"),
        ("POST", f"{REPLICATE}/predictions/p1/cancel", "predictions"),
        ("POST", f"{GEMINI}/v1beta/cachedContents", "cachedContents"),
        ("POST", f"{GEMINI}/upload/v1beta/files", "upload"),
        ("GET", "https://r.openai.azure.com/openai/models?api-version=1", "models"),
        ("GET", "https://api.groq.com/openai/v1/models", "models"),
        (
            "GET",
            "https://x.ml.cloud.ibm.com/ml/v1/foundation_model_specs",
            "foundation_model_specs",
        ),
        ("GET", HUGGING_FACE, "index"),
        ("HEAD", "https://openrouter.ai/api/v1/models", "models"),
    ],
)
def test_what_a_host_keeps_is_recorded_and_runs_no_model(
    method: str, url: str, operation_name: str
) -> None:
    call = asked(url, NAMED, {"data": []}, method=method)

    assert (call.runs_model, call.wire_format) == (False, "other")
    assert call.operation_name == operation_name
    assert (call.request_model, call.usage) == (None, Usage())


def test_it_is_known_before_it_is_sent() -> None:
    call = asked(f"{OPENAI}/models", method="GET")

    assert (call.runs_model, call.status, call.error_type) == (False, None, None)


@pytest.mark.parametrize(("method", "path"), [("POST", "/decisions"), ("GET", "/models/gpt-9")])
def test_the_status_tells_that_it_failed(method: str, path: str) -> None:
    said = {"error": {"code": "model_not_found", "message": "no such model"}}

    call = asked(f"{OPENAI}{path}", {}, said, status=404, method=method)

    assert (call.error_type, call.error_message) == ("model_not_found", "no such model")


def test_a_body_that_speaks_of_an_error_is_none_by_itself() -> None:
    assert asked(f"{OPENAI}/decisions", {}, {"error": "none found"}).error_type is None


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "https://shop.example/v1/models"),
        ("GET", "http://localhost:8000/v1/models"),
        ("POST", "https://us-central1-aiplatform.googleapis.com/v1/projects/p/datasets"),
        ("GET", "https://acme.snowflakecomputing.com/api/v2/cortex/models"),
        ("POST", "https://api.cloudflare.com/client/v4/zones/z/purge_cache"),
        ("GET", "https://acme.cloud.databricks.com/api/2.0/serving-endpoints"),
        ("POST", "https://acme.cognitiveservices.azure.com/vision/v3.2/analyze"),
    ],
)
def test_hosts_that_serve_more_than_models_pass(method: str, url: str) -> None:
    assert decode(exchange(url, {"model": "m"}, {}, method=method)) is None


def test_what_an_sdk_sends_of_itself_passes() -> None:
    traces = {"data": [{"object": "trace", "id": "trace_1"}]}

    assert decode(exchange(f"{OPENAI}/traces/ingest", traces, b"", status=204)) is None
