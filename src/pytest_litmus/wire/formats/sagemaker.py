"""SageMaker's endpoints: whatever the container behind one speaks, a stream's pieces in frames.

Formats: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
and https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html.
Containers for language models speak Hugging Face's format (Text Generation Inference, JumpStart,
Large Model Inference) or OpenAI's; other models are not read. The endpoint's name names no model.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.capture.exchange import Chunk
from pytest_litmus.wire.answers import read_answer, unpacked
from pytest_litmus.wire.aws_events import looks_like_frames, split_frames
from pytest_litmus.wire.formats.aws_faults import with_aws_fault
from pytest_litmus.wire.formats.hugging_face import pipeline_call
from pytest_litmus.wire.formats.openai_chat import chat_call, message_of
from pytest_litmus.wire.json_values import read_values
from pytest_litmus.wire.loose import as_text, items, record, records, text
from pytest_litmus.wire.parts import prompt_messages
from pytest_litmus.wire.sse import looks_like_events, written

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.wire.calls import Call, Message
    from pytest_litmus.wire.sse import Event

WIRE_FORMAT = "sagemaker"

_PATH = re.compile(r"/endpoints/[^/]+/invocations(?P<stream>-response-stream)?/?$")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The invocation of a language model that an exchange is, or None."""
    found = _PATH.search(exchange.request.path) if exchange.request.method == "POST" else None
    call = _call(_renamed(_unwrapped(exchange))) if found else None
    if found is None or call is None:
        return None
    call = replace(
        call,
        wire_format=WIRE_FORMAT,
        request_model=text(record(exchange.request.json).get("model")),
        streamed=call.streamed or found["stream"] is not None,
    )
    return with_aws_fault(call, exchange)


def _call(exchange: Exchange) -> Call | None:
    asked = record(exchange.request.json)
    if "messages" in asked:
        return chat_call(exchange)
    if "prompt" in asked:
        prompts = prompt_messages(asked["prompt"])
        return replace(
            chat_call(exchange), operation_name="text_completion", input_messages=prompts
        )
    if "inputs" not in asked:
        return None
    call = pipeline_call(exchange)
    turns = _turns(asked["inputs"])
    return replace(call, operation_name="chat", input_messages=turns) if turns else call


def _turns(inputs: Any) -> tuple[Message, ...]:
    """The messages of a conversation, or of several, where the inputs are such."""
    turns = records(inputs) or [turn for one in items(inputs) for turn in records(one)]
    return tuple(message_of(turn, "user") for turn in turns if "role" in turn)


def _unwrapped(exchange: Exchange) -> Exchange:
    """The exchange with a stream as the container sent it, lines of JSON as server-sent events.

    SageMaker cuts it anywhere: a frame may end inside a line, or inside a character.
    """
    chunks = unpacked(exchange)
    if not looks_like_frames(b"".join(chunk.data for chunk in chunks)):
        return exchange
    frames = list(split_frames(chunks))
    pieces = [Chunk(one.offset_s, one.payload) for one in frames if one.fault is None]
    if not looks_like_events(b"".join(piece.data for piece in pieces)):
        pieces = [_written(value) for value in read_values(pieces)]
    faults = (_written(one.event) for one in frames if one.fault)
    return replace(exchange, chunks=(*pieces, *faults))


def _written(event: Event) -> Chunk:
    return Chunk(event.offset_s, written(event.data.encode("utf-8", "replace")))


def _renamed(exchange: Exchange) -> Exchange:
    """The exchange with an answer of JumpStart's Llama named as Hugging Face names it."""
    said = records(read_answer(exchange).json)
    if not any("generation" in one for one in said):
        return exchange
    generations = [one.get("generation") for one in said]
    texts = [text(record(one).get("content")) or as_text(one) for one in generations]
    body = json.dumps([{"generated_text": one} for one in texts]).encode()
    return replace(exchange, chunks=(Chunk(exchange.chunks[-1].offset_s, body),))
