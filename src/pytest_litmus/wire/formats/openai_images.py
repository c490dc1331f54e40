"""OpenAI's images: `/images/generations`, `/images/edits` and `/images/variations`.

Format: https://platform.openai.com/docs/api-reference/images. Edits and variations send a form.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.content_filters import flags_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters, deployment
from pytest_litmus.wire.forms import asked_of, file_parts
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import items, record, records, text
from pytest_litmus.wire.parts import blob, content_parts, reference
from pytest_litmus.wire.server_times import server_times_s
from pytest_litmus.wire.tokens import cost_of, units, usage_of

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "openai.images"

_PATH = re.compile(r"/images/(generations|edits|variations)/?$")
_IMAGE = "image"


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The making of images that an exchange is, or None."""
    request = exchange.request
    if not _makes_images(request):
        return None
    asked = asked_of(request)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, provider_name = record(body), provider_of(request)
    fault = fault_of(exchange, body, readable="data" in said)
    return Call(
        operation_name="image_generation",
        provider_name=provider_name,
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")) or deployment(request),
        response_model=text(said.get("model")),
        input_messages=_input_messages(request, asked),
        output_messages=tuple(_image(one, said) for one in records(said.get("data"))),
        flags=flags_of(said),
        parameters=chat_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(said, provider_name=provider_name),
        reported_cost_usd=cost_of(said.get("usage")),
        time_to_first_chunk_s=answer.first_content_s(lambda event: bool(event.get("b64_json"))),
        server_times_s=server_times_s(exchange, said),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _makes_images(request: Request) -> bool:
    if request.method != "POST" or not _PATH.search(request.path):
        return False
    asked = asked_of(request)
    named = text(asked.get("model")) or deployment(request)
    return bool(model_host(request)) or (named is not None and "prompt" in asked)


def _input_messages(request: Request, asked: dict[str, Any]) -> tuple[Message, ...]:
    """The prompt and the images to change: files of a form, or named in JSON."""
    named = (*items(asked.get("images")), asked.get(_IMAGE), asked.get("mask"))
    parts = (
        *content_parts(asked.get("prompt")),
        *file_parts(request, _IMAGE),
        *(part for one in named for part in _named(record(one))),
    )
    return (Message("user", parts),) if parts else ()


def _named(one: dict[str, Any]) -> tuple[Part, ...]:
    if url := text(one.get("image_url")) or text(one.get("url")):
        return (reference(url, _IMAGE),)
    file_id = text(one.get("file_id"))
    return (Part("file", file_id=file_id, modality=_IMAGE),) if file_id else ()


def _image(one: dict[str, Any], said: dict[str, Any]) -> Message:
    form = text(one.get("output_format")) or text(said.get("output_format"))
    url, data = text(one.get("url")), text(one.get("b64_json"))
    revised = text(one.get("revised_prompt"))
    parts = (
        *((reference(url, _IMAGE),) if url else ()),
        *((blob(data, f"image/{form}" if form else None, modality=_IMAGE),) if data else ()),
        *((Part("revised_prompt", content=revised),) if revised else ()),
    )
    return Message("assistant", parts)


def _usage(said: dict[str, Any], *, provider_name: str) -> Usage:
    """Older models are billed by the image, newer ones by tokens, those of text apart."""
    usage = record(said.get("usage"))
    counted = usage_of(usage, provider_name=provider_name)
    inside, outside = (record(usage.get(f"{side}_tokens_details")) for side in ("input", "output"))
    artist = text(record(said.get("svg_usage")).get("model"))
    return replace(
        counted,
        billed_units={
            **counted.billed_units,
            **units(
                images=None if usage else len(records(said.get("data"))),
                input_image_tokens=inside.get("image_tokens"),
                # Where the answer does not tell, all that came out is image.
                output_image_tokens=outside.get("image_tokens", counted.output_tokens),
            ),
        },
        incomplete=f"{artist} worked too, and is billed apart" if artist else None,
    )


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the response that it adds up to; the last partial image where none is whole."""
    said: dict[str, Any] = {}
    whole, partial = list[dict[str, Any]](), list[dict[str, Any]]()
    for _, event in answer.records:
        if event.get("error"):
            said["error"] = event["error"]
        if str(event.get("type")).endswith(".completed"):
            whole.append(event)
            said["usage"] = event.get("usage")
        elif event.get("b64_json"):
            partial = [event]
    if whole or partial:
        said["data"] = whole or partial
    return said
