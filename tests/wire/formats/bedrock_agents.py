"""Agents, flows and knowledge bases."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.wire.frames import event

HOST = "https://bedrock-agent-runtime.us-east-1.amazonaws.com"
AGENT = f"{HOST}/agents/AGENT1/agentAliases/ALIAS1/sessions/s-1/text"
INLINE = f"{HOST}/agents/s-2"
RAG = f"{HOST}/retrieveAndGenerate"
FLOW = f"{HOST}/flows/FLOW1/aliases/ALIAS1"
RETRIEVE = f"{HOST}/knowledgebases/KB12345678/retrieve"
RERANK = f"{HOST}/rerank"

HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"
AGENT_ASKED: dict[str, Any] = {"inputText": "Hi", "enableTrace": True}
INLINE_ASKED: dict[str, Any] = {
    "foundationModel": HAIKU,
    "instruction": "You are an agent that tells people about the weather.",
    "inputText": "Hi",
    "actionGroups": [
        {
            "actionGroupName": "weather",
            "functionSchema": {
                "functions": [
                    {
                        "name": "get_weather",
                        "description": "Weather of a city",
                        "parameters": {"city": {"type": "string", "required": True}},
                    }
                ]
            },
        }
    ],
}
RAG_ASKED: dict[str, Any] = {
    "input": {"text": "Hi"},
    "retrieveAndGenerateConfiguration": {
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {
            "knowledgeBaseId": "KB12345678",
            "modelArn": HAIKU,
            "generationConfiguration": {
                "inferenceConfig": {"textInferenceConfig": {"maxTokens": 64, "topP": 0.5}}
            },
        },
    },
}
FLOW_ASKED: dict[str, Any] = {
    "inputs": [
        {"nodeName": "in", "nodeOutputName": "document", "content": {"document": "Hi"}},
    ]
}
RERANK_ASKED: dict[str, Any] = {
    "queries": [{"type": "TEXT", "textQuery": {"text": "Hi"}}],
    "sources": [
        {
            "type": "INLINE",
            "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "Hello"}},
        },
        {
            "type": "INLINE",
            "inlineDocumentSource": {"type": "JSON", "jsonDocument": {"title": "Bye"}},
        },
    ],
    "rerankingConfiguration": {
        "type": "BEDROCK_RERANKING_MODEL",
        "bedrockRerankingConfiguration": {
            "modelConfiguration": {"modelArn": "arn:aws:bedrock:us-west-2::foundation-model/r"}
        },
    },
}


def said(words: str | bytes) -> bytes:
    """A piece of what an agent says."""
    held = words.encode() if isinstance(words, str) else words
    return event("chunk", {"bytes": b64encode(held).decode()})


def trace(**steps: Any) -> bytes:
    """An event of an agent's trace."""
    return event("trace", {"agentId": "AGENT1", "sessionId": "s-1", "trace": steps})


def runs(model: str | None, read: int, written: int) -> list[bytes]:
    """A run of a model, as the trace tells it: what it was asked, and what it cost."""
    asked = {"text": "{}", "type": "ORCHESTRATION", "traceId": "t-1"}
    named = {"foundationModel": model} if model else {}
    usage = {"inputTokens": read, "outputTokens": written}
    return [
        trace(orchestrationTrace={"modelInvocationInput": {**asked, **named}}),
        trace(
            orchestrationTrace={
                "modelInvocationOutput": {"metadata": {"usage": usage}, "traceId": "t-1"}
            }
        ),
    ]


PLAIN = {
    RAG: (RAG_ASKED, {"output": {"text": "Hello!"}, "citations": [], "sessionId": "s-3"}),
    RETRIEVE: (
        {"retrievalQuery": {"text": "Hi"}},
        {"retrievalResults": [{"content": {"text": "Hello", "type": "TEXT"}, "score": 0.5}]},
    ),
    RERANK: (RERANK_ASKED, {"results": [{"index": 0, "relevanceScore": 0.75}]}),
    "http://localhost:8787/bedrock/retrieveAndGenerate": (
        RAG_ASKED,
        {"output": {"text": "Hello!"}, "guardrailAction": "NONE"},
    ),
}
STREAMS = {
    AGENT: (AGENT_ASKED, [*runs(HAIKU, 6, 1), *runs(HAIKU, 2, 1), said("Hel"), said("lo!")]),
    INLINE: (INLINE_ASKED, [said("Hel"), said("lo!")]),
    f"{RAG}Stream": (
        RAG_ASKED,
        [
            event("output", {"text": "Hel"}),
            event("output", {"text": "lo!"}),
            event("citation", {"citation": {"retrievedReferences": []}}),
            event("guardrail", {"action": "NONE"}),
        ],
    ),
    FLOW: (
        FLOW_ASKED,
        [
            event("flowTraceEvent", {"trace": {"nodeInputTrace": {"nodeName": "in"}}}),
            event("flowOutputEvent", {"nodeName": "a", "content": {"document": "Hel"}}),
            event("flowOutputEvent", {"nodeName": "b", "content": {"document": "lo!"}}),
            event("flowCompletionEvent", {"completionReason": "SUCCESS"}),
        ],
    ),
    "http://localhost:8787/agents/AGENT1/agentAliases/ALIAS1/sessions/s-1/text": (
        AGENT_ASKED,
        [said("Hel"), said("lo!")],
    ),
}
