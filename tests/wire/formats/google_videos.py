from __future__ import annotations

from typing import Any

from tests.wire.formats.gemini import GEMINI, VERTEX

VEO = f"{GEMINI}/models/veo-3.0-generate-001"
NAME = "models/veo-3.0-generate-001/operations/op-1"
VERTEX_VEO = f"{VERTEX}/publishers/google/models/veo-3.0-generate-001"
VERTEX_NAME = f"projects/p/locations/us-central1/publishers/google/{NAME}"

ASKED: dict[str, Any] = {"instances": [{"prompt": "A cat"}], "parameters": {"sampleCount": 1}}

PLAIN = {
    f"{VEO}:predictLongRunning": (ASKED, {"name": NAME}),
    f"{VERTEX_VEO}:predictLongRunning": (ASKED, {"name": VERTEX_NAME}),
    f"{VERTEX_VEO}:fetchPredictOperation": (
        {"operationName": VERTEX_NAME},
        {
            "name": VERTEX_NAME,
            "done": True,
            "response": {"videos": [{"gcsUri": "gs://b/cat.mp4", "mimeType": "video/mp4"}]},
        },
    ),
}
