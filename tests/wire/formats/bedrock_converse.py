"""Converse and ConverseStream, at AWS and behind a gateway."""

from __future__ import annotations

from typing import Any

from tests.wire.frames import event

HOST = "https://bedrock-runtime.us-east-1.amazonaws.com"
CONVERSE = f"{HOST}/model/us.amazon.nova-2-lite-v1%3A0/converse"
STREAM = f"{CONVERSE}-stream"
PROFILE = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2"
ASKED: dict[str, Any] = {
    "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
    "system": [{"text": "Be brief"}],
    "inferenceConfig": {"maxTokens": 64, "temperature": 0.5},
}
USAGE = {"inputTokens": 8, "outputTokens": 2, "totalTokens": 10}
SAID: dict[str, Any] = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hello!"}]}},
    "stopReason": "end_turn",
    "usage": USAGE,
    "metrics": {"latencyMs": 450},
}
TOOLS = {
    "toolConfig": {
        "tools": [
            {
                "toolSpec": {
                    "name": "get_weather",
                    "description": "Weather of a city",
                    "inputSchema": {"json": {"type": "object"}},
                }
            },
            {"cachePoint": {"type": "default"}},
        ],
        "toolChoice": {"auto": {}},
    }
}


def delta(index: int = 0, **fields: Any) -> bytes:
    """An event that continues a block."""
    return event("contentBlockDelta", {"contentBlockIndex": index, "delta": fields, "p": "abc"})


def start(index: int, **fields: Any) -> bytes:
    """An event that starts a block."""
    return event("contentBlockStart", {"contentBlockIndex": index, "start": fields})


BEGIN = event("messageStart", {"role": "assistant", "p": "abcd"})
PIECES = [
    BEGIN,
    delta(text="Hel"),
    delta(text="lo!"),
    event("contentBlockStop", {"contentBlockIndex": 0, "p": "a"}),
    event("messageStop", {"stopReason": "end_turn"}),
    event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 450}}),
]
THOUGHTS = {
    "reasoningContent": {"reasoningText": {"text": "They greet me", "signature": "c2ln"}},
}
GUARDED: dict[str, Any] = {
    **SAID,
    "stopReason": "guardrail_intervened",
    "trace": {
        "guardrail": {
            "inputAssessment": {
                "gr1": {
                    "topicPolicy": {
                        "topics": [
                            {"name": "Stocks", "type": "DENY", "action": "NONE", "detected": False}
                        ]
                    },
                }
            },
            "outputAssessments": {
                "gr1": [
                    {
                        "sensitiveInformationPolicy": {
                            "piiEntities": [
                                {
                                    "type": "NAME",
                                    "match": "Ada",
                                    "action": "ANONYMIZED",
                                    "detected": True,
                                }
                            ]
                        }
                    }
                ]
            },
        },
        "promptRouter": {"invokedModelId": "anthropic.claude-3-haiku-20240307-v1:0"},
    },
}

PLAIN = {
    CONVERSE: (ASKED, SAID),
    f"{CONVERSE}#tools": ({**ASKED, **TOOLS}, SAID),
    f"{CONVERSE}#guarded": (
        {**ASKED, "guardrailConfig": {"guardrailIdentifier": "gr1", "trace": "enabled"}},
        GUARDED,
    ),
    f"{HOST}/model/{PROFILE.replace(':', '%3A').replace('/', '%2F')}/converse": (
        {**ASKED, "performanceConfig": {"latency": "optimized"}},
        {
            **SAID,
            "output": {
                "message": {"role": "assistant", "content": [THOUGHTS, {"text": "Hello!"}]},
            },
        },
    ),
    "http://localhost:8787/bedrock/model/amazon.nova-micro-v1%3A0/converse": (ASKED, SAID),
}
STREAMS = {
    STREAM: (ASKED, PIECES),
    "http://localhost:8787/bedrock/model/amazon.nova-micro-v1%3A0/converse-stream": (
        ASKED,
        PIECES,
    ),
}
