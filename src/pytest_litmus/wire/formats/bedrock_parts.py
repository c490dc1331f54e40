"""The content blocks of Bedrock's Converse API, which Nova and the guardrails speak too.

Format: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html.
A block is an object whose only key names its kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.calls import Message, Part
from pytest_litmus.wire.loose import json_or_text, record, records, text
from pytest_litmus.wire.parts import content_parts, tool_call, tool_response

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEDIA = {"image", "video", "audio", "document"}
_NO_CONTENT = {"cachePoint"}
"""Blocks that say nothing: a mark up to which the input is cached."""
_DOCUMENTS = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def message_of(message: dict[str, Any], role: str) -> Message:
    """A message of a conversation.

    Args:
        message: The object as sent.
        role: Whose it is when it does not say.
    """
    return Message(text(message.get("role")) or role, block_parts(message.get("content")))


def block_parts(blocks: Any) -> tuple[Part, ...]:
    """The parts of a list of blocks; those of an unknown kind keep its name."""
    return tuple(part for block in records(blocks) for part in _parts(block))


def guarded_parts(blocks: Any) -> tuple[Part, ...]:
    """The parts of the blocks that a guardrail is to look at; their texts are objects."""
    return block_parts([{"guardContent": block} for block in records(blocks)])


def joined_text(blocks: Any) -> str:
    """The text of blocks that have nothing else."""
    return "".join(text(block.get("text")) or "" for block in records(blocks))


def _parts(block: dict[str, Any]) -> Iterator[Part]:
    for kind, held in block.items():
        if kind == "text":
            yield from content_parts(held)
        elif kind == "guardContent":
            guarded = record(held)
            yield from content_parts(record(guarded.get("text")).get("text"))
            yield from block_parts([{k: v for k, v in guarded.items() if k != "text"}])
        elif kind not in _NO_CONTENT:
            yield _part(kind, record(held))


def _part(kind: str, held: dict[str, Any]) -> Part:
    if kind in _MEDIA:
        return _medium(kind, held)
    if kind == "toolUse":
        return _tool_use(held)
    if kind == "toolResult":
        return _tool_result(held)
    if kind == "reasoningContent":
        # Redacted thoughts are encrypted: that they were there is all there is to tell.
        return Part("reasoning", content=text(record(held.get("reasoningText")).get("text")))
    if kind == "citationsContent":
        return Part("text", content=joined_text(held.get("content")))
    return Part(kind, content=joined_text(held.get("content")) or None)


def _tool_use(held: dict[str, Any]) -> Part:
    # A stream spells a use without arguments as an empty text.
    call = tool_call(held.get("toolUseId"), held.get("name"), held.get("input") or {})
    if held.get("type") != "server_tool_use":
        return call
    return Part("server_tool_call", id=call.id, name=call.name, arguments=call.arguments)


def _tool_result(held: dict[str, Any]) -> Part:
    """The result of a tool; that of a tool of AWS's own names its kind."""
    said = _result(records(held.get("content")))
    failed = {"error": True, "success": False}.get(text(held.get("status")) or "")
    answer = tool_response(held.get("toolUseId"), said, is_error=failed)
    kind = text(held.get("type"))
    if kind in {None, "tool_result"}:
        return answer
    return replace(answer, type="server_tool_call_response", name=kind)


def _result(blocks: list[dict[str, Any]]) -> Any:
    """A single JSON as it is, texts as the text they spell, anything else as the blocks."""
    if len(blocks) == 1 and "json" in blocks[0]:
        return blocks[0]["json"]
    if all(set(block) == {"text"} for block in blocks):
        return json_or_text(joined_text(blocks))
    return blocks


def _medium(kind: str, held: dict[str, Any]) -> Part:
    """Inline, in S3, or, for a document, as text."""
    source, name = record(held.get("source")), text(held.get("name"))
    mime_type = _mime_type(kind, text(held.get("format")))
    if data := text(source.get("bytes")):
        return Part("blob", content=data, mime_type=mime_type, modality=kind, name=name)
    if uri := text(record(source.get("s3Location")).get("uri")):
        return Part("uri", uri=uri, mime_type=mime_type, modality=kind, name=name)
    words = text(source.get("text")) or joined_text(source.get("content"))
    if words:
        return Part("text", content=words, mime_type=mime_type, name=name)
    return Part(kind, mime_type=mime_type, name=name)


def _mime_type(kind: str, form: str | None) -> str | None:
    if form is None or kind == "document":
        return _DOCUMENTS.get(form or "")
    return f"{kind}/{form.replace('three_gp', '3gpp')}"
