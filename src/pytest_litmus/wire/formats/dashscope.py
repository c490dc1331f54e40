"""Alibaba's DashScope (Qwen, Wan) by its own paths: generation, embeddings, rerank, apps, tasks.

Format: https://www.alibabacloud.com/help/en/model-studio/dashscope-api-reference. What is asked
stands in `input`, the answer in `output`. Its `/compatible-mode` speaks OpenAI's format.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Message, Usage
from pytest_litmus.wire.faults import Fault, fault_of
from pytest_litmus.wire.formats.openai_chat import chat_parameters, message_of
from pytest_litmus.wire.formats.openai_chunks import folded
from pytest_litmus.wire.formats.openai_embeddings import dimensions_of, input_usage
from pytest_litmus.wire.formats.rerank import ranking_messages
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import count, items, record, records, text
from pytest_litmus.wire.parts import reference
from pytest_litmus.wire.tokens import units, usage_of
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "dashscope"

_PATH = re.compile(
    r"/api/v1/(?:services/(?P<service>[\w-]+)/(?P<task>[\w-]+)/[\w-]+|apps/[^/]+/completion)/?$"
)
_POLL = re.compile(r"/api/v1/tasks/(?P<id>[^/]+)/?$")
_GENERATES = "aigc"
_CHATS = {"text-generation", "multimodal-generation"}
_OVER = {"SUCCEEDED", "FAILED", "CANCELED"}
_MEDIA = ("image", "audio", "video")


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The call or the poll of a task that an exchange is, or None."""
    request = exchange.request
    polled = _POLL.search(request.path) if request.method == "GET" else None
    if polled and provider_of(request) == "dashscope":
        return _call(exchange, operation_name="prediction", poll_of=polled["id"])
    found = _PATH.search(request.path) if request.method == "POST" else None
    if found is None or not _is_ours(request):
        return None
    asked = record(request.json)
    parameters = record(asked.get("parameters"))
    return _call(
        exchange,
        operation_name=_operation(found["service"], found["task"]),
        request_model=text(asked.get("model")),
        input_messages=_input_messages(record(asked.get("input"))),
        tool_definitions=tool_definitions(parameters.get("tools")),
        parameters=chat_parameters(parameters),
    )


def _is_ours(request: Request) -> bool:
    """Other servers have services and apps too."""
    asked = record(request.json)
    named = text(asked.get("model")) is not None and isinstance(asked.get("input"), dict)
    return provider_of(request) == "dashscope" or named


def _operation(service: str | None, task: str | None) -> str:
    """Generation of images, videos and sounds goes by its task; an app is an agent."""
    if service is None:
        return "invoke_agent"
    if service != _GENERATES:
        return service
    return "chat" if task in _CHATS else "prediction"


def _call(exchange: Exchange, **asked: Any) -> Call:
    answer = read_answer(exchange)
    body = _folded(answer, _increments(exchange.request)) if answer.is_stream else answer.json
    said = record(body)
    output = record(said.get("output"))
    choices, vectors = _choices(output), records(output.get("embeddings"))
    status = text(output.get("task_status"))
    fault = _fault(exchange, body, output)
    embeds = asked["operation_name"] in {"embeddings", "rerank"}
    reasons = [status if status in _OVER else None, *(c["finish_reason"] for c in choices)]
    return Call(
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        response_id=text(output.get("task_id")) or text(said.get("request_id")),
        output_messages=(
            *(message_of(choice["message"], "assistant") for choice in choices),
            *_results(output),
        ),
        finish_reasons=tuple(reason for reason in reasons if reason),
        streamed=answer.is_stream or _asks_stream(exchange.request),
        usage=_usage(record(said.get("usage")), has_output=not embeds),
        embedding_dimensions=dimensions_of(vectors[0].get("embedding"), None) if vectors else None,
        embedding_count=len(vectors) or None,
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
        **asked,
    )


def _asks_stream(request: Request) -> bool:
    wants_events = "text/event-stream" in (request.header("accept") or "")
    return wants_events or request.header("x-dashscope-sse") == "enable"


def _fault(exchange: Exchange, body: Any, output: dict[str, Any]) -> Fault:
    """An error has a code, in the answer or, of a task, in its output; a success an empty one."""
    said = next((one for one in (record(body), output) if text(one.get("code"))), None)
    return fault_of(exchange, {"error": said} if said else body, readable=bool(output))


def _input_messages(given: dict[str, Any]) -> tuple[Message, ...]:
    """Messages, a prompt, the texts to embed, or the documents to rank and the query."""
    if "query" in given:
        return tuple(ranking_messages(given))
    texts = [given.get("prompt"), given.get("text"), *items(given.get("texts"))]
    said = [*records(given.get("messages")), *({"content": one} for one in texts if one)]
    media = [{"content": [one]} for one in records(given.get("contents"))]
    return tuple(message_of(_typed(one), "user") for one in (*said, *media))


def _typed(message: dict[str, Any]) -> dict[str, Any]:
    """A message with its contents as OpenAI types them; here the key tells what a content is."""
    content = message.get("content")
    if isinstance(content, dict):
        content = [content]
    if isinstance(content, list):
        content = [one for item in content for one in _contents(item)]
    return {**message, "content": content}


def _contents(item: Any) -> Iterator[Any]:
    kinds = [kind for kind in ("text", *_MEDIA) if kind in record(item)]
    if not kinds:
        yield item
    for kind in kinds:
        for one in items(item[kind]) or [item[kind]]:
            yield (
                {"type": kind, kind: one}
                if kind == "text"
                else {f"{kind}_url": one, "type": f"{kind}_url"}
            )


def _choices(output: dict[str, Any]) -> list[dict[str, Any]]:
    """The choices in OpenAI's shape; older models answer with a text alone.

    As long as a choice has no end, its reason is the word `null`.
    """
    said = records(output.get("choices"))
    if not said and isinstance(output.get("text"), str):
        said = [
            {"message": {"content": output["text"]}, "finish_reason": output.get("finish_reason")}
        ]
    return [
        {
            "index": count(one.get("index")) or at,
            "message": _typed(record(one.get("message"))),
            "finish_reason": None
            if one.get("finish_reason") == "null"
            else text(one.get("finish_reason")),
        }
        for at, one in enumerate(said)
    ]


def _results(output: dict[str, Any]) -> tuple[Message, ...]:
    """The images, videos and sounds of a task, one message each."""
    found: list[tuple[Any, str | None]] = [(record(output.get("audio")).get("url"), "audio")]
    for one in (output, *records(output.get("results"))):
        found += [(one.get("url"), None), *((one.get(f"{kind}_url"), kind) for kind in _MEDIA)]
    known = [(url, kind) for given, kind in found if (url := text(given))]
    return tuple(Message("assistant", (reference(url, kind),)) for url, kind in known)


def _usage(said: dict[str, Any], *, has_output: bool) -> Usage:
    """Tokens, and what images, videos and speech are billed by. An app's stand by model."""
    apps = records(said.get("models"))
    if not has_output:
        return input_usage(said, provider_name="dashscope")
    counted = usage_of(apps[0] if apps else said, provider_name="dashscope")
    more = units(
        images=said.get("image_count"),
        video_seconds=said.get("video_duration"),
        input_characters=said.get("characters"),
    )
    others = sorted({model for one in apps[1:] if (model := text(one.get("model_id")))})
    return replace(
        counted,
        billed_units={**counted.billed_units, **more},
        incomplete=f"{', '.join(others)} worked too, and is billed apart" if others else None,
    )


def _has_content(event: dict[str, Any]) -> bool:
    return any(
        message_of(one["message"], "assistant").parts
        for one in _choices(record(event.get("output")))
    )


def _increments(request: Request) -> bool | None:
    """Whether the events of a stream add to each other; None where the request does not say."""
    said = record(record(request.json).get("parameters")).get("incremental_output")
    return said if isinstance(said, bool) else None


def _folded(answer: Answer, increments: bool | None) -> dict[str, Any]:
    """A stream as the plain response that it adds up to.

    By default each event repeats all that was said before; newer models only add to it.
    """
    said: dict[str, Any] = {}
    steps: list[list[dict[str, Any]]] = []
    for _, event in answer.records:
        said |= {name: value for name, value in event.items() if value}
        steps.append(_choices(record(event.get("output"))))
    if increments is None:
        increments = not _repeats(steps)
    if increments:
        chunks = [{"choices": [{**one, "delta": one["message"]} for one in step]} for step in steps]
        choices = records(folded(chunks).get("choices"))
    else:
        choices = [*{one["index"]: one for step in steps for one in step}.values()]
    return {**said, "output": {**record(said.get("output")), "choices": choices}}


def _repeats(steps: Iterable[list[dict[str, Any]]]) -> bool:
    """Whether each event begins with all that the one before it said."""
    said = [message_of(step[0]["message"], "assistant") for step in steps if step]
    texts = [
        tuple(
            "".join(p.content or "" for p in one.parts if p.type == kind)
            for kind in ("reasoning", "text")
        )
        for one in said
    ]
    return all(now[i].startswith(then[i]) for then, now in pairwise(texts) for i in (0, 1))
