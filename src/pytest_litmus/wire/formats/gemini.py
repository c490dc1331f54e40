"""Gemini's generateContent and streamGenerateContent, as the Gemini API and Vertex AI serve them.

Formats: https://ai.google.dev/api/generate-content and
https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/GenerateContentResponse.
Known by the end of the path (`.../models/NAME:generateContent` under any prefix), whoever the
host is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.gemini_parts import (
    grounding_parts,
    joined,
    parts_of,
    places_found,
    search_queries,
)
from pytest_litmus.wire.formats.proto_json import (
    BLOCK_REASONS,
    FINISH_REASONS,
    HARM_CATEGORIES,
    MODALITIES,
    PROBABILITIES,
    TRAFFIC_TYPES,
    VERTEX_BLOCK_REASONS,
    VERTEX_FINISH_REASONS,
    VERTEX_HARM_CATEGORIES,
    field,
    many,
    word,
)
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    count,
    items,
    number,
    record,
    records,
    share,
    text,
    without_none,
)
from pytest_litmus.wire.tokens import units
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "gemini.generate_content"

_PLAIN, _STREAM = "generateContent", "streamGenerateContent"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The generation that an exchange is, or None."""
    at = endpoint(exchange.request)
    return _generation(exchange, at) if at and at.method in {_PLAIN, _STREAM} else None


class Endpoint(NamedTuple):
    """Where Google serves a model: `.../models/MODEL:METHOD`."""

    model: str
    method: str


_PATH = re.compile(r".*/(?:models|tunedModels|endpoints)/(?P<model>.+):(?P<method>\w+)/?")


def endpoint(request: Request) -> Endpoint | None:
    """The model and the method that a request names in its path, or None.

    A tuned model or a model deployed to an endpoint is named by its id.
    """
    found = _PATH.fullmatch(unquote(request.path)) if request.method == "POST" else None
    return Endpoint(found["model"], found["method"]) if found else None


def _generation(exchange: Exchange, at: Endpoint) -> Call:
    asked = record(exchange.request.json)
    answer = read_answer(exchange, arrays_are_streams=at.method == _STREAM)
    body = _folded(answer) if answer.is_stream else answer.json
    said, words = record(body), _words(exchange.request)
    candidates, counted = _candidates(said), record(said.get("usageMetadata"))
    model = text(said.get("modelVersion"))
    fault = fault_of(exchange, body, readable=_is_readable(said))
    reasons = (word(one.get("finishReason"), words.finish_reasons) for one in candidates)
    return Call(
        operation_name="generate_content",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=at.model,
        response_model=model,
        response_id=text(said.get("responseId")),
        service_tier=service_tier(exchange, asked, counted),
        system_instructions=parts_of(field(asked, "systemInstruction")),
        input_messages=(*_cached(asked), *map(_message, many(asked.get("contents")))),
        output_messages=tuple(_answer(one) for one in candidates),
        tool_definitions=tool_definitions(many(asked.get("tools"))),
        finish_reasons=tuple(reason for reason in reasons if reason),
        flags=tuple(_flags(said, candidates, words)),
        parameters=generation_parameters(record(field(asked, "generationConfig"))),
        streamed=answer.is_stream or at.method == _STREAM,
        usage=_usage(counted, candidates, model or at.model),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        server_times_s=server_times(exchange),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def generation_parameters(config: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a generation config by their OpenTelemetry names."""
    stops = [stop for stop in items(field(config, "stopSequences")) if isinstance(stop, str)]
    thinking = record(field(config, "thinkingConfig"))
    level = field(thinking, "thinkingLevel") or field(config, "thinkingLevel")
    return without_none(
        temperature=number(config.get("temperature")),
        top_p=number(field(config, "topP")),
        top_k=count(field(config, "topK")),
        max_tokens=count(field(config, "maxOutputTokens")),
        frequency_penalty=number(field(config, "frequencyPenalty")),
        presence_penalty=number(field(config, "presencePenalty")),
        seed=number(config.get("seed")),
        stop_sequences=stops or None,
        choice_count=count(field(config, "candidateCount")),
        **{"reasoning.level": text(level)},
    )


def service_tier(exchange: Exchange, asked: dict[str, Any], counted: dict[str, Any]) -> str | None:
    """The tier that served, else the one asked for, in lower case.

    The Gemini API names it in the usage or in a header, Vertex AI as the type of the traffic.
    """
    traffic = word(counted.get("trafficType"), TRAFFIC_TYPES)
    tier = (
        text(counted.get("serviceTier"))
        or exchange.header("x-gemini-service-tier")
        or (traffic.removeprefix("ON_DEMAND_") if traffic else None)
        or text(field(asked, "serviceTier"))
    )
    return tier.lower() if tier else None


_TIMING = re.compile(r"([\w.-]+)\s*;\s*dur=(\d{1,12}(?:\.\d{1,9})?)")


def server_times(exchange: Exchange) -> dict[str, float]:
    """Seconds by the `Server-Timing` header, which has milliseconds; a stream's, until it began."""
    timed = _TIMING.findall(exchange.header("server-timing") or "")
    return {name: float(duration) / 1000 for name, duration in timed}


def _message(content: dict[str, Any]) -> Message:
    """Results of functions come in a content of the user's."""
    parts = parts_of(content)
    if parts and all(part.type == "tool_call_response" for part in parts):
        return Message("tool", parts)
    role = text(content.get("role")) or "user"
    return Message("assistant" if role == "model" else role, parts)


def _cached(asked: dict[str, Any]) -> Iterator[Message]:
    """What the request begins with and the server keeps."""
    if name := text(field(asked, "cachedContent")):
        yield Message("user", (Part("file", file_id=name),))


def _is_readable(said: dict[str, Any]) -> bool:
    return any(name in said for name in ("candidates", "promptFeedback", "usageMetadata"))


def _candidates(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The choices; a prompt that was blocked has one that is empty."""
    candidates = records(said.get("candidates"))
    return candidates or ([{}] if _is_readable(said) and "error" not in said else [])


def _answer(candidate: dict[str, Any]) -> Message:
    parts = (*grounding_parts(candidate), *parts_of(candidate.get("content")))
    return Message("assistant", parts)


_UNITS = {
    # Beside the counts, the tokens of each medium, and the name of their unit.
    "promptTokensDetails": "input_{}_tokens",
    "toolUsePromptTokensDetails": "input_{}_tokens",
    "candidatesTokensDetails": "output_{}_tokens",
    "cacheTokensDetails": "cache_{}_read_tokens",
}
_MEDIA = {
    # Documents are billed as the images of their pages.
    "TEXT": "text",
    "IMAGE": "image",
    "DOCUMENT": "image",
    "AUDIO": "audio",
    "VIDEO": "video",
}


def usage_of(counted: dict[str, Any]) -> Usage:
    """The counts of a usage object; of a stream, the last one that came.

    Thoughts are output beside the candidates' tokens, and what the server's tools put into the
    prompt is input beside the prompt's.
    """
    prompt, tools = (
        count(counted.get(f"{name}TokenCount")) for name in ("prompt", "toolUsePrompt")
    )
    said, thought = (count(counted.get(f"{name}TokenCount")) for name in ("candidates", "thoughts"))
    return Usage(
        input_tokens=_sum(prompt, tools),
        output_tokens=_sum(said, thought),
        cache_read_input_tokens=count(counted.get("cachedContentTokenCount")),
        reasoning_output_tokens=thought,
        billed_units={**_media_units(counted), **units(input_tool_tokens=tools)},
    )


def _sum(*counts: int | None) -> int | None:
    known = [one for one in counts if one is not None]
    return sum(known) if known else None


def _media_units(counted: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, unit in _UNITS.items():
        for detail in records(counted.get(name)):
            medium = _MEDIA.get(word(detail.get("modality"), MODALITIES) or "")
            if medium:
                unit_name = unit.format(medium)
                found[unit_name] = found.get(unit_name, 0) + (count(detail.get("tokenCount")) or 0)
    return units(**found)


def _usage(counted: dict[str, Any], candidates: list[dict[str, Any]], model: str) -> Usage:
    usage = usage_of(counted)
    queries = {query for candidate in candidates for query in search_queries(candidate)}
    used = units(
        web_searches=billed_searches(len(queries), model),
        maps_groundings=int(any(map(places_found, candidates))),
    )
    return replace(usage, billed_units={**usage.billed_units, **used})


def billed_searches(searches: int, model: str) -> int:
    """How many searches an answer costs: all different ones, and until Gemini 2 once an answer.

    Source: https://ai.google.dev/gemini-api/docs/google-search#pricing.
    """
    found = re.search(r"gemini-(\d{1,3})", model)
    return min(searches, 1) if found and int(found[1]) < 3 else searches


class _Words(NamedTuple):
    """The enums that the two APIs number differently."""

    finish_reasons: dict[int, str]
    block_reasons: dict[int, str]
    harm_categories: dict[int, str]


_GEMINI_WORDS = _Words(FINISH_REASONS, BLOCK_REASONS, HARM_CATEGORIES)
_VERTEX_WORDS = _Words(VERTEX_FINISH_REASONS, VERTEX_BLOCK_REASONS, VERTEX_HARM_CATEGORIES)


def _words(request: Request) -> _Words:
    vertex = "/publishers/" in request.path or "/projects/" in request.path
    return _VERTEX_WORDS if vertex else _GEMINI_WORDS


_FILTERS = {
    # Reasons to stop that are a filter's.
    "SAFETY",
    "RECITATION",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MODEL_ARMOR",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
}


def _flags(said: dict[str, Any], candidates: list[dict[str, Any]], words: _Words) -> Iterator[Flag]:
    prompt = record(said.get("promptFeedback"))
    blocked = word(prompt.get("blockReason"), words.block_reasons)
    yield from _judged(prompt, blocked, "input", words)
    for candidate in candidates:
        stopped = word(candidate.get("finishReason"), words.finish_reasons)
        yield from _judged(candidate, stopped if stopped in _FILTERS else None, "output", words)


def _judged(
    rated: dict[str, Any], reason: str | None, subject: Literal["input", "output"], words: _Words
) -> Iterator[Flag]:
    """The ratings, and the filter that blocked where none of them tells that it did."""
    flags = [_rating(one, subject, words) for one in records(rated.get("safetyRatings"))]
    yield from flags
    if reason and not any(flag.flagged for flag in flags):
        yield Flag(category=reason, subject=subject, flagged=True)


def _rating(rating: dict[str, Any], subject: Literal["input", "output"], words: _Words) -> Flag:
    return Flag(
        category=word(rating.get("category"), words.harm_categories) or "unknown",
        subject=subject,
        flagged=rating.get("blocked") is True,
        severity=word(rating.get("probability"), PROBABILITIES),
        score=share(rating.get("probabilityScore")),
    )


def _has_content(said: dict[str, Any]) -> bool:
    return any(parts_of(one.get("content")) for one in records(said.get("candidates")))


_NAMES = ("responseId", "modelVersion", "usageMetadata", "promptFeedback", "error")
_BESIDE = ("groundingMetadata", "urlContextMetadata")


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the plain response that it adds up to.

    The last usage counts: it is cumulative, but not every one before it is whole.
    """
    said: dict[str, Any] = {}
    grown: dict[int, dict[str, Any]] = {}
    for _, chunk in answer.records:
        said |= {name: chunk[name] for name in _NAMES if chunk.get(name)}
        for candidate in records(chunk.get("candidates")):
            # The first is often sent without its index: 0 is left out.
            _add(grown.setdefault(count(candidate.get("index")) or 0, {"parts": []}), candidate)
    whole = [_whole(grown[index]) for index in sorted(grown)]
    return said | ({"candidates": whole} if whole else {})


def _add(grown: dict[str, Any], candidate: dict[str, Any]) -> None:
    grown["parts"] += many(record(candidate.get("content")).get("parts"))
    for name in ("finishReason", "safetyRatings"):
        grown[name] = candidate.get(name) or grown.get(name)
    for name in _BESIDE:
        found = record(candidate.get(name)).items()
        grown[name] = {**grown.get(name, {}), **{key: value for key, value in found if value}}


def _whole(grown: dict[str, Any]) -> dict[str, Any]:
    return {**grown, "content": {"parts": joined(grown["parts"])}}
