"""Model families that have a format of their own on Bedrock: Titan, Llama, Mistral, Command, ...

Formats: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html. They name the
same few things in different ways: a prompt, what was said, why it ended, token counts; vectors,
images, a ranking. Hence they are read by names and not by family: a model that was imported or is
behind a profile does not tell its family.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.bedrock_parameters import parameters_of
from pytest_litmus.wire.formats.bedrock_parts import block_parts
from pytest_litmus.wire.formats.cohere_v1 import documents_message
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, count, first_count, items, record, records, text
from pytest_litmus.wire.parts import content_parts, reference
from pytest_litmus.wire.tokens import units, usage_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.capture.exchange import Exchange

WIRE_FORMAT = "bedrock.native"

_OPERATIONS = (
    # What a request has to have, and what it is then.
    (("query", "documents"), "rerank"),
    (("text_prompts",), "image_generation"),
    (("input_type",), "embeddings"),
    (("messages",), "chat"),
    (("message",), "chat"),  # Command R
    (("inputPrompt",), "chat"),  # Pegasus
    (("prompt",), "text_completion"),
    (("inputText",), "text_completion"),
    (("inputType",), "embeddings"),  # Marengo
    (("inputImage",), "embeddings"),
)


def native_operation(asked: dict[str, Any], model: str) -> str | None:
    """What a request asks for, or None when it has no known shape."""
    task = text(asked.get("taskType"))
    if task:
        return "embeddings" if task.endswith("EMBEDDING") else "image_generation"
    found = next((name for needed, name in _OPERATIONS if set(needed) <= set(asked)), None)
    if found == "text_completion" and "embed" in model:
        return "embeddings"
    if found == "text_completion" and "stability." in model:
        return "image_generation"
    return found


def native_call(exchange: Exchange, model: str) -> Call:
    """The call of an exchange whose bodies have one of these formats.

    Args:
        exchange: A stream's events are server-sent.
        model: As the request names it; only where the body does not tell what is asked for.
    """
    asked, answer = record(exchange.request.json), read_answer(exchange)
    bodies = [said for _, said in answer.records] if answer.is_stream else [record(answer.json)]
    said = _merged(bodies if exchange.status is None or exchange.status < 300 else [])
    vectors, images, spoken = _vectors(said), _images(said), _spoken(bodies if said else [])
    operation_name = native_operation(asked, model) or "chat"
    embeds = bool(vectors) or operation_name == "embeddings"
    fault = fault_of(
        exchange,
        _merged(bodies) if answer.is_stream else answer.json,
        readable=bool(spoken or vectors or images or _verdicts(said)) or "results" in said,
    )
    return Call(
        operation_name="embeddings" if embeds else operation_name,
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=model,
        response_model=text(said.get("model")),
        response_id=_response_id(said),
        input_messages=_input_messages(asked),
        output_messages=tuple(
            Message("assistant", content_parts("".join(one.words))) for one in spoken
        )
        or tuple(Message("assistant", (image,)) for image in images),
        finish_reasons=tuple(one.reason for one in spoken if one.reason) or _verdicts(said),
        parameters=_parameters(asked),
        streamed=answer.is_stream,
        usage=_usage(said, images, provider_name=provider_of(exchange.request)),
        embedding_count=len(vectors) or None,
        embedding_dimensions=_dimensions(vectors, said, asked) if embeds else None,
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _merged(bodies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What the events of a stream said last."""
    return {name: value for said in bodies for name, value in said.items() if value is not None}


def _parameters(asked: dict[str, Any]) -> dict[str, Any]:
    configs = ("textGenerationConfig", "imageGenerationConfig")
    return parameters_of(asked, *(asked.get(name) for name in configs))


def _response_id(said: dict[str, Any]) -> str | None:
    """AI21 counts its answers in whole numbers."""
    return as_text(said.get("id")) or None


_PROMPTS = ("prompt", "inputText", "inputPrompt", "query")


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    """Several inputs are a message each; else there is a prompt, and what it is about."""
    documents = documents_message(asked.get("documents"))
    several = tuple(Message("user", parts) for parts in _several(asked))
    prompt = next((parts for name in _PROMPTS if (parts := content_parts(asked.get(name)))), ())
    parts = (*prompt, *_media(asked))
    return (*documents, *several, *((Message("user", parts),) if parts else ()))


def _several(asked: dict[str, Any]) -> Iterator[tuple[Part, ...]]:
    """The inputs of requests that hold several."""
    for name in ("texts", "text_prompts", "inputs"):
        for given in items(asked.get(name)):
            held = record(given)
            parts = content_parts(given) or content_parts(held.get("content") or held.get("text"))
            if parts:
                yield parts


def _media(asked: dict[str, Any]) -> Iterator[Part]:
    """Images, videos and texts that are no prompt: to embed, to change, to talk about."""
    for image in (asked.get("inputImage"), asked.get("image"), *items(asked.get("images"))):
        if given := text(image):
            is_url = given.startswith("data:")
            yield (
                reference(given, "image")
                if is_url
                else Part("blob", content=given, modality="image")
            )
    source = record(asked.get("mediaSource"))
    if source:
        yield from block_parts(
            [{"video": {"source": {**source, "bytes": source.get("base64String")}}}]
        )
    for params in asked.values():
        held = record(params)
        yield from content_parts(record(held.get("text")).get("value") or held.get("text"))
        yield from block_parts(
            [{kind: held[kind]} for kind in ("image", "video", "audio") if record(held.get(kind))]
        )


@dataclass
class _Spoken:
    """A choice as it grows; a plain answer is one that grows once."""

    words: list[str] = field(default_factory=list)
    reason: str | None = None


def _spoken(bodies: Iterable[dict[str, Any]]) -> list[_Spoken]:
    """What was said, by choice."""
    grown: dict[int, _Spoken] = {}
    for said in bodies:
        for at, (words, reason) in enumerate(_choices(said)):
            choice = grown.setdefault(first_count(said.get("index"), at) or 0, _Spoken())
            choice.words.append(text(words) or "")
            choice.reason = text(reason) or choice.reason
    return [grown[index] for index in sorted(grown)]


_LISTS = (
    # The list of choices, where in each the text and the reason why it ended stand.
    ("results", "outputText", ("completionReason",)),  # Titan
    ("outputs", "text", ("stop_reason",)),  # Mistral
    ("generations", "text", ("finish_reason",)),  # Command
    ("choices", "text", ("finish_reason", "stop_reason")),  # DeepSeek, imported models
)
_SINGLES = (
    # The only choice, or a piece of it in a stream.
    ("outputText", "completionReason"),  # Titan
    ("generation", "stop_reason"),  # Llama
    ("completion", "stop_reason"),  # Claude 2
    ("text", "finish_reason"),  # Command
    ("message", "finishReason"),  # Pegasus
    ("is_finished", "finish_reason"),  # the end of Command's stream
)


def _choices(said: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The text and the reason of each choice of an answer, or of an event of a stream."""
    for name, words, reasons in _LISTS:
        chosen = [choice for choice in records(said.get(name)) if words in choice]
        if chosen:
            return [(one[words], next(filter(None, map(one.get, reasons)), None)) for one in chosen]
    completions = records(said.get("completions"))  # AI21
    if completions:
        return [
            (record(one.get("data")).get("text"), record(one.get("finishReason")).get("reason"))
            for one in completions
        ]
    singles = ((said.get(words), said.get(reason)) for words, reason in _SINGLES)
    return [one for one in singles if one[0] is not None][:1]


def _has_content(said: dict[str, Any]) -> bool:
    return any(text(words) for words, _ in _choices(said))


def _verdicts(said: dict[str, Any]) -> tuple[str, ...]:
    """Why Stability left images out."""
    reasons = (
        *items(said.get("finish_reasons")),
        *(one.get("finishReason") for one in records(said.get("artifacts"))),
    )
    return tuple(reason for reason in reasons if isinstance(reason, str))


def _images(said: dict[str, Any]) -> tuple[Part, ...]:
    given = (
        *items(said.get("images")),
        *(one.get("base64") for one in records(said.get("artifacts"))),
    )
    return tuple(Part("blob", content=image, modality="image") for image in given if text(image))


def _vectors(said: dict[str, Any]) -> list[Any]:
    """The vectors: one, several, one by type (Titan) or several by type (Cohere)."""
    by_type = record(said.get("embeddingsByType"))
    one = said.get("embedding") or next(iter(by_type.values()), None)
    if one:
        return [one]
    many = said.get("embeddings") or said.get("data")
    if isinstance(many, dict):
        many = next(iter(many.values()), None)
    return [record(vector).get("embedding") or vector for vector in items(many)]


_DIMENSIONS = ("dimensions", "output_dimension", "embeddingDimension", "outputEmbeddingLength")


def _dimensions(vectors: list[Any], said: dict[str, Any], asked: dict[str, Any]) -> int | None:
    """As the first vector has, else as the request asks for."""
    dtype = next(iter(record(said.get("embeddings"))), None)
    configs = [asked, *map(record, asked.values())]
    wanted = first_count(*(config.get(name) for config in configs for name in _DIMENSIONS))
    return (dimensions_of(vectors[0], dtype) if vectors else None) or wanted


def _usage(said: dict[str, Any], images: tuple[Part, ...], *, provider_name: str) -> Usage:
    """The tokens that the body counts; of a stream, what it said last."""
    counted = usage_of(said.get("usage"), provider_name=provider_name)
    results, completions = records(said.get("results")), records(said.get("completions"))
    spoken = [count(result.get("tokenCount")) for result in results]
    spoken += [_length(record(one.get("data")).get("tokens")) for one in completions]
    output = sum(known) if (known := [n for n in spoken if n is not None]) else None
    return Usage(
        input_tokens=first_count(
            counted.input_tokens,
            said.get("inputTextTokenCount"),
            said.get("prompt_token_count"),
            _length(record(said.get("prompt")).get("tokens")),
        ),
        output_tokens=first_count(
            counted.output_tokens,
            said.get("totalOutputTextTokenCount"),
            said.get("generation_token_count"),
            output,
        ),
        billed_units=units(images=len(images)),
    )


def _length(tokens: Any) -> int | None:
    """AI21 spells all tokens of the prompt and of the answer."""
    return len(tokens) if isinstance(tokens, list) else None
