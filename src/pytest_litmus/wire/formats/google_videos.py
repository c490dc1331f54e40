"""Veo's videos: started by predictLongRunning, and asked for until they are there.

Formats: https://ai.google.dev/gemini-api/docs/video and
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message, Part
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.gemini import endpoint
from pytest_litmus.wire.formats.gemini_embeddings import medium
from pytest_litmus.wire.formats.gemini_parts import file_at
from pytest_litmus.wire.formats.proto_json import many
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import items, record, records, text
from pytest_litmus.wire.parts import content_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "google.videos"

_OPERATION = re.compile(r"/(?P<name>(?:projects/.+/)?models/(?P<model>[^/]+)/operations/[^/]+)/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The start of a video or a poll of one, or None."""
    at = _asked(exchange.request)
    if at is None:
        return None
    body = read_answer(exchange).json
    said = record(body)
    fault = fault_of(exchange, body, readable="name" in said)
    done = record(said.get("response"))
    instances = many(record(exchange.request.json).get("instances"))
    prompts = (text(one.get("prompt")) for one in instances)
    return Call(
        operation_name="prediction",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        poll_of=at.poll_of,
        request_model=at.model,
        response_id=text(said.get("name")),
        input_messages=tuple(Message("user", content_parts(one)) for one in prompts if one),
        output_messages=tuple(Message("assistant", (part,)) for part in _videos(done)),
        flags=tuple(_flags(done)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


class _Asked(NamedTuple):
    model: str
    poll_of: str | None


def _asked(request: Request) -> _Asked | None:
    """The model, and the operation when it was started before."""
    if at := endpoint(request):
        if at.method == "predictLongRunning":
            return _Asked(at.model, None)
        earlier = text(record(request.json).get("operationName"))
        return _Asked(at.model, earlier) if at.method == "fetchPredictOperation" else None
    found = _OPERATION.search(unquote(request.path)) if request.method == "GET" else None
    if found and (provider_of(request).startswith("gcp.") or found["model"].startswith("veo")):
        return _Asked(found["model"], found["name"])
    return None


def _videos(done: dict[str, Any]) -> Iterator[Part]:
    """The Gemini API gives addresses, Vertex AI those or the bytes."""
    for sample in records(record(done.get("generateVideoResponse")).get("generatedSamples")):
        yield file_at(text(record(sample.get("video")).get("uri")), "video/mp4")
    for video in records(done.get("videos")):
        yield medium(video, "video")


def _flags(done: dict[str, Any]) -> Iterator[Flag]:
    for holder in (done, record(done.get("generateVideoResponse"))):
        for reason in items(holder.get("raiMediaFilteredReasons")):
            if told := text(reason):
                yield Flag(category=told, subject="output", flagged=True)
