"""Embeddings at Azure's and Databricks' addresses."""

from __future__ import annotations

from tests.wire.recordings import EMBEDDINGS_SAID

PLAIN = {
    "https://r.openai.azure.com/openai/deployments/my-ada/embeddings?api-version=1": (
        {"input": "Hi", "encoding_format": "base64"},
        {**EMBEDDINGS_SAID, "data": [{"index": 0, "embedding": "AAAAAAAAAAA="}]},
    ),
    "https://w.cloud.databricks.com/serving-endpoints/my-gte/invocations": (
        {"input": ["Hi"]},
        EMBEDDINGS_SAID,
    ),
}
