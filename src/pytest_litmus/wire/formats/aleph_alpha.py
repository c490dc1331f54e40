"""Aleph Alpha's completions and semantic embeddings.

Format: https://docs.aleph-alpha.com/api/complete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, without_output
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, count, items, record, records, text
from pytest_litmus.wire.parts import blob, content_parts

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "aleph-alpha"

_COMPLETE = "complete"
_EMBEDS = ("semantic_embed", "batch_semantic_embed", "instructable_embed")
_COUNTS = ("num_tokens_prompt_total", "num_tokens_generated")
_NAMES = ("model_version", *_COUNTS, "error", "code")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The completion or the embedding that an exchange is, or None."""
    endpoint = _endpoint(exchange.request)
    if endpoint is None:
        return None
    asked, answer = record(exchange.request.json), read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = record(body)
    completions, vectors = records(said.get("completions")), _vectors(said)
    fault = fault_of(exchange, body, readable="completions" in said or bool(vectors))
    reasons = (text(one.get("finish_reason")) for one in completions)
    return Call(
        operation_name="text_completion" if endpoint == _COMPLETE else "embeddings",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")),
        response_model=text(said.get("model_version")),
        input_messages=_input_messages(asked),
        output_messages=tuple(
            Message("assistant", content_parts(one.get("completion"))) for one in completions
        ),
        finish_reasons=tuple(reason for reason in reasons if reason),
        parameters=_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(said, embeds=bool(vectors)),
        embedding_dimensions=dimensions_of(vectors[0], None) if vectors else None,
        embedding_count=len(vectors) or None,
        time_to_first_chunk_s=answer.first_content_s(lambda event: bool(event.get("completion"))),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _endpoint(request: Request) -> str | None:
    """The last word of the path, at the provider's host or with its own words in the body."""
    asked, last = record(request.json), request.path.rstrip("/").rpartition("/")[2]
    if request.method != "POST" or last not in {_COMPLETE, *_EMBEDS}:
        return None
    own = "maximum_tokens" in asked or last != _COMPLETE
    here = provider_of(request) == "aleph-alpha"
    return last if here or (own and text(asked.get("model"))) else None


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    """The prompt, a text or its parts; a batch has several."""
    given = items(asked.get("prompts")) or [asked.get("prompt") or asked.get("input")]
    return tuple(Message("user", parts) for one in given if (parts := _parts(one)))


def _parts(prompt: Any) -> tuple[Part, ...]:
    """A text, or a list of texts, images and token ids."""
    if isinstance(prompt, str):
        return content_parts(prompt)
    return tuple(_part(item) for item in records(prompt) if item.get("data"))


def _part(item: dict[str, Any]) -> Part:
    data = as_text(item["data"])
    if item.get("type") == "image":
        return blob(data, None, modality="image")
    return Part("token_ids" if item.get("type") == "token_ids" else "text", content=data)


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    renamed = {"max_tokens": asked.get("maximum_tokens"), "stop": asked.get("stop_sequences")}
    return chat_parameters({**asked, **renamed})


def _usage(said: dict[str, Any], *, embeds: bool) -> Usage:
    read, written = (count(said.get(name)) for name in _COUNTS)
    counted = Usage(input_tokens=read, output_tokens=written)
    return without_output(counted) if embeds else counted


def _vectors(said: dict[str, Any]) -> list[Any]:
    return items(said.get("embeddings")) or ([said["embedding"]] if "embedding" in said else [])


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain response that it adds up to, one completion an index.

    Chunks are followed by a summary of each completion, and by one of all.
    """
    said: dict[str, Any] = {}
    found: dict[int, dict[str, Any]] = {}
    for _, event in answer.records:
        said |= {name: event[name] for name in _NAMES if name in event}
        if "completion" in event or "finish_reason" in event:
            one = found.setdefault(count(event.get("index")) or 0, {"completion": ""})
            one["completion"] += text(event.get("completion")) or ""
            one["finish_reason"] = event.get("finish_reason") or one.get("finish_reason")
    return {**said, "completions": [found[index] for index in sorted(found)]}
