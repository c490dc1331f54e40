"""IBM watsonx.ai: text generation, chat, embeddings, rerank and tokenization.

Format: https://cloud.ibm.com/apidocs/watsonx-ai. Chat has OpenAI's shape under another path.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message, Usage
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.formats.openai_chat import chat_call, chat_parameters
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of
from pytest_litmus.wire.formats.rerank import ranking_messages
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import count, first_count, items, record, records, share, text
from pytest_litmus.wire.parts import content_parts, prompt_messages

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "watsonx"

_PATH = re.compile(
    r"/ml/v1(?:-beta)?/(?:deployments/(?P<deployment>[^/]+)/)?"
    r"(?:text/(?P<verb>generation|chat|embeddings|rerank|tokenization)|(?P<beta>generation)/text)"
    r"(?P<stream>_stream)?/?$"
)
_OPERATIONS = {
    "generation": "text_completion",
    "chat": "chat",
    "embeddings": "embeddings",
    "rerank": "rerank",
    "tokenization": "tokenize",
}
_COUNTS = ("input_token_count", "generated_token_count")
_UNFINISHED = "not_finished"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call that an exchange is, or None. The path is like no other's."""
    request = exchange.request
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None:
        return None
    verb = found["verb"] or found["beta"]
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, fault = record(body), _fault(exchange, body)
    operation_name = _OPERATIONS[verb]
    if operation_name == "chat":
        call = chat_call(exchange)
    else:
        call = _call(exchange, answer, said, operation_name=operation_name)
    return replace(
        call,
        wire_format=f"{WIRE_FORMAT}.{verb}",
        runs_model=operation_name != "tokenize",
        request_model=_model(request, found["deployment"]),
        response_model=text(said.get("model_id")) or text(said.get("model")),
        streamed=answer.is_stream or found["stream"] is not None,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _model(request: Request, deployment: str | None) -> str | None:
    return text(record(request.json).get("model_id")) or (
        unquote(deployment) if deployment else None
    )


def _fault(exchange: Exchange, body: Any) -> Fault:
    """Errors come as a list; the first one says what was wrong."""
    said = record(body)
    first = next(iter(records(said.get("errors"))), None)
    readable = any(name in said for name in ("results", "result", "choices"))
    return fault_of(exchange, {"error": first} if first else body, readable=readable)


def _call(exchange: Exchange, answer: Answer, said: dict[str, Any], *, operation_name: str) -> Call:
    asked = record(exchange.request.json)
    results = records(said.get("results"))
    vectors = [one["embedding"] for one in results if "embedding" in one]
    texts = [one for one in results if "generated_text" in one]
    reasons = (text(one.get("stop_reason")) for one in texts)
    return Call(
        operation_name=operation_name,
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        input_messages=_input_messages(asked),
        output_messages=tuple(
            Message("assistant", content_parts(one["generated_text"])) for one in texts
        ),
        finish_reasons=tuple(reason for reason in reasons if reason and reason != _UNFINISHED),
        parameters=_parameters(record(asked.get("parameters"))),
        usage=_usage(said, operation_name=operation_name),
        flags=_flags(texts),
        embedding_dimensions=dimensions_of(vectors[0], None) if vectors else None,
        embedding_count=len(vectors) or None,
        time_to_first_chunk_s=answer.first_content_s(_has_content),
    )


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    """The prompt, the texts to embed, or the documents to rank and the query."""
    if "query" in asked:
        return tuple(ranking_messages({**asked, "documents": asked.get("inputs")}))
    return (*prompt_messages(asked.get("input")), *prompt_messages(asked.get("inputs")))


def _parameters(given: dict[str, Any]) -> dict[str, Any]:
    renamed = {
        "max_tokens": given.get("max_new_tokens"),
        "seed": given.get("random_seed"),
        "stop": given.get("stop_sequences"),
    }
    return chat_parameters({**given, **renamed})


def _usage(said: dict[str, Any], *, operation_name: str) -> Usage:
    """Counted in each result; embeddings and rankings, which have no output, beside them."""
    first = next(iter(records(said.get("results"))), {})
    if operation_name == "text_completion":
        return Usage(
            input_tokens=count(first.get(_COUNTS[0])), output_tokens=count(first.get(_COUNTS[1]))
        )
    read = first_count(said.get("input_token_count"), record(said.get("result")).get("token_count"))
    counts_only = read is None or operation_name == "tokenize"
    return Usage(input_tokens=read, output_tokens=None if counts_only else 0)


def _flags(results: list[dict[str, Any]]) -> tuple[Flag, ...]:
    """What the moderations found: hate and profanity (`hap`), personal data (`pii`), ..."""
    return tuple(
        Flag(
            category=category,
            subject="input" if hit.get("input") is True else "output",
            flagged=True,
            score=share(hit.get("score")),
        )
        for result in results
        for category, hits in record(result.get("moderations")).items()
        for hit in records(hits)
    )


def _has_content(said: dict[str, Any]) -> bool:
    return any(text(one.get("generated_text")) for one in records(said.get("results")))


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream of text generation as the plain response that it adds up to.

    The output is counted from the start in each event; the input in the first one only, and as 0
    in those that follow.
    """
    said: dict[str, Any] = {}
    result: dict[str, Any] = {}
    for _, event in answer.records:
        said |= event
        for one in records(event.get("results")):
            result = _added(result, one)
    return {**said, "results": [result]} if result else said


def _added(result: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    words = [text(each.get("generated_text")) or "" for each in (result, one)]
    found = [record(each.get("moderations")) for each in (result, one)]
    return {
        **one,
        "generated_text": "".join(words),
        "moderations": {
            name: [hit for each in found for hit in items(each.get(name))]
            for name in found[0] | found[1]
        },
        **{name: _largest(result.get(name), one.get(name)) for name in _COUNTS},
    }


def _largest(*values: Any) -> int | None:
    return max((found for value in values if (found := count(value)) is not None), default=None)
