from __future__ import annotations

from typing import Any

COHERE = "https://api.cohere.com"
VOYAGE = "https://api.voyageai.com/v1/rerank"
JINA = "https://api.jina.ai/v1/rerank"
TOGETHER = "https://api.together.xyz/v1/rerank"
MIXEDBREAD = "https://api.mixedbread.com/v1/reranking"
HUGGING_FACE = "http://localhost:8080/rerank"

ASKED: dict[str, Any] = {
    "model": "rerank-v3.5",
    "query": "Which is red?",
    "documents": ["A sky.", "A rose."],
    "top_n": 2,
}
RESULTS = [{"index": 1, "relevance_score": 0.75}, {"index": 0, "relevance_score": 0.25}]
COHERE_SAID: dict[str, Any] = {
    "id": "k-1",
    "results": RESULTS,
    "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}},
}
VOYAGE_SAID: dict[str, Any] = {
    "object": "list",
    "data": RESULTS,
    "model": "rerank-2",
    "usage": {"total_tokens": 12},
}
JINA_SAID: dict[str, Any] = {
    "model": "jina-reranker-v2-base-multilingual",
    "usage": {"total_tokens": 12},
    "results": RESULTS,
}
TOGETHER_SAID: dict[str, Any] = {
    "object": "rerank",
    "id": "k-1",
    "model": "Salesforce/Llama-Rank-V1",
    "results": RESULTS,
    "usage": {"prompt_tokens": 12, "completion_tokens": 0, "total_tokens": 12},
}
MIXEDBREAD_SAID: dict[str, Any] = {
    "model": "mixedbread-ai/mxbai-rerank-large-v2",
    "object": "list",
    "data": [{"index": 1, "score": 0.75, "object": "rank_result"}],
    "usage": {"prompt_tokens": 12, "total_tokens": 12, "completion_tokens": 0},
    "top_k": 1,
    "return_input": False,
}

PLAIN = {
    f"{COHERE}/v2/rerank": (ASKED, COHERE_SAID),
    f"{COHERE}/v1/rerank": ({**ASKED, "documents": [{"text": "A rose."}]}, COHERE_SAID),
    VOYAGE: ({**ASKED, "model": "rerank-2"}, VOYAGE_SAID),
    JINA: (ASKED, JINA_SAID),
    TOGETHER: (ASKED, TOGETHER_SAID),
    MIXEDBREAD: ({"model": "m", "query": "Which?", "input": ["A rose."]}, MIXEDBREAD_SAID),
    HUGGING_FACE: (
        {"query": "Which?", "texts": ["A sky.", "A rose."]},
        [{"index": 1, "score": 0.75}, {"index": 0, "score": 0.25}],
    ),
}
