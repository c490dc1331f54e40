"""Anthropic's messages, direct, through gateways, and as Vertex AI serves them.

Format: https://docs.anthropic.com/en/api/messages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import (
    count,
    first_count,
    items,
    json_or_text,
    number,
    record,
    records,
    text,
    without_none,
)
from pytest_litmus.wire.parts import blob, content_parts, reference, tool_call, tool_response
from pytest_litmus.wire.tokens import cost_of, units
from pytest_litmus.wire.tools import tool_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.wire.answers import Answer

WIRE_FORMAT = "anthropic.messages"

_COUNTS = (
    "input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "output_tokens",
)


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The messages call that an exchange is, or None."""
    return messages_call(exchange) if _is_messages(exchange.request) else None


def messages_call(exchange: Exchange) -> Call:
    """The message of an exchange whose bodies have Anthropic's shape, at whatever endpoint."""
    asked = record(exchange.request.json)
    answer = read_answer(exchange)
    body = _folded(answer) if answer.is_stream else answer.json
    said, usage = record(body), record(record(body).get("usage"))
    fault = fault_of(exchange, body, readable="content" in said)
    stop = text(said.get("stop_reason"))
    return Call(
        operation_name="chat",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        request_model=text(asked.get("model")) or _model_in_path(exchange.request),
        response_model=text(said.get("model")),
        response_id=text(said.get("id")),
        service_tier=_service_tier(usage, asked),
        system_instructions=content_parts(asked.get("system")),
        input_messages=tuple(
            Message(text(one.get("role")) or "user", _blocks(one.get("content")))
            for one in records(asked.get("messages"))
        ),
        output_messages=(Message("assistant", _answer(said["content"])),)
        if "content" in said
        else (),
        tool_definitions=tool_definitions(asked.get("tools")),
        finish_reasons=(stop,) if stop else (),
        flags=_flags(record(said.get("stop_details"))),
        parameters=anthropic_parameters(asked),
        streamed=answer.is_stream or asked.get("stream") is True,
        usage=_usage(usage, response_model=text(said.get("model"))),
        reported_cost_usd=cost_of(usage),
        time_to_first_chunk_s=answer.first_content_s(_has_content),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _is_messages(request: Request) -> bool:
    path = request.path.rstrip("/")
    if request.method != "POST":
        return False
    if _model_in_path(request):
        return True
    if not path.endswith("/messages"):
        return False
    # A shop may have a /messages of its own, and OpenAI's threads have one.
    asked = record(request.json)
    ours = request.host == "api.anthropic.com" and path == "/v1/messages"
    return ours or (text(asked.get("model")) is not None and "messages" in asked)


def _model_in_path(request: Request) -> str | None:
    """The model of `/publishers/anthropic/models/NAME:rawPredict`, as Vertex AI serves it."""
    _, found, rest = request.path.partition("/publishers/anthropic/models/")
    model, _, verb = rest.partition(":")
    return unquote(model) or None if found and verb in {"rawPredict", "streamRawPredict"} else None


def anthropic_parameters(asked: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a message or of a text completion by their OpenTelemetry names."""
    stops = [stop for stop in items(asked.get("stop_sequences")) if isinstance(stop, str)]
    effort = record(asked.get("output_config")).get("effort")
    earlier = record(asked.get("thread")).get("previous_message_id")
    return without_none(
        temperature=number(asked.get("temperature")),
        top_p=number(asked.get("top_p")),
        top_k=count(asked.get("top_k")),
        max_tokens=first_count(asked.get("max_tokens"), asked.get("max_tokens_to_sample")),
        stop_sequences=stops or None,
        **{"reasoning.level": text(effort)},
        **{"previous_response.id": text(earlier)},
    )


def _service_tier(usage: dict[str, Any], asked: dict[str, Any]) -> str | None:
    """Fast mode has a price of its own, so it counts as a tier."""
    fast = "fast" in (usage.get("speed"), asked.get("speed"))
    return "fast" if fast else text(usage.get("service_tier")) or text(asked.get("service_tier"))


def _flags(stop_details: dict[str, Any]) -> tuple[Flag, ...]:
    """The category of a refusal says what the request could be used for."""
    if stop_details.get("type") != "refusal":
        return ()
    category = text(stop_details.get("category")) or "refusal"
    return (Flag(category=category, subject="input", flagged=True),)


def _blocks(content: Any) -> tuple[Part, ...]:
    if isinstance(content, str):
        return content_parts(content)
    return tuple(_block(block) for block in _flat(content))


def _answer(content: Any) -> tuple[Part, ...]:
    """The blocks of an answer, each followed by the sources that it cites."""
    return tuple(part for block in records(content) for part in (_block(block), *_cited(block)))


def _cited(block: dict[str, Any]) -> Iterator[Part]:
    for cited in records(block.get("citations")):
        yield Part(
            text(cited.get("type")) or "citation",
            content=text(cited.get("cited_text")),
            name=text(cited.get("title")) or text(cited.get("document_title")),
            uri=text(cited.get("url")) or text(cited.get("source")),
            file_id=text(cited.get("file_id")),
        )


def _flat(content: Any) -> Iterator[dict[str, Any]]:
    """The blocks; a document that is made of blocks is these."""
    for block in records(content):
        held = record(block.get("source")).get("content")
        if isinstance(held, str):
            yield {"type": "text", "text": held}
        elif isinstance(held, list):
            yield from records(held)
        else:
            yield block


def _block(block: dict[str, Any]) -> Part:
    kind = text(block.get("type")) or "unknown"
    if kind == "tool_use":
        return tool_call(block.get("id"), block.get("name"), block.get("input"))
    if kind == "tool_result":
        failed = block.get("is_error")
        return tool_response(block.get("tool_use_id"), block.get("content"), is_error=failed)
    if kind.endswith("_tool_use"):
        arguments = json_or_text(block.get("input"))
        name = text(block.get("name"))
        return Part("server_tool_call", id=text(block.get("id")), name=name, arguments=arguments)
    if kind.endswith("_tool_result"):
        failed = block.get("is_error")
        answered = tool_response(block.get("tool_use_id"), None, is_error=failed)
        return replace(answered, type="server_tool_call_response", response=block.get("content"))
    if kind in {"image", "document"}:
        return replace(_medium(record(block.get("source")), kind), name=text(block.get("title")))
    if kind == "search_result":
        return _search_result(block)
    if kind == "container_upload":
        return Part("file", file_id=text(block.get("file_id")))
    if kind == "compaction":
        return Part(kind, content=text(block.get("content")))
    return content_parts([block])[0]


def _search_result(block: dict[str, Any]) -> Part:
    """What the program found, for the model to cite."""
    words = "".join(text(one.get("text")) or "" for one in records(block.get("content")))
    title, source = text(block.get("title")), text(block.get("source"))
    return Part("search_result", content=words, name=title, uri=source)


def _medium(source: dict[str, Any], modality: str) -> Part:
    """An image or a document: inline, by URL, by file, or a document as plain text."""
    if url := text(source.get("url")):
        return reference(url, modality)
    if file_id := text(source.get("file_id")):
        return Part("file", file_id=file_id, modality=modality)
    data, mime_type = text(source.get("data")), text(source.get("media_type"))
    if source.get("type") == "text":
        return Part("text", content=data, mime_type=mime_type)
    return blob(data, mime_type, modality=modality)


def _usage(usage: dict[str, Any], *, response_model: str | None) -> Usage:
    """All tokens of a message.

    Anthropic counts input without the cache. When a message took several model runs (`iterations`:
    compaction, the advisor tool, a fallback to another model), the top level leaves some of the
    billed ones out: those of the same model are added up here, and those of another model make the
    counts incomplete.
    """
    counts = _counts(usage)
    runs = [(text(run.get("model")), _counts(run)) for run in records(usage.get("iterations"))]
    own = [run for model, run in runs if model in {None, response_model}]
    if own:
        counts = {name: _more(counts[name], [run[name] for run in own]) for name in _COUNTS}
    others = sorted({model for model, _ in runs if model and model != response_model})
    cached, written = (counts[name] for name in _COUNTS[1:3])
    read = counts["input_tokens"]
    created = record(usage.get("cache_creation"))
    return Usage(
        input_tokens=None if read is None else read + (cached or 0) + (written or 0),
        output_tokens=counts["output_tokens"],
        cache_read_input_tokens=cached,
        cache_write_input_tokens=written,
        reasoning_output_tokens=count(
            record(usage.get("output_tokens_details")).get("thinking_tokens")
        ),
        billed_units=units(
            cache_write_5m_tokens=created.get("ephemeral_5m_input_tokens"),
            cache_write_1h_tokens=created.get("ephemeral_1h_input_tokens"),
            web_searches=record(usage.get("server_tool_use")).get("web_search_requests"),
        ),
        incomplete=f"{', '.join(others)} worked too, and is billed apart" if others else None,
    )


def _counts(usage: dict[str, Any]) -> dict[str, int | None]:
    return {name: count(usage.get(name)) for name in _COUNTS}


def _more(top: int | None, runs: list[int | None]) -> int | None:
    """The larger of the top level and all runs together."""
    together = sum(run or 0 for run in runs)
    return together if top is None or together > top else top


_TEXTS = {
    # Delta: the block's field that it adds to.
    "text_delta": "text",
    "thinking_delta": "thinking",
    "compaction_delta": "content",
}
# What a block is whose start is missing, by what it grows by.
_UNSTARTED = {"input_json_delta": "tool_use", "thinking_delta": "thinking"}


def _has_content(said: dict[str, Any]) -> bool:
    delta, block = record(said.get("delta")), record(said.get("content_block"))
    if str(block.get("type")).endswith("tool_use") or delta.get("partial_json"):
        return True
    return any(piece.get(name) for piece in (block, delta) for name in _TEXTS.values())


def _folded(answer: Answer) -> dict[str, Any]:
    """A stream as the message that it adds up to.

    Usage overwrites: `message_delta` counts from the start, and its input may have grown.
    """
    said: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    blocks: dict[int, dict[str, Any]] = {}
    for _, event in answer.records:
        message, delta = record(event.get("message")), record(event.get("delta"))
        said |= message
        for counted in (message.get("usage"), event.get("usage")):
            usage |= {k: v for k, v in record(counted).items() if v is not None}
        if event.get("type") == "message_delta":
            said |= {name: delta.get(name) for name in ("stop_reason", "stop_details")}
        if event.get("type") == "error" or event.get("error"):
            said["error"] = event.get("error") or event
        _add_block(blocks, event)
    if blocks or "content" in said:
        said["content"] = [_whole(blocks[index]) for index in sorted(blocks)]
    return said | {"usage": usage}


def _add_block(blocks: dict[int, dict[str, Any]], event: dict[str, Any]) -> None:
    index = count(event.get("index"))
    if index is None:
        return
    if start := record(event.get("content_block")):
        blocks[index] = {**start, "json": ""}
    delta = record(event.get("delta"))
    kind = delta.get("type")
    block = blocks.setdefault(index, {"type": _UNSTARTED.get(str(kind), "text"), "json": ""})
    if kind == "input_json_delta":
        block["json"] += text(delta.get("partial_json")) or ""
    elif kind == "citations_delta":
        block["citations"] = [*items(block.get("citations")), delta.get("citation")]
    elif isinstance(kind, str) and kind in _TEXTS:
        name = _TEXTS[kind]
        block[name] = (text(block.get(name)) or "") + (text(delta.get(name)) or "")


def _whole(block: dict[str, Any]) -> dict[str, Any]:
    """A finished block; its tool input came as pieces of JSON text."""
    spelled = block.pop("json")
    return {**block, "input": json_or_text(spelled)} if spelled else block
