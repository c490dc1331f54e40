"""Rerankers: how well documents answer a query, by Cohere, Voyage, Jina and those like them.

Formats: https://docs.cohere.com/reference/rerank, https://docs.voyageai.com/reference/reranker-api,
https://jina.ai/reranker, https://docs.together.ai/reference/rerank,
https://www.mixedbread.com/api-reference/endpoints/reranking and Hugging Face's
https://huggingface.github.io/text-embeddings-inference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.cohere_v1 import billed_usage
from pytest_litmus.wire.formats.openai_embeddings import input_usage, without_output
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, items, record, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "rerank"

_PATHS = ("/rerank", "/reranking")
# Where the documents stand: Cohere and most others, Mixedbread, Hugging Face.
_DOCUMENTS = ("documents", "input", "texts")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The reranking that an exchange is, or None."""
    if not _is_rerank(exchange.request):
        return None
    asked = record(exchange.request.json)
    body = read_answer(exchange).json
    said, provider_name = record(body), provider_of(exchange.request)
    ranked = isinstance(body, list) or "results" in said or "data" in said
    fault = fault_of(exchange, body, readable=ranked)
    return Call(
        operation_name="rerank",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")) if ranked else None,
        input_messages=tuple(ranking_messages(asked)),
        usage=_usage(said, provider_name=provider_name),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_rerank(request: Request) -> bool:
    if request.method != "POST" or not request.path.rstrip("/").endswith(_PATHS):
        return False
    asked = record(request.json)
    given = any(items(asked.get(name)) for name in _DOCUMENTS)
    return text(asked.get("query")) is not None and given


def ranking_messages(asked: dict[str, Any]) -> Iterable[Message]:
    """The documents of a ranking, then the query: it is what the user asks."""
    for document in (one for name in _DOCUMENTS for one in items(asked.get(name))):
        held = text(record(document).get("text")) or as_text(document)
        yield Message("user", (Part("text", content=held),), name="documents")
    yield Message("user", (Part("text", content=text(asked.get("query"))),))


def _usage(said: dict[str, Any], *, provider_name: str) -> Usage:
    """Cohere bills searches, and most others the tokens of query and documents."""
    if billed := record(said.get("meta")):
        return without_output(billed_usage(billed))
    return input_usage(said.get("usage"), provider_name=provider_name)
