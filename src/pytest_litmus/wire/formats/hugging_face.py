"""Hugging Face's own formats: text generation, embeddings and the other pipelines.

Formats: https://huggingface.co/docs/inference-providers/tasks/index (the Inference API and its
endpoints), https://huggingface.github.io/text-generation-inference (`/generate`) and
https://huggingface.github.io/text-embeddings-inference (`/embed`). All ask with `inputs`.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters
from pytest_litmus.wire.formats.openai_embeddings import without_output
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    as_text,
    count,
    first_count,
    items,
    number,
    parsed,
    record,
    records,
    seconds,
    text,
)
from pytest_litmus.wire.parts import blob, content_parts

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "huggingface.inference"

_ENDPOINTS = re.compile(r"/(generate(_stream)?|embed(_all|_sparse)?|predict)/?$")
"""Those of the two servers, which run anywhere."""
_MODEL = re.compile(r"/(?:models|pipeline/[^/]+)/(?P<model>[^/]+(?:/[^/]+)?)")
_EMBEDS = re.compile(r"/embed(_all|_sparse)?/?$|/feature-extraction(/|$)")
_GENERATES = {"max_new_tokens", "return_full_text", "do_sample", "details", "best_of"}
"""Parameters that only text generation has."""
_WORDS = ("generated_text", "summary_text", "translation_text", "answer", "text")
_KEPT = ("generated_text", "details", "error", "error_type")
"""Of the events of a stream, beside their tokens."""
_MEDIA = ("image/", "audio/", "video/")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call that an exchange is, or None."""
    request = exchange.request
    asks = request.method == "POST" and _asks_pipeline(request)
    return pipeline_call(exchange) if asks else None


def pipeline_call(exchange: Exchange) -> Call:
    """The call of an exchange whose bodies have this shape, at whatever endpoint."""
    request = exchange.request
    asked, answer = record(request.json), read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said = _results(body)
    operation_name = _operation(request, asked, said)
    embeds = operation_name == "embeddings"
    readable = _is_readable(exchange, body, operation_name)
    fault = fault_of(exchange, _with_type(body), readable=readable)
    vectors = items(body) if embeds else []
    return Call(
        operation_name=operation_name,
        provider_name=provider_of(request),
        wire_format=WIRE_FORMAT,
        request_model=_model(request),
        input_messages=_input_messages(asked.get("inputs")),
        output_messages=() if embeds else _output_messages(exchange, body),
        finish_reasons=tuple(reason for one in said if (reason := _detail(one, "finish_reason"))),
        parameters=_parameters(record(asked.get("parameters"))),
        streamed=answer.is_stream or _asks_stream(request, asked),
        usage=_usage(exchange, said, embeds=bool(vectors)),
        embedding_dimensions=_dimensions(vectors),
        embedding_count=_count(asked.get("inputs")) if vectors else None,
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        server_times_s=_times(exchange),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _asks_pipeline(request: Request) -> bool:
    """Any path at Hugging Face; elsewhere the servers' own paths, or `/` with parameters."""
    asked = record(request.json)
    if "inputs" not in asked:
        # An audio file or an image is sent as it is.
        return request.json is None and _is_hugging_face(request) and _model(request) is not None
    if _is_hugging_face(request) or _ENDPOINTS.search(request.path):
        return True
    return request.path in {"", "/"} and isinstance(asked.get("parameters"), dict)


def _is_hugging_face(request: Request) -> bool:
    return provider_of(request) == "huggingface"


def _model(request: Request) -> str | None:
    """The model of `/models/ORG/NAME/pipeline/TASK` or `/pipeline/TASK/ORG/NAME`; else None."""
    found = _MODEL.search(request.path)
    return unquote(found["model"].removesuffix("/pipeline")) if found else None


def _operation(request: Request, asked: dict[str, Any], said: list[dict[str, Any]]) -> str:
    """The answer tells best what was done: a model's name does not say its task."""
    if _EMBEDS.search(request.path):
        return "embeddings"
    generates = _GENERATES & record(asked.get("parameters")).keys() or "stream" in asked
    if generates or "generate" in request.path or any("generated_text" in one for one in said):
        return "text_completion"
    return "prediction"


def _asks_stream(request: Request, asked: dict[str, Any]) -> bool:
    return asked.get("stream") is True or request.path.rstrip("/").endswith("/generate_stream")


def _input_messages(given: Any) -> tuple[Message, ...]:
    """One message a text; pipelines that want more than a text take an object."""
    texts = [as_text(one) for one in (given if isinstance(given, list) else [given])]
    return tuple(Message("user", content_parts(one)) for one in texts if one)


def _parameters(given: dict[str, Any]) -> dict[str, Any]:
    return chat_parameters({**given, "max_tokens": given.get("max_new_tokens")})


def _results(body: Any) -> list[dict[str, Any]]:
    """The answers, one an input; some pipelines nest the list once more."""
    if isinstance(body, dict):
        return [body]
    many = items(body)
    return [*records(many), *(one for inner in many for one in records(inner))]


def _output_messages(exchange: Exchange, body: Any) -> tuple[Message, ...]:
    """One message an answer. Labels, boxes and masks are the JSON that spells them."""
    if exchange.status is None or not 200 <= exchange.status < 300:
        return ()
    if part := medium(exchange):
        return (Message("assistant", (part,)),)
    texts = [words for one in _results(body) if (words := _words(one)) is not None]
    if not texts and body and "error" not in record(body):
        texts = [as_text(body) or ""]
    return tuple(Message("assistant", content_parts(words)) for words in texts)


def _words(said: dict[str, Any]) -> str | None:
    found = (said.get(name) for name in _WORDS)
    return next((words for words in found if isinstance(words, str)), None)


def medium(exchange: Exchange) -> Part | None:
    """An answer that is an image or a sound, by its content type; None for any other."""
    kind = (exchange.header("content-type") or "").partition(";")[0].strip().lower()
    if not exchange.body or not kind.startswith(_MEDIA):
        return None
    return blob(base64.b64encode(exchange.body).decode(), kind)


def _is_readable(exchange: Exchange, body: Any, operation_name: str) -> bool:
    if operation_name == "text_completion":
        return any("generated_text" in one for one in _results(body))
    return isinstance(body, dict | list) or medium(exchange) is not None


def _with_type(body: Any) -> Any:
    """The text-generation server names the kind of an error beside its text."""
    kind = text(record(body).get("error_type"))
    return {**body, "code": kind} if kind else body


def _detail(said: dict[str, Any], name: str) -> str | None:
    return text(record(said.get("details")).get(name))


def _usage(exchange: Exchange, said: list[dict[str, Any]], *, embeds: bool) -> Usage:
    """From the headers, which endpoints send with every answer, else from details, if asked for.

    Only a stream's details count the input.
    """
    details = [record(one.get("details")) for one in said]
    given = [details[0].get("input_length")] if details else []
    made = [made for one in details if (made := count(one.get("generated_tokens"))) is not None]
    generated = first_count(_header(exchange, "x-generated-tokens"), sum(made) if made else None)
    counted = Usage(
        input_tokens=first_count(
            _header(exchange, "x-prompt-tokens"), _header(exchange, "x-compute-tokens"), *given
        ),
        output_tokens=generated,
    )
    return without_output(counted) if embeds else counted


def _header(exchange: Exchange, name: str) -> Any:
    return parsed(exchange.header(name) or "")


def _times(exchange: Exchange) -> dict[str, float]:
    """As the servers measured them, in milliseconds; `x-compute-time` alone is in seconds."""
    names = ("validation", "queue", "inference", "total")
    times = {
        f"{name}_time": spent_s
        for name in names
        if (spent_s := seconds(_header(exchange, f"x-{name}-time"))) is not None
    }
    compute_s = number(_header(exchange, "x-compute-time")) or 0
    return times if times or compute_s <= 0 else {"compute_time": float(compute_s)}


def _dimensions(vectors: list[Any]) -> int | None:
    """Of `[...]`, `[[...]]` (one a text) or `[[[...]]]` (one a token)."""
    inner: Any = vectors
    while isinstance(inner, list) and inner and isinstance(inner[0], list):
        inner = inner[0]
    return len(inner) if inner and number(inner[0]) is not None else None


def _count(given: Any) -> int:
    return len(given) if isinstance(given, list) else 1


def _has_content(said: dict[str, Any]) -> bool:
    return bool(_token(said))


def _token(said: dict[str, Any]) -> str:
    token = record(said.get("token"))
    return "" if token.get("special") else text(token.get("text")) or ""


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the answer that it adds up to; its last event may repeat the whole text."""
    said: dict[str, Any] = {}
    words: list[str] = []
    for _, event in answer.records:
        words.append(_token(event))
        said |= {name: event[name] for name in _KEPT if event.get(name)}
    said.setdefault("generated_text", "".join(words))
    return said
