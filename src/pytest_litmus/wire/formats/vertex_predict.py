"""Vertex AI's predict: PaLM's text, chat and code, Imagen, and whatever stands behind an endpoint.

Formats: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text (text-bison),
.../model-reference/text-chat, .../model-reference/code-generation, .../model-reference/imagen-api.
Other publishers' models get their own bodies by `rawPredict`; those of OpenAI's shape are read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.gemini import Endpoint, endpoint, generation_parameters
from pytest_litmus.wire.formats.gemini_embeddings import medium
from pytest_litmus.wire.formats.openai_chat import chat_call, message_of
from pytest_litmus.wire.formats.proto_json import field, many
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, count, items, record, records, share, text
from pytest_litmus.wire.parts import content_parts
from pytest_litmus.wire.tokens import units, usage_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "vertex.predict"

_PREDICT = "predict"
_RAW, _STREAM = "rawPredict", "streamRawPredict"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The prediction that an exchange is, or None."""
    at = endpoint(exchange.request)
    if at is None:
        return None
    if at.method in {_RAW, _STREAM}:
        return _raw(exchange, at)
    asked = at.method == _PREDICT and _is_asked(exchange.request)
    return _prediction(exchange, at) if asked else None


def _is_asked(request: Request) -> bool:
    """Whether a model of Google's is asked: TensorFlow Serving has such paths too."""
    if provider_of(request).startswith("gcp.") or "/publishers/" in request.path:
        return True
    instances = many(record(request.json).get("instances"))
    return any(name in one for one in instances for name in ("prompt", "prefix", "messages"))


def _raw(exchange: Exchange, at: Endpoint) -> Call:
    """A call with bodies of the publisher's own; they are read where they have OpenAI's shape."""
    asked = record(exchange.request.json)
    streamed = at.method == _STREAM
    if "messages" in asked:
        call = chat_call(exchange)
        return replace(
            call,
            wire_format=WIRE_FORMAT,
            request_model=call.request_model or at.model,
            streamed=call.streamed or streamed,
        )
    answer = read_answer(exchange)
    fault = fault_of(exchange, answer.json, readable=answer.is_stream or answer.json is not None)
    return Call(
        operation_name="prediction",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=at.model,
        streamed=answer.is_stream or streamed,
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _prediction(exchange: Exchange, at: Endpoint) -> Call:
    asked = record(exchange.request.json)
    instances = many(asked.get("instances"))
    body = read_answer(exchange).json
    said, given = record(body), record(asked.get("parameters"))
    # A chat deployed from the Model Garden answers with OpenAI's object instead of a list.
    chat = record(said.get("predictions"))
    predictions = items(said.get("predictions"))
    fault = fault_of(exchange, body, readable="predictions" in said or body == {})
    choices = records(chat.get("choices"))
    chosen = tuple(message_of(record(one.get("message")), "assistant") for one in choices)
    samples = count(field(given, "sampleCount"))
    return Call(
        operation_name=_operation(at.model, instances),
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=at.model,
        response_model=text(chat.get("model")) or text(said.get("modelVersion")),
        response_id=text(chat.get("id")),
        system_instructions=tuple(_context(instances)),
        input_messages=tuple(_input_messages(instances)),
        output_messages=(*chosen, *(one for p in predictions for one in _output_messages(p))),
        finish_reasons=tuple(r for one in choices if (r := text(one.get("finish_reason")))),
        flags=tuple(flag for one in records(predictions) for flag in _flags(one)),
        parameters={
            **generation_parameters(given),
            **({} if samples is None else {"choice_count": samples}),
        },
        usage=_usage(said, provider_name=provider_of(exchange.request)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


_PICTURES = re.compile(r"imagen|imagegeneration|virtual-try-on")
_MEDIA = re.compile(r"lyria|veo")


def _operation(model: str, instances: list[dict[str, Any]]) -> str:
    if any("messages" in one for one in instances):
        return "chat"
    if _PICTURES.match(model):
        return "image_generation"
    written = any("prompt" in one or "prefix" in one for one in instances)
    return "text_completion" if written and not _MEDIA.match(model) else "prediction"


def _context(instances: list[dict[str, Any]]) -> Iterator[Part]:
    for instance in instances:
        yield from content_parts(text(instance.get("context")))


def _input_messages(instances: list[dict[str, Any]]) -> Iterator[Message]:
    """A prompt is one message; a chat has the examples that it begins with, and its own."""
    for instance in instances:
        for example in records(instance.get("examples")):
            for role, side in (("user", "input"), ("assistant", "output")):
                yield Message(role, content_parts(record(example.get(side)).get("content")))
        messages = records(instance.get("messages"))
        for message in messages:
            yield _message(message, first=messages[0])
        if parts := tuple(_prompt(instance)):
            yield Message("user", parts)


def _message(message: dict[str, Any], *, first: dict[str, Any]) -> Message:
    """Authors have names of their own: who speaks first is the user."""
    if "role" in message:
        return message_of(message, "user")
    role = "user" if message.get("author") == first.get("author") else "assistant"
    return Message(role, content_parts(message.get("content")))


def _prompt(instance: dict[str, Any]) -> Iterator[Part]:
    for name in ("prompt", "prefix", "suffix"):
        yield from content_parts(text(instance.get(name)))
    for name in ("image", "video"):
        if held := record(instance.get(name)):
            yield medium(held, name)


def _output_messages(prediction: Any) -> Iterator[Message]:
    said = record(prediction)
    if candidates := records(said.get("candidates")):
        yield from (Message("assistant", content_parts(one.get("content"))) for one in candidates)
    elif said.get("contentType") != _PROMPT:
        yield Message("assistant", tuple(_said(prediction)))


def _said(prediction: Any) -> Iterator[Part]:
    """Text, a picture or a sound; any other prediction as the JSON that spells it."""
    said = record(prediction)
    mime_type = text(said.get("mimeType")) or ""
    if "bytesBase64Encoded" in said or "gcsUri" in said:
        yield medium(said, mime_type.partition("/")[0] or "image")
    elif _REASON not in said:
        spelled = said["content"] if isinstance(said.get("content"), str) else prediction
        yield from content_parts(as_text(spelled))


_REASON = "raiFilteredReason"
_PROMPT = "Positive Prompt"
"""What Imagen rates beside its pictures."""


def _flags(prediction: dict[str, Any]) -> Iterator[Flag]:
    subject: Literal["input", "output"]
    subject = "input" if prediction.get("contentType") == _PROMPT else "output"
    if reason := text(prediction.get(_REASON)):
        yield Flag(category=reason, subject=subject, flagged=True)
    for rated in many(prediction.get("safetyAttributes")):
        categories, scores = items(rated.get("categories")), items(rated.get("scores"))
        for category, score in zip(categories, scores, strict=False):
            if named := text(category):
                yield Flag(
                    category=named,
                    subject=subject,
                    flagged=rated.get("blocked") is True,
                    score=share(score),
                )


def _usage(said: dict[str, Any], *, provider_name: str) -> Usage:
    """Tokens as PaLM counts them, characters beside; pictures; or OpenAI's counts."""
    if chat := record(record(said.get("predictions")).get("usage")):
        return usage_of(chat, provider_name=provider_name)
    counted = record(field(record(said.get("metadata")), "tokenMetadata"))
    read, written = (record(field(counted, f"{side}TokenCount")) for side in ("input", "output"))
    kinds = (text(one.get("mimeType")) or "" for one in records(said.get("predictions")))
    return Usage(
        input_tokens=count(field(read, "totalTokens")),
        output_tokens=count(field(written, "totalTokens")),
        billed_units=units(
            input_characters=field(read, "totalBillableCharacters"),
            images=sum(kind.startswith("image/") for kind in kinds),
        ),
    )
