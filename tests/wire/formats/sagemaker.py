"""SageMaker's endpoints, with the containers that serve language models."""

from __future__ import annotations

import json
from typing import Any

from tests.wire.frames import event
from tests.wire.recordings import CHAT_ASKED, CHAT_SAID, CHAT_STREAM, sse

HOST = "https://runtime.sagemaker.us-east-1.amazonaws.com"
INVOKE = f"{HOST}/endpoints/my-endpoint/invocations"
STREAM = f"{INVOKE}-response-stream"
TGI: dict[str, Any] = {"inputs": "Hi", "parameters": {"max_new_tokens": 64, "temperature": 0.5}}
LLAMA: dict[str, Any] = {
    "inputs": [[{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Hi"}]],
    "parameters": {"max_new_tokens": 64},
}
COMPLETION: dict[str, Any] = {"prompt": "Hi", "max_tokens": 64}


def token(words: str, **fields: Any) -> dict[str, Any]:
    """A token of Text Generation Inference."""
    return {"token": {"id": 1, "text": words, "special": False}, "generated_text": None, **fields}


def parts(*pieces: bytes) -> list[bytes]:
    """What a container sent, in frames."""
    return [event("PayloadPart", piece) for piece in pieces]


def lines(*said: Any) -> list[bytes]:
    return [json.dumps(one).encode() + b"\n" for one in said]


END = token("", generated_text="Hello!")
PLAIN = {
    INVOKE: (TGI, [{"generated_text": "Hello!"}]),
    f"{INVOKE}#object": (TGI, {"generated_text": "Hello!"}),
    f"{INVOKE}#llama": (LLAMA, [{"generation": {"role": "assistant", "content": "Hello!"}}]),
    f"{INVOKE}#llama-text": (TGI, [{"generation": "Hello!"}]),
    f"{INVOKE}#chat": (CHAT_ASKED, CHAT_SAID),
    f"{INVOKE}#completion": (
        COMPLETION,
        {"choices": [{"index": 0, "text": "Hello!", "finish_reason": "stop"}]},
    ),
    "http://localhost:8080/endpoints/llm/invocations": (TGI, [{"generated_text": "Hello!"}]),
}
STREAMS = {
    STREAM: (TGI, parts(*sse(token("Hel"), token("lo!"), END))),
    f"{STREAM}#lines": (TGI, parts(*lines(token("Hel"), token("lo!"), END))),
    f"{STREAM}#chat": (CHAT_ASKED, parts(*CHAT_STREAM)),
}
