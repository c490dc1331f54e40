from __future__ import annotations

from typing import Any

REPLICATE = "https://api.replicate.com/v1"
BY_NAME = f"{REPLICATE}/models/meta/meta-llama-3-8b-instruct/predictions"
BY_VERSION = f"{REPLICATE}/predictions"
DEPLOYED = f"{REPLICATE}/deployments/acme/support/predictions"
ROUTED = "https://router.huggingface.co/replicate/v1/predictions"
PROXIED = "https://gateway.example/replicate/v1/models/meta/meta-llama-3-8b-instruct/predictions"

VERSION = "5599ed30703defd1d160a25a63321b4dec97101d98b4674bcc56e41f62f35637"
STREAM_URL = "https://stream.replicate.com/v1/files/abcd-1234"
LEGACY_STREAM_URL = "https://streaming-api.svc.us.c.replicate.net/v1/streams/abcd1234"

ASKED: dict[str, Any] = {"input": {"prompt": "Hi", "system_prompt": "Be kind.", "max_tokens": 64}}
STARTING: dict[str, Any] = {
    "id": "p1a2",
    "model": "meta/meta-llama-3-8b-instruct",
    "version": "dp-1",
    "input": ASKED["input"],
    "logs": "",
    "output": None,
    "error": None,
    "status": "starting",
    "urls": {
        "cancel": f"{REPLICATE}/predictions/p1a2/cancel",
        "get": f"{REPLICATE}/predictions/p1a2",
        "stream": STREAM_URL,
    },
}
SUCCEEDED: dict[str, Any] = {
    **STARTING,
    "status": "succeeded",
    "output": ["Hel", "lo!"],
    "metrics": {
        "input_token_count": 8,
        "output_token_count": 2,
        "predict_time": 0.75,
        "total_time": 1.5,
        "tokens_per_second": 2.7,
    },
}
IMAGES: dict[str, Any] = {
    **STARTING,
    "model": "black-forest-labs/flux-schnell",
    "status": "succeeded",
    "output": [
        "https://replicate.delivery/x/out-0.webp",
        "https://replicate.delivery/x/out-1.webp",
    ],
    "metrics": {"image_count": 2, "predict_time": 0.5},
}

PLAIN = {
    BY_NAME: (ASKED, SUCCEEDED),
    BY_VERSION: ({**ASKED, "version": VERSION}, STARTING),
    DEPLOYED: (ASKED, SUCCEEDED),
    ROUTED: ({**ASKED, "version": VERSION}, IMAGES),
    PROXIED: (ASKED, SUCCEEDED),
}
