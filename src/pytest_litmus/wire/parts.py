"""The contents of messages as parts of the OpenTelemetry schema, as OpenAI's formats write them."""

from __future__ import annotations

from typing import Any

from pytest_litmus.wire.calls import Part
from pytest_litmus.wire.loose import as_text, items, json_or_text, record, records, text

_TEXT = {"text", "input_text", "output_text", "summary_text"}
_REASONING = {"thinking", "reasoning", "reasoning_text"}
_MODALITIES = {
    "image_url": "image",
    "input_image": "image",
    "video_url": "video",
    "audio_url": "audio",
    "document_url": "document",
}


def content_parts(content: Any) -> tuple[Part, ...]:
    """The parts of a message's content: a text, or a list of typed objects."""
    if isinstance(content, str):
        return (Part("text", content=content),) if content else ()
    return tuple(_part(item) for item in items(content) if isinstance(item, dict | str))


def reference(url: str, modality: str | None) -> Part:
    """A URL as a part; a `data:` URL is the blob that it holds."""
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not comma:
        return Part("uri", uri=url, modality=modality)
    mime_type = head.removeprefix("data:").partition(";")[0] or None
    return Part("blob", content=data, mime_type=mime_type, modality=modality)


def tool_call(id_: Any, name: Any, arguments: Any) -> Part:
    """A tool call that the program is to answer."""
    return Part("tool_call", id=text(id_), name=text(name), arguments=json_or_text(arguments))


def tool_response(id_: Any, content: Any) -> Part:
    """The program's answer to a tool call; a list of text parts is the text it spells."""
    parts = records(content)
    if parts and all(part.get("type") in _TEXT for part in parts):
        content = "".join(part["text"] for part in parts if text(part.get("text")))
    return Part("tool_call_response", id=text(id_), response=json_or_text(content))


def _part(item: dict[str, Any] | str) -> Part:
    if isinstance(item, str):
        return Part("text", content=item)
    kind = text(item.get("type")) or "unknown"
    if kind in _TEXT:
        return Part("text", content=as_text(item.get("text")))
    if kind in _REASONING:
        return Part("reasoning", content=_reasoning_text(item))
    if kind == "refusal":
        return Part("refusal", content=as_text(item.get("refusal")))
    return _medium(kind, item)


def _reasoning_text(item: dict[str, Any]) -> str | None:
    """Mistral nests a list of texts in `thinking`."""
    thought = item.get("thinking") or item.get("text") or item.get("reasoning")
    texts = [text(part.get("text")) or "" for part in records(thought)]
    return "".join(texts) if texts else as_text(thought)


def _medium(kind: str, item: dict[str, Any]) -> Part:
    modality = _MODALITIES.get(kind)
    inner = item.get("image_url") if kind == "input_image" else item.get(kind)
    url = text(record(inner).get("url")) or text(inner)
    if modality and url:
        return reference(url, modality)
    if kind == "input_audio":
        return _audio(record(inner))
    if kind in {"file", "input_file", "input_image"}:
        return _file(record(item.get("file")) or item, modality)
    return Part(kind, content=text(item.get("text")))


def _audio(inner: dict[str, Any]) -> Part:
    form = text(inner.get("format"))
    mime_type = f"audio/{form}" if form else None
    return Part("blob", content=text(inner.get("data")), mime_type=mime_type, modality="audio")


def _file(item: dict[str, Any], modality: str | None) -> Part:
    name = text(item.get("filename"))
    if url := text(item.get("file_url")):
        return Part("uri", uri=url, name=name, modality=modality)
    data = text(item.get("file_data"))
    if data and data.startswith("data:"):
        return reference(data, modality)
    if data:
        return Part("blob", content=data, name=name, modality=modality)
    return Part("file", file_id=text(item.get("file_id")), name=name, modality=modality)
